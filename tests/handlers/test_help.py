"""The menu, thanks, and what to say when nothing was understood."""

from tests.builders import a_plan


def test_a_greeting_is_answered_with_the_menu(stage):
    assert "โปร่งใส" in stage.chat("somchai", "เมนู")


def test_a_stranger_is_shown_the_way_in_and_nothing_else(stage):
    answer = stage.chat("stranger", "ขอดูงานค้าง")
    assert "รหัสเชิญ" in answer
    assert answer.values == []


def test_what_is_not_understood_is_said_to_be_so(stage):
    assert "ยังไม่เข้าใจ" in stage.chat("somchai", "พรุ่งนี้ฝนตกมั้ย")


def test_thanks_are_taken_kindly_and_without_a_menu(stage):
    answer = stage.chat("somchai", "ขอบคุณค่ะ")
    assert "ยินดีค่ะ" in answer
    assert answer.values == []
    assert stage.chat("somchai", "ขอบคุณค่ะ", place="finance", addressed=False).replies == []


def test_whoever_cannot_go_on_is_shown_what_can_be_asked(stage):
    assert "ช่วยรายงานมาตรการ" in stage.chat("somchai", "ช่วยหน่อยทำไม่เป็น")


def test_lines_to_type_are_shown(stage):
    assert "4.1 ใครรับผิดชอบ" in stage.chat("somchai", "สอนใช้หน่อยสิ พิมพ์อะไรได้บ้าง")


def test_lines_to_type_name_a_measure_of_ones_own(stage):
    a_plan(stage)
    assert "6.1 ใครรับผิดชอบ" in stage.chat("mana", "เมนู")
    assert "4.1 ใครรับผิดชอบ" in stage.chat("somchai", "เมนู")


def test_thanks_and_farewells_are_answered_whatever_follows(stage):
    assert "ยินดีค่ะ" in stage.chat("somchai", "ขอบใจมากนะ ช่วยได้เยอะเลย")
    assert "แล้วพบกันค่ะ" in stage.chat("somchai", "ฝันดีน้าบอท")
