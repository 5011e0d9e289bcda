"""Joins days and periods that are said as one: two days with a word between, a quarter of another year."""

from datetime import date

from storage.calendar import fiscal_year_of, month_end
from storage.day_words import BETWEEN, OF

Read = tuple[tuple[int, int], tuple[date, date, str]]


def _moved(part: tuple[date, date, str], number: int) -> tuple[date, date, str]:
    """A quarter, half or month of another fiscal year, said after it ("quarter 4 of last year")."""
    start, end, kind = part
    years = number - fiscal_year_of(start)
    first = start.replace(year=start.year + years)
    return first, month_end(end.year + years, end.month), kind


def joined(plain: str, read: list[Read]) -> list[Read]:
    """Two days or months with "to" between them are one range."""
    made: list[Read] = []
    for (a, b), (start, end, kind) in read:
        if made and kind == "year" and made[-1][1][2] in ("quarter", "half", "month"):
            (first_a, first_b), part = made[-1]
            if OF.fullmatch(plain[first_b:a]):
                made[-1] = (first_a, b), _moved(part, fiscal_year_of(start))
                continue
        if made and kind in ("day", "month"):
            (first_a, first_b), (first, _, first_kind) = made[-1]
            if first_kind == kind and BETWEEN.fullmatch(plain[first_b:a]):
                while first > end:
                    first = first.replace(year=first.year - 1, day=min(first.day, 28))
                if (end - first).days < 2 * 366:
                    made[-1] = (first_a, b), (first, end, "range")
                    continue
        made.append(((a, b), (start, end, kind)))
    return made
