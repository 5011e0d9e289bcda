from datetime import date

import pytest

from storage.rounds import Round
from tests.builders import a_plan
from tests.conftest import bangkok


@pytest.fixture
def plan(stage):
    made = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        records.add_all(
            [
                Round(plan_id=made.id, name="รอบ 6 เดือน", due_on=date(2024, 4, 5), receiver="คณะทำงาน"),
                Round(plan_id=made.id, name="รอบ 12 เดือน", due_on=date(2024, 9, 25)),
            ]
        )
    return made


def test_the_next_round_is_told_with_the_days_left(stage, plan):
    answer = stage.chat("somchai", "รอบรายงาน")
    assert "5 เม.ย. 67 (เหลือ 78 วัน)" in answer
    assert "25 ก.ย. 67" in answer


def test_a_round_named_is_the_one_told(stage, plan):
    assert "รอบ 12 เดือน ส่งภายใน 25 ก.ย. 67" in stage.chat("somchai", "รอบ 12 เดือนต้องรายงานวันไหน")


def test_when_all_rounds_have_passed_that_is_said(stage, plan):
    assert "ผ่านไปครบแล้ว" in stage.chat("somchai", "รอบรายงาน", at=bangkok(2024, 9, 29))


def test_a_plan_without_rounds_says_so(stage):
    a_plan(stage)
    assert "ไม่ได้ระบุรอบ" in stage.chat("somchai", "รอบรายงาน")


def test_another_agencys_rounds_are_not_shown(stage, plan, noise):
    from tests.conftest import Stage

    assert "เหลือ" not in Stage(stage.database, noise).chat("somchai", "รอบรายงาน")
