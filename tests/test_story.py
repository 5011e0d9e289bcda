"""The whole story, from a signed webhook to the message out: the real program, a strict LINE, both databases."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.packing import pack
from handlers.talk import Reply, quote
from storage import outbox
from storage.agencies import Agency, quotas
from storage.evidence import KEPT, Evidence
from storage.outbox import SentMessage
from storage.people import Group, Identity, Person
from storage.plans import Plan
from storage.progress import COUNTED, Update
from storage.rounds import Occurrence
from tests.accounts import add_account, serving
from tests.builders import a_plan
from tests.fakes.line import BOT, FakeLine

GROUP, SOMCHAI, SUDA, STRANGER = "Cfinance", "Usomchai", "Usuda", "Ustranger"


@pytest.fixture(scope="module")
def platform():
    with FakeLine() as made:
        yield made


@pytest.fixture(scope="module")
def served(database, platform, tmp_path_factory):
    """The real program on both ends: its database, and LINE."""
    yield from serving(database, tmp_path_factory.mktemp("data"), PRONGSAI_LINE_API_URL=platform.url)


@pytest.fixture
def line(platform):
    platform.anew()
    platform.group(GROUP, 9)
    return platform


@pytest.fixture
def program(served, stage, line):
    """The agency of the stage on LINE, its plan running this year."""
    a_plan(stage)
    _live_now(stage)
    add_account(stage, served.folder, "line", {"secret": line.secret, "token": line.token})
    with stage.database.agency(stage.agency.id) as records:
        unit = stage.unit()
        records.add(Group(address=f"line:{GROUP}", unit_id=unit.id, listening=True))
        for name, user in (("สมชาย", SOMCHAI), ("สุดา", SUDA)):
            person = records.scalars(select(Person).where(Person.name == name)).one()
            records.add(Identity(address=f"line:{user}", person_id=person.id))
    return served


def _live_now(stage):
    """The plan's days moved so that it runs while the test does."""
    today = datetime.now(UTC).date()
    with stage.database.agency(stage.agency.id) as records:
        plan = records.scalars(select(Plan)).one()
        plan.fiscal_year = today.year + 543 + (today.month >= 10)
        for one in records.scalars(select(Occurrence)):
            one.starts_on, one.due_on = today - timedelta(days=30), today + timedelta(days=20)


@pytest.fixture
def tell(program, stage, line):
    """Say something and wait for the answer."""

    def go(*events, answers=1):
        before = len(line.sent)
        assert line.post(f"{program.base}/hooks/line/{stage.agency.slug}", *events) == 200
        program.until(lambda: len(line.sent) >= before + answers)
        assert line.refused == []
        return line.sent[before:]

    return go


def updates(stage):
    with stage.database.look(stage.agency.id) as records:
        return records.scalars(select(Update).order_by(Update.said_at, Update.version)).all()


def test_a_day_in_the_units_group(stage, line, program, tell):
    (card,) = tell(
        line.says(SOMCHAI, "4.1 ประชุมชี้แจงขั้นตอนยืมทรัพย์สินแล้วเมื่อวาน คนเข้า 45 คน", place=GROUP, mention=True)
    )
    assert card.how == "reply"
    assert "4.1" in card.text
    assert "45" in card.text
    (first,) = updates(stage)
    assert (first.count_done, first.state) == (45, COUNTED)

    photos = [line.shows(SOMCHAI, place=GROUP, together=(n, 2)) for n in (1, 2)]
    (thanks,) = tell(*photos)
    assert "2" in thanks.text

    def kept():
        with stage.database.look(stage.agency.id) as records:
            return [one for one in records.scalars(select(Evidence)) if one.state == KEPT and one.sha256]

    program.until(lambda: len(kept()) == 2)

    (fixed,) = tell(line.says(SOMCHAI, "แก้เป็น 48 คน", place=GROUP))
    assert "48" in fixed.text
    assert [one.count_done for one in updates(stage) if one.state == COUNTED][-1] == 48

    (due,) = tell(line.says(SUDA, "เดือนนี้เราเหลืออะไร", place=GROUP, mention=True))
    assert "กองคลัง" in due.text
    assert line.used == 0  # every answer went by reply token


def test_ordinary_chat_is_neither_answered_nor_kept(stage, line, program, tell):
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    chatter = ["ข้าวกล่องมาส่งเรียบร้อยแล้ว 40 กล่อง", "100% เห็นด้วย 5555", "เดี๋ยวพรุ่งนี้ส่ง 4.1 นะ"]
    assert line.post(url, *(line.says(SOMCHAI, text, place=GROUP) for text in chatter)) == 200
    (answer,) = tell(line.says(SUDA, "ของเรา", place=GROUP, mention=True))
    assert len(line.sent) == 1
    assert updates(stage) == []
    assert answer.how == "reply"


def test_a_button_in_1_to_1_does_what_it_says(stage, line, tell):
    (card,) = tell(line.says(SOMCHAI, "4.1 เวียนหนังสือแล้ว"))
    (update,) = updates(stage)
    tell(line.taps(SOMCHAI, f"progress-withdraw:{update.id}"))
    assert [one.state for one in updates(stage)].count(COUNTED) == 0
    assert "4.1" in card.text


def test_what_was_unsent_is_gone(stage, line, program, tell):
    event = line.says(SOMCHAI, "4.1 เวียนหนังสือแล้วครับ ความลับ", place=GROUP, mention=True)
    tell(event)
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    assert line.post(url, line.unsends(SOMCHAI, event["message"]["id"], place=GROUP)) == 200
    program.until(lambda: [one.state for one in updates(stage)] == ["unsent"])
    (gone,) = updates(stage)
    assert "ความลับ" not in (gone.note + gone.source_text)


def test_a_stranger_gets_a_way_in_and_no_data(stage, line, tell):
    (answer,) = tell(line.says(STRANGER, "ขอดูงานค้างของกองคลังหน่อย", place=GROUP, mention=True))
    assert "รหัสเชิญ" in answer.text
    assert "4.1" not in answer.text
    (answer,) = tell(line.says(STRANGER, "4.1 เสร็จแล้ว 100%", place=GROUP, mention=True))
    assert updates(stage) == []


def test_a_person_of_another_agency_is_a_stranger_here(stage, line, noise, tell):
    with stage.database.agency(noise.id) as records:
        other = records.scalars(select(Person)).first()
        records.add(Identity(address="line:Uother", person_id=other.id))
    (answer,) = tell(line.says("Uother", "ของฉัน"))
    assert "รหัสเชิญ" in answer.text


def test_what_is_not_right_is_refused_and_nothing_is_lost(stage, line, program, tell):
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    event = line.says(SOMCHAI, "ของเรา")
    assert line.post(url, event, headers={"x-line-signature": "wrong"}) == 401
    assert line.post(f"{program.base}/hooks/line/nowhere", event) == 404
    assert line.post(url, body=b"{not json") == 400
    assert line.post(url, body=b"x" * 2_000_000) == 413
    assert line.post(url) == 200  # the console's Verify button sends no events
    odd = {**line.event("hologram", user=SOMCHAI)}
    (answer,) = tell(odd, event)
    assert "กองคลัง" in answer.text


def test_the_same_event_three_times_is_answered_once(stage, line, program, tell):
    event = line.says(SOMCHAI, "4.1 เวียนหนังสือแล้ว")
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    tell(event, again)
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    assert line.post(url, again) == 200
    tell(line.says(SOMCHAI, "ของเรา"))
    assert len(line.sent) == 2
    assert len(updates(stage)) == 1


def test_an_answer_that_comes_too_late_for_its_token_is_pushed(stage, line, tell):
    event = line.says(SOMCHAI, "ของเรา")
    line._tokens.clear()
    (answer,) = tell(event)
    assert answer.how == "push"
    assert line.used == 1


def test_lines_hiccups_lose_and_double_nothing(stage, line, tell):
    line.faults += [500, "late"]
    tell(line.says(SOMCHAI, "4.1 เวียนหนังสือแล้ว"))
    assert len(line.sent) == 1


def test_every_agency_has_its_own_door(stage, noise, line, program):
    with stage.database.shared() as session:
        slug = session.get(Agency, noise.id).slug
    assert line.post(f"{program.base}/hooks/line/{slug}", line.says(SOMCHAI, "ของเรา")) == 404


US, SOMEONE = ("@โปร่งใส", BOT), ("@สุดา", SUDA)


def test_our_name_alone_a_sticker_or_a_name_at_the_end_is_answered(stage, line, program, tell):
    """Whatever is said to us gets an answer; what is said beside us does not."""
    (menu,) = tell(line.names(SOMCHAI, "@โปร่งใส", US, place=GROUP))
    assert "โปร่งใสช่วย" in menu.text
    (same,) = tell(line.sticks(SOMCHAI))
    assert same.text.startswith(menu.text)  # in private it offers the page, too
    (due,) = tell(line.names(SOMCHAI, "👍 เดือนนี้เราเหลืออะไร @โปร่งใส", US, place=GROUP))
    assert "4.1" in due.text
    (both,) = tell(line.names(SUDA, "@โปร่งใส @สุดา เดือนนี้เราเหลืออะไร @โปร่งใส", US, SOMEONE, place=GROUP))
    assert "4.1" in both.text
    with stage.database.look(stage.agency.id) as records:
        ours = records.scalars(select(SentMessage.message).limit(1)).one().removeprefix("line:")
    tell(line.sticks(SUDA, place=GROUP, quoted=ours))
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    beside = [line.sticks(SUDA, place=GROUP), line.names(SUDA, "@สุดา ว่าไง", SOMEONE, place=GROUP)]
    assert line.post(url, *beside, line.sticks(SUDA, place=GROUP, quoted="1")) == 200
    one, two = tell(line.says(SOMCHAI, "ของเรา"), line.says(SOMCHAI, "เมนู"), answers=2)
    assert "กองคลัง" in one.text
    assert two.text == same.text
    assert len(line.sent) == 7


def test_a_line_edited_so_that_it_is_said_to_us_is_answered(stage, line, tell):
    quiet = line.says(SOMCHAI, "เดือนนี้เราเหลืออะไร", place=GROUP)
    (due,) = tell(quiet, line.edits(quiet, "@โปร่งใส เดือนนี้เราเหลืออะไร", US))
    assert "4.1" in due.text
    said = line.names(SOMCHAI, "@โปร่งใส 4.1 ทำแล้ว 50%", US, place=GROUP)
    tell(said)
    tell(line.edits(said, "@โปร่งใส 4.1 ทำแล้ว 60%", US))
    assert [one.percent for one in updates(stage) if one.state == COUNTED][-1] == 60


def test_a_redelivery_whose_first_delivery_was_lost_is_answered_for_free(stage, line, tell):
    lost = line.says(SOMCHAI, "ของเรา", at=line.now() - 300)
    (answer,) = tell(line.again(lost))
    assert answer.how == "reply"


def test_photos_that_come_in_any_order_are_one_answer(stage, line, program, tell):
    tell(line.says(SOMCHAI, "4.1 จัดอบรมแล้วเมื่อวาน", place=GROUP, mention=True))
    photos = [line.shows(SOMCHAI, place=GROUP, together=(number, 3)) for number in (1, 2, 3)]
    url = f"{program.base}/hooks/line/{stage.agency.slug}"
    for photo in (photos[2], photos[0]):
        assert line.post(url, photo) == 200
    (thanks,) = tell(photos[1], photos[0])
    assert "3" in thanks.text
    with stage.database.look(stage.agency.id) as records:
        assert len(records.scalars(select(Evidence)).all()) == 3
    assert len(line.sent) == 2


def test_a_group_larger_than_what_is_left_gets_its_news_with_the_next_free_answer(stage, line, program, tell):
    """Nine members, five messages left: nothing is pushed, nobody waits behind it, and nothing is lost."""
    line.limit, line.used = 20, 15
    with stage.database.agency(stage.agency.id) as records:
        for number in (1, 2, 3):
            news = [pack(Reply(say=quote(f"ข่าวที่ {number}")))]
            outbox.write(records, outbox.Letter(
                agency_id=stage.agency.id, channel="line", place=f"line:{GROUP}", replies=news, purpose="summary"
            ))  # fmt: skip

    def states():
        with stage.database.look(stage.agency.id) as records:
            return records.scalars(select(outbox.Letter.state).order_by(outbox.Letter.id)).all()

    program.until(lambda: states() == [outbox.HELD] * 3)
    assert not [path for path in line.calls if path == "message/push"], "the cost was known before"
    (answer,) = tell(line.says(SOMCHAI, "ของเรา", place=GROUP, mention=True))
    assert answer.how == "reply"
    assert all(f"ข่าวที่ {number}" in answer.text for number in (1, 2, 3))
    assert "held-show:" in json.dumps(answer.messages), "a tap away in full"
    assert line.used == 15
    program.until(lambda: states() == [outbox.JOINED] * 3 + [outbox.SENT])
    with stage.database.look(stage.agency.id) as records:
        assert quotas(records)["line"]["used"] == 15
    line.used = 11  # what people wait for may use the reserve
    late = line.says(SOMCHAI, "เมนู", place=GROUP, mention=True)
    line._tokens.clear()
    (pushed,) = tell(late)
    assert (pushed.how, line.used) == ("push", 20)
