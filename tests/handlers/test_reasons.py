"""Why a report was read as it was: asked by replying to its card or by a button, told with the words themselves."""

import pytest
from sqlalchemy import select

from storage.progress import Update
from tests.builders import a_plan


@pytest.fixture
def card(stage):
    """A report of somchai's; the id of its card's message."""
    a_plan(stage)
    answer = stage.chat("somchai", "4.1 ประชุมชี้แจงแล้วค่ะ เมื่อวาน คนมา 48 คน ติดปัญหาห้องเล็ก")
    assert "บันทึกแล้ว" in answer
    return f"b{stage.count}-0"


def last(stage):
    with stage.database.look(stage.agency.id) as records:
        return records.scalars(select(Update).order_by(Update.id.desc())).first()


def test_the_secretary_replies_to_the_card_and_sees_the_words(card, stage):
    told = stage.chat("malee", "ทำไมถึงเป็นข้อนี้", quoted=card)
    for words in ("“4.1”", "“เมื่อวาน”", "“48 คน”", "แน่ใจ"):
        assert words in told


def test_a_measure_picked_by_a_person_is_said_to_be_picked(stage):
    a_plan(stage)
    stage.chat("mana", "ปิ่นโตเรียบร้อยแล้วค่ะ")
    stage.chat("mana", "7.1")
    assert "เลือกเอง" in stage.chat("malee", tap=f"reasons-show:{last(stage).id}")


def test_a_measure_found_by_words_shows_the_words_as_they_were_typed(stage):
    a_plan(stage)
    stage.chat("somchai", "แนวทางการยืมทรัพย์สิน เวียนแล้วค่ะ")
    told = stage.chat("malee", tap=f"reasons-show:{last(stage).id}")
    assert "ยืมทรัพย์สิน" in told.text.split("“")[2]


def test_a_correction_keeps_the_ground_of_what_it_corrects(card, stage):
    stage.chat("somchai", "แก้เป็น 52 คน")
    told = stage.chat("malee", tap=f"reasons-show:{last(stage).id}")
    assert "“4.1”" in told
    assert "52" in told
    assert "“เมื่อวาน”" in told


def test_an_officer_sees_the_reasons_of_the_own_unit_only(card, stage):
    number = last(stage).id
    assert "“4.1”" in stage.chat("suda", tap=f"reasons-show:{number}")
    assert "หน่วยงานของตัวเอง" in stage.chat("mana", tap=f"reasons-show:{number}") or (
        "หน่วยงานตัวเอง" in stage.chat("mana", tap=f"reasons-show:{number}")
    )


def test_a_message_that_was_taken_back_has_no_reasons(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 เสร็จแล้ว", message="m1")
    number = last(stage).id
    stage.chat("somchai", kind="unsent", message="m1")
    assert "ถอนข้อความ" in stage.chat("malee", tap=f"reasons-show:{number}")


@pytest.mark.parametrize("tap", ["reasons-show", "reasons-show:9", "reasons-show:x"])
def test_without_a_report_the_way_to_ask_is_told(stage, tap):
    assert "ตอบกลับ" in stage.chat("malee", tap=tap)


def test_a_report_of_another_agency_is_not_there(card, stage, noise):
    with stage.database.agency(stage.agency.id) as records:
        number = records.scalars(select(Update.id)).first()
    stage.agency, ours = noise, stage.agency
    assert "ตอบกลับ" in stage.chat("malee", tap=f"reasons-show:{number}")
    stage.agency = ours
