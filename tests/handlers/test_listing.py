"""Which measures stand so, asked in the chat: by state, by schedule, of one unit or of the whole plan."""

import pytest
from sqlalchemy import select

from storage import rounds
from storage.measures import Measure
from storage.progress import Update, record
from storage.rounds import Occurrence
from tests.builders import a_plan


@pytest.fixture
def plan(stage):
    return a_plan(stage)


def reported(stage, code, **told):
    with stage.database.agency(stage.agency.id) as records:
        one = records.scalars(select(Occurrence).join(Occurrence.measure).where(Measure.code == code)).first()
        record(records, one, Update(said_at=stage.at, **told))


def listed(stage, said, who="somchai"):
    answer = stage.chat(who, said)
    return answer.replies[0].found.measures, answer


def test_what_is_not_begun_is_ones_own_and_every_units_on_asking(stage, plan):
    reported(stage, "4.1", status=rounds.IN_PROGRESS)
    mine, answer = listed(stage, "ข้อไหนยังไม่เริ่มบ้าง")
    assert mine == ("1.1", "5.1")
    assert "กองคลังมี 2 ข้อที่ยังไม่ได้เริ่ม" in answer
    assert "listing-show:not-started:all" in answer.values
    everyone = stage.chat("somchai", tap="listing-show:not-started:all").replies[0].found.measures
    assert {"6.1", "7.1"} < set(everyone)
    assert "4.1" not in everyone


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("มีข้อไหนเสร็จแล้วบ้าง", ("5.1",)),
        ("ข้อไหนกำลังดำเนินการอยู่", ("4.1",)),
        ("ข้อไหนยังไม่เสร็จ", ("1.1", "4.1")),
        ("อันไหนติดปัญหาอยู่บ้าง", ("4.1",)),
        ("ข้อไหนยังไม่มีหลักฐาน", ("4.1", "5.1")),
        ("มาตรการที่ยังไม่รายงานมีอะไรบ้าง", ("1.1",)),
    ],
)
def test_states_are_told_from_what_was_reported(stage, plan, said, told):
    reported(stage, "4.1", status=rounds.IN_PROGRESS, blocker="รอคณะกรรมการ")
    reported(stage, "5.1", status=rounds.DONE)
    assert listed(stage, said)[0] == told


def test_what_hinders_stands_beside_the_measure_until_it_is_done(stage, plan):
    reported(stage, "4.1", status=rounds.IN_PROGRESS, blocker="รอคณะกรรมการ")
    assert "รอคณะกรรมการ" in listed(stage, "ข้อไหนติดปัญหาบ้าง")[1]
    reported(stage, "4.1", status=rounds.DONE)
    found, answer = listed(stage, "ข้อไหนติดปัญหาบ้าง")
    assert found == ()
    assert "ไม่มีข้อที่ติดปัญหา" in answer


def test_schedules_are_asked_of_the_whole_plan(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Measure)):
            if one.code == "6.1":
                one.schedule_kind, one.schedule_every, one.schedule_text = "recurring", "month", "ทุกเดือน"
            if one.code == "7.1":
                one.schedule_ranges = [["2024-03-01", "2024-03-31"]]
            if one.code == "5.1":
                one.schedule_kind, one.schedule_every, one.schedule_text = (
                    "recurring",
                    "half_year",
                    "ทุก 6 เดือน",
                )
    assert listed(stage, "งานไหนต้องทำทุกเดือน")[0] == ("6.1",)
    found, answer = listed(stage, "ข้อไหนต้องทำทุกครึ่งปี")
    assert found == ("5.1",)
    assert "ทำทุกครึ่งปี" in answer
    assert listed(stage, "ข้อไหนเริ่มเดือนมีนาคม 67")[0] == ("7.1",)


def test_what_is_late_or_due_is_no_list_of_states(stage, plan):
    assert stage.chat("malee", "มีข้อไหนเลยกำหนดแล้วบ้าง ยังไม่มีใครรายงานเลย").replies[0].say.id.startswith("due-")


def test_a_measure_that_is_named_is_shown_itself(stage, plan):
    found, answer = listed(stage, "แนวทางการยืมทรัพย์สินข้อไหนยังไม่เสร็จ")
    assert found == ("4.1",)
    assert "measure:" in answer.replies[0].cards[0].about


def test_without_a_plan_the_way_to_one_is_told(stage):
    assert "นำเข้าแผน" in stage.chat("somchai", "ข้อไหนยังไม่เริ่ม")
