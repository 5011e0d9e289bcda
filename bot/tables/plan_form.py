"""Our own form for a plan, read back: one line a step, one unit a line, nothing guessed that is written.

The form is a workbook (bot/tables/plan_sheets.py writes it); its headings are the names below.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from bot.tables.places import of, place
from bot.tables.plan_kpis import one_kpi
from bot.tables.plan_progress import status_of
from bot.tables.plan_units import units
from bot.tables.plan_words import flat, o_items, questions, tight
from bot.tables.shapes import OUR_HELP, Cell, Document, Table
from handlers.talk import Refused, say
from storage.calendar import read_schedule
from storage.digits import arabic
from storage.drafts import (
    Draft,
    DraftDoubt,
    DraftFinding,
    DraftMeasure,
    DraftRound,
    DraftSchedule,
    DraftScore,
    DraftTopic,
    DraftUnit,
)

PLAN, TOPICS, FINDINGS, SCORES, ROUNDS, ABOUT, HELP = (
    "แผน", "ประเด็น", "ข้อค้นพบ", "คะแนน", "รอบรายงาน", "ข้อมูลแผน", OUR_HELP,
)  # fmt: skip
COLUMNS = {
    "code": "รหัส",
    "topic": "ประเด็นที่",
    "topic_title": "ชื่อประเด็น",
    "title": "มาตรการ",
    "aim": "วัตถุประสงค์",
    "method": "วิธีการ",
    "steps": "ขั้นตอน (บรรทัดละข้อ)",
    "period": "ระยะเวลา",
    "lead": "หน่วยงานหลัก",
    "joint": "หน่วยงานร่วม (บรรทัดละหน่วย)",
    "support": "หน่วยงานสนับสนุน (บรรทัดละหน่วย)",
    "kpis": "ตัวชี้วัด (บรรทัดละข้อ)",
    "constraints": "ข้อจำกัด",
    "status": "สถานะ",
    "progress": "ความก้าวหน้า",
    "o_items": "ข้อ OIT",
    "questions": "ข้อคำถาม",
}
OTHER_COLUMNS = {
    TOPICS: ("ประเด็นที่", "ชื่อประเด็น"),
    FINDINGS: ("ประเด็นที่", "ข้อคำถาม", "ข้อค้นพบ", "คะแนน"),
    SCORES: ("ระดับ", "รหัส", "ชื่อ", "คะแนน", "เครื่องหมาย"),
    ROUNDS: ("ชื่อรอบ", "กำหนดส่ง", "ผู้รับ", "ช่องทาง"),
    ABOUT: ("หัวข้อ", "ข้อความ"),
}
TITLE, YEAR, ASSESSED, GRADE, RANK, RANK_GROUP, LIMIT = (
    "ชื่อแผน", "ปีงบประมาณ", "ปีที่ประเมิน", "ระดับ", "อันดับ", "กลุ่มอันดับ", "ข้อจำกัดของหน่วยงาน",
)  # fmt: skip
LEVELS = {"overall": "ภาพรวม", "tool": "เครื่องมือ", "indicator": "ตัวชี้วัด", "question": "ข้อคำถาม"}
STATUSES = {
    "not_started": "ยังไม่ได้ดำเนินการ",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "done": "ดำเนินการแล้วเสร็จ",
    "continuous": "ดำเนินการต่อเนื่อง",
    "delayed": "ล่าช้า",
    "cancelled": "ยกเลิก",
}
EXAMPLE = "ตัวอย่าง"
MOST_CODE = 16  # characters of a code
NUMBERED = re.compile(r"^\d{1,3}\)\s+")

Row = dict[str, Cell]


def is_one(document: Document) -> bool:
    """Whether the workbook is our form."""
    return {PLAN, ABOUT} <= {table.name for table in document.tables}


@dataclass(slots=True)
class _Reading:
    year: int
    doubts: list[DraftDoubt] = field(default_factory=list)
    topics: dict[str, DraftTopic] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)

    def doubt(self, where: str, said: str, guess: str, why: str) -> None:
        self.doubts.append(DraftDoubt(where, said, guess, why))


def read(document: Document, fiscal_year: int | None, likely_year: int | None) -> Draft:
    """The form as a draft. Raises Refused when it has no measure or no year."""
    sheets = {table.name: table for table in document.tables}
    about = [(row["หัวข้อ"].flat, row["ข้อความ"].text) for row in _rows(sheets, ABOUT)]
    told = dict(about)
    year = fiscal_year or _year(told.get(YEAR, "")) or likely_year
    if year is None:
        raise Refused(say("plans-no-year"))
    reading = _Reading(year)
    if year != fiscal_year and year != _year(told.get(YEAR, "")):
        reading.doubt(YEAR, told.get(YEAR, ""), str(year), "fiscal-year")
    for row in _rows(sheets, TOPICS):
        _topic(reading, row["ประเด็นที่"], row["ชื่อประเด็น"])
    measures = [one for row in _rows(sheets, PLAN, reading) if (one := _measure(reading, row))]
    if not measures:
        raise Refused(say("plans-form-untouched"))
    findings = tuple(_finding(row) for row in _rows(sheets, FINDINGS) if row["ข้อค้นพบ"])
    return Draft(
        title=flat(told.get(TITLE, "")),
        fiscal_year=year,
        assessed_year=_year(told.get(ASSESSED, "")),
        scores=tuple(filter(None, (_score(reading, row) for row in _rows(sheets, SCORES)))),
        grade=flat(told.get(GRADE, "")),
        rank=int(arabic(told[RANK])) if arabic(told.get(RANK, "")).isdecimal() else None,
        rank_group=flat(told.get(RANK_GROUP, "")),
        topics=tuple(reading.topics.values()),
        findings=findings,
        measures=_once(measures, reading),
        rounds=tuple(filter(None, (_round(reading, row) for row in _rows(sheets, ROUNDS)))),
        limits=tuple(flat(text) for name, text in about if name == LIMIT and text),
        doubts=tuple(reading.doubts),
        source=document.name,
    )


def _rows(sheets: dict[str, Table], name: str, reading: _Reading | None = None) -> list[Row]:
    """A sheet's rows by heading; on the plan's sheet by the column's own name."""
    wanted = {tight(head): head for head in OTHER_COLUMNS.get(name, ())}
    wanted |= {tight(head): key for key, head in COLUMNS.items()} if name == PLAN else {}
    table = sheets.get(name)
    if table is None:
        return []
    heads, *rows = table.rows
    keys = [wanted.get(tight(head.text), "") for head in heads]
    made = []
    for number, row in enumerate(rows, 2):
        found = {key: Cell() for key in wanted.values()}
        found |= {key: cell for key, cell in zip(keys, row, strict=True) if key}
        if found.get("code", Cell()).flat.startswith(EXAMPLE):
            continue
        made.append(found)
        for key, cell in zip(keys, row, strict=True):
            if not key and cell and reading:
                reading.doubt(place("sheet", name, number), cell.text, "", "homeless")
    return made


def _year(text: str) -> int | None:
    found = re.search(r"2[45678]\d\d", arabic(text))
    return int(found[0]) if found else None


def _lines(cell: Cell) -> list[str]:
    return [NUMBERED.sub("", flat(line)) for line in cell.text.split("\n") if line.strip()]


def _topic(reading: _Reading, no: Cell, title: Cell) -> str:
    number = arabic(no.flat)[:MOST_CODE]
    if not number and not title:
        return ""
    if not number:
        same = [one.no for one in reading.topics.values() if tight(one.title) == tight(title.text)]
        number = same[0] if same else str(len(reading.topics) + 1)
    reading.topics.setdefault(number, DraftTopic(number, title.flat))
    return number


def _measure(reading: _Reading, row: Row) -> DraftMeasure | None:
    if not any(row.values()):
        return None
    topic = _topic(reading, row["topic"], row["topic_title"])
    reading.count[topic] += 1
    order = f"{topic}.{reading.count[topic]}" if topic else str(reading.count[topic])
    code = arabic(row["code"].flat)[:MOST_CODE] or order
    if not row["title"]:
        reading.doubt(code, " ".join(cell.flat for cell in row.values() if cell), "", "homeless")
        return None
    return DraftMeasure(
        code=code,
        title=row["title"].flat,
        topic=topic,
        aim=row["aim"].flat,
        method=row["method"].text,
        constraints=row["constraints"].flat,
        steps=tuple(_lines(row["steps"])),
        kpis=tuple(one_kpi(line) for line in _lines(row["kpis"])),
        schedule=_schedule(reading, code, row["period"].flat),
        responsible_text=flat(" ".join(row[one].flat for one in ("lead", "joint", "support"))),
        responsible=_responsible(reading, code, row),
        status=status_of(row["status"].flat),
        progress=row["progress"].flat,
        o_items=tuple(o_items(row["o_items"].text)),
        questions=tuple(questions(row["questions"].text)),
    )


def _schedule(reading: _Reading, code: str, text: str) -> DraftSchedule:
    if not text:
        reading.doubt(of(code, "period"), "", "", "schedule-missing")
        return DraftSchedule()
    found = read_schedule(text, reading.year)
    ranges = tuple((start.isoformat(), end.isoformat()) for start, end in found.ranges)
    for note in found.notes:
        reading.doubts.append(
            DraftDoubt(
                of(code, "period"),
                text,
                ", ".join(map(" - ".join, ranges)),
                f"schedule-{note}",
                f"measure:{code}",
            )
        )
    return DraftSchedule(text, found.kind, found.every, ranges)


def _responsible(reading: _Reading, code: str, row: Row) -> tuple[DraftUnit, ...]:
    made: list[DraftUnit] = []
    for role in ("lead", "joint", "support"):
        for one in units(row[role].text, role):
            if all(one.name != other.name for other in made):
                made.append(one)
    if not made:
        reading.doubt(of(code, "lead"), "", "", "unit-missing")
    return tuple(made)


def _finding(row: Row) -> DraftFinding:
    score = arabic(row["คะแนน"].flat)
    return DraftFinding(
        row["ข้อค้นพบ"].flat,
        arabic(row["ประเด็นที่"].flat)[:MOST_CODE],
        row["ข้อคำถาม"].flat,
        float(score) if re.fullmatch(r"\d+(?:\.\d+)?", score) else None,
    )


def _score(reading: _Reading, row: Row) -> DraftScore | None:
    number, said = arabic(row["คะแนน"].flat), " ".join(cell.flat for cell in row.values() if cell)
    level = next((key for key, word in LEVELS.items() if word == row["ระดับ"].flat), "")
    if not level or not re.fullmatch(r"\d{1,3}(?:\.\d+)?", number):
        if said:
            reading.doubt(SCORES, said, "", "homeless")
        return None
    return DraftScore(level, float(number), row["รหัส"].flat, row["ชื่อ"].flat, row["เครื่องหมาย"].flat)


def _round(reading: _Reading, row: Row) -> DraftRound | None:
    if not any(row.values()):
        return None
    day = row["กำหนดส่ง"].flat
    found = read_schedule(day, reading.year).ranges
    if not found:
        reading.doubt(ROUNDS, " ".join(cell.flat for cell in row.values() if cell), "", "homeless")
        return None
    return DraftRound(row["ชื่อรอบ"].flat, found[-1][1].isoformat(), row["ผู้รับ"].flat, row["ช่องทาง"].flat)


def _once(measures: list[DraftMeasure], reading: _Reading) -> tuple[DraftMeasure, ...]:
    seen: set[str] = set()
    made = []
    for one in measures:
        code, further = one.code, 2
        while code in seen:
            code, further = f"{one.code}-{further}", further + 1
        if code != one.code:
            reading.doubt(one.title[:60], one.code, code, "code-twice")
        seen.add(code)
        made.append(replace(one, code=code))
    return tuple(made)
