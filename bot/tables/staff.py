"""A list of staff (name, unit, role) out of a sheet, a table or comma-separated lines."""

import re
from collections.abc import Sequence

from bot.tables.shapes import Cell, Document, Table
from handlers.talk import Refused, say
from storage.people import Role
from storage.staffing import LONGEST_NAME, StaffRow

MOST_ROWS = 2000
COLUMNS = (
    ("prefix", r"คำนำหน้า(?:ชื่อ|นาม)?$|title$"),
    ("surname", r"^(?:นาม)?สกุล$|surname|lastname"),
    ("name", r"ชื่อ|รายชื่อ|ผู้ใช้|บุคลากร|เจ้าหน้าที่$|name|staff$"),
    ("unit", r"หน่วยงาน|สังกัด|กอง|สำนัก|ฝ่าย|ส่วนราชการ|กลุ่ม|unit|department"),
    ("role", r"บทบาท|สิทธิ|หน้าที่ในระบบ|role"),
    ("no", r"ลำดับ|ที่$|no\.?$|#$"),
)
COMPILED = tuple((column, re.compile(rule, re.IGNORECASE)) for column, rule in COLUMNS)
TITLES = re.compile(
    r"^(?:นางสาว|นาย|นาง|น\.\s?ส\.|ดร\.|ว่าที่\s?(?:ร้อยตรี|ร้อยโท|ร้อยเอก|ร\.\s?[ตทอ]\.)(?:หญิง)?|"
    r"(?:พล|พัน|ร้อย|จ่า|สิบ)[ก-๙]*(?:ตรี|โท|เอก)(?:หญิง)?|mr\.?|mrs\.?|ms\.?|miss)\s*",
    re.IGNORECASE,
)
ROLES = (
    (Role.ADMINISTRATOR, r"ผู้ดูแล|admin"),
    (Role.SECRETARY, r"เลขา|secretary"),
    (Role.COORDINATOR, r"ประสาน|coordinator"),
    (Role.AUDITOR, r"ตรวจสอบ|auditor"),
    (Role.EXECUTIVE, r"ผู้บริหาร|ผู้อำนวยการ|executive"),
    (Role.MEMBER, r"คณะทำงาน|กรรมการ|member"),
    (Role.OFFICER, r"เจ้าหน้าที่|ผู้ปฏิบัติ|พนักงาน|ทั่วไป|officer"),
)
PLAN = re.compile(r"มาตรการ|แนวทาง|ระยะเวลา|ขั้นตอน|กิจกรรม|โครงการ|ตัวชี้วัด")
NO_UNIT = ("-", "–", "—")
MARKS = re.compile(r"[^A-Za-zก-ฺเ-๎\s.'’()-]")  # what no name has


def is_one(document: Document) -> bool:
    """Whether a document holds a list of staff rather than a plan."""
    return _found(document) is not None


def read(document: Document) -> list[StaffRow]:
    """The rows of the list; what is wrong with a row by itself is told in it.

    Raises Refused when there is no list, no row, or too many.
    """
    found = _found(document)
    if found is None:
        raise Refused(say("stafflist-no-table"))
    table, at, columns = found
    heads = [_tight(cell.text) for cell in table.rows[at]]
    rows = [
        _row(number, columns, row)
        for number, row in enumerate(table.rows[at + 1 :], at + 2)
        if any(row) and [_tight(cell.text) for cell in row] != heads
    ]
    if not rows:
        raise Refused(say("stafflist-empty"))
    if len(rows) > MOST_ROWS:
        raise Refused(say("stafflist-many", most=str(MOST_ROWS)))
    return rows


def _found(document: Document) -> tuple[Table, int, list[str]] | None:
    for table in document.tables:
        for at, row in enumerate(table.rows[:10]):
            columns = _columns(row)
            if "name" in columns and {"unit", "role"} & set(columns) and not any(map(_is_of_plan, row)):
                return table, at, columns
    return None


def _is_of_plan(cell: Cell) -> bool:
    """Whether a heading is one of a plan, which names units too."""
    return bool(PLAN.match(_tight(cell.text)))


def _tight(text: str) -> str:
    return "".join(text.lower().split())


def _columns(row: Sequence[Cell]) -> list[str]:
    """What each column holds; of two that could hold the same the first does."""
    made: list[str] = []
    for cell in row:
        plain = _tight(cell.text)
        column = next(
            (name for name, rule in COMPILED if plain and len(plain) < 40 and rule.search(plain)), ""
        )
        made.append(column if column not in made else "")
    return made


def _row(number: int, columns: list[str], row: Sequence[Cell]) -> StaffRow:
    told = {column: cell.flat for column, cell in zip(columns, row, strict=False) if column}
    name = _name(f"{told.get('name', '')} {told.get('surname', '')}")
    unit = "" if told.get("unit", "") in NO_UNIT else told.get("unit", "")
    role, is_known = _role(told.get("role", ""))
    problem, about = "", ""
    if not name:
        problem, about = "no-name", unit
    elif len(name) < 2 or len(name) > LONGEST_NAME or MARKS.search(name):
        problem = "bad-name"
    elif not is_known:
        problem, about = "bad-role", told["role"]
    return StaffRow(number, name, unit, role, problem, about)


def _name(text: str) -> str:
    """A name without its title, as people call each other."""
    name = " ".join(text.split())
    while found := TITLES.match(name):
        name = name[found.end() :]
    return name


def _role(text: str) -> tuple[str, bool]:
    if not text or text in NO_UNIT:
        return Role.OFFICER, True
    for role, words in ROLES:
        if re.search(words, text, re.IGNORECASE):
            return role, True
    return Role.OFFICER, False
