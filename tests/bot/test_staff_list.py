"""A list of staff comes in: previewed, refused row by row, entered with codes, printed with QR codes."""

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from bot import tables
from bot.cli import main
from bot.tables import staff
from handlers.talk import Refused
from storage import people
from storage.codes import Code
from tests.bot.test_papers import sent

LIST = """ลำดับ,คำนำหน้า,ชื่อ,นามสกุล,สังกัด,บทบาท
1,นาย,ประพันธ์,ใจกว้าง,กองคลัง,ผู้ประสานงาน
2,นางสาว,รุ่งทิพย์,ศรีลอง,กองสวนสมมุติ,เจ้าหน้าที่
3,,,,กองคลัง,เจ้าหน้าที่
4,นาง,บุญมา,4ยาม,กองคลัง,เจ้าหน้าที่
5,นาย,สมคิด,ลองดี,กองคลัง,หัวหน้าเทพ
6,นาย,ประพันธ์,ใจกว้าง,กองคลัง,
7,ดร.,วิชา,ทดสอบ,กองคลังง,เจ้าหน้าที่
8,นาย,ชูศักดิ์,ยกมา,-,ผู้ดูแลระบบ
"""


@pytest.fixture
def person(stage, monkeypatch, tmp_path, capsys):
    """Run a person command: exit status and what was told."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main(["person", *map(str, words), "--agency", stage.agency.slug])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "staff.csv"
    made.write_text(LIST, encoding="utf-8")
    return made


def staff_names(stage):
    with stage.database.look(stage.agency.id) as records:
        return {one.name: (one.unit.name if one.unit else None, one.role) for one in people.staff(records)}


def test_people_and_units_are_entered_with_codes_and_bad_rows_are_told_one_by_one(person, file, stage):
    status, out = person("import", file, "--json")
    told = json.loads(out)
    assert status == 0
    assert [(one["name"], one["role"]) for one in told["entered"]] == [
        ("ประพันธ์ ใจกว้าง", "coordinator"),
        ("รุ่งทิพย์ ศรีลอง", "officer"),
        ("ชูศักดิ์ ยกมา", "administrator"),
    ]
    assert told["new_units"] == ["กองสวนสมมุติ"]
    assert {one["row"]: one["why"] for one in told["refused"]} == {
        4: "no-name", 5: "bad-name", 6: "bad-role", 7: "twice", 8: "unit-near",
    }  # fmt: skip
    assert staff_names(stage)["รุ่งทิพย์ ศรีลอง"] == ("กองสวนสมมุติ", "officer")
    assert all(re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", one["code"]) for one in told["entered"])


def test_the_same_list_again_enters_nobody_twice(person, file, stage):
    person("import", file)
    before = staff_names(stage)
    told = json.loads(person("import", file, "--json")[1])
    assert told["entered"] == []
    assert {one["why"] for one in told["refused"] if one["row"] in (2, 3, 9)} == {"there"}
    assert staff_names(stage) == before


def test_a_dry_run_shows_and_enters_nobody(person, file, stage):
    before = staff_names(stage)
    status, told = person("import", file, "--dry-run")
    assert status == 0
    assert "3 people would be entered, 5 rows refused" in told
    assert "Row 8 วิชา ทดสอบ: the unit looks much like “กองคลัง”" in told
    assert staff_names(stage) == before


def test_a_workbook_with_one_column_for_the_name_comes_in_too(person, stage, tmp_path):
    book = Workbook()
    for row in (["ทะเบียนผู้ใช้ระบบ"], ["ที่", "ชื่อ - สกุล", "หน่วยงาน"], [1, "ว่าที่ร้อยตรีหญิง  มาลัย   หอมไกล", "กองคลัง"]):
        book.active.append(row)
    book.save(tmp_path / "staff.xlsx")
    told = json.loads(person("import", tmp_path / "staff.xlsx", "--json")[1])
    assert [(one["name"], one["unit"], one["role"]) for one in told["entered"]] == [
        ("มาลัย หอมไกล", "กองคลัง", "officer")
    ]


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_a_sheet_is_printed_for_those_who_have_not_come_in(person, file, stage, tmp_path, kind):
    out = tmp_path / f"codes.{kind}"
    status, told = person("import", file, "--sheet", out, "--line", "@prongsai", "--json")
    codes = [one["code"] for one in json.loads(told)["entered"]]
    body = out.read_bytes()
    assert status == 0
    assert oct(out.stat().st_mode)[-3:] == "600"
    if kind == "html":
        page = body.decode()
        assert all(code in page for code in codes)
        assert page.count("<svg") == len(codes)
        assert not re.search(r"(?:src|href)=.https?://", page)
    else:
        assert body.startswith(b"%PDF")
    again = tmp_path / f"again.{kind}"
    assert person("sheet", "-o", again, "--unit", "กองสวนสมมุติ")[0] == 0
    with stage.database.look(stage.agency.id) as records:
        given = [
            one for one in records.scalars(select(Code)) if one.person and one.person.name == "รุ่งทิพย์ ศรีลอง"
        ]
    assert sorted(one.withdrawn_at is None for one in given) == [False, True]


def test_a_sheet_is_refused_with_what_to_do(person, file, tmp_path):
    assert "Only .html or .pdf" in person("sheet", "-o", tmp_path / "codes.docx")[1]
    assert "cannot be read" in person("import", tmp_path / "nowhere.csv")[1]
    plan = tmp_path / "plan.csv"
    plan.write_text("มาตรการ,ระยะเวลา,ผู้รับผิดชอบ\nทำคู่มือ,ทุกเดือน,กองคลัง\n", encoding="utf-8")
    assert "No list of staff" in person("import", plan)[1]


def test_a_list_sent_in_chat_is_shown_first_and_entered_on_a_tap(stage):
    place, reply, plans = sent(stage, LIST.encode(), "รายชื่อ.csv")
    assert (place, reply.say.id, plans) == ("test:malee", "stafflist-preview", [])
    told = stage.chat("malee", tap="stafflist-show")
    assert "แถว 8 วิชา ทดสอบ" in told
    assert "คุณให้บทบาทนี้ไม่ได้" in told
    assert "ประพันธ์ ใจกว้าง" not in staff_names(stage)
    answer = stage.chat("malee", tap="stafflist-accept")
    assert "เพิ่มแล้ว 2 คน" in answer
    codes = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", answer.text)
    assert len(codes) == 2
    assert "รุ่งทิพย์ ศรีลอง" in stage.chat("newcomer", codes[1])
    assert staff_names(stage)["ประพันธ์ ใจกว้าง"] == ("กองคลัง", "coordinator")
    assert "ส่งไฟล์รายชื่อ" in stage.chat("malee", tap="stafflist-accept")


def test_a_list_can_be_thrown_away(stage):
    sent(stage, LIST.encode(), "รายชื่อ.csv")
    assert "ไม่ได้เพิ่มใคร" in stage.chat("malee", tap="stafflist-cancel")
    assert "ประพันธ์ ใจกว้าง" not in staff_names(stage)


CELLS = st.sampled_from(
    ["", "ชื่อ", "สังกัด", "บทบาท", "นายก ข", "กองคลัง", "admin", "123", "<b>x", "ก" * 200, "-", "\t"]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_disturbed_lists_never_crash_and_no_row_is_left_out(rows):
    book = Workbook()
    for row in [["ชื่อ", "สังกัด", "บทบาท"], *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    try:
        read = staff.read(tables.read(out.getvalue(), "staff.xlsx"))
    except Refused:
        return
    assert len({row.no for row in read}) == len(read)
    assert all(row.problem or (row.name and len(row.name) <= 120) for row in read)
