import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage import codes, history, people
from storage.codes import PERSON, Code, person_code
from storage.people import Identity, Person
from tests.builders import a_plan


def named(records, name):
    return records.scalars(select(Person).where(Person.name == name)).one()


def a_code(stage, name="สมชาย", at=None):
    with stage.database.agency(stage.agency.id) as records:
        return codes.new_code(records, PERSON, at or stage.at, person=named(records, name))


@pytest.fixture
def code(stage):
    return a_code(stage)


def test_a_code_typed_in_private_shows_whom_it_is_for_and_yes_binds(stage, code):
    assert "พิมพ์รหัสเชิญ" in stage.chat("new", kind="followed")
    answer = stage.chat("new", code.lower().replace("-", " "))
    assert "ใช่คุณไหม" in answer
    assert "คุณสมชาย" in answer
    assert "กองคลัง · เจ้าหน้าที่" in answer
    bound = stage.chat("new", tap=answer.values[0])
    assert "ผูกบัญชีเรียบร้อย" in bound
    assert "duties-mine" in bound.values
    assert "คุณสมชาย" in stage.chat("new", "ฉันเป็นใคร")


def test_a_typed_yes_binds_too(stage, code):
    stage.chat("new", f"รหัส {code} ครับ")
    assert "ผูกบัญชีเรียบร้อย" in stage.chat("new", "ใช่ครับ")


def test_not_me_binds_nobody_and_leaves_the_code_open(stage, code):
    answer = stage.chat("new", code)
    assert "ของท่านอื่น" in stage.chat("new", tap=answer.values[1])
    assert "ยังไม่พบชื่อ" in stage.chat("new", "ของฉัน")
    assert "ใช่คุณไหม" in stage.chat("new", code)


def test_a_yes_for_a_code_that_was_not_typed_here_is_worth_nothing(stage, code):
    answer = stage.chat("new", code)
    assert "พิมพ์รหัสเชิญอีกครั้ง" in stage.chat("other", tap=answer.values[0])


def test_a_code_works_once(stage, code):
    stage.chat("new", tap=stage.chat("new", code).values[0])
    assert "มีผู้ใช้ไปแล้ว" in stage.chat("second", code)
    assert "อยู่แล้ว" in stage.chat("new", code)


def test_of_two_who_typed_it_only_the_first_yes_counts(stage, code):
    one, two = stage.chat("one", code), stage.chat("two", code)
    assert "ผูกบัญชีเรียบร้อย" in stage.chat("one", tap=one.values[0])
    assert "มีผู้ใช้ไปแล้ว" in stage.chat("two", tap=two.values[0])


def test_an_expired_a_withdrawn_and_an_unknown_code_are_refused_courteously(stage, code):
    assert "หมดอายุ" in stage.chat("new", code, at=stage.at + timedelta(days=8))
    a_code(stage)
    assert "ถูกยกเลิก" in stage.chat("new", code)
    assert "ตรวจทีละตัว" in stage.chat("new", "K7QM-3XPA")
    assert "8 ตัว" in stage.chat("new", "รหัสอะไรครับ")


def test_after_five_wrong_codes_it_waits_an_hour_and_others_need_not(stage, code):
    for _ in range(5):
        stage.chat("guesser", "K7QM-3XPA")
    assert "หนึ่งชั่วโมง" in stage.chat("guesser", code)
    assert "ใช่คุณไหม" in stage.chat("honest", code)
    assert "ใช่คุณไหม" in stage.chat("guesser", code, at=stage.at + timedelta(minutes=61))


def test_a_code_typed_in_a_group_is_withdrawn_at_once(stage, code):
    assert "ใช้ไม่ได้แล้ว" in stage.chat("new", f"รหัส {code}", place="finance")
    assert "ถูกยกเลิก" in stage.chat("new", code)


def test_only_a_digest_is_kept_and_another_key_makes_another(stage, code):
    with stage.database.look(stage.agency.id) as records:
        kept = records.scalars(select(Code)).one()
        bare = code.replace("-", "")
        assert bare not in kept.digest
        assert codes.find_code(records, PERSON, bare) is not None
        records.info[codes.PEPPER] = "another deployment"
        assert codes.find_code(records, PERSON, bare) is None


def test_the_same_code_in_another_agency_opens_only_that_one(stage, noise, code):
    with stage.database.look(stage.agency.id) as records:
        digest = records.scalars(select(Code.digest)).one()
    with stage.database.agency(noise.id) as records:
        other = named(records, "มานะ")
        records.add(
            Code(digest=digest, purpose=PERSON, person_id=other.id, expires_at=stage.at + timedelta(days=1))
        )
    answer = stage.chat("new", code)
    assert "คุณสมชาย" in answer
    stage.chat("new", tap=answer.values[0])
    with stage.database.look(noise.id) as records:
        assert records.scalars(select(Code)).one().used_at is None
        assert people.by_address(records, "test:new") is None


def test_a_bound_account_is_not_given_to_another_person(stage):
    code = a_code(stage, "มานะ")
    assert "ผูกกับคุณสมชาย" in stage.chat("somchai", code)


def test_a_stranger_is_shown_the_way_in_and_counted_without_the_text(stage):
    assert "ยังไม่พบชื่อ" in stage.chat("kitti", "ขอดูงานค้างของกองคลังหน่อย", place="finance")
    assert "ยังรับรายงานจากคุณไม่ได้" in stage.chat("kitti", "4.1 เสร็จแล้ว 100%", place="finance")
    with stage.database.look(stage.agency.id) as records:
        group = people.find_group(records, "test:finance")
        entries = list(
            records.scalars(select(history.Entry).where(history.Entry.subject == f"group:{group.id}"))
        )
        assert [one.action for one in entries] == ["refused-stranger"] * 2
        assert all(not one.details and one.person_id is None for one in entries)


def test_a_tap_without_a_sender_is_never_trusted(stage):
    assert "ขอให้เจ้าหน้าที่กองคลังยืนยัน" in stage.chat("", place="finance", tap="progress-done:1")
    assert "แชตส่วนตัว" in stage.chat("", place="finance", tap="policies-acknowledge:1")


def test_the_language_is_changed_and_kept(stage):
    stage.chat("somchai", "เปลี่ยนภาษา")
    stage.chat("somchai", tap="people-language:en")
    with stage.database.look(stage.agency.id) as records:
        assert named(records, "สมชาย").language == "en"


def test_unlinking_asks_first_and_leaves_the_person(stage):
    asked = stage.chat("somchai", "เลิกผูกบัญชี")
    assert "ใช่ไหม" in asked
    assert "เลิกผูกบัญชีแล้ว" in stage.chat("somchai", tap="people-unlink:yes")
    assert "ยังไม่พบชื่อ" in stage.chat("somchai", "ของฉัน")
    with stage.database.look(stage.agency.id) as records:
        assert named(records, "สมชาย").left_at is None


def test_a_coordinator_invites_into_the_own_unit_in_private_only(stage):
    assert "แชตส่วนตัว" in stage.chat("suda", "ขอรหัสเชิญ", place="finance")
    assert "ชื่อ" in stage.chat("suda", "ขอรหัสเชิญ")
    given_ = stage.chat("suda", "สมหญิง ตั้งใจ")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", given_.text)
    assert found
    answer = stage.chat("new", found.group())
    assert "สมหญิง ตั้งใจ" in answer
    assert "กองคลัง" in answer
    assert "หน่วยงานอื่น" in stage.chat("suda", "ออกรหัสให้ มานะ")


def test_a_secretary_invites_into_any_unit(stage):
    stage.chat("malee", "ขอรหัสเชิญ")
    assert "หน่วยงานใด" in stage.chat("malee", "สมหญิง ตั้งใจ")
    assert "รหัสเชิญของคุณสมหญิง ตั้งใจ" in stage.chat("malee", "กกจ.")


def test_an_officer_is_told_who_can_invite(stage):
    assert "สุดา" in stage.chat("somchai", "ขอรหัสเชิญ")


def test_who_has_left_can_no_longer_speak_and_the_name_stays(stage):
    with stage.database.agency(stage.agency.id) as records:
        named(records, "สมชาย").name = "สมชาย ใจดี"
    asked = stage.chat("malee", "สมชายลาออกแล้ว")
    stage.chat("malee", tap=asked.values[0])
    assert "ยังไม่พบชื่อ" in stage.chat("somchai", "ของฉัน")
    with stage.database.look(stage.agency.id) as records:
        assert named(records, "สมชาย ใจดี").left_at is not None
        assert "สมชาย ใจดี" not in [one.name for one in people.staff(records)]


def test_blocking_and_coming_back_is_remembered(stage):
    assert stage.chat("somchai", kind="unfollowed").replies == []
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Identity).where(Identity.address == "test:somchai")).one().unfollowed_at
    assert "คุณสมชาย" in stage.chat("somchai", kind="followed")


@given(
    st.text(alphabet=codes.LETTERS + codes.NUMBERS, min_size=8, max_size=8).filter(
        lambda text: any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    ),
    st.sampled_from(["{}{}", "{}-{}", "{} {}", "{} - {}", "{}–{}"]),
    st.booleans(),
    st.booleans(),
)
def test_a_code_is_read_however_it_is_typed(bare, shape, small, thai):
    typed = shape.format(bare[:4], bare[4:])
    typed = typed.lower() if small else typed
    if thai:
        typed = typed.translate({ord("0") + digit: 0x0E50 + digit for digit in range(10)})
    assert person_code(typed, whole=True) == bare
    if shape in ("{}{}", "{}-{}", "{}–{}"):
        assert person_code(f"รหัส {typed} ค่ะ") == bare


@given(st.text())
def test_any_text_is_read_without_a_fault(text):
    assert len(person_code(text)) in (0, 8)
    assert len(person_code(text, whole=True)) in (0, 8)


@pytest.mark.parametrize(
    "text", ["i10 ได้กี่คะแนน", "EIT1 2567", "0812345678", "O25 ถึง O27", "DATABASE", "4.1 เสร็จแล้ว"]
)
def test_ordinary_lines_are_no_code(text):
    assert person_code(text) == ""


def test_nobody_gives_a_code_that_carries_more_rights_than_the_own(stage):
    with stage.database.agency(stage.agency.id) as records:
        named(records, "มาลี").unit_id = stage.unit().id
    refused = stage.chat("suda", "ออกรหัสให้ มาลี")
    assert "ต้องให้ฝ่ายเลขานุการ" in refused
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Code)).all() == []


def test_a_form_begun_before_leaving_is_not_handed_in_afterwards(stage):
    stage.chat("suda", "ขอรหัสเชิญ")
    with stage.database.agency(stage.agency.id) as records:
        people.leave(records, named(records, "สุดา"), stage.at)
    assert "ยังไม่พบชื่อ" in stage.chat("suda", "สมหญิง ตั้งใจ")
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Person).where(Person.name == "สมหญิง ตั้งใจ")).all() == []


def test_a_question_between_code_and_yes_loses_nothing(stage, code):
    stage.chat("new", code)
    assert "8 ตัว" in stage.chat("new", "รหัสอะไรครับ")
    assert "ใช่คุณไหม" in stage.chat("new", tap="forms-resume")
    assert "ผูกบัญชีเรียบร้อย" in stage.chat("new", "ใช่")


@pytest.mark.parametrize(
    "text",
    [
        "4.1 ขึ้นเว็บแล้ว https://example.org/plan/budget67.xlsx",
        "4.1 ขึ้นเว็บแล้ว https://example.org/osep/budget67",
        "4.1 ส่งไฟล์ budget67.xlsx แล้ว",
    ],
)
def test_no_part_of_a_link_or_a_files_name_is_an_invitation(stage, text):
    a_plan(stage)
    assert "4.1" in stage.chat("somchai", text)
    assert "รหัส" not in stage.chat("somchai", text)
