"""Every date and period said in a chat line, with its place in the text and the days it means.

A message means the day it was sent on. "This week" is Monday to Sunday; a bare weekday is the last
one that has come (reports speak of the past); "the beginning of" a month is its days 1 to 10.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from storage.calendar import (
    BUDDHIST,
    IN_YEAR,
    MONTH,
    NUMBER,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    christian,
    fiscal_year,
    fiscal_year_of,
    month_end,
    month_of,
    number_of,
    quarter,
    quarter_of,
)
from storage.day_words import (
    A_DAY_FOLLOWS,
    BACK,
    DAYS_IN,
    EN_MONTH,
    ENGLISH_DAYS,
    ENGLISH_MONTHS,
    FAR,
    LETTER,
    NEAR,
    NEXT,
    NOT_DATES,
    UNTIL,
)  # fmt: skip
from storage.digits import arabic
from storage.joining import joined


@dataclass(frozen=True, slots=True)
class Span:
    """What was said, where (``at``: from and to in the text), and the days it means.

    ``kind`` is day, week, month, quarter, half, year or range. ``of_document``: the date a letter
    bears, never the date of the fact. ``until``: only the end was said (ภายใน…, ก่อน…).
    """

    start: date
    end: date
    kind: str
    said: str
    at: tuple[int, int]
    of_document: bool = False
    until: bool = False


BEFORE = 40  # letters before a day that may hold "by" or a letter's date mark
Made = tuple[date, date, str] | None
_Read = tuple[tuple[int, int], tuple[date, date, str]]
Make = Callable[[re.Match[str], date], Made]
Rule = tuple[re.Pattern[str], Make]


def find_spans(text: str, today: date, *, planning: bool = False) -> list[Span]:
    """Every date and period in a line, in the order it was said; overlapping readings are not given.

    A day or month without a year is the nearest one; ``planning`` takes the one in today's fiscal year.
    """
    return list(_spans(text, today, planning=planning))


@lru_cache(maxsize=8)  # the same message is asked about by several readers
def _spans(text: str, today: date, *, planning: bool) -> tuple[Span, ...]:
    lower = text.lower()
    plain = arabic(lower if len(lower) == len(text) else text).replace("–", "-").replace("—", "-")
    middle = fiscal_year(fiscal_year_of(today))[1].replace(month=4, day=1)
    taken = bytearray(len(plain))  # 1 where a letter is spoken for
    for found in NOT_DATES.finditer(plain):
        _take(taken, found)
    read: list[_Read] = []
    for pattern, made in _rules():
        for found in pattern.finditer(plain):
            if 1 in taken[found.start() : found.end()]:
                continue
            days = made(found, middle if planning and made in _WITHOUT_YEAR else today)
            if days is not None or made in _IMPOSSIBLE:
                _take(taken, found)
            if days is not None:
                read.append((found.span(), days))
    return tuple(_span(text, plain, place, days, today) for place, days in joined(plain, sorted(read)))


def _take(taken: bytearray, found: re.Match[str]) -> None:
    taken[found.start() : found.end()] = b"\1" * (found.end() - found.start())


def _span(text: str, plain: str, place: tuple[int, int], days: tuple[date, date, str], today: date) -> Span:
    (a, b), (start, end, kind) = place, days
    first = max(0, a - BEFORE)
    before = plain[first:a]
    limit, letter = UNTIL.search(before), LETTER.search(before) or LETTER.search(before + plain[a : a + 6])
    if limit:
        a, start, kind = first + limit.start(), min(today, end), "range"
    return Span(start, end, kind, text[a:b].strip(), (a, b), bool(letter), bool(limit))


def _date(year: int, month: int, day: int) -> Made:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made, made, "day"


def _nearest(month: int, day: int, today: date) -> Made:
    """A day without a year: of this year, unless that is more than half a year ahead or behind."""
    best = [
        made for year in (today.year - 1, today.year, today.year + 1) if (made := _date(year, month, day))
    ]
    return min(best, key=lambda made: abs(made[0] - today)) if best else None


def _near_year(month: int, today: date) -> int:
    """The year of a month said without one: the nearest of that name."""
    return min(
        (today.year - 1, today.year, today.year + 1),
        key=lambda year: abs((year - today.year) * 12 + month - today.month),
    )


def _day_of_month(found: re.Match[str], today: date) -> Made:
    month = month_of(found[2])
    if month is None:
        return None
    said = found[3] or ""
    if not said or (len(said) == len("25") and abs(christian(said) - today.year) > FAR):
        return _nearest(month, int(found[1]), today)  # "3 Apr. 25 units": a number that is no year
    return _date(christian(said), month, int(found[1]))


def _english_day(found: re.Match[str], today: date) -> Made:
    day, name, year = found[1] or found[4], found[2] or found[3], found[5]
    month = next(n for n, full in enumerate(ENGLISH_MONTHS, 1) if full.startswith(name[:3]))
    return _date(christian(year), month, int(day)) if year else _nearest(month, int(day), today)


def _numbers(found: re.Match[str], today: date) -> Made:
    return _date(christian(found[3]), int(found[2]), int(found[1]))


def _without_year(found: re.Match[str], today: date) -> Made:
    return _nearest(int(found[2]), int(found[1]), today)


def _iso(found: re.Match[str], today: date) -> Made:
    return _date(christian(found[1]), int(found[2]), int(found[3]))


def _days_of_month(found: re.Match[str], today: date) -> Made:
    month = month_of(found[3])
    if month is None:
        return None
    year = christian(found[4]) if found[4] else _near_year(month, today)
    first, last = _date(year, month, int(found[1])), _date(year, month, int(found[2]))
    return (first[0], last[1], "range") if first and last and first[0] <= last[1] else None


def _month_pair(found: re.Match[str], today: date) -> Made:
    first, last = month_of(found[1]), month_of(found[3])
    if first is None or last is None:
        return None
    year = christian(found[4]) if found[4] else _near_year(last, today)
    start = christian(found[2]) if found[2] else year - (first > last)
    return (date(start, first, 1), month_end(year, last), "range") if (start, first) <= (year, last) else None


def _month(found: re.Match[str], today: date) -> Made:
    month = month_of(found[2])
    if month is None:
        return None
    year = christian(found[3]) if found[3] else _near_year(month, today)
    return _part(found[1] or "", date(year, month, 1))


def _part(which: str, first: date) -> Made:
    last = month_end(first.year, first.month)
    if which.startswith(("สิ้น", "end")):
        return last, last, "day"
    if "ปลาย" in which:
        return first.replace(day=21), last, "range"
    if "กลาง" in which:
        return first.replace(day=11), first.replace(day=20), "range"
    if which.startswith(("ต้น", "beginning")):
        return first, first.replace(day=10), "range"
    return first, last, "month"


def _shift(said: str | None) -> int:
    if said in (None, "", "นี้", "this"):
        return 0
    return 1 if re.fullmatch(f"(?:{NEXT}|next)", said or "") else -1


def _relative_month(found: re.Match[str], today: date) -> Made:
    index = today.year * 12 + today.month - 1 + _shift(found[2])
    return _part(found[1] or "", date(index // 12, index % 12 + 1, 1))


def _week(found: re.Match[str], today: date) -> Made:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_shift(found[2]))
    if found[1]:
        friday = monday + timedelta(days=4)
        return friday, friday, "day"
    return monday, monday + timedelta(days=6), "week"


def _weekday(found: re.Match[str], today: date) -> Made:
    name = WEEKDAYS[found[2]]
    if found[2] == "อาทิตย์" and not found[1]:
        return None
    monday, which = today - timedelta(days=today.weekday()), found[3]
    day = monday + timedelta(days=name)
    if which is None:
        day = today - timedelta(days=(today.weekday() - name) % 7)
    elif which == "นี้":
        pass
    elif re.fullmatch(NEXT, which):
        day += timedelta(weeks=1)
    elif day >= today or which == "ที่แล้ว":
        day -= timedelta(weeks=1)
    return day, day, "day"


def _ago(found: re.Match[str], today: date) -> Made:
    day = today - timedelta(days=number_of(found[1]) * DAYS_IN[found[2]])
    return day, day, "day"


def _months_ago(found: re.Match[str], today: date) -> Made:
    index = today.year * 12 + today.month - 1 - number_of(found[1])
    first = date(index // 12, index % 12 + 1, 1)
    last = month_end(first.year, first.month)
    if found[2] == "ที่ผ่านมา":
        return min(first.replace(day=min(today.day, last.day)), today), today, "range"
    return first, last, "month"


def _ahead(found: re.Match[str], today: date) -> Made:
    day = today + timedelta(days=number_of(found[1]) * DAYS_IN[found[2]])
    within = found[0].startswith(("ใน", "ภายใน", "next", "within")) and not found[0].startswith("ในอีก")
    return (today, day, "range") if within else (day, day, "day")


def _day_in_month(found: re.Match[str], today: date) -> Made:
    index = today.year * 12 + today.month - 1 + _shift(found[2])
    return _date(index // 12, index % 12 + 1, int(found[1]))


def _words(found: re.Match[str], today: date) -> Made:
    day = today + timedelta(days=NEAR[found[0].replace(" ", "")])
    return day, day, "day"


def _this_day(found: re.Match[str], today: date) -> Made:
    return _date(today.year, today.month, int(found[1]))


def _english_weekday(found: re.Match[str], today: date) -> Made:
    day = today - timedelta(days=today.weekday() - ENGLISH_DAYS.index(found[2]))
    if found[1] == "next":
        day += timedelta(weeks=1)
    elif found[1] != "this" and day >= today + timedelta(days=found[1] == "on"):
        day -= timedelta(weeks=1)
    return day, day, "day"


def _english_month(found: re.Match[str], today: date) -> Made:
    month = next(n for n, full in enumerate(ENGLISH_MONTHS, 1) if full.startswith(found[1][:3]))
    return _part("", date(christian(found[2]), month, 1))


def _quarter(found: re.Match[str], today: date) -> Made:
    ending, said, year = found[1], found[2], found[4]
    number = christian(year) + BUDDHIST if year else fiscal_year_of(today)
    first = _which_quarter(said)
    start, end = quarter(number, first)[0], quarter(number, _which_quarter(found[3] or said))[1]
    if end < start:
        return None
    return (end, end, "day") if ending else (start, end, "quarter")


def _which_quarter(said: str) -> int:
    return {"แรก": 1, "สุดท้าย": 4}.get(said) or number_of(said)


def _relative_quarter(found: re.Match[str], today: date) -> Made:
    which = fiscal_year_of(today) * 4 + quarter_of(today) - 1 + _shift(found[2])
    start, end = quarter(which // 4, which % 4 + 1)
    return (end, end, "day") if found[1] else (start, end, "quarter")


def _half(found: re.Match[str], today: date) -> Made:
    year = fiscal_year_of(today)
    start, end = fiscal_year(year)
    if "12" in found[0]:
        return start, end, "year"
    if "หลัง" in found[0] or "second" in found[0]:
        return quarter(year, 3)[0], end, "half"
    return start, quarter(year, 2)[1], "half"


def _calendar_year(found: re.Match[str], today: date) -> Made:
    """The end or beginning of a year not called a fiscal one: people mean December and January."""
    year = today.year + _shift(found[2])
    first, last = {"ต้น": (1, 3), "ปลาย": (10, 12)}.get(found[1], (0, 12))
    end = month_end(year, last)
    return (date(year, first, 1), end, "quarter") if first else (end, end, "day")


def _year(found: re.Match[str], today: date) -> Made:
    number = christian(found[3]) + BUDDHIST if found[3] else fiscal_year_of(today) + _shift(found[2])
    start, end = fiscal_year(number)
    if found[1] and found[1].startswith(("สิ้น", "end")):
        return end, end, "day"
    if found[1] and "ต้น" in found[1]:
        return start, quarter(number, 1)[1], "quarter"
    return start, end, "year"


_IMPOSSIBLE = (_day_of_month, _numbers, _iso)  # 30 February is no day, and not the month either
_WITHOUT_YEAR = (_without_year, _day_of_month, _days_of_month, _month, _month_pair, _english_day)
_D = r"(0?[1-9]|[12]\d|3[01])"
_ON = rf"(?:(?:วัน)?(?:{WEEKDAY})\s*ที่\s*)?"
_PART = "สิ้น|ปลาย|กลาง|ต้น"
_Q = "[1-4]|แรก|สุดท้าย|หนึ่ง|สอง|สาม|สี่"
_THIS = "this|next|last"
_LENGTH = "วัน|สัปดาห์|อาทิตย์|days?|weeks?"
_WRITTEN: tuple[tuple[str, Make], ...] = (
    (r"(?<!\d)(20\d\d|25\d\d)-(\d{1,2})-(\d{1,2})(?!\d)", _iso),
    (
        rf"(?<![\d.]){_ON}{_D}\s?[/.-]\s?(0?[1-9]|1[0-2])\s?[/.-]\s?(\d{{4}}|\d{{2}})(?![\d/])",
        _numbers,
    ),
    (rf"{A_DAY_FOLLOWS}{_D}/(0?[1-9]|1[0-2])(?![\d/])", _without_year),
    (rf"(?<![\d.]){_D}\s*-\s*{_D}\s*({MONTH})\s*{YEAR}?", _days_of_month),
    (rf"(?<![\d./]){_ON}(?:วันที่\s*)?{_D}\s*({MONTH})\s*{YEAR}?", _day_of_month),
    (rf"(?<![\d./]){_D}\s+({EN_MONTH})\b(?:\s+(?=20\d\d|25\d\d))?()()(20\d\d|25\d\d)?", _english_day),
    (rf"()()\b({EN_MONTH})\s+{_D}(?!\d)(?:,?\s+(20\d\d|25\d\d))?", _english_day),
    (rf"\b({EN_MONTH})\s+(20\d\d|25\d\d)(?!\d)", _english_month),
    (rf"({MONTH})\s*{YEAR}?\s*(?:-|ถึง)\s*({MONTH})\s*{YEAR}?", _month_pair),
    (rf"({_PART})?\s?(?:เดือน\s*)({MONTH})\s*{YEAR}?", _month),
    (
        rf"(สิ้น)?(?:ไตรมา[สศ](?:ที่)?|quarter|\bq)\s*({_Q})(?:\s*(?:-|,|และ|ถึง)\s*([1-4]))?{IN_YEAR}(?!\d)",
        _quarter,
    ),
    (rf"(สิ้น)?(?:ไตรมา[สศ])\s*(นี้|{NEXT}|{BACK})", _relative_quarter),
    (r"(สิ้น)ไตรมา[สศ]()", _relative_quarter),
    (rf"(end of )?({_THIS}) quarter", _relative_quarter),
    (rf"วันที่\s*{_D}\s*เดือน\s?(นี้|{NEXT}|{BACK})", _day_in_month),
    (rf"({NUMBER})\s?เดือน(ที่แล้ว|ก่อน|ที่ผ่านมา)", _months_ago),
    (r"ครึ่งปี(?:งบ)?(?:แรก|หลัง)|(?:รอบ\s*)?(?:6|หก|12)\s*เดือน(?:แรก|หลัง)?|(?:first|second) half", _half),
    (rf"({_PART})?เดือน\s?(นี้|{NEXT}|{BACK})", _relative_month),
    (rf"({_PART})เดือน(?!\s*[ก-ฮ]\.)(นี้)?", _relative_month),
    (rf"(end of |beginning of )?(?:the )?({_THIS}) month", _relative_month),
    (r"(end of )(?:the )?()month", _relative_month),
    (rf"({NUMBER})\s?({_LENGTH})\s?(?:ที่แล้ว|ก่อน|ที่ผ่านมา|ago)", _ago),
    (
        rf"(?:อีก|ในอีก|ภายใน|ใน|next|within|in)\s?({NUMBER})\s?({_LENGTH})(?:\s?(?:ข้างหน้า|หน้า|นี้))?",
        _ahead,
    ),
    (rf"(ปลาย|สิ้น)?(?:สัปดาห์|(?<!วัน)อาทิตย์|วีค)\s?(นี้|{NEXT}|{BACK})", _week),
    (rf"(end of )?(?:the )?({_THIS}) week", _week),
    ("|".join(sorted(NEAR, key=len, reverse=True)), _words),
    (
        rf"(วัน)?(?<!ดวง)(?<!พระ)({WEEKDAY})(?:ฯ)?\s?(?:ที่\s?(?=นี้))?(นี้|{NEXT}|{BACK})?(?![ก-ฮะ-ูเ-์]*์)",
        _weekday,
    ),
    (rf"\b({_THIS}|on) ({'|'.join(ENGLISH_DAYS)})\b", _english_weekday),
    (rf"(?:วันที่|วันที)\s?{_D}\s?(?:นี้)?(?![\d.:/]|\s?(?:{MONTH}))", _this_day),
    (rf"(?:({_PART})\s?)?({MONTH})\s*{YEAR}?", _month),
    (rf"(สิ้น|ต้น|ปลาย)ปี(?!งบ)\s?(นี้|{NEXT}|{BACK}|(?=\s|$))(?!\s?25)", _calendar_year),
    (rf"(สิ้น|ต้น|ปลาย)?ปี(?:งบ(?:ประมาณ)?)?\s?(นี้|{NEXT}|{BACK})()", _year),
    (r"(สิ้น|ต้น|ปลาย|ทั้ง|ตลอด)ปี(?:งบ(?:ประมาณ)?)?()()", _year),
    (rf"(end of )?(?:the )?({_THIS})(?: fiscal)? year()", _year),
    (r"()()(?:ปีงบ(?:ประมาณ)?|ปี)\s?(?:พ\.?ศ\.?\s?)?(25\d\d|20\d\d|\d\d)(?![\d.%])", _year),
)


@cache
def _rules() -> tuple[Rule, ...]:
    """Compiled when the first text is read: half of what this file costs to load."""
    return tuple((re.compile(pattern), made) for pattern, made in _WRITTEN)
