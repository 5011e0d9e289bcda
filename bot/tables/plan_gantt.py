"""Months or quarters as columns, ticked where something is to be done: read as the period they draw."""

import re
from collections.abc import Sequence

from bot.tables.plan_words import bare, flat, tight
from bot.tables.shapes import Cell
from storage.calendar import MONTH, YEAR, month_of
from storage.digits import arabic

COLUMN = "column-"  # begins the role of a month's or quarter's column
MONTHLY = re.compile(rf"({MONTH})\s*{YEAR}?")
QUARTERLY = re.compile(r"(?:ไตรมาส(?:ที่)?|Q)\s*([1-4])(?:\s*(?:/|ปี)?\s*(\d{2,4}))?", re.IGNORECASE)
OF_YEAR = re.compile(r"(?:ปี)?(?:งบประมาณ)?(?:พ\.?ศ\.?)?(25\d\d)")
NONE = ("-", "–", "—", "")
BAR = re.compile(r"[-–—=<>←→↔]+")
LONGEST_MARK = 2  # letters of a tick (✓, /, X, ●); longer texts say something


def role(heading: str) -> str:
    """The role of a column headed by a month or a quarter, empty for others."""
    plain = arabic(flat(heading))
    if found := MONTHLY.fullmatch(plain):
        return f"{COLUMN}m{month_of(found[1])}"
    found = QUARTERLY.fullmatch(plain)
    return f"{COLUMN}q{found[1]}" if found else ""


def is_year(heading: str) -> bool:
    """Whether a heading only says of which year the months below are."""
    return bool(OF_YEAR.fullmatch(tight(heading)))


def label(heading: str, above: Sequence[str]) -> str:
    """What a column is called in a period: its month with the year that stands above it."""
    year = next((found[1] for one in above if (found := OF_YEAR.fullmatch(tight(one)))), "")
    return f"{flat(heading)} {year}" if year and not re.search(r"\d", arabic(heading)) else flat(heading)


def period(roles: Sequence[str], labels: Sequence[str], raw: Sequence[Cell]) -> str:
    """The period that ticks draw, as a document would write it; a text in a column stays as a remark."""
    columns = [x for x, one in enumerate(roles) if one.startswith(COLUMN) and x < len(raw)]
    marked = [x for x in columns if raw[x].flat not in NONE] or [
        x for x in columns if BAR.fullmatch(raw[x].flat)
    ]
    spans: list[list[int]] = []
    for x in marked:
        if (
            spans
            and columns.index(x) == columns.index(spans[-1][-1]) + 1
            and roles[x][:8] == roles[spans[-1][-1]][:8]
        ):
            spans[-1].append(x)
        else:
            spans.append([x])
    told = [f"{labels[x]}: {raw[x].flat}" for x in marked if len(bare(raw[x].text)) > LONGEST_MARK]
    written = ", ".join(_span([labels[x] for x in one]) for one in spans)
    return f"{written} ({'; '.join(told)})" if told else written


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} - {names[-1]}"
