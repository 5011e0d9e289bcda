import re
from datetime import timedelta

from sqlalchemy import select

from storage import codes, people
from storage.people import Group


def group_code(answer):
    return re.search(r"GRP-\d{4}", answer.text).group()


def group(stage, address="test:new-group"):
    with stage.database.look(stage.agency.id) as records:
        return records.scalars(select(Group).where(Group.address == address)).one_or_none()


def test_a_group_is_greeted_and_tied_by_a_coordinator_with_a_code(stage):
    assert "ยังไม่ได้ผูก" in stage.chat("", place="new-group", kind="group-joined")
    assert "รบกวนคุณสุดา" in stage.chat("somchai", "ผูกกับกองคลังเลยครับ", place="new-group")
    given = stage.chat("suda", "ขอรหัสผูกกลุ่ม")
    assert "กองคลัง" in given
    bound = stage.chat("suda", f"ผูก {group_code(given)}", place="new-group")
    assert "ผูกกลุ่มนี้กับกองคลังแล้ว" in bound
    assert "ไม่ตอบและไม่เก็บ" in bound
    assert group(stage).unit_id == stage.unit().id
    assert not group(stage).listening


def test_a_group_code_works_once_and_a_day_long(stage):
    code = group_code(stage.chat("suda", "ขอรหัสผูกกลุ่ม"))
    stage.chat("suda", f"ผูก {code}", place="one")
    assert "ใช้ไปแล้ว" in stage.chat("suda", f"ผูก {code}", place="two")
    code = group_code(stage.chat("suda", "ขอรหัสผูกกลุ่ม"))
    assert "หมดอายุ" in stage.chat("suda", f"ผูก {code}", place="two", at=stage.at + timedelta(hours=25))
    assert group(stage, "test:two") is None


def test_a_group_code_is_given_in_private_only_and_used_in_groups_only(stage):
    assert "แชตส่วนตัว" in stage.chat("suda", "ขอรหัสผูกกลุ่ม", place="finance")
    code = group_code(stage.chat("suda", "ขอรหัสผูกกลุ่ม"))
    assert "ใช้ในกลุ่ม" in stage.chat("suda", f"ผูก {code}")


def test_a_coordinator_ties_no_group_to_another_unit(stage):
    with stage.database.agency(stage.agency.id) as records:
        code = codes.new_code(records, codes.GROUP, stage.at, unit=stage.unit("กองการเจ้าหน้าที่"))
    assert "กองการเจ้าหน้าที่" in stage.chat("suda", f"ผูก {code}", place="new-group")
    assert group(stage) is None


def test_a_secretary_ties_any_unit_and_the_working_group(stage):
    asked = stage.chat("malee", "ขอรหัสผูกกลุ่ม")
    assert "groups-code:board" in asked.values
    code = group_code(stage.chat("malee", tap="groups-code:board"))
    assert "คณะทำงาน" in stage.chat("malee", f"ผูก {code}", place="new-group")
    assert group(stage).working_group


def test_a_tied_group_is_asked_about_before_it_changes_hands(stage):
    code = group_code(stage.chat("malee", tap=f"groups-code:{stage.unit('กองการเจ้าหน้าที่').id}"))
    asked = stage.chat("malee", f"ผูก {code}", place="finance")
    assert "ผูกกับกองคลังอยู่" in asked
    assert group(stage, "test:finance").unit_id == stage.unit().id
    assert "ไม่ได้" not in stage.chat("malee", tap=asked.values[0], place="finance")
    assert group(stage, "test:finance").unit_id == stage.unit("กองการเจ้าหน้าที่").id


def test_listening_is_typed_by_the_units_coordinator_and_not_tapped(stage):
    assert "ปิดแล้ว" in stage.chat("suda", "ปิดโหมดรับรายงาน", place="finance")
    assert "พิมพ์" in stage.chat("suda", tap="groups-listen", place="finance")
    assert not group(stage, "test:finance").listening
    assert "สุดา" in stage.chat("somchai", "เปิดโหมดรับรายงาน", place="finance")
    assert "เปิดแล้ว" in stage.chat("suda", "เปิดโหมดรับรายงาน", place="finance")
    assert group(stage, "test:finance").listening
    assert "โดยไม่ต้องเรียก" in stage.chat("somchai", "/status", place="finance")


def test_a_group_that_is_not_tied_does_not_listen(stage):
    stage.chat("", place="new-group", kind="group-joined")
    assert "ยังไม่ได้ผูก" in stage.chat("malee", "เปิดโหมดรับรายงาน", place="new-group")


def test_a_group_left_and_joined_again_must_be_tied_anew(stage):
    assert stage.chat("", place="finance", kind="group-left").replies == []
    with stage.database.look(stage.agency.id) as records:
        assert people.find_group(records, "test:finance") is None
    stage.chat("", place="finance", kind="group-joined")
    assert group(stage, "test:finance").unit_id is None


def test_members_who_come_and_go_are_counted_in_silence(stage):
    with stage.database.agency(stage.agency.id) as records:
        people.find_group(records, "test:finance").member_count = 9
    assert stage.chat("", place="finance", kind="member-joined").replies == []
    assert stage.chat("", place="finance", kind="member-joined").replies == []
    assert stage.chat("", place="finance", kind="member-left").replies == []
    assert group(stage, "test:finance").member_count == 10


def test_after_five_wrong_group_codes_it_waits(stage):
    code = group_code(stage.chat("suda", "ขอรหัสผูกกลุ่ม"))
    wrong = "GRP-0000" if code != "GRP-0000" else "GRP-1111"
    for _ in range(5):
        assert "ไม่พบ" in stage.chat("suda", f"ผูก {wrong}", place="new-group")
    assert "หนึ่งชั่วโมง" in stage.chat("suda", f"ผูก {code}", place="new-group")


def test_strangers_who_were_refused_are_told_to_the_group(stage):
    stage.chat("kitti", "ขอดูงานค้าง", place="finance")
    stage.chat("", tap="due-list", place="finance")
    assert "ไม่ได้ลงทะเบียน 1 ครั้ง ไม่ทราบผู้กด 1 ครั้ง" in stage.chat("suda", "/status", place="finance")


def test_another_agencys_group_and_code_are_nothing_here(stage, noise):
    with stage.database.agency(noise.id) as records:
        code = codes.new_code(records, codes.GROUP, stage.at)
    assert "ไม่พบ" in stage.chat("malee", f"ผูก {code}", place="new-group")


def test_a_group_with_a_new_address_keeps_its_tie(stage):
    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Group).where(Group.address == "test:finance")).one().address = "test:old"
    from bot import turns
    from bot.channels import Heard
    from bot.reading import reader

    moved = Heard("k", "group-moved", stage.at, "test", "test:old", False, details={"args": ["test:new"]})
    with stage.database.agency(stage.agency.id) as records:
        turns.answer(records, reader(), moved)
    with stage.database.look(stage.agency.id) as records:
        group = records.scalars(select(Group).where(Group.address == "test:new")).one()
        assert group.unit.name == "กองคลัง"
