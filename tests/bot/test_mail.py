"""Letters by e-mail: over real SMTP to a strict server, through the outbox, as to any other channel."""

import asyncio
from datetime import date

import pypdfium2
import pytest
from sqlalchemy import select

from bot.app import App
from bot.channels import Document, Envelope, NotSent, mail
from bot.checks import channels
from bot.config import Settings, read
from bot.holding import Held
from bot.words import words
from handlers import mailing, summary
from handlers.talk import Card, Refused, Reply, quote
from handlers.timed import Errand
from storage import people
from storage.agencies import Agency
from storage.people import Person
from tests.bot.test_papers_given import AT
from tests.builders import a_plan
from tests.fakes.smtp import FakeSMTP

pytestmark = pytest.mark.once


def sent(url, title="สรุปสัปดาห์", text="เลยกำหนด 2 เรื่อง", documents=()):
    reply = Reply(say=quote(text), cards=(Card(quote(title)),))
    place = "mail:wipha@example.go.th"
    letter = Envelope(place, (reply,), words("th"), retry_key="11111111-2222", documents=documents)
    return asyncio.run(mail.Mail(url, "ita@example.go.th").send(letter))


def test_a_letter_arrives_whole_under_one_id_for_every_try():
    with FakeSMTP(login=("ita", "p:w@d")) as server:
        url = server.url.replace("p:w@d", "p%3Aw%40d")
        for _ in range(2):
            sent(url, text="บรรทัดยาว " * 300 + "\n.จุดหน้าบรรทัด")
        (sender, receivers, first), (_, _, second) = server.taken
        assert server.broken == []
    assert (sender, receivers) == ("ita@example.go.th", ("wipha@example.go.th",))
    assert first["Subject"] == "สรุปสัปดาห์"
    assert ".จุดหน้าบรรทัด" in first.get_content()
    assert first["Message-ID"] == second["Message-ID"] == "<11111111-2222@example.go.th>"
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "evil",
    [
        "=?utf-8?q?=0d=0aBcc:_x=40example.net=0d=0a=0d=0aใหม่?=",
        "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5uZXQ=?=",
        "ก\r\nBcc: x@example.net\r\n\r\nใหม่",
        "ก\u2028\x0b\x85\x00\ud800Bcc: x@example.net",
    ],
)
def test_no_title_or_name_becomes_a_header_of_mail(evil):
    with FakeSMTP() as server:
        sent(server.url, title=evil, text=evil, documents=(Document(f"{evil}.pdf", b"x"),))
        ((_, receivers, made),) = server.taken
        assert server.broken == []
    assert receivers == ("wipha@example.go.th",)
    for part in made.walk():
        assert "Bcc" not in part
    assert made["To"] == "wipha@example.go.th"
    (paper,) = made.iter_attachments()
    assert paper.get_filename().isprintable()


def test_the_password_of_mail_leaves_the_machine_under_tls_only():
    with FakeSMTP(login=("ita", "word")) as server:
        elsewhere = server.url.replace("127.0.0.1", "127.1")  # not known to be this machine
        with pytest.raises(NotSent) as fault:
            sent(elsewhere)  # it offers no STARTTLS, or somebody between took the offer out
        assert not fault.value.permanent
        assert "AUTH" not in server.heard
    with FakeSMTP() as server:
        assert sent(server.url.replace("127.0.0.1", "127.1"))  # nothing secret: as good as it gets


@pytest.mark.parametrize(
    ("command", "answer", "permanent"),
    [
        ("RCPT", "550 <wipha@example.go.th>: no such mailbox", True),
        ("RCPT", "450 mailbox busy", False),
        ("DATA", "554 not wanted", True),
        ("MAIL", "421 closing on wipha@example.go.th", False),
        ("AUTH", "535 wrong password", False),
    ],
)
def test_what_the_server_refuses_for_good_is_not_tried_again(command, answer, permanent):
    with FakeSMTP(login=("ita", "word")) as server:
        server.faults[command] = [answer] * 3
        with pytest.raises(NotSent) as fault:
            sent(server.url)
    assert fault.value.permanent is permanent
    assert "wipha" not in str(fault.value), "it goes into the log"
    with pytest.raises(NotSent) as fault:
        sent(server.url)  # nobody there any more
    assert not fault.value.permanent


def test_settings_of_mail_are_checked_and_shown_without_the_password(tmp_path):
    good = {"PRONGSAI_SMTP_URL": "smtps://u:p@mail.example.go.th", "PRONGSAI_MAIL_FROM": "ita@example.go.th"}
    assert read(good, tmp_path / "no").mail_from == "ita@example.go.th"
    for name, value in (("SMTP_URL", "http://u:secret@x"), ("MAIL_FROM", "nobody")):
        with pytest.raises(Refused) as refused:
            read({f"PRONGSAI_{name}": value}, tmp_path / "no")
        assert "secret" not in words("th")(refused.value.reply.say)


@pytest.mark.parametrize(("word", "is_good"), [("word", True), ("wrong", False)])
def test_check_tells_whether_mail_can_be_sent(stage, tmp_path, word, is_good):
    url = stage.database.url.render_as_string(hide_password=False)
    with FakeSMTP(login=("ita", "word")) as server:
        smtp = server.url.replace(":word@", f":{word}@")
        app = App(Settings(database_url=url, data_dir=tmp_path, smtp_url=smtp, mail_from="ita@example.go.th"))
        good, told = next(channels.look(app))
        app.close()
    assert good is is_good
    assert "127.0.0.1" in words("en")(told)
    assert word not in words("en")(told).split()


def test_the_week_goes_to_whoever_gave_an_address_with_its_paper(stage, tmp_path):
    from bot import clock
    from bot.outbox import Outbox

    a_plan(stage)
    with FakeSMTP() as server:
        url = stage.database.url.render_as_string(hide_password=False)
        settings = Settings(
            database_url=url, data_dir=tmp_path, smtp_url=server.url, mail_from="ita@example.go.th"
        )
        app = App(settings)
        with stage.database.agency(stage.agency.id) as records:
            malee = records.scalars(select(Person).where(Person.role == "secretary")).one()
            agency = records.get_one(Agency, stage.agency.id)
            code = mailing.ask_to(records, agency, malee, "Malee@Example.go.th", AT)
            assert people.mail_of(malee) == ""  # until who reads it has said so
            assert mailing.confirm(records, agency, malee, f" {code[:4].lower()}-{code[4:]}", AT)
            assert people.mail_of(malee) == "malee@example.go.th"
            posts = summary.weekly(Errand(records, agency, AT, date(2024, 3, 18)))
            assert [one.place for one in posts] == ["test:board", "mail:malee@example.go.th"]
            clock.post(records, agency, posts[1:])

        async def deliver():
            _, outbox = app.http, Outbox(app, Held())
            outbox.start()
            for _ in range(200):
                if len(server.taken) == 3:
                    break
                await asyncio.sleep(0.05)
            await outbox.stop()
            await app.close_http()

        asyncio.run(deliver())
        app.close()
        assert server.broken == []
        asked, first, second = (message for _, _, message in server.taken)
    assert f"{code[:4]}-{code[4:]}" in asked.get_body().get_content()
    assert "PDF" in first.get_body().get_content()
    assert "11 มี.ค. 67" in second.get_body().get_content()
    (paper,) = second.iter_attachments()
    assert paper.get_filename().endswith(".pdf")
    assert len(pypdfium2.PdfDocument(paper.get_content())) >= 1
