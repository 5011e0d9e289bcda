"""Dates in a paper that cannot be right: a wrong weekday, a year far off, a fact after the year's end."""

import re
from collections.abc import Iterable, Iterator

from bot.tables.places import of
from bot.tables.plan_words import flat
from storage.calendar import MONTH, WEEKDAY, WEEKDAYS, christian, fiscal_year, month_of, real_day
from storage.digits import arabic
from storage.drafts import DraftDoubt, DraftMeasure

DAY = re.compile(
    rf"(?:วัน({WEEKDAY})\s*ที่\s*)?(?<![\d./])([0-3]?\d)\s*({MONTH})\s*(?:พ\.?\s?ศ\.?\s*)?(25\d\d)(?!\d)"
)
FAR = re.compile(r"(?:ปี|พ\.?\s?ศ\.?|งบประมาณ)\s*(2[0-4679]\d\d)(?!\d)")
FAR_OFF = 20  # years from the plan's that no period lies away
AROUND = 25  # letters shown on each side of a number


def in_text(where: str, text: str, near: int) -> Iterator[DraftDoubt]:
    """Weekdays that do not fit their day, impossible days, and years that are no years of our time."""
    plain = arabic(flat(text))
    for found in DAY.finditer(plain):
        day = real_day(christian(found[4]), month_of(found[3]) or 1, int(found[2]))
        if day is None:
            yield DraftDoubt(where, flat(found[0]), "", "date-impossible")
        elif found[1] and day.weekday() != WEEKDAYS[found[1]]:
            yield DraftDoubt(where, flat(found[0]), day.isoformat(), "date-weekday")
    for found in FAR.finditer(plain):
        if not 1900 <= int(found[1]) <= 2100:
            said = plain[max(0, found.start() - AROUND) : found.end()]
            yield DraftDoubt(where, said, _meant(found[1], near), "date-year")


def mended(text: str, near: int) -> str:
    """A period whose year is none of our time, with the year it probably means; else nothing."""
    plain = arabic(text)
    for found in re.finditer(r"(?<!\d)2\d{3}(?!\d)", plain):
        meant = "" if abs(int(found[0]) - near) <= FAR_OFF else _meant(found[0], near)
        if meant:
            return plain[: found.start()] + meant + plain[found.end() :]
    return ""


def _meant(year: str, near: int) -> str:
    """The year of our time that differs in one digit, the nearest one to the plan's."""
    close = [
        one
        for one in range(near - 5, near + 6)
        if sum(a != b for a, b in zip(str(one), year, strict=True)) == 1
    ]
    return str(min(close, key=lambda one: abs(one - near))) if close else ""


def too_late(measures: Iterable[DraftMeasure], year: int) -> Iterator[DraftDoubt]:
    """Facts reported with a date after the plan's own year: the year is one too many, as a rule."""
    end = fiscal_year(year)[1]
    for one in measures:
        for found in DAY.finditer(arabic(one.progress)):
            day = real_day(christian(found[4]), month_of(found[3]) or 1, int(found[2]))
            if day and day > end and (before := real_day(day.year - 1, day.month, day.day)):
                where = of(one.code, "progress")
                yield DraftDoubt(
                    where, flat(found[0]), before.isoformat(), "date-late", f"measure:{one.code}"
                )
