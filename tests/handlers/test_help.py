def test_a_greeting_is_answered_with_the_menu(stage):
    assert "โปร่งใส" in stage.chat("somchai", "เมนู")


def test_a_stranger_is_shown_the_way_in_and_nothing_else(stage):
    answer = stage.chat("stranger", "ขอดูงานค้าง")
    assert "รหัสเชิญ" in answer
    assert answer.values == []


def test_what_is_not_understood_is_said_to_be_so(stage):
    assert "ยังไม่เข้าใจ" in stage.chat("somchai", "พรุ่งนี้ฝนตกมั้ย")
