"""The chat page's addresses: only the sample is played, only from the page, and ordinary chat leaves no trace."""

import pytest
from sqlalchemy import func, select

from storage.agencies import Agency
from storage.evidence import KEPT, REMOVED, Evidence
from storage.inbox import Seen
from storage.outbox import SENT, Letter
from tests import sample_page
from tests.conftest import DATABASES
from tests.program import Program
from tests.sample_page import Page, event, words


@pytest.fixture(scope="module", params=DATABASES)
def database(request, tmp_path_factory):
    """A database of its own, because the page plays the one sample agency of a database."""
    with sample_page.fresh_database(request.param, tmp_path_factory.mktemp("chat")) as made:
        yield made


@pytest.fixture(scope="module")
def real(database):
    """An agency that is no sample, made first, with the same people."""
    return sample_page.make(database, sample=False).agency


@pytest.fixture(scope="module")
def agency(database, real):
    return sample_page.make(database).agency


@pytest.fixture(scope="module")
def page(database, agency, tmp_path_factory):
    program = Program(database.url.render_as_string(hide_password=False), tmp_path_factory.mktemp("data"))
    yield Page(program.start())
    program.stop()


def count(database, agency, what):
    with database.look(agency.id) as records:
        return records.scalar(select(func.count()).select_from(what))


def test_a_line_is_answered_in_the_same_call_and_its_letter_is_sent_once(page, database, agency):
    told = page.say("somchai", "ของฉัน")
    assert told["heeded"]
    assert told["done"]
    assert "4.1" in words(told)
    with database.look(agency.id) as records:
        letter = records.get_one(Letter, int(told["letters"][0]["id"]))
        assert (letter.state, letter.place) == (SENT, "web:somchai")


def test_the_same_line_sent_again_gives_the_same_letter(page, database, agency):
    line = event("somchai", "ของฉัน")
    first, again = page.ask("/chat/say", line)[1], page.ask("/chat/say", line)[1]
    assert [one["id"] for one in first["letters"]] == [one["id"] for one in again["letters"]]


def test_the_message_means_the_day_it_was_said_on_the_page(page):
    assert "มกราคม 2567" in words(page.say("somchai", "@โปร่งใส เดือนนี้เราเหลืออะไร", "unit1"))
    later = page.say("somchai", "@โปร่งใส เดือนนี้เราเหลืออะไร", "unit1", at="2024-03-04T09:00:00")
    assert "มีนาคม 2567" in words(later)


def test_ordinary_chat_in_a_group_is_neither_answered_nor_kept(page, database, agency):
    def seen():
        with database.shared(write=False) as session:
            return session.scalar(select(func.count()).select_from(Seen))

    before = seen()
    status, sent = page.ask("/chat/upload", b"lunch", **{"content-type": "application/octet-stream"})
    assert status == 200
    told = page.say(
        "mana", "ข้าวกล่องมาแล้ว", "unit2", files=[{"id": sent["id"], "kind": "photo", "name": "a.jpg"}]
    )
    assert told == {"heeded": False, "done": True, "letters": []}
    assert seen() == before
    assert not list((page.program.folder / "uploads").rglob(sent["id"]))


def test_a_stranger_is_shown_nothing(page):
    told = page.say("stranger", "@โปร่งใส ขอดูงานค้างของกองคลังหน่อย", "unit1")
    assert told["heeded"]
    assert "4.1" not in words(told)


def test_a_choice_is_tapped_by_its_value_or_typed_by_its_number(page):
    offered = page.say("somchai", "ของฉัน")
    part = offered["letters"][0]["parts"][-1]
    choices = part["choices"] + [choice for card in part["cards"] for choice in card["choices"]]
    assert [one["number"] for one in choices] == list(range(1, len(choices) + 1))
    status, tapped = page.ask("/chat/tap", event("somchai", kind="button", value=choices[0]["value"]))
    assert status == 200
    page.say("somchai", "ของฉัน")
    assert words(page.say("somchai", "1")) == words(tapped)


def test_the_page_speaks_english_when_asked(page):
    status, told = page.ask("/chat/say?lang=en", event("somchai", "menu"))
    assert status == 200
    assert "Prongsai" in words(told)
    assert page.ask("/chat/state?lang=en")[1]["texts"]["bot"] == "Prongsai"


def test_another_site_and_no_site_are_refused(page):
    for origin in ("https://elsewhere.example", ""):
        other = Page(page.program, origin)
        assert other.ask("/chat/say", event("somchai", "ของฉัน"))[0] == 403
        assert other.ask("/chat/upload", b"x")[0] == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"who": "web:nobody"}, 403),
        ({"who": "line:U1", "place": "line:U1"}, 403),
        ({"place": "web:suda"}, 403),
        ({"place": "line:C1"}, 403),
        ({"kind": "flood"}, 400),
        ({"at": "yesterday"}, 400),
        ({"at": "0001-01-01T00:00:00+14:00"}, 400),
        ({"at": "9999-12-31T23:59:59-12:00"}, 400),
        ({"key": "x"}, 400),
        ({"text": "ก" * 5001}, 400),
        ({"files": [{"id": "../../etc/passwd", "kind": "file"}]}, 410),
        ({"files": "many"}, 400),
        ({"files": [{"id": "a" * 64, "kind": "file", "size": float("inf")}]}, 400),
        ({"kind": "button", "value": "ก"}, 400),
    ],
)
def test_what_the_page_would_never_send_is_refused_with_a_sentence(page, change, status):
    got, told = page.ask("/chat/say", {**event("somchai", "ของฉัน"), **change})
    assert got == status
    assert told["error"]


def test_what_no_database_keeps_is_left_out_of_a_reply(page):
    status, told = page.ask("/chat/say", event("somchai", "ข้าวเที่ยงค่ะ", "unit1", quoted="x\ud800\x00"))
    assert (status, told["heeded"]) == (200, False)


@pytest.mark.parametrize(("after", "status"), [("0001-01-01", 400), ("x", 400), ("2024-01-01", 200)])
def test_news_is_asked_for_since_a_moment_that_there_is(page, after, status):
    assert page.ask(f"/chat/news?after={after}")[0] == status


def test_a_body_that_is_no_json_or_too_large_is_refused(page):
    assert page.ask("/chat/say", b"{")[0] == 400
    assert page.ask("/chat/say", b"[1]")[0] == 400
    assert page.ask("/chat/say", b"x" * 200_000)[0] == 413


def test_an_upload_over_the_cap_or_without_content_is_refused_and_leaves_nothing(page):
    assert page.ask("/chat/upload", b"x" * 20_000_001)[0] == 413
    assert page.ask("/chat/upload", b"")[0] == 400
    assert not [path for path in (page.program.folder / "uploads").rglob("tmp*") if path.is_file()]


def test_only_the_sample_is_shown_and_played(page, agency, real):
    status, state = page.ask("/chat/state")
    assert status == 200
    assert state["agency"]["id"] == str(agency.id)
    assert [one["scene"] for one in state["places"]] == ["board", "unit", "unit", "new"]


def test_a_photo_after_a_report_is_kept_as_evidence_and_goes_when_it_is_unsent(page, database, agency):
    assert "4.1" in words(page.say("somchai", "@โปร่งใส 4.1 ประชุมชี้แจงแล้วเมื่อวาน คนเข้า 45 คน", "unit1"))
    content = b"\x89PNG\r\n\x1a\n" + bytes(200)
    sent = page.ask("/chat/upload", content)[1]
    photo = event(
        "somchai",
        place="unit1",
        files=[{"id": sent["id"], "kind": "photo", "name": "ประชุม.png", "size": len(content)}],
    )
    status, told = page.ask("/chat/say", photo)
    assert status == 200
    assert told["heeded"]

    def evidence():
        with database.look(agency.id) as records:
            return records.scalars(select(Evidence).where(Evidence.message == photo["message"])).one()

    page.program.until(lambda: evidence().state == KEPT)
    assert evidence().sha256 == sent["id"]
    taken = event(
        "somchai", place="unit1", kind="unsent", message=photo["message"], files=[{"id": sent["id"]}]
    )
    assert page.ask("/chat/say", taken)[0] == 200
    page.program.until(lambda: evidence().state == REMOVED)
    page.program.until(lambda: not list(page.program.folder.rglob(sent["id"])))


def test_letters_nobody_asked_for_come_as_news_and_answers_do_not(page, database, agency):
    from handlers.packing import pack
    from handlers.talk import Reply, say
    from storage import outbox

    page.say("wipha", "ช่วยด้วย")
    with database.agency(agency.id) as records:
        reply = pack(Reply(say=say("quote", text="สรุปประจำสัปดาห์")))
        letter = Letter(
            agency_id=agency.id, channel="web", place="web:board", replies=[reply], purpose="summary"
        )
        outbox.write(records, letter)
    found = []
    page.program.until(lambda: bool(found.extend(page.ask("/chat/news")[1]["letters"]) or found))
    assert {one["id"] for one in found} == {str(letter.id)}
    assert found[0]["parts"][0]["text"] == "สรุปประจำสัปดาห์"


def test_without_a_sample_the_page_says_how_to_connect_and_plays_nobody(page, database, agency):
    def mark(sample):
        with database.shared() as session:
            session.get_one(Agency, agency.id).sample = sample

    mark(False)
    try:
        assert "/hooks/line/SLUG" in page.program.get("/")[1]
        assert page.ask("/chat/state")[0] == 404
        assert page.ask("/chat/say", event("somchai", "ของฉัน"))[0] == 404
    finally:
        mark(True)


def test_every_answer_carries_a_policy_that_lets_no_foreign_script_run(page):
    import urllib.request

    for path in ("/", "/static/chat/main.js", "/chat/state"):
        with urllib.request.urlopen(page.program.base + path) as answer:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
    body = page.program.get("/")[1]
    assert "<style" not in body
    assert "style=" not in body
    assert " onclick" not in body
