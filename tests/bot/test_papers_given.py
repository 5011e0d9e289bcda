import asyncio
import hashlib
import io
import pickle
import re
from datetime import datetime

import docx
import pypdfium2
import pytest
from sqlalchemy import select

from bot import deliveries, press
from bot.app import App
from bot.channels import line_cards
from bot.config import Settings
from bot.layout import Layout, TooSlow
from bot.words import words
from handlers.report import Report
from handlers.talk import Card, Choice, Reply, quote
from storage import papers
from storage.papers import Paper
from tests.bot.test_official_papers import a_template
from tests.builders import a_plan
from tests.conftest import BANGKOK
from tests.fakes import line_rules
from tests.program import Program

AT = datetime(2024, 3, 18, 9, tzinfo=BANGKOK)


@pytest.fixture
def plan(stage):
    return a_plan(stage)


def given(stage):
    with stage.database.look(stage.agency.id) as records:
        return records.scalars(select(Paper).order_by(Paper.id)).all()


def links(answer):
    return [
        choice.link
        for reply in answer.replies
        for card in reply.cards
        for choice in card.choices
        if choice.link
    ]


def test_a_summary_is_asked_for_as_a_file_in_everyday_words(stage, plan):
    answer = stage.chat("malee", "ขอสรุปไตรมาส 2 เป็นเวิร์ด", at=AT)
    (paper,) = given(stage)
    assert (paper.kind, paper.format, str(paper.starts_on), str(paper.ends_on)) == (
        "summary",
        "docx",
        "2024-01-01",
        "2024-03-31",
    )
    assert links(answer) == [f"paper:{paper.id}"]
    assert paper.shown_code in answer.text
    assert "เปิดไฟล์ Word" in answer.text
    assert "ยังไม่ได้ดำเนินการ" in answer.text  # the key figures stand beside the file


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("ขอไฟล์สรุปเดือนนี้เป็น pdf", "summary", "pdf"),
        ("ขอ excel สรุปไตรมาส", "summary", "xlsx"),
        ("ขอตารางความก้าวหน้าเข้าประชุมเป็น pdf", "progress", "pdf"),
        ("ขอแบบรายงานผลของกองคลัง", "form", "docx"),
        ("ร่างบันทึกข้อความให้หน่อย", "memo", "docx"),
        ("ขอระเบียบวาระการประชุมคณะทำงาน", "meeting", "docx"),
    ],
)
def test_papers_are_told_apart_by_what_people_call_them(stage, plan, text, kind, form):
    answer = stage.chat("malee", text, at=AT)
    assert [(one.kind, one.format) for one in given(stage)] == [(kind, form)], answer.text


def test_another_format_is_one_tap_away_and_is_about_the_same_days(stage, plan):
    answer = stage.chat("malee", "ขอสรุปไตรมาส 2 เป็นเวิร์ด", at=AT)
    tap = next(one for one in answer.values if one.startswith("summary-file:xlsx"))
    assert len(tap) <= 60
    stage.chat("malee", tap=tap, at=AT)
    first, second = given(stage)
    assert second.format == "xlsx"
    assert (first.starts_on, first.ends_on) == (second.starts_on, second.ends_on)


def test_asking_again_makes_the_next_version_under_a_code_of_its_own(stage, plan):
    stage.chat("malee", "ขอสรุปไตรมาส 2 เป็นเวิร์ด", at=AT)
    stage.chat("malee", "ขอสรุปไตรมาส 2 เป็นเวิร์ด", at=AT)
    first, second = given(stage)
    assert (first.version, second.version) == (1, 2)
    assert first.code != second.code


def test_names_of_staff_are_not_given_out_where_others_listen(stage, plan):
    answer = stage.chat("malee", tap="exports-acknowledgements", place="board", at=AT)
    assert "แชตส่วนตัว" in answer.text
    assert not given(stage)


def test_a_code_is_forgiven_what_looks_alike_and_refused_what_is_none():
    assert papers.bare("abcde-fghjk") == "ABCDEFGHJK"
    assert papers.bare("ABCDE-FGH") == ""
    assert papers.bare("ABCDE FGHJ!") == ""
    assert papers.bare("0BCDE-FGH1K") == "QBCDEFGHJK"


def outgoing(tmp_path, kind, public_url):
    """What a channel is handed for a reply that gives a paper."""
    app = App(
        Settings(database_url="sqlite://", data_dir=tmp_path, secret_key="k" * 32, public_url=public_url)
    )
    opens = Choice("summary-file", quote("เปิดไฟล์ Word"), style="main", link="paper:77")
    reply = Reply(say=quote("พร้อมแล้วค่ะ"), cards=(Card(quote("สรุป"), choices=(opens,)),))
    return app, deliveries.for_channel(app, 5, kind)(reply)


def test_on_line_the_button_opens_a_signed_link_outside_its_own_browser(tmp_path):
    app, reply = outgoing(tmp_path, "line", "https://ita.example.go.th")
    objects, _ = line_cards.messages([reply], words("th"))
    action = objects[1]["contents"]["footer"]["contents"][0]["action"]
    found = re.fullmatch(
        r"https://ita\.example\.go\.th/files/([0-9a-f.]+)\?openExternalBrowser=1", action["uri"]
    )
    assert action["type"] == "uri"
    assert press.opened(app, found[1]) == (5, 77, True)
    assert len(action["uri"]) < 1000


@pytest.mark.parametrize(
    ("public_url", "kind", "is_shown"),
    [
        ("https://ita.example.go.th", "line", True),
        ("http://ita.example.go.th", "line", False),  # LINE fetches over https only
        ("", "line", False),
        ("https://ita.example.go.th", "telegram", False),  # gets the file itself
    ],
)
def test_a_weekly_card_has_its_chart_where_the_platform_can_fetch_it(tmp_path, public_url, kind, is_shown):
    app, _ = outgoing(tmp_path, kind, public_url)
    opens = Choice("summary-file", quote("เปิดไฟล์ PDF"), link="paper:77")
    weekly = Reply(say=quote("สรุป"), cards=(Card(quote("สรุป"), choices=(opens,), picture="paper:78"),))
    reply = deliveries.for_channel(app, 5, kind, is_asked=False)(weekly)
    assert words("th")(reply.say) == "สรุป", "nobody asked, so nobody hears why there is no link"
    pictures = [one for one in line_cards.messages([reply], words("th"))[0] if one["type"] == "image"]
    assert bool(pictures) is is_shown
    if is_shown:
        line_rules.check(line_cards.messages([reply], words("th"))[0])
        token = pictures[0]["originalContentUrl"].rpartition("/")[2]
        assert press.opened(app, token) == (5, 78, True)


def test_without_a_public_address_line_says_what_to_do_and_shows_no_dead_button(tmp_path):
    _, reply = outgoing(tmp_path, "line", "")
    assert "PRONGSAI_PUBLIC_URL" in words("th")(reply.say)
    assert reply.cards[0].choices == ()


def test_on_our_own_page_the_link_stays_on_the_site(tmp_path):
    _, reply = outgoing(tmp_path, "web", "")
    assert reply.cards[0].choices[0].link.startswith("/files/")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The real program with the sample agency, on SQLite."""
    folder = tmp_path_factory.mktemp("program")
    made = Program(f"sqlite:///{folder}/p.db", folder / "data")
    made.folder.mkdir()
    assert made.run("init", "--agency", "toy", "--name", "กรมตัวอย่าง", "--sample").returncode == 0
    yield made
    made.stop()


def an_app(program):
    return App(Settings(database_url=program.url, data_dir=program.folder, secret_key=""))


def test_a_file_is_made_once_opened_by_its_link_only_and_confirmed_by_its_code(program):
    file = program.folder / "form.docx"
    done = program.run("paper", "form", "--agency", "toy", "--unit", "กองคลัง", "-o", str(file))
    assert done.returncode == 0, done.stderr
    program.start()
    app = an_app(program)
    agency = app.agency("toy")
    with app.database.agency(agency.id) as records:
        written = records.scalars(select(Paper).where(Paper.kind == "form")).one()
        assert written.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        asked = papers.ask(
            records,
            Paper(
                kind="summary",
                format="pdf",
                starts_on=written.starts_on,
                ends_on=written.ends_on,
                asked_at=written.asked_at,
            ),
        )
    foot = docx.Document(str(file)).sections[0].footer.paragraphs[0].text
    assert written.shown_code in foot
    status, page = program.get(f"/verify/{written.shown_code.lower()}")
    assert status == 200
    assert written.sha256 in page
    assert program.get("/verify/ABCDE-FGHJK")[0] == 404

    token = press.token(app, agency.id, asked.id)
    first, again = fetched(program, f"/files/{token}"), fetched(program, f"/files/{token}")
    assert first.body == again.body
    assert first.headers["x-robots-tag"].startswith("noindex")
    assert first.headers["content-disposition"].startswith("attachment")
    assert "no-store" in first.headers["cache-control"]
    text = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(first.body))
    )
    assert asked.shown_code in text
    assert hashlib.sha256(first.body).hexdigest() in program.get(f"/verify/{asked.code}")[1]

    late = press.token(app, agency.id, asked.id, at=0)
    assert program.get(f"/files/{late}")[0] == 410
    assert program.get(f"/files/{token[:-1]}x")[0] == 404
    other = re.sub(r"\.[0-9a-f]+\.", f".{written.id:x}.", token, count=1)
    assert program.get(f"/files/{other}")[0] == 404
    app.close()


class Fetched:
    def __init__(self, body, headers):
        self.body, self.headers = body, headers


def fetched(program, path):
    import urllib.request

    with urllib.request.urlopen(program.base + path, timeout=60) as answer:
        return Fetched(answer.read(), {key.lower(): value for key, value in answer.headers.items()})


def test_an_agencys_own_word_file_takes_the_place_of_ours_until_it_is_given_back(program):
    out, own = program.folder / "p.docx", program.folder / "own.docx"
    words_ = ("paper", "progress", "--agency", "toy", "-o", str(out))
    done = program.run(*words_, "--template", a_template(own, "ตราหน่วยงาน {{ title }}"))
    assert done.returncode == 0, done.stderr
    assert program.run(*words_).returncode == 0  # it is remembered
    assert docx.Document(str(out)).paragraphs[0].text.startswith("ตราหน่วยงาน รายงานความก้าวหน้า")
    assert program.run(*words_, "--no-template").returncode == 0
    assert "ตราหน่วยงาน" not in docx.Document(str(out)).paragraphs[0].text


def test_a_part_of_the_agency_is_named_on_the_command_line(program):
    told = program.run(
        "summary", "--agency", "toy", "--indicator", "การใช้ทรัพย์สินของราชการ", "--period", "year"
    )
    assert told.returncode == 0, told.stderr
    assert "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ" in told.stdout
    assert "สถานะมาตรการ 3 ข้อ" in told.stdout
    told = program.run("summary", "--agency", "toy", "--unit", "กค.", "--role", "joint", "--period", "year")
    assert "กองคลัง เฉพาะข้อที่เป็นผู้รับผิดชอบร่วม" in told.stdout
    out = program.folder / "role.docx"
    words_ = ("paper", "measures", "--agency", "toy", "-o", str(out), "--role", "lead", "--unit", "ตสน.")
    assert program.run(*words_).returncode == 0
    assert len(docx.Document(str(out)).tables[0].rows) == 3  # the heads, a topic, and 4.2
    refused = program.run("summary", "--agency", "toy", "--indicator", "11")
    assert refused.returncode == 1
    assert "10 การป้องกันการทุจริต" in refused.stderr


def test_what_belongs_to_an_indicator_is_said_by_command(program):
    listed = program.run("indicator", "list", "--agency", "toy").stdout.splitlines()
    assert len(listed) == 10
    assert "[i10-i12]" in listed[3]
    assert program.run("indicator", "set", "9", "O1-O9", "--agency", "toy").returncode == 0
    assert "[O1-O9]" in program.run("indicator", "list", "--agency", "toy").stdout.splitlines()[8]
    assert program.run("indicator", "set", "9", "ทั้งหมด", "--agency", "toy").returncode == 1
    assert program.run("indicator", "set", "9", "-", "--agency", "toy").returncode == 0
    assert "[-]" in program.run("indicator", "list", "--agency", "toy").stdout.splitlines()[8]


def test_the_list_of_readers_needs_no_policy_and_names_those_there_are(program):
    out = program.folder / "readers.docx"
    words_ = ("paper", "acknowledgements", "--agency", "toy", "-o", str(out))
    assert program.run(*words_).returncode == 0
    assert len(docx.Document(str(out)).tables[0].columns) == 3 + 5  # a column for each policy in force
    refused = program.run(*words_, "--policy", "nonsense")
    assert refused.returncode == 1
    assert "no-gift" in refused.stderr


@pytest.fixture
def layout():
    made = Layout()
    yield made
    made.close()


def a_page(name, title="สำนักปลัด น้ำใจ ที่ซื่อสัตย์", own=b""):
    day = AT.date()
    report = Report(quote(title), quote(""), quote(""), (), start=day, end=day, as_of=day)
    return pickle.dumps((name, "th", "Asia/Bangkok", "arabic", report, own))


@pytest.mark.once
def test_papers_asked_for_at_once_are_laid_out_by_children_of_one_process(layout):
    async def many():
        return await asyncio.gather(*(layout.lay(a_page("html", f"ฉบับ {no}")) for no in range(6)))

    made = asyncio.run(many())
    assert [f"ฉบับ {no}" in one.decode() for no, one in enumerate(made)] == [True] * 6
    process = layout._process
    assert asyncio.run(layout.lay(a_page("docx"))).startswith(b"PK")
    assert layout._process is process


@pytest.mark.once
def test_a_paper_that_cannot_be_laid_out_is_told_and_the_next_one_comes(layout):
    with pytest.raises(TooSlow):
        asyncio.run(layout.lay(a_page("nonsense")))
    assert b"<html" in asyncio.run(layout.lay(a_page("html")))


@pytest.mark.once
def test_where_the_process_was_killed_another_takes_its_place(layout):
    asyncio.run(layout.lay(a_page("html")))
    layout._process.kill()
    assert b"<html" in asyncio.run(layout.lay(a_page("html")))


@pytest.mark.once
def test_the_process_ends_with_who_started_it(layout):
    asyncio.run(layout.lay(a_page("html")))
    process = layout._process
    layout.close()
    assert process.returncode == 0
