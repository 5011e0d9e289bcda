import pytest
from sqlalchemy import select

from storage.measures import Measure, Step
from storage.plans import Finding, Plan, Topic
from tests.builders import a_plan


@pytest.fixture
def plan(stage):
    made = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        topic = records.scalars(select(Topic).where(Topic.no == "4")).one()
        topic.title = "การกำกับดูแลการใช้ทรัพย์สินของราชการ"
        records.add_all(
            [
                Finding(plan_id=made.id, topic_id=topic.id, text="เจ้าหน้าที่ไม่รู้ขั้นตอนการขอยืมทรัพย์สินของราชการ"),
                Finding(
                    plan_id=made.id,
                    question="i19",
                    text="เจ้าหน้าที่บางรายไม่รู้ขั้นตอนการขอยืมทรัพย์สินของราชการให้ถูกต้อง",
                    score=71.25,
                ),
                Finding(plan_id=made.id, question="i15", text="หัวหน้าแบ่งงานให้ลูกน้องไม่เท่ากัน", position=1),
            ]
        )
        records.get_one(Plan, made.id).limits = ["มีเจ้าหน้าที่ใหม่ 25 คน"]
    return made


def test_a_question_tells_its_finding_and_the_measure_that_answers_it(stage, plan):
    answer = stage.chat("somchai", "i19 พบปัญหาอะไร แก้ด้วยข้อไหน")
    assert "ขอยืมทรัพย์สิน" in answer
    assert "71.25" in answer
    assert answer.replies[0].found.measures == ("4.1",)


def test_a_finding_without_a_measure_is_said_to_have_none(stage, plan):
    answer = stage.chat("somchai", "i15 มีมาตรการรองรับไหม")
    assert "ไม่มีมาตรการ" in answer
    assert answer.replies[0].found.measures == ()


def test_a_question_without_a_finding_is_said_to_have_none(stage, plan):
    assert "ไม่มีข้อค้นพบ" in stage.chat("somchai", "e3 พบปัญหาอะไร")


def test_a_subject_tells_what_was_found_about_it(stage, plan):
    answer = stage.chat("somchai", "ผลประเมินเรื่องยืมทรัพย์สินเจอปัญหาอะไร")
    assert "ไม่รู้ขั้นตอน" in answer
    assert "4.1" in answer.replies[0].found.measures


@pytest.mark.parametrize("text", ["จุดที่ต้องปรับปรุงของประเด็นที่ 4 คืออะไร", "ประเด็น 4 เขามีข้อเสนอแนะอะไร"])
def test_what_was_found_is_asked_by_the_number_of_its_topic(stage, plan, text):
    assert "ไม่รู้ขั้นตอน" in stage.chat("somchai", text)


def test_the_limits_a_plan_states_are_told(stage, plan):
    assert "25 คน" in stage.chat("somchai", "ข้อจำกัดของหน่วยงานมีอะไรบ้าง")


def test_another_agencys_findings_are_not_shown(stage, plan, noise):
    from tests.conftest import Stage

    other = Stage(stage.database, noise)
    assert "ขอยืม" not in other.chat("somchai", "i19 พบปัญหาอะไร")


def test_what_every_unit_has_to_do_names_whole_measures_and_single_steps(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        measure = records.scalars(select(Measure).where(Measure.code == "6.1")).one()
        records.add(
            Step(measure_id=measure.id, no=2, text="ทุกหน่วยงานแจ้งเวียนหลักเกณฑ์ในหน่วยงาน", for_all_units=True)
        )
    answer = stage.chat("somchai", "ข้อไหนที่ทุกหน่วยงานต้องทำเหมือนกัน")
    assert answer.replies[0].found.measures == ("1.1", "6.1")
    assert "6.1 ขั้นที่ 2" in answer


@pytest.mark.parametrize(
    "text", ["ขอเบอร์โทรคนรับผิดชอบข้อ 4.1", "มาตรการ 4.1 ใช้งบกี่บาท", "อบรม 4.1 จัดวันไหน ห้องไหน"]
)
def test_what_a_plan_does_not_hold_is_said_to_be_not_there_beside_its_measure(stage, plan, text):
    answer = stage.chat("somchai", text)
    assert "ไม่ได้ระบุ" in answer
    assert answer.replies[0].found.measures == ("4.1",)


def test_the_limits_of_a_measure_are_told_apart_from_those_of_the_agency(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        one = records.scalars(select(Measure).where(Measure.code == "4.1")).one()
        one.constraints = "ทะเบียนเดิมเป็นกระดาษ"
    for said in ("ข้อ 4.1 ติดข้อจำกัดอะไร", "การยืมทรัพย์สินติดข้อจำกัดอะไร"):
        answer = stage.chat("somchai", said)
        assert "ทะเบียนเดิมเป็นกระดาษ" in answer
        assert answer.replies[0].found.measures == ("4.1",)
    assert "ไม่ได้ระบุข้อจำกัด" in stage.chat("somchai", "ข้อ 5.1 มีข้อจำกัดอะไร")
    assert "25 คน" in stage.chat("somchai", "ข้อจำกัดของหน่วยงานมีอะไรบ้าง")


def test_a_number_that_no_measure_has_is_told_in_the_plans_own_sentence_or_said_to_be_missing(stage, plan):
    assert "25 คน" in stage.chat("somchai", "ที่ว่ามีเจ้าหน้าที่ใหม่ กี่คน")
    assert "ไม่ได้ระบุ" in stage.chat("somchai", "ทะเบียนยืมทรัพย์สินมีกี่เล่ม")


@pytest.mark.parametrize("said", ["i19 เขาติเราเรื่องไร แล้วข้อไหนแก้", "i19 ได้น้อยเพราะอะไร", "i19 โดนบ่นเรื่องไหน"])
def test_what_was_found_in_a_question_is_asked_for_in_everyday_words(stage, plan, said):
    assert "ขอยืมทรัพย์สิน" in stage.chat("somchai", said)


def test_all_that_was_found_is_counted(stage, plan):
    assert "ผลประเมินพบ" in stage.chat("somchai", "ข้อค้นพบมีกี่ข้อ")
