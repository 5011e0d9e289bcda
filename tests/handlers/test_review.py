from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers import reviewing
from handlers.packing import unpack_reply
from handlers.talk import File, Refused
from storage import reviews
from storage.history import Entry
from storage.measures import Measure
from storage.outbox import Letter
from storage.people import Group, Person
from storage.plans import Plan
from storage.progress import Update
from storage.reviews import Asking, Review
from storage.rounds import Occurrence, Round
from tests.builders import a_plan
from tests.conftest import plain

pytestmark = pytest.mark.usefixtures("planned")
REPORT = "5.1 ประชุมชี้แจงแผนใช้จ่ายงบแล้วเมื่อวาน คนเข้า 45 คน"


@pytest.fixture
def planned(stage, noise):
    return a_plan(stage)


def report(stage, text: str = REPORT, who: str = "somchai") -> int:
    """The id of the version that a line gives."""
    stage.chat(who, text)
    with stage.database.look(stage.agency.id) as records:
        return records.scalars(select(Update.id).order_by(Update.id.desc()).limit(1)).one()


def occurrence(stage, code: str = "5.1") -> Occurrence:
    with stage.database.look(stage.agency.id) as records:
        query = select(Occurrence).join(Occurrence.measure).where(Measure.code == code)
        return records.scalars(query).first()


def letters(stage, place: str) -> list[str]:
    with stage.database.look(stage.agency.id) as records:
        found = records.scalars(select(Letter).where(Letter.place == place, Letter.purpose == "review"))
        return [plain(unpack_reply(body)) for letter in found for body in letter.replies]


def test_the_secretary_sees_what_waits_and_accepts_it_with_one_tap(stage):
    number = report(stage)
    answer = stage.chat("malee", "รายงานรอตรวจ")
    assert "5.1" in answer
    assert f"review-accept:{number}" in answer.values
    card = stage.chat("malee", "5.1")
    assert {f"review-accept:{number}", f"review-return:{number}"} <= set(card.values), "on the measure's card"
    assert "review-accept" not in " ".join(stage.chat("somchai", "@โปร่งใส 5.1").values)
    assert f"review-accept:{number}" in stage.chat("malee", tap=f"review-show:{number}").values
    assert "รับรายงาน 5.1" in stage.chat("malee", tap=f"review-accept:{number}")
    assert occurrence(stage).review == "accepted"
    assert "ไม่มีรายงานรอตรวจ" in stage.chat("malee", "รายงานรอตรวจ")
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Review)).one().verdict == "accepted"
        assert "review-accepted" in set(records.scalars(select(Entry.action)))


def test_a_report_is_returned_with_a_comment_and_its_reporter_is_told_in_private(stage):
    number = report(stage, "5.1 เสร็จแล้วครับ")
    assert "ต้องแก้อะไร" in stage.chat("malee", tap=f"review-return:{number}")
    assert "ส่งรายงาน 5.1 กลับ" in stage.chat("malee", "ขอรูปการประชุมด้วยค่ะ")
    told = letters(stage, "test:somchai")
    assert "ขอรูปการประชุมด้วยค่ะ" in told[0]
    assert "มาลี" in told[0]
    found = occurrence(stage)
    assert (found.review, found.status) == ("returned", "not_started")
    with stage.database.look(stage.agency.id) as records:
        assert records.get(Update, number).state == "returned"


def test_what_was_reported_before_the_returned_claim_stands(stage):
    first = report(stage)
    done = stage.chat("somchai", tap=f"progress-done:{first}")
    assert "5.1" in done
    with stage.database.look(stage.agency.id) as records:
        claim = records.scalars(select(Update.id).order_by(Update.version.desc()).limit(1)).one()
    stage.chat("malee", tap=f"review-return:{claim}")
    stage.chat("malee", "ยังขาดขั้นที่ 2")
    assert occurrence(stage).status == "in_progress"
    assert occurrence(stage).review == "returned"


def test_evidence_sent_to_a_returned_report_hands_it_in_again(stage):
    number = report(stage, "5.1 เสร็จแล้วครับ")
    stage.chat("malee", tap=f"review-return:{number}")
    stage.chat("malee", "ขอรูป")
    answer = stage.chat("somchai", files=(File("p1", "photo"),))
    assert "ตรวจอีกครั้ง" in answer
    found = occurrence(stage)
    assert (found.review, found.status, found.evidence_count) == ("", "done", 1)
    assert f"review-accept:{number}" in stage.chat("malee", "รายงานรอตรวจ").values


def test_the_reporter_hands_in_again_with_a_button_and_nobody_else_may(stage):
    number = report(stage)
    stage.chat("malee", tap=f"review-return:{number}")
    stage.chat("malee", "ขอจำนวนคนที่ถูกต้อง")
    stage.chat("mana", tap=f"review-again:{number}")
    assert occurrence(stage).review == "returned"
    assert "ตรวจอีกครั้ง" in stage.chat("somchai", tap=f"review-again:{number}")
    assert occurrence(stage).review == ""


def test_a_new_report_after_a_return_waits_to_be_looked_at(stage):
    number = report(stage)
    stage.chat("malee", tap=f"review-return:{number}")
    stage.chat("malee", "ขอรายละเอียด")
    again = report(stage, "5.1 ประชุมแล้ว 60 คน")
    assert again != number
    assert occurrence(stage).review == ""


def test_a_report_that_changed_meanwhile_is_not_decided_unseen(stage):
    number = report(stage)
    stage.chat("somchai", "แก้เป็น 48 คน")
    assert "เปลี่ยนไปแล้ว" in stage.chat("malee", tap=f"review-accept:{number}")
    assert occurrence(stage).review == ""


def test_an_officer_cannot_decide_on_a_report(stage):
    number = report(stage)
    answer = stage.chat("suda", tap=f"review-accept:{number}")
    assert "มาลี" in answer
    assert occurrence(stage).review == ""


def test_another_agencys_report_is_not_there(stage, noise):
    number = report(stage)
    with stage.database.agency(noise.id) as records:
        by = records.scalars(select(Person).where(Person.name == "มาลี")).one()
        with pytest.raises(Refused):
            reviewing.accept(records, by, number, stage.at, "web")
    assert occurrence(stage).review == ""


def test_a_unit_is_asked_in_its_group_once_a_day(stage):
    answer = stage.chat("malee", "ขอความก้าวหน้า 5.1 กองคลัง")
    assert "กองคลัง" in answer
    assert "ขอทราบความก้าวหน้า" in letters(stage, "test:finance")[0]
    assert "วันนี้ขอความก้าวหน้า" in stage.chat("malee", "ขอความก้าวหน้า 5.1 กองคลัง")
    assert len(letters(stage, "test:finance")) == 1
    stage.chat("malee", "ขอความก้าวหน้า 5.1 กองคลัง", at=stage.at + timedelta(days=1))
    assert len(letters(stage, "test:finance")) == 2


def test_a_unit_nobody_can_reach_is_told_to_the_secretary(stage):
    with stage.database.agency(stage.agency.id) as records:
        for group in records.scalars(select(Group)):
            group.left_at = stage.at
        for person in records.scalars(select(Person).where(Person.name == "สุดา")):
            person.left_at = stage.at
    assert "ยังส่งถึงกองคลังไม่ได้" in stage.chat("malee", "ขอความก้าวหน้า 5.1 กองคลัง")
    with stage.database.look(stage.agency.id) as records:
        assert not list(records.scalars(select(Asking)))


def test_a_closed_round_stays_as_it_was_and_later_reports_are_marked(stage):
    report(stage)
    with stage.database.agency(stage.agency.id) as records:
        plan = records.scalars(select(Plan)).one()
        call = Round(plan_id=plan.id, name="รอบที่ 2", due_on=date(2024, 6, 30))
        records.add(call)
        records.flush()
        by = records.scalars(select(Person).where(Person.name == "มาลี")).one()
        assert reviewing.close(records, by, call, stage.at) > 0
        with pytest.raises(Refused):
            reviewing.close(records, by, call, stage.at)
    answer = stage.chat("somchai", "5.1 เสร็จแล้วครับ", at=stage.at + timedelta(hours=1))
    assert "ปิดรอบแล้ว" in answer
    with stage.database.look(stage.agency.id) as records:
        call = records.scalars(select(Round)).one()
        kept = reviews.frozen(records, call)[occurrence(stage).id]
        assert (kept.status, kept.version) == ("in_progress", 1)
    assert occurrence(stage).status == "done"
