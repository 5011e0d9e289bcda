import pytest
from sqlalchemy import select

from storage.measures import Measure
from storage.plans import Finding, Topic
from tests.builders import a_plan


@pytest.fixture
def plan(stage):
    return a_plan(stage)


def test_a_measure_is_shown_by_its_code(stage, plan):
    answer = stage.chat("somchai", "ขอดูรายละเอียดข้อ 4.1")
    assert "การยืม" in answer
    assert "ขั้นที่ 2" in answer
    assert answer.replies[0].found.measures == ("4.1",)


def test_a_measure_is_found_by_words(stage, plan):
    assert "4.1" in stage.chat("somchai", "ข้อไหนเกี่ยวกับการยืมทรัพย์สินของราชการ")


def test_what_the_plan_does_not_have_is_said_to_be_not_there(stage, plan):
    assert "ไม่พบ" in stage.chat("somchai", "มาตรการ 8.8 คืออะไร")
    answer = stage.chat("somchai", "o39 อยู่ในข้อไหนของแผน")
    assert "ไม่มีข้อที่ระบุ O39" in answer
    assert answer.replies[0].found.measures == ()


def test_who_answers_for_something(stage, plan):
    answer = stage.chat("mana", "ใครดูแลเรื่องยืมทรัพย์สิน")
    assert "กองคลัง" in answer
    assert answer.replies[0].found.measures[0] == "4.1"


def test_who_answers_for_something_is_told_with_its_first_steps(stage, plan):
    answer = stage.chat("somchai", "ใครดูแลเรื่องยืมทรัพย์สิน")
    assert "4.1 ขั้นที่ 1" in answer


def test_my_duties_are_told_by_role(stage, plan):
    answer = stage.chat("somchai", "ของฉัน")
    assert set(answer.replies[0].found.measures) == {"4.1", "5.1", "1.1"}
    assert "หลัก 2 ข้อ" in answer


def test_a_person_without_a_unit_is_told_how_to_ask(stage, plan):
    assert "หน่วยงาน" in stage.chat("malee", "ของฉัน")


def test_an_unknown_button_is_answered_kindly(stage, plan):
    assert "ไม่พบมาตรการนี้" in stage.chat("somchai", tap="measures-show:99")
    assert "ไม่พบมาตรการนี้" in stage.chat("somchai", tap="measures-show:x")


def test_history_says_when_there_is_none(stage, plan):
    assert "ยังไม่มีรายงาน" in stage.chat("somchai", "ขอดูประวัติ 4.1")


@pytest.mark.parametrize("text", ["4.1", "ข้อ ๔.๑", "ขอดู 4.1 หน่อยค่ะ"])
def test_a_code_alone_shows_its_measure(stage, plan, text):
    answer = stage.chat("somchai", text)
    assert answer.replies[0].found.measures == ("4.1",)
    assert "ขั้นที่ 1" in answer


@pytest.mark.parametrize(
    ("text", "unit"),
    [("กกจ. ต้องทำไรบ้าง", "กองการเจ้าหน้าที่"), ("กค. มีกี่ข้อ", "กองคลัง"), ("กองการเจ้าหน้าที่ดูแลอะไร", "กองการเจ้าหน้าที่")],
)
def test_a_units_duties_are_asked_in_many_ways(stage, plan, text, unit):
    assert stage.chat("somchai", text).replies[0].found.units == (unit,)


def test_a_role_that_is_asked_for_is_told_alone(stage, plan):
    assert stage.chat("somchai", "กองคลังเป็นเจ้าภาพข้อไหนบ้าง").replies[0].found.measures == ("4.1", "5.1")


def test_two_measures_asked_about_are_not_reported(stage, plan):
    answer = stage.chat("somchai", "4.1 กับ 5.1 ทำพร้อมกันเหรอคะ")
    assert "บันทึกแล้ว" not in answer
    assert set(answer.replies[0].found.measures) == {"4.1", "5.1"}


def test_the_card_tells_what_was_last_reported_in_its_own_words(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้วเมื่อวาน คนเข้า 45 คน")
    assert "คนเข้า 45 คน" in stage.chat("somchai", "4.1 ถึงไหนแล้ว")


def test_what_the_document_tells_of_its_result_is_told_as_the_documents(stage):
    a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        measure = records.scalars(select(Measure).where(Measure.code == "4.1")).one()
        measure.reported_status = "done"
        measure.reported_progress = "จัดทำแผ่นพับเรื่องการยืมจำนวน ๓ เรื่อง แจกที่เคาน์เตอร์ จำนวน ๑,๒๐๐ แผ่น"
    answer = stage.chat("somchai", "4.1 ถึงไหนแล้ว")
    assert "ผลตามเอกสาร: จัดทำแผ่นพับ" in answer
    assert "สถานะตามเอกสาร" in answer
    answer = stage.chat("somchai", "แจกแผ่นพับไปกี่แผ่น")
    assert "๑,๒๐๐ แผ่น" in answer
    assert answer.replies[0].found.measures == ("4.1",)


def test_of_many_findings_the_nearest_few_stand_on_a_card(stage):
    plan = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        topic = records.scalars(select(Topic).where(Topic.no == "4")).one()
        others = ("งบประมาณรายจ่าย", "การสื่อสารกับประชาชน", "คู่มือบริการ", "การมอบหมายงาน")
        texts = (*others, "ไม่รู้ขั้นตอนการขอยืมทรัพย์สินของราชการ")
        records.add_all(Finding(plan_id=plan.id, topic_id=topic.id, text=one) for one in texts)
    answer = stage.chat("somchai", "4.1 คืออะไร")
    assert "ไม่รู้ขั้นตอนการขอยืม" in answer
    assert sum(one in answer for one in others) <= 2


def test_all_measures_of_the_plan_are_listed_and_counted(stage):
    a_plan(stage)
    answer = stage.chat("somchai", "แผนมีทั้งหมดกี่มาตรการ")
    assert "5 มาตรการ" in answer
    assert answer.replies[0].found.measures == ("1.1", "4.1", "5.1", "6.1", "7.1")


@pytest.mark.parametrize("text", ["หัวหน้ากองคลังชื่ออะไร", "ปลัดชื่ออะไร", "อาคารนี้มีลิฟต์กี่ตัว"])
def test_what_no_plan_holds_is_said_to_be_not_there(stage, text):
    a_plan(stage)
    assert "ไม่ได้ระบุ" in stage.chat("somchai", text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("แผนมีกี่ประเด็น", "แผนปี 2567 มี 5 มาตรการ ใน 5 ประเด็น"),
        ("ประเด็นที่ 4 มีกี่มาตรการ", "ประเด็นที่ 4"),
        ("ประเด็นที่ 4 มีมาตรการอะไรบ้าง", "ประเด็นที่ 4"),
        ("ขอดู 5.9 หน่อย", "ไม่พบข้อ 5.9 ในแผนปี 2567 ค่ะ ที่ใกล้เคียงมี 5.1"),
        ("4.1 กับ 6.1 ต่างกันตรงไหน", "พบ 2 ข้อค่ะ คือ 4.1, 6.1"),
        ("No Gift Policy เขียนไว้ข้อไหนบ้าง", "7.1"),
        ("มีข้อไหนพูดถึงคู่มือบ้าง", "1.1"),
    ],
)
def test_what_the_plan_holds_is_told_in_a_line(stage, plan, text, first):
    assert stage.chat("somchai", text).text.startswith(first)


def test_a_card_tells_a_report_as_it_was_corrected(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้วเมื่อวาน 45 คนค่ะ")
    stage.chat("somchai", "ไม่ใช่ 45 นะ 54")
    shown = stage.chat("somchai", "4.1 ถึงไหนแล้ว").text
    assert shown.count("รายงานล่าสุด") == 1
    assert "(แก้เป็น 54 คน)" in shown
