from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import policies
from storage import policies as rules
from storage.people import Person
from storage.policies import Acknowledgement
from tests.conftest import BANGKOK, bangkok, plain

SAMPLES = sorted((Path(__file__).parents[2] / "bot" / "sample" / "policies").glob("*.md"))
JANUARY, OCTOBER = bangkok(2024, 1, 10, 13, 10), bangkok(2023, 10, 5)


@pytest.fixture
def rulebook(stage):
    """The sample policies, one agency's own."""
    with stage.database.agency(stage.agency.id) as records:
        for file in SAMPLES:
            policies.publish(records, file.read_text(encoding="utf-8"))
    return stage


def test_the_list_shows_every_policy_in_force(rulebook):
    answer = rulebook.chat("somchai", "ระเบียบ", at=JANUARY)
    assert "No Gift Policy · ฉบับที่ 2 · 5 ข้อ" in answer
    assert "ประมวลจริยธรรม · ฉบับที่ 1 · 7 ข้อ" in answer
    assert "ยังไม่ได้รับทราบ 5 ฉบับ" in answer


def test_without_policies_it_says_so(stage):
    assert "ยังไม่มีระเบียบ" in stage.chat("somchai", "ระเบียบ")


def test_a_policy_is_read_by_section_with_next_back_and_numbers(rulebook):
    first = rulebook.chat("somchai", "อ่าน no gift", at=JANUARY)
    assert "No Gift Policy ฉบับที่ 2" in first
    assert "ไม่รับของขวัญจากการปฏิบัติหน้าที่" in first
    assert "ข้อ 1/5" in first
    assert "ข้อ 2/5" in rulebook.chat("somchai", "ถัดไป", at=JANUARY)
    assert "ข้อ 3/5" in rulebook.chat("somchai", "ข้อถัดไป", at=JANUARY)
    assert "ข้อ 2/5" in rulebook.chat("somchai", "ย้อนกลับ", at=JANUARY)
    assert "ข้อ 4/5" in rulebook.chat("somchai", "ข้อ 4", at=JANUARY)
    assert "ข้อ 1/5" in rulebook.chat("somchai", "๑", at=JANUARY)
    assert "ไม่มีข้อ 9" in rulebook.chat("somchai", "ข้อ 9", at=JANUARY)
    assert "ข้อ 5/5" in rulebook.chat("somchai", "ข้อ 5", at=JANUARY)
    assert "จบ No Gift Policy" in rulebook.chat("somchai", "ข้อถัดไป", at=JANUARY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("อ่านประมวลจริยธรรม", "ประมวลจริยธรรม ฉบับที่ 1"),
        ("ขออ่านเรื่องผลประโยชน์ทับซ้อนหน่อยค่ะ", "ผลประโยชน์ทับซ้อน ฉบับที่ 1"),
        ("อ่านช่องทางร้องเรียน", "ช่องทางร้องเรียน ฉบับที่ 1"),
        ("ประมวลจริยธรรมข้อ ๓", "กล้าทำสิ่งที่ถูกต้อง"),
        ("read no gift policy", "No Gift Policy ฉบับที่ 2"),
    ],
)
def test_a_policy_is_opened_by_its_name(rulebook, text, shown):
    assert shown in rulebook.chat("somchai", text, at=JANUARY)


QUESTIONS = [
    ("รับกระเช้าได้ไหม", "No Gift Policy", "3"),
    ("คู่ค้าส่งกระเช้ามาให้ รับได้มั้ยคะ", "No Gift Policy", "3"),
    ("รับของขวัญได้ไหม", "No Gift Policy", "1"),
    ("ยืมรถหลวง", "ทรัพย์สิน", "4"),
    ("ขอยืมรถหลวงไปต่างจังหวัดได้มั้ย", "ทรัพย์สิน", "4"),
    ("ของขวัญรับได้ไม่เกินกี่บาท", "No Gift Policy", "2"),
    ("ทำโน้ตบุ๊กหลวงพังต้องทำไง", "ทรัพย์สิน", "3"),
    ("ยืมโน้ตบุ๊กต้องทำยังไง", "ทรัพย์สิน", "2"),
    ("เอาของหลวงกลับบ้านได้ไหม", "ทรัพย์สิน", "1"),
    ("ญาติยื่นซองต้องถอนตัวไหม", "ทับซ้อน", "2"),
    ("รับจ๊อบนอกเวลาได้มั้ย", "ทับซ้อน", "4"),
    ("ขายของออนไลน์ได้ไหม", "ทับซ้อน", "4"),
    ("โพสต์เฟซบุ๊กเรื่องงานได้ไหม", "จริยธรรม", "7"),
    ("เจอคนโกงแจ้งใคร", "ร้องเรียน", "1"),
    ("ร้องเรียนแบบไม่ออกนามได้ไหม", "ร้องเรียน", "2"),
    ("ลัดคิวให้คนรู้จักได้ไหม", "จริยธรรม", "6"),
    ("หัวหน้าสั่งให้ทำผิดทำไงดี", "จริยธรรม", "3"),
    ("ปรินต์งานส่วนตัวได้มั้ย", "ทรัพย์สิน", "5"),
    ("เผลอรับของมาแล้วต้องทำยังไง", "No Gift Policy", "4"),
    ("ร้องเรียนแล้วโดนกลั่นแกล้งทำไง", "ร้องเรียน", "4"),
]


@pytest.mark.parametrize(("text", "policy", "no"), QUESTIONS)
def test_an_everyday_question_finds_its_clause_or_offers_it(rulebook, text, policy, no):
    answer = rulebook.chat("somchai", text, at=JANUARY)
    lines = [line for line in answer.text.splitlines() if policy in line and f"ข้อ {no}" in line]
    assert lines, answer.text


def test_most_questions_are_answered_at_once_with_clause_and_version(rulebook):
    sure = [text for text, _, _ in QUESTIONS if "ตาม " in rulebook.chat("somchai", text, at=JANUARY)]
    assert len(sure) >= 15, {text for text, _, _ in QUESTIONS} - set(sure)
    answer = rulebook.chat("somchai", "รับกระเช้าได้ไหม", at=JANUARY)
    assert "ตาม No Gift Policy ฉบับที่ 2 ข้อ 3" in answer
    assert "ให้ปฏิเสธหรือส่งคืน" in answer
    assert answer.replies[0].cards[0].about.startswith("clause:")


@pytest.mark.parametrize("text", ["ค้นระเบียบเรื่อง จักรยานยนต์ไฟฟ้าดาวอังคาร", "พรุ่งนี้ฝนตกมั้ย", "กินข้าวกับอะไรดี"])
def test_what_no_clause_speaks_of_is_not_made_up(rulebook, text):
    assert "ตาม " not in rulebook.chat("somchai", text, at=JANUARY)


def test_acknowledging_is_bound_to_the_version_and_kindly_said_when_repeated(rulebook):
    rulebook.chat("somchai", "อ่าน no gift", at=JANUARY)
    rulebook.chat("somchai", "รับกระเช้าได้ไหม", at=JANUARY)
    assert "รับทราบ No Gift Policy ฉบับที่ 2 · 10 ม.ค. 2567 13.10" in rulebook.chat(
        "somchai", "รับทราบ", at=JANUARY
    )
    rulebook.chat("somchai", "อ่าน no gift", at=JANUARY)
    assert "ไว้แล้ว" in rulebook.chat("somchai", "รับทราบค่ะ", at=JANUARY)
    with rulebook.database.look(rulebook.agency.id) as records:
        (kept,) = records.scalars(select(Acknowledgement)).all()
        version = records.get(rules.PolicyVersion, kept.version_id)
        assert (version.no, kept.at) == (2, JANUARY)


def test_a_new_version_asks_again_and_shows_what_changed(rulebook):
    rulebook.chat("somchai", "อ่าน no gift", at=OCTOBER)
    assert "ฉบับที่ 1" in rulebook.chat("somchai", "รับทราบ", at=OCTOBER)
    for policy in ("ประมวลจริยธรรม", "ผลประโยชน์ทับซ้อน", "การใช้ทรัพย์สินของราชการ", "ช่องทางร้องเรียน"):
        rulebook.chat("somchai", f"อ่าน{policy}", at=OCTOBER)
        rulebook.chat("somchai", "รับทราบ", at=OCTOBER)
    assert "ครบทั้ง 5 ฉบับ" in rulebook.chat("somchai", "หนูรับทราบครบหรือยังคะ", at=OCTOBER)
    asked = rulebook.chat("somchai", "หนูรับทราบครบหรือยังคะ", at=JANUARY)
    assert "เหลือ 1 ฉบับค่ะ No Gift Policy ฉบับที่ 2 (ของเดิมที่รับทราบคือฉบับที่ 1)" in asked
    assert "เปลี่ยน 1 ข้อ: ข้อ 4" in asked
    shown = rulebook.chat("somchai", "ต่างจากเดิมตรงไหน", at=JANUARY)
    assert "ด้วยวาจาได้" in shown
    assert "เป็นหนังสือภายใน 30 วัน" in shown
    assert "รับทราบ No Gift Policy ฉบับที่ 2" in rulebook.chat("somchai", "รับทราบ", at=JANUARY)
    with rulebook.database.look(rulebook.agency.id) as records:
        assert len(records.scalars(select(Acknowledgement)).all()) == 6


def test_an_old_button_leads_to_the_version_in_force(rulebook):
    first = rulebook.chat("somchai", "อ่าน no gift", at=OCTOBER)
    button = next(value for value in first.values if value.startswith("policies-acknowledge"))
    assert "มีฉบับใหม่แทน" in rulebook.chat("somchai", tap=button, at=JANUARY)


def test_in_a_group_only_who_is_known_acknowledges(rulebook):
    first = rulebook.chat("somchai", "อ่าน no gift", place="finance", at=JANUARY)
    button = next(value for value in first.values if value.startswith("policies-acknowledge"))
    assert "แชตส่วนตัว" in rulebook.chat("", tap=button, place="finance", at=JANUARY)
    assert "บันทึกแล้ว" in rulebook.chat("suda", tap=button, place="finance", at=JANUARY)


def test_acknowledging_nothing_in_particular_offers_what_is_left(rulebook):
    assert "เหลือ 5 ฉบับ" in rulebook.chat("somchai", "รับทราบแล้ว", at=JANUARY)


def test_the_secretary_sees_the_share_units_and_names_in_private(rulebook):
    rulebook.chat("somchai", "อ่าน no gift", at=JANUARY)
    rulebook.chat("somchai", "รับทราบ", at=JANUARY)
    answer = rulebook.chat("malee", "no gift ฉบับใหม่ใครยังไม่รับทราบ", at=JANUARY)
    assert "รับทราบแล้ว 1 จาก 4 คน (25%)" in answer
    assert "กองคลัง 1 คน" in answer
    assert "มานะ" not in answer
    names = next(value for value in answer.values if value.startswith("policies-names"))
    assert "กองการเจ้าหน้าที่: มานะ" in rulebook.chat("malee", tap=names, at=JANUARY)
    assert "แชตส่วนตัว" in rulebook.chat("malee", tap=names, place="board", at=JANUARY)
    assert "25%" in rulebook.chat("malee", "สรุปการรับทราบ", at=JANUARY)
    assert "มาลี" in rulebook.chat("somchai", "ใครยังไม่รับทราบ", at=JANUARY)


def test_it_is_all_said_in_english_too(rulebook):
    with rulebook.database.agency(rulebook.agency.id) as records:
        records.scalars(select(Person).where(Person.name == "สมชาย")).one().language = "en"
    for text in ("/rules", "read no gift policy", "may i accept a gift basket", "/myrules", "what changed"):
        for reply in rulebook.chat("somchai", text, at=JANUARY).replies:
            assert plain(reply, "en")


def test_another_agencys_rules_are_not_read_here(rulebook, noise):
    from tests.conftest import Stage

    other = Stage(rulebook.database, noise, at=datetime(2024, 1, 18, 10, tzinfo=BANGKOK))
    button = next(v for v in rulebook.chat("somchai", "ระเบียบ", at=JANUARY).values if "read" in v)
    assert "ไม่มีผลบังคับ" in other.chat("somchai", tap=button)
    assert "ยังไม่มีระเบียบ" in other.chat("somchai", "ระเบียบ")
    assert "ตาม " not in other.chat("somchai", "รับกระเช้าได้ไหม")


def test_where_no_rule_is_brought_in_that_is_said(stage):
    assert "ยังไม่มีระเบียบ" in stage.chat("somchai", "เอาปริ้นเตอร์กรมไปใช้ที่บ้านได้ไหม")
