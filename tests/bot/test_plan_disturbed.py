"""The same plan under other headings, in another order, cut, damaged: cells are right, or they are doubted."""

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import tables
from bot.tables.plan import draft
from storage.calendar import read_schedule

YEAR = 2568
HEADINGS = {
    "measure": ["มาตรการ", "แนวทาง/มาตรการ", "มาตรการ/แนวทางปฏิบัติ", "มาตรการ หรือ กิจกรรม", "แนวทางแก้ไข", "เรื่องที่ลงมือ"],
    "steps": ["ขั้นตอน", "ขั้นตอนการดำเนินงาน", "วิธีปฏิบัติ", "วิธีการนำไปสู่การปฏิบัติ", "กิจกรรม"],
    "period": ["ระยะเวลา", "ระยะเวลา ดำเนินการ", "กรอบเวลา", "กำหนดแล้วเสร็จ", "ห้วงเวลา", "จะลงมือกันตอนไหน"],
    "lead": ["ผู้รับผิดชอบ", "หน่วยงานรับผิดชอบ", "ส่วนราชการเจ้าของเรื่อง", "หน่วยงานหลัก", "เจ้าภาพ", "ใครลงมือ"],
    "constraints": ["ข้อจำกัด", "ปัญหา/อุปสรรค", "ข้อจำกัด (ถ้ามี)"],
}  # fmt: skip
MEASURES = (
    "ตอบข้อสงสัยผู้เสียภาษีหน้าเคาน์เตอร์", "แขวนรายชื่อของหลวงที่ให้ยืมได้", "ฟังเสียงผู้ค้าก่อนเปิดประมูล",
    "ซ้อมรับเรื่องร้องเรียนทางโทรศัพท์", "เล่ากรณีตัวอย่างให้พนักงานฟัง", "ตรวจนับวัสดุร่วมกับชาวบ้าน",
    "แปลคู่มือบริการเป็นภาษาถิ่น", "ทบทวนเกณฑ์เลื่อนขั้นพร้อมตัวแทนทุกระดับ",
)  # fmt: skip
PERIODS = (
    "ทุกเดือน",
    "ม.ค. - มี.ค. 68",
    "ไตรมาสที่ 2",
    "พ.ย. 67",
    "ตลอดปีงบประมาณ",
    "ธ.ค. 67 - ก.พ. 68",
    "ปีละ 2 ครั้ง",
)
LEADS = {
    "กองคลัง": ["กองคลัง"], "สำนักปลัดเทศบาล": ["สำนักปลัดเทศบาล"], "กองช่าง และกองคลัง": ["กองช่าง", "กองคลัง"],
    "กองการศึกษา<br>ทุกหน่วยงาน": ["กองการศึกษา", "ทุกหน่วยงาน"], "ทุกหน่วยงาน": ["ทุกหน่วยงาน"],
}  # fmt: skip
STEPS = (["ร่างแบบ", "ลองใช้", "แจ้งเวียน"], ["ตั้งวงพูดคุย"], ["เก็บตัวเลข", "สรุปผล"])
LIMITS = ("", "คนน้อย", "รอเครื่องมือใหม่")
ROW = st.fixed_dictionaries(
    {
        "period": st.sampled_from(PERIODS),
        "lead": st.sampled_from(sorted(LEADS)),
        "steps": st.sampled_from(STEPS),
        "constraints": st.sampled_from(LIMITS),
    }
)
PLANS = st.lists(ROW, min_size=3, max_size=len(MEASURES)).map(
    lambda rows: [{**row, "measure": MEASURES[at]} for at, row in enumerate(rows)]
)
HEADS = st.fixed_dictionaries({role: st.sampled_from(names) for role, names in HEADINGS.items()})
ORDER = st.permutations(list(HEADINGS)).map(lambda order: sorted(order, key=lambda role: role == "steps"))
MARKS = st.sampled_from(["{no}) ", "({no}) ", "{no}. ", "- "])
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def written(rows, heads, order, mark, *, thai=False, sections=0, pages=0):
    """The plan as a tab-separated paper."""
    head = "\t".join(heads[role] for role in order)
    lines = [f"แผนส่งเสริมความโปร่งใส ประจำปีงบประมาณ พ.ศ. {YEAR}", "", head]
    for at, row in enumerate(rows):
        if sections and at % sections == 0:
            lines.append("\t".join([f"ด้านที่ {at // sections + 1} เรื่องลอง", *[""] * (len(order) - 1)]))
        if pages and at and at % pages == 0:
            lines += ["", head.replace("ระยะ", "ระยะ ").replace("ผู้รับ", "ผู้ รับ")]
        steps = "<br>".join(mark.format(no=no) + one for no, one in enumerate(row["steps"], 1))
        cells = {**row, "steps": steps}
        lines.append("\t".join(cells[role] for role in order))
    text = "\n".join(lines)
    return text.translate(THAI) if thai else text


def wrong(rows, made, order):
    """Cells that were read otherwise than they stand: (measure, column, text of the cell)."""
    found = []
    for row, one in zip(rows, made.measures, strict=True):
        read = read_schedule(row["period"], YEAR)
        spans = tuple((start.isoformat(), end.isoformat()) for start, end in read.ranges)
        right = {
            "measure": one.title == row["measure"],
            "steps": list(one.steps) == row["steps"],
            "period": (one.schedule.kind, one.schedule.every, one.schedule.ranges)
            == (read.kind, read.every, spans),
            "lead": [unit.name for unit in one.responsible] == LEADS[row["lead"]],
            "constraints": one.constraints == row["constraints"],
        }
        found += [(one.code, role, row[role]) for role in order if not right[role]]
    return found


def doubted(cell, made):
    code, _, text = cell
    told = "\n".join(f"{one.where} {one.about} {one.said} {one.guess}" for one in made.doubts)
    return re.search(rf"\b{re.escape(code)}\b", told) or str(text) in told


@settings(max_examples=70, deadline=None)
@given(PLANS, HEADS, ORDER, MARKS, st.booleans(), st.integers(0, 3), st.integers(0, 3))
def test_other_headings_orders_digits_sections_and_pages_change_no_cell(
    rows, heads, order, mark, thai, sections, pages
):
    made = draft(
        tables.read(written(rows, heads, order, mark, thai=thai, sections=sections, pages=pages).encode())
    )
    assert made.fiscal_year == YEAR
    assert [one.title for one in made.measures] == [row["measure"] for row in rows]
    cells = len(rows) * len(order)
    bad = wrong(rows, made, order)
    assert len(bad) <= 0.03 * cells, bad
    assert all(doubted(cell, made) for cell in bad), bad


@settings(max_examples=40, deadline=None)
@given(
    PLANS,
    HEADS,
    ORDER,
    MARKS,
    st.sets(st.sampled_from(["steps", "constraints", "lead", "period"]), max_size=2),
)
def test_a_column_that_is_missing_leaves_the_others_right_and_is_asked_about(rows, heads, order, mark, gone):
    left = [role for role in order if role not in gone]
    if not {"period", "lead"} & set(left):
        left.append("period")
    made = draft(tables.read(written(rows, heads, left, mark).encode()))
    assert [one.title for one in made.measures] == [row["measure"] for row in rows]
    bad = wrong(rows, made, left)
    assert len(bad) <= 0.03 * len(rows) * len(left), bad
    whys = {one.why for one in made.doubts}
    assert "period" in left or "schedule-missing" in whys
    assert "lead" in left or "unit-missing" in whys


def damaged(text, seed):
    """As a bad scan reads: letters doubled, dropped or changed, spaces put in."""
    chance, made = random.Random(seed), []
    for letter in text:
        lot = chance.random() if letter not in "\t\n<>br" else 1
        made.append(
            ""
            if lot < 0.01
            else letter * 2
            if lot < 0.02
            else f"{letter} "
            if lot < 0.04
            else "๕"
            if lot < 0.045
            else letter
        )
    return "".join(made)


@settings(max_examples=40, deadline=None)
@given(PLANS, ORDER, MARKS, st.integers(0, 10_000))
def test_a_badly_scanned_paper_never_crashes_and_keeps_every_word(rows, order, mark, seed):
    heads = {role: names[0] for role, names in HEADINGS.items()}
    head, *body = written(rows, heads, order, mark).split("\n")[2:]
    text = "\n".join([head, *(damaged(line, seed + at) for at, line in enumerate(body))])
    made = draft(tables.read(text.encode()), YEAR)
    home = letters(" ".join(made.texts()))
    lost = [
        cell
        for line in text.split("\n")[1:]
        for cell in re.split(r"\t|<br>", line)
        if letters(bare(cell)) not in home
    ]
    assert lost == []
    assert len(made.measures) >= len(rows) - 1


def bare(cell):
    """A cell without the mark its item begins with."""
    return re.sub(r"^[\s(]*\d{0,3}\s*[.)-]*\s*", "", cell)


def letters(text):
    return re.sub(r"[^ก-ฮะ-ฺเ-๎a-z]", "", text.lower())
