import pytest

from storage.agencies import Unit
from storage.measures import Duty, Measure, Responsibility
from tests.builders import a_plan


@pytest.fixture
def plan(stage):
    made = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        measure = records.query(Measure).filter(Measure.code == "5.1").one()
        other = records.query(Unit).filter(Unit.name == "กองการเจ้าหน้าที่").one()
        measure.responsibilities.append(Responsibility(unit_id=other.id, role=Duty.JOINT))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "กองคลังกับกองการเจ้าหน้าที่ต้องทำข้อไหนร่วมกันบ้าง",
        "ข้อไหนที่กองคลังทำร่วมกับกกจ.",
        "เราต้องทำข้อไหนร่วมกับกองการเจ้าหน้าที่บ้าง",
    ],
)
def test_what_two_units_share_is_told(stage, plan, text):
    answer = stage.chat("somchai", text)
    assert "5.1" in answer
    assert "4.1" not in answer
    assert "6.1" not in answer


def test_two_units_are_told_one_after_the_other(stage, plan):
    answer = stage.chat("somchai", "กองคลังกับกกจ. มีอะไรครบกำหนดเดือนมีนาคม 67")
    assert "กองคลังมีครบกำหนด 2 ข้อ" in answer
    assert "กองการเจ้าหน้าที่มีครบกำหนด 2 ข้อ" in answer
