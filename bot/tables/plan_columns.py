"""Columns whose heading says nothing we know: what their cells look like tells what they hold."""

import re
from collections.abc import Callable, Sequence

from bot.tables.plan_units import EVERYONE, KINDS, SHORT
from bot.tables.plan_words import flat, questions, tight
from bot.tables.shapes import Cell
from storage.calendar import read_schedule
from storage.digits import arabic

LOOKED_AT = 40  # cells of a column
CODE = 14  # letters in which a question's code stands
SHARE = 0.6  # of them that must look alike
LONGEST_PERIOD, LONGEST_UNITS, SHORTEST_MEASURE = 70, 140, 12  # letters
PERIOD = re.compile(r"เดือน|ไตรมาส|ปี|ต่อเนื่อง|[ก-ฮเ]\w{0,3}\.?\s?[คยพ]\.|\d{1,2}\s*/\s*\d{1,2}/|คม|ยน|พันธ์")
UNIT = re.compile(rf"(?:\(?\d{{1,2}}[.)]\s*|[-•]\s*)?(?:{KINDS}|{SHORT}|งาน[ก-๙])")
A_YEAR = 2567  # any fiscal year: only the kind of a period is asked


def looks(column: Sequence[Cell]) -> str:
    """``period`` or ``lead`` where most of a column's cells read so, else empty."""
    texts = [cell.flat for cell in column if cell][:LOOKED_AT]
    if not texts:
        return ""
    if _share(texts, is_period) >= SHARE:
        return "period"
    return "lead" if _share(texts, is_units) >= SHARE else ""


def coded(roles: list[str], rows: Sequence[tuple[Cell, ...]]) -> list[str]:
    """The roles, a column of numbers that are codes of questions (i10, e5) taken for what it is."""
    made = list(roles)
    for x in [x for x, one in enumerate(roles) if one in ("no", "") and "question" not in made]:
        texts = [row[x].flat for row in rows if x < len(row) and row[x] and not row[x].inherited][:LOOKED_AT]
        if texts and _share(texts, lambda text: bool(questions(text[:CODE]))) >= SHARE:
            made[x] = "question"
    return made


def _share(texts: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts)


def is_period(text: str) -> bool:
    """Whether a cell is a period and nothing else."""
    if len(text) > LONGEST_PERIOD or not PERIOD.search(arabic(text)):
        return False
    read = read_schedule(text, A_YEAR)
    return read.kind != "unknown" and not read.rest


def is_units(text: str) -> bool:
    """Whether a cell begins with the name of a unit and is short."""
    return len(text) <= LONGEST_UNITS and bool(UNIT.match(text) or EVERYONE.match(tight(text)))


def completed(roles: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> dict[int, str]:
    """What the columns without a known heading hold, where a plan's table lacks just that."""
    open_ones = [x for x, one in enumerate(roles) if not one]
    body = [row for row in rows if len({cell.text for cell in row if cell}) > 1]
    found: dict[int, str] = {}
    drawn = any(one.startswith("column-") for one in roles)
    for x in open_ones:
        role = looks([row[x] for row in body if x < len(row) and not row[x].inherited])
        if role and role not in roles and role not in found.values() and not (role == "period" and drawn):
            found[x] = role
    beside = found or set(roles) & {"period", "lead"}
    at = _measures(roles, found, body) if "measure" not in roles and beside else None
    if at is not None:
        found[at] = "measure"
    return found


def _measures(roles: Sequence[str], found: dict[int, str], body: list[tuple[Cell, ...]]) -> int | None:
    """The unknown column that tells measures: long texts, each once, before the steps where there are any."""
    end = min((x for x, one in enumerate(roles) if one in ("steps", "method")), default=len(roles))
    lengths = {
        x: _length([row[x] for row in body])
        for x, one in enumerate(roles[:end])
        if not one and x not in found
    }
    longest = max(lengths, key=lambda x: lengths[x], default=None)
    return longest if longest is not None and lengths[longest] >= SHORTEST_MEASURE else None


def _length(column: Sequence[Cell]) -> float:
    """Letters a cell on average; none where texts come again and again."""
    texts = [cell.flat for cell in column if cell and not cell.inherited]
    return sum(map(len, texts)) / len(texts) if len(set(texts)) >= SHARE * len(texts) > 0 else 0.0


def unheaded(roles: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> dict[int, str]:
    """What the columns of a table hold whose headings are hardly known, where its first row is headings."""
    heads = [flat(cell.text) for cell in rows[0]]
    found = completed(roles, rows[1:]) if len(rows) > 2 - any(roles) and all(heads) else {}
    if any(map(is_period, heads)) or any(is_units(heads[x]) for x, one in found.items() if one == "lead"):
        return {}  # the first row is a measure already
    return found
