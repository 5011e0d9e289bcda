import pytest

from storage.plans import Grade, Score


@pytest.fixture
def scored(stage):
    rows = [
        (2566, "overall", "", "คะแนนภาพรวม", 91.84),
        (2566, "tool", "IIT", "แบบวัดการรับรู้ภายใน", 92.10),
        (2566, "indicator", "4", "การใช้ทรัพย์สินของราชการ", 89.64),
        (2566, "indicator", "7", "ประสิทธิภาพการสื่อสาร", 84.90),
        (2566, "question", "i10", "รู้ขั้นตอนขอยืมทรัพย์สิน", 84.15),
        (2565, "overall", "", "คะแนนภาพรวม", 88.47),
        (2565, "indicator", "7", "ประสิทธิภาพการสื่อสาร", 83.16),
    ]
    with stage.database.agency(stage.agency.id) as records:
        for position, (year, level, code, name, score) in enumerate(rows):
            records.add(Score(year=year, level=level, code=code, name=name, score=score, position=position))
        records.add(Grade(year=2566, grade="ผ่านดี", rank=21, rank_group="กรมหรือเทียบเท่า"))
    return stage


def test_the_whole_picture_names_level_and_rank(scored):
    answer = scored.chat("somchai", "คะแนน")
    assert "91.84" in answer
    assert "ผ่านดี" in answer
    assert "21" in answer


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("i10 ได้กี่คะแนน", "84.15"),
        ("I-10 ได้กี่คะแนน", "84.15"),
        ("ตัวชี้วัดที่ 7 ได้กี่คะแนน", "84.90"),
        ("ตัวชี้วัดที่ ๗ ได้กี่คะแนน", "84.90"),
        ("IIT ได้เท่าไร", "92.10"),
        ("การใช้ทรัพย์สินได้คะแนนเท่าไหร่", "89.64"),
        ("คะแนนรวมปี 65 ได้เท่าไหร่", "88.47"),
        ("คะแนนรวมปี 2565 ได้เท่าไหร่", "88.47"),
    ],
)
def test_one_score_is_asked_by_code_number_or_name(scored, text, score):
    assert score in scored.chat("somchai", text)


def test_the_lowest_and_those_below_a_mark(scored):
    assert "ประสิทธิภาพการสื่อสาร" in scored.chat("somchai", "ตัวชี้วัดไหนต่ำสุด")
    below = scored.chat("somchai", "ตัวชี้วัดไหนต่ำกว่า 85")
    assert "84.90" in below
    assert "89.64" not in below
    above = scored.chat("somchai", "ตัวชี้วัดที่เกิน 89 มีตัวไหน")
    assert "89.64" in above
    assert "84.90" not in above


def test_years_are_compared(scored):
    answer = scored.chat("somchai", "เทียบรายปี")
    assert "88.47" in answer
    assert "▲ 3.37" in answer


@pytest.mark.parametrize("text", ["คะแนน e5 เท่าไหร่", "คะแนนรวมปี 60 ได้เท่าไหร่", "EIT ได้เท่าไร"])
def test_what_is_not_in_the_records_is_said_to_be_not_there(scored, text):
    assert "ไม่มีคะแนน" in scored.chat("somchai", text)


def test_without_scores_that_is_said(stage):
    assert "ยังไม่มีคะแนน" in stage.chat("somchai", "คะแนน")


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("ไอไอทีได้กี่คะแนน", ["92.10"], ["84.90"]),
        ("แบบวัดภายในเท่าไหร่", ["92.10"], ["84.90"]),
        ("ตัวชี้วัดไหนบ๊วย", ["84.90"], ["92.10", "84.15"]),
        ("ข้อคำถามข้อไหนคะแนนต่ำสุดในเล่ม", ["84.15"], ["84.90"]),
        ("อันไหนคะแนนสูงสุด อันไหนบ๊วย (ตัวชี้วัดนะ)", ["89.64", "84.90", "สูงสุด", "ต่ำสุด"], ["92.10"]),
        ("ใช้ทรัพย์สินกับการสื่อสาร อันไหนดีกว่ากัน", ["89.64", "84.90"], ["92.10"]),
        ("ทรัพย์สินของทางราชการกับเรื่องสื่อสาร อะไรได้คะแนนเยอะกว่า", ["89.64", "84.90"], ["92.10"]),
        ("เรื่องสื่อสารเราได้เท่าไหร่", ["84.90"], ["92.10"]),
        ("ปี 61 ด้านสื่อสารเราได้เท่าไร", ["ไม่มีคะแนนปี 2561"], ["84.90"]),
        ("ข้อ e ข้อไหนต่ำสุด", ["ไม่มีคะแนนรายข้อคำถาม"], ["84.15"]),
    ],
)
def test_scores_are_asked_for_in_everyday_words(scored, text, there, absent):
    answer = scored.chat("somchai", text)
    assert all(one in answer for one in there), answer
    assert not any(one in answer for one in absent), answer


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ตัวที่ 7 การสื่อสารได้เท่าไหร่", "ปี 2566: ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร 84.90"),
        ("ตัวชี้วัดที่สี่ได้เท่าไหร่", "ปี 2566: ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ 89.64"),
        ("ตัวชี้วัดที่ 11 ได้เท่าไหร่", "ไม่มีคะแนนตัวชี้วัดที่ 11 ปี 2566"),
        ("ตัวชี้วัดที่ 4 กับ 7 ห่างกันเท่าไหร่", "ปี 2566 ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ 89.64 มากกว่า"),
        ("ตัวชี้วัดไหนเกิน 85 บ้าง", "ปี 2566 สูงกว่า 85 คะแนน มี 1 ตัวค่ะ: ตัวชี้วัดที่ 4"),
        ("ต่ำกว่า 90 มีกี่ตัวชี้วัด ตัวไหนมั่ง", "ปี 2566 ต่ำกว่า 90 คะแนน มี 2 ตัวค่ะ"),
        ("ตัวชี้วัดไหนไม่เกิน 84.90", "ปี 2566 ไม่เกิน 84.9 คะแนน มี 1 ตัวค่ะ: ตัวชี้วัดที่ 7"),
        ("ผ่านเกณฑ์ 85 กี่ตัว", "ปี 2566 ตั้งแต่ 85 คะแนนขึ้นไป มี 1 ตัวค่ะ: ตัวชี้วัดที่ 4"),
        ("EIT ตัวไหนอ่อนสุด", "ปี 2566 ต่ำสุดคือ ตัวชี้วัดที่ 7"),
        ("IIT ตัวชี้วัดไหนต่ำสุด", "ปี 2566 ต่ำสุดคือ ตัวชี้วัดที่ 4"),
        ("ขอทราบคะแนนภาพรวมและระดับผลการประเมินของกรมครับ", "ปี 2566 ภาพรวม 91.84 คะแนน ระดับผ่านดี"),
        ("EIT กะ OIT ได้กี่คะแนน", "ไม่มีคะแนน EIT, OIT ปี 2566"),
    ],
)
def test_what_is_asked_of_the_scores_is_told_first(scored, text, first):
    assert scored.chat("somchai", text).text.startswith(first)


def test_a_tool_is_told_without_the_whole(scored):
    assert "91.84" not in scored.chat("somchai", "IIT ได้เท่าไร")
    assert "91.84" in scored.chat("somchai", "คะแนนรวมกับ iit ได้เท่าไหร่")
