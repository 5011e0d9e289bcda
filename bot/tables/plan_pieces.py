"""Several measures in one row: where the text, the periods, the units and the ticks of each begin."""

import re

from bot.tables import plan_progress
from bot.tables.plan_units import units
from bot.tables.plan_words import bare, flat, items, numbers
from storage.calendar import MONTH, YEAR
from storage.digits import arabic

ONE_PERIOD = re.compile(
    rf"(?:\d{{1,2}}\s*)?{MONTH}\s*{YEAR}?(?:\s*[-–]\s*(?:\d{{1,2}}\s*)?{MONTH}\s*{YEAR}?)?|ไตรมาส(?:ที่)?\s*\d(?:\s*[-–]\s*\d)?"
)
OPENS = re.compile(  # words a measure begins with, where its number was lost
    r"(?:จัด(?:ให้มี|ทำ|อบรม|กิจกรรม|ประชุม|ตั้ง)|ส่งเสริม|เสริมสร้าง|สร้าง|พัฒนา|ปรับปรุง|ทบทวน|กำหนด|กำกับ|กำชับ|เผยแพร่|"
    r"ประชาสัมพันธ์|ประกาศ|เพิ่ม|เปิด|มอบหมาย|แต่งตั้ง|ติดตาม|รายงาน|สื่อสาร|รณรงค์|อบรม|สำรวจ|ประเมิน|มีการ|ให้มี|แจ้งเวียน|ขับเคลื่อน)"
)
PARTS = ("period", "lead", "progress", "status")


def texts(measure: str, following: str, beside: dict[str, str]) -> list[str]:
    """The measures of a cell: by numbers that the next row counts on from, else as many as there are
    ticks, periods and units beside it. One text where there is one measure."""
    if _runs_on(measure, following):
        return items(measure)
    count = _count(beside)
    if count < 2:
        return [measure]
    told = items(measure)
    if len(told) == count:
        return told
    made = _opened(flat(measure))
    return made if len(made) == count else [measure]


def shares(role: str, text: str, count: int, beside: dict[str, str]) -> list[str]:
    """What of a cell belongs to each of ``count`` measures: its lines, its parts where ticks or periods
    show as many, or all of it to each.

    Indicators are not dealt out: two of them beside two measures may well both count for both.
    """
    if count == 1 or role in ("kpi", "steps"):
        return [text] * count
    lines, parts = _lines(text), _parts(role, text) if _count(beside) == count else []
    return next((one for one in (lines, parts) if len(one) == count), [text] * count)


def stray(above: str, text: str) -> tuple[str, str]:
    """The end of the cell above that was read into this one once more, and the rest of this one."""
    head, bullet, rest = (*re.split(r"(\s[-–•●]\s)", text, maxsplit=1), "", "")[:3]
    known = bare(head)
    if bullet and len(known) >= 6 and head.split() and bare(above).endswith(known) and not OPENS.match(head):
        return head, f"{bullet.strip()} {rest}"
    return "", text


def _runs_on(measure: str, following: str) -> bool:
    """Whether the next row counts on from the numbers in a cell: each is a measure of its own then."""
    here = numbers(measure)
    if len(here) < 2 or here != list(range(here[0], here[0] + len(here))) or len(items(measure)) != len(here):
        return False
    return not measure.lstrip().startswith("(") and numbers(following[:8]) == [here[-1] + 1]


def _count(beside: dict[str, str]) -> int:
    """How many measures the cells beside speak of: the ticks say it, or periods and units agree on it."""
    ticks = len(plan_progress.groups(beside.get("progress", "")))
    if ticks > 1:
        return ticks
    periods, hosts = len(_periods(flat(beside.get("period", "")))), len(_lines(beside.get("lead", "")))
    return periods if periods > 1 and periods == hosts else 1


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _parts(role: str, text: str) -> list[str]:
    if role == "progress":
        return plan_progress.groups(text)
    if role == "period":
        return _periods(flat(text))
    if role in ("lead", "joint", "support"):
        return _units(text)
    return []


def _periods(text: str) -> list[str]:
    plain = arabic(text)
    found = list(ONE_PERIOD.finditer(plain))
    rest = ONE_PERIOD.sub("", plain).strip(" ,/")
    return [text[one.start() : one.end()].strip() for one in found] if not rest else []


def _units(text: str) -> list[str]:
    """The units of a cell, each with what stands in brackets after it."""
    names = [one.name for one in units(text)]
    line, made, at = flat(text), list[str](), 0
    for name, following in zip(names, [*names[1:], None], strict=True):
        start = line.find(name, at)
        end = line.find(following, start + len(name)) if following else len(line)
        if start < 0 or end < 0:
            return []
        made.append(line[start:end].strip(" ,"))
        at = end
    return made


def _opened(text: str) -> list[str]:
    """A text cut where a word stands that measures begin with, its first number left out."""
    words = text.split(" ")
    made: list[list[str]] = [[]]
    for at, word in enumerate(words):
        if at and OPENS.match(word) and len(" ".join(made[-1])) > 20:
            made.append([])
        made[-1].append(word)
    first = items(" ".join(made[0]))
    return [*first, *(" ".join(one) for one in made[1:])] if len(first) == 1 else []
