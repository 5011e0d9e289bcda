import pytest

from storage.measures import Kpi, Measure
from tests.builders import a_plan


@pytest.fixture
def plan(stage):
    made = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        measure = records.query(Measure).filter(Measure.code == "4.1").one()
        measure.aim = "เพื่อให้การยืมเป็นไปตามระเบียบ"
        measure.schedule_text = "ธ.ค. 66 - มี.ค. 67"
        measure.kpis = [Kpi(text="ร้อยละ 80 ของผู้ยืมคืนตามกำหนด")]
    return made


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("4.1 ขั้นที่ 2 คืออะไร", "4.1 ขั้นที่ 2 จาก 2 ขั้น: ประชุมชี้แจงแนวทางการยืมทรัพย์สิน"),
        ("4.1 ขั้นที่ 7 ว่าอย่างไร", "4.1 ไม่มีขั้นที่ 7 ค่ะ แผนมี 2 ขั้น"),
        ("ข้อ 4.1 มีกี่ขั้นตอน", "4.1 มี 2 ขั้นค่ะ"),
        ("4.1 ทำไปเพื่ออะไรอะ", "4.1 มีเป้าหมายคือ เพื่อให้การยืมเป็นไปตามระเบียบ"),
        ("5.1 ทำไปเพื่ออะไร", "แผนไม่ได้ระบุเป้าหมายของ 5.1 ไว้ค่ะ"),
        ("ตัวชี้วัดของข้อ 4.1 คืออะไร", "4.1 ตัวชี้วัดคือ ร้อยละ 80 ของผู้ยืมคืนตามกำหนด"),
        ("4.1 ทำถึงเดือนไหน", "4.1 ระยะเวลา ธ.ค. 66 - มี.ค. 67"),
        ("อบรมข้อ 4.1 จัดวันไหนที่จังหวัดอะไรครับ", "แผนไม่ได้ระบุวันและสถานที่จัดไว้ค่ะ"),
    ],
)
def test_what_of_a_measure_is_asked_for_is_told_first(stage, plan, text, first):
    assert stage.chat("somchai", text).text.startswith(first)


def test_what_else_the_card_tells_is_left_to_a_button(stage, plan):
    few = stage.chat("somchai", "4.1 ขั้นที่ 2 คืออะไร")
    assert "ร้อยละ 80" not in few
    assert "กองคลัง" in few
    assert "ร้อยละ 80" in stage.chat("somchai", tap=next(one for one in few.values if "measures-show" in one))


def test_how_a_measure_stands_is_told_first(stage, plan):
    assert stage.chat("somchai", "4.1 ถึงไหนแล้ว").text.startswith("4.1 ยังไม่มีรายงานเข้ามา")
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้วเมื่อวาน คนมา 45")
    assert stage.chat("malee", "4.1 ถึงไหนแล้ว").text.startswith("4.1 อยู่ระหว่างดำเนินการ")


def test_what_no_plan_holds_is_said_of_a_measure_too(stage, plan):
    assert "แผนไม่ได้ระบุเรื่องนี้" in stage.chat("somchai", "4.1 ใช้งบเท่าไหร่")
