"""Thai fiscal years, quarters and periods as values: read as documents write them, kept as days."""

import calendar as months
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from storage.digits import arabic

BUDDHIST = 543
FIRST_MONTH = 10  # the fiscal year begins in October (Budget Procedures Act B.E. 2561, section 4)

_NAMES = (
    ("มกราคม", "มกรา", "ม", "ค"),
    ("กุมภาพันธ์", "กุมภา", "ก", "พ"),
    ("มีนาคม", "มีนา", "มี", "ค"),
    ("เมษายน", "เมษา", "เม", "ย"),
    ("พฤษภาคม", "พฤษภา", "พ", "ค"),
    ("มิถุนายน", "มิถุนา", "มิ", "ย"),
    ("กรกฎาคม", "กรกฎา", "ก", "ค"),
    ("สิงหาคม", "สิงหา", "ส", "ค"),
    ("กันยายน", "กันยา", "ก", "ย"),
    ("ตุลาคม", "ตุลา", "ต", "ค"),
    ("พฤศจิกายน", "พฤศจิกา", "พ", "ย"),
    ("ธันวาคม", "ธันวา", "ธ", "ค"),
)
_LONG = {name: number for number, row in enumerate(_NAMES, 1) for name in row[:2]}
_SHORT = {row[2] + row[3]: number for number, row in enumerate(_NAMES, 1)}
MONTH = (
    "(?:"
    + "|".join(sorted(_LONG, key=len, reverse=True))
    + "|"
    + "|".join(rf"{a}\.?\s?{b}(?![ก-ฮะ-์])\.?" for _, _, a, b in sorted(_NAMES, key=lambda r: -len(r[2])))
    + ")"
)
# what is counted: two digits before it are no year ("14 Feb. 42 people")
_COUNTED = r"คน(?!มา\s?\d)|ท่าน|ราย(?!งาน|ชื่อ|การ)|นาย|รูป|คัน|เล่ม|แผ่น|ใบ|ชุด|ชิ้น|ครั้ง|บาท|เครื่อง|แห่ง"
YEAR = rf"(?:พ\.?\s?ศ\.?\s?)?(25\d\d|26\d\d|20\d\d|\d\d(?![\d.:/]|\s?%|\s?(?:{_COUNTED})))"


def month_of(name: str) -> int | None:
    """The number of a month by its long or short name, with or without dots."""
    plain = re.sub(r"[.\s]", "", name)
    return _LONG.get(plain) or _SHORT.get(plain)


def fiscal_year_of(day: date) -> int:
    """The fiscal year (Buddhist era) a day lies in: year N runs from 1 October N-1 to 30 September N."""
    return day.year + BUDDHIST + (day.month >= FIRST_MONTH)


def fiscal_year(number: int) -> tuple[date, date]:
    """The first and last day of a fiscal year (Buddhist era)."""
    return date(number - BUDDHIST - 1, 10, 1), date(number - BUDDHIST, 9, 30)


def quarter(number: int, which: int) -> tuple[date, date]:
    """The first and last day of quarter 1 to 4 of a fiscal year (Buddhist era)."""
    month = (10, 1, 4, 7)[which - 1]
    year = number - BUDDHIST - (which == 1)
    return date(year, month, 1), month_end(year, month + 2)


def quarter_of(day: date) -> int:
    """Which fiscal quarter a day lies in."""
    return (day.month - FIRST_MONTH) % 12 // 3 + 1


def month_end(year: int, month: int) -> date:
    """The last day of a month (Christian era)."""
    return date(year, month, months.monthrange(year, month)[1])


def christian(year: str | int) -> int:
    """A written year as Christian: two digits and numbers over 2400 are Buddhist."""
    number = int(year)
    if number < 100:
        return number + 2500 - BUDDHIST
    return number - BUDDHIST if number > 2400 else number


def year_of_month(month: int, number: int) -> int:
    """The Christian year in which a month of a fiscal year (Buddhist era) lies."""
    return number - BUDDHIST - (month >= FIRST_MONTH)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan's period: ``kind`` range, recurring, continuous or unknown; ``every`` month, quarter,
    half_year or year. ``rest`` is text that was not read, ``remark`` a remark inside brackets,
    ``notes`` what a person should look at (``over-two-fiscal-years``, ``misread-month``, …)."""

    kind: str
    every: str | None = None
    ranges: tuple[tuple[date, date], ...] = ()
    rest: str = ""
    remark: str = ""
    notes: tuple[str, ...] = ()


NUMBERS = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10}
NUMBER = rf"\d{{1,3}}|{'|'.join(NUMBERS)}"
WEEKDAYS = {"จันทร์": 0, "อังคาร": 1, "พุธ": 2, "พฤหัสบดี": 3, "พฤหัส": 3, "ศุกร์": 4, "เสาร์": 5, "อาทิตย์": 6}
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
Ranges = list[tuple[date, date]]
Days = tuple[date, date] | None
_TO = r"\s*(?:-|จนถึง|ถึง)\s*"
_FILL = re.compile(
    r"(?:ภายใน|ตั้งแต่|ระหว่าง|ช่วง|วันที่|เดือน|ปีงบประมาณ|พ\.?\s?ศ\.?|ของ|ที่|ถึง|และ|อย่างน้อย|ดำเนินการ|จำนวน"
    r"|เป็นประจำ|ประจำ|[-–—,.\s/()|])+"
)
_MISREAD = re.compile(r"(?<![ก-๙\d])[จ๕5]\s?\.\s?[คย]\.?(?=\s?[\d๐-๙])")
_DAYS = r"(?<![\d/])(?:วันที่\s*)?(0?[1-9]|[12]\d|3[01])"
_NUMERIC = r"(?<![\d/])(?:วันที่\s*)?(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/(\d{4}|\d\d)(?!\d)"
IN_YEAR = (  # of which year, after a quarter: "/67", "ปี 2567", "ปีงบประมาณ พ.ศ. 2567"
    r"(?:\s*(?:/|ของ)?\s*(?:ปี(?:งบ(?:ประมาณ)?)?\s*)?(?:พ\.?\s?ศ\.?\s*)?"
    r"(25\d\d|20\d\d|(?<=[/ี])\d\d|(?<=ี )\d\d)(?!\d))?"
)
_QUARTER = r"ไตรมาส(?:ที่)?\s*"
_LISTED = re.compile(
    rf"{_QUARTER}([1-4](?!\d)(?:\s*(?:-|,|และ|ถึง|\s)+\s*(?:{_QUARTER})?[1-4](?![\d./]))*){IN_YEAR}"
)
_WEEKDAY_OF = re.compile(rf"(?:วัน)?({WEEKDAY})\s*(?:ที่)?\s*(?=(?:วันที่\s*)?\d{{1,2}}\s*{MONTH})")
_EACH_YEAR = re.compile(rf"(?:{_DAYS}\s*)?({MONTH})\s*(?:ของ)?\s*ทุกปี")
_TIMES = re.compile(rf"(?:ปีละ|ต่อปี)\s*({NUMBER})?\s*ครั้ง|({NUMBER})\s*ครั้ง\s*(?:ต่อ|/)\s*ปี")
_ONCE = rf"(?:\s*(?:{NUMBER})?\s*ครั้ง)?"
_EVERY = (
    (
        "half_year",
        re.compile(r"(?:ทุก\s?ๆ?|ราย)\s?6\s?เดือน|รอบ\s?6\s?(?:เดือน)?\s?(?:และ|,)\s?(?:รอบ\s?)?12\s?เดือน"),
    ),
    ("quarter", re.compile(rf"ทุก\s?ๆ?\s?(?:สิ้น)?ไตรมาส|ไตรมาสละ{_ONCE}|รายไตรมาส|ทุก\s?ๆ?\s?3\s?เดือน")),
    ("month", re.compile(rf"ทุก\s?ๆ?\s?(?:สิ้น|ต้น)?เดือน|เดือนละ{_ONCE}|รายเดือน|ประจำเดือน$")),
    ("month", re.compile(r"ทุก(?=วันที่\s*\d{1,2}\s*ของ(?:ทุก)?เดือน)")),
    ("year", re.compile(r"ทุก\s?ๆ?\s?ปี|รายปี")),
)
_ALWAYS = re.compile(
    r"(?:ดำเนินการ\s*)?(?:อย่าง)?ต่อเนื่อง\s*(?:ทั้งปี|ตลอด(?:ทั้ง)?ปี)?"
    r"|ตลอด(?:ทั้ง)?ปี(?:งบประมาณ)?(?:\s*(?:พ\.?\s?ศ\.?)?\s*\d{4})?"
)
_YEARS = re.compile(rf"ปี(?:งบประมาณ)?\s*(?:พ\.?\s?ศ\.?\s*)?(25\d\d)(?:{_TO}(25\d\d))?")
_YEAR_END = re.compile(r"สิ้นปี(?:งบประมาณ)?(?:\s*(?:พ\.?\s?ศ\.?)?\s*(25\d\d))?")
_HALF = re.compile(r"(?:รอบ\s*)?(6|12)\s*เดือน\s*(?:แรก|หลัง)?|ครึ่งปี(?:แรก|หลัง)")
_WORDS = (
    (re.compile(r"\bq(?:uarter)?\s?(?=[1-4])", re.IGNORECASE), "ไตรมาส"),
    (re.compile(r"ไตรมาศ"), "ไตรมาส"),
    (re.compile(r"(?<=ไตรมาส)แรก"), "1"),
    (re.compile(r"(?<=ไตรมาส)สุดท้าย"), "4"),
    (re.compile(rf"(?<=ไตรมาส)(?:ที่)?\s*({'|'.join(NUMBERS)})"), ""),
)


def number_of(text: str) -> int:
    """A small number written in digits or in words."""
    return NUMBERS[text] if text in NUMBERS else int(text)


def read_schedule(text: str, number: int) -> Schedule:
    """A period cell of a plan of a fiscal year (Buddhist era), as its occurrences need it.

    Nothing is mended silently: what was not read comes back in ``rest``, what looks wrong in ``notes``.
    """
    said = arabic(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))
    said = said.replace("–", "-").replace("—", "-").strip()
    remark = " ".join(part.strip() for part in re.findall(r"\(([^)]*)\)", said))
    said = re.sub(r"\([^)]*\)", " ", said).strip()
    if not said.strip(" -.") and not remark:
        return Schedule("unknown")
    notes: list[str] = []
    if _MISREAD.search(said):
        notes.append("misread-month")
        said = _MISREAD.sub("ธ.ค. ", said)
    kind, every, ranges, rest = _periods(_without_weekdays(_in_digits(said), number, notes), number)
    rest = _FILL.sub(" ", rest).strip()
    if rest and kind != "unknown":
        notes.append("partly-read")
    notes += _odd(ranges, number, kind)
    return Schedule(kind, every, tuple(ranges), rest, remark, tuple(notes))


def _in_digits(said: str) -> str:
    """The words that stand for a quarter and its number, as digits."""
    for pattern, digits in _WORDS:
        for found in reversed(list(pattern.finditer(said))):
            said = said[: found.start()] + (digits or str(number_of(found[1]))) + said[found.end() :]
    return said


def _without_weekdays(said: str, number: int, notes: list[str]) -> str:
    """The text without the weekdays of its days; a weekday that does not fit its day is noted."""
    for found in _WEEKDAY_OF.finditer(said):
        day = _DAY.match(said, found.end())
        days = _day(day, number) if day else None
        if days and days[0].weekday() != WEEKDAYS[found[1]] and "wrong-weekday" not in notes:
            notes.append("wrong-weekday")
    return _WEEKDAY_OF.sub("", said)


def _periods(said: str, number: int) -> tuple[str, str | None, Ranges, str]:
    whole = [fiscal_year(number)]
    if found := _EACH_YEAR.search(said):
        month = month_of(found[2]) or FIRST_MONTH
        last = month_end(year_of_month(month, number), month)
        due = last.replace(day=min(last.day, int(found[1]))) if found[1] else last
        return "recurring", "year", [(due if found[1] else due.replace(day=1), due)], _cut(said, found)
    for every, pattern in _EVERY:
        if found := pattern.search(said):
            ranges, rest = _ranges(_cut(said, found), number)
            return "recurring", every, ranges or whole, re.sub(r"\d+ ครั้ง", "", rest)
    if found := _TIMES.search(said):
        times = number_of(found[1] or found[2] or "1")
        every = {1: "year", 2: "half_year", 4: "quarter", 12: "month"}.get(times, "")
        ranges, rest = _ranges(_cut(said, found), number)
        return "recurring", every or "year", ranges or whole, rest + ("" if every else found[0])
    if found := _ALWAYS.search(said):
        ranges, rest = _ranges(_cut(said, found), number)
        return "continuous", None, ranges or whole, rest
    ranges, rest = _ranges(said, number)
    return ("range" if ranges else "unknown"), None, ranges, rest


def _cut(said: str, found: re.Match[str]) -> str:
    return said[: found.start()] + " | " + said[found.end() :]


def _ranges(said: str, number: int) -> tuple[Ranges, str]:
    """Every period of a text, the longest forms first; stops at a day that cannot be."""
    ranges: Ranges = []
    for pattern, made in _forms():
        while found := pattern.search(said):
            days = made(found, number)
            said = _cut(said, found)
            if days is None:
                return ranges, said + " " + found[0]
            ranges += days if isinstance(days, list) else [days]
    return sorted(ranges), said


def _quarters(found: re.Match[str], number: int) -> Ranges:
    """Quarters listed or spanned; those that follow each other are one period."""
    number = christian(found[2]) + BUDDHIST if found[2] else number
    asked: list[int] = []
    spanned = False
    for token in re.findall(r"-|ถึง|[1-4]", found[1]):
        if token.isdecimal():
            asked += range(asked[-1] + 1, int(token)) if spanned else []
            asked.append(int(token))
        spanned = not token.isdecimal()
    made: list[list[int]] = []
    for one in sorted(set(asked)):
        if made and made[-1][-1] == one - 1:
            made[-1].append(one)
        else:
            made.append([one])
    return [(quarter(number, one[0])[0], quarter(number, one[-1])[1]) for one in made]


def _half(found: re.Match[str], number: int) -> Days:
    start, end = fiscal_year(number)
    if found[1] == "12":
        return start, end
    return (quarter(number, 3)[0], end) if "หลัง" in found[0] else (start, quarter(number, 2)[1])


def _year_end(found: re.Match[str], number: int) -> Days:
    last = fiscal_year(int(found[1] or number))[1]
    return last, last


def _years(found: re.Match[str], number: int) -> Days:
    return fiscal_year(int(found[1]))[0], fiscal_year(int(found[2] or found[1]))[1]


def _ends(
    first: str, first_year: str | None, last: str, last_year: str | None, number: int
) -> tuple[int, int]:
    """The Christian years of two months; a year said once is the other's too, the turn of the year minded."""
    turns = (month_of(first) or 1) > (month_of(last) or 1)
    if last_year:
        return christian(first_year or christian(last_year) - turns), christian(last_year)
    if first_year:
        return christian(first_year), christian(first_year) + turns
    end = year_of_month(month_of(last) or 1, number)
    return end - turns, end


def _pair(found: re.Match[str], number: int) -> Days:
    start, end = _ends(found[1], found[2], found[3], found[4], number)
    return date(start, month_of(found[1]) or 1, 1), month_end(end, month_of(found[3]) or 1)


def _day_pair(found: re.Match[str], number: int) -> Days:
    start, end = _ends(found[2], found[3], found[5], found[6], number)
    first = real_day(start, month_of(found[2]) or 1, int(found[1]))
    return _both(first, real_day(end, month_of(found[5]) or 1, int(found[4])))


def _days_in_month(found: re.Match[str], number: int) -> Days:
    month = month_of(found[3]) or 1
    year = christian(found[4]) if found[4] else year_of_month(month, number)
    return _both(real_day(year, month, int(found[1])), real_day(year, month, int(found[2])))


def _numeric_pair(found: re.Match[str], number: int) -> Days:
    first = real_day(christian(found[3]), int(found[2]), int(found[1]))
    return _both(first, real_day(christian(found[6]), int(found[5]), int(found[4])))


def _numeric(found: re.Match[str], number: int) -> Days:
    day = real_day(christian(found[3]), int(found[2]), int(found[1]))
    return _both(day, day)


def _day(found: re.Match[str], number: int) -> Days:
    month = month_of(found[2]) or FIRST_MONTH
    day = real_day(christian(found[3]) if found[3] else year_of_month(month, number), month, int(found[1]))
    return _both(day, day)


def _month(found: re.Match[str], number: int) -> Days:
    month = month_of(found[1]) or FIRST_MONTH
    year = christian(found[2]) if found[2] else year_of_month(month, number)
    return date(year, month, 1), month_end(year, month)


def real_day(year: int, month: int, day: int) -> date | None:
    """The day, or nothing where the calendar has none (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _both(first: date | None, last: date | None) -> Days:
    return (first, last) if first and last else None


_DAY = re.compile(rf"{_DAYS}\s*({MONTH})\s*{YEAR}?")


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Days | Ranges]], ...]:
    """The ways in which a period is written; compiled when the first one is read."""
    return (
        (_LISTED, _quarters),
        (_HALF, _half),
        (_YEAR_END, _year_end),
        (re.compile(_NUMERIC + _TO + _NUMERIC), _numeric_pair),
        (re.compile(_NUMERIC), _numeric),
        (re.compile(rf"{_DAYS}\s*({MONTH})\s*{YEAR}?{_TO}{_DAYS}\s*({MONTH})\s*{YEAR}?"), _day_pair),
        (re.compile(rf"{_DAYS}{_TO}{_DAYS}\s*({MONTH})\s*{YEAR}?"), _days_in_month),
        (re.compile(rf"({MONTH})\s*{YEAR}?{_TO}(?:เดือน\s*)?({MONTH})\s*{YEAR}?"), _pair),
        (_DAY, _day),
        (re.compile(rf"({MONTH})\s*{YEAR}?"), _month),
        (_YEARS, _years),
    )


def _odd(ranges: Ranges, number: int, kind: str) -> list[str]:
    notes = []
    start, end = fiscal_year(number)
    if any(a > b for a, b in ranges):
        notes.append("backwards")
    elif any(fiscal_year_of(a) != fiscal_year_of(b) for a, b in ranges):
        notes.append("over-two-fiscal-years")
    elif any(b < start or a > end for a, b in ranges):
        notes.append("out-of-year")
    if len(ranges) > 1:
        notes.append("several")
    if kind == "unknown":
        notes.append("not-read")
    return notes
