"""Pages put together: tables that go on over a page, edges that every page repeats."""

import re
from collections import Counter
from collections.abc import Iterable

from bot.tables.pdf_page import NEAR, Page, Ruled, Spot
from bot.tables.pdf_text import Line, wraps

PAGE_NUMBER = re.compile(
    r"(?:[-–~]\s*)?(?:หน้า(?:ที่)?|page)?\s*[0-9๐-๙]{1,3}\s*"
    r"(?:(?:/|จาก|of)\s*[0-9๐-๙]{1,3})?(?:\s*[-–~])?",
    re.IGNORECASE,
)
EDGE = 0.12  # of the page's height, where what repeats is no text of the document
OFTEN = 3
MOST_HEADINGS = 4  # rows
FULL = 3.6  # lines of room a page may leave at its end, so that no line stands alone on the next


def without_edges(pages: list[Page]) -> list[Page]:
    """The pages without their numbers; what three pages or more say at the edge is kept once."""
    seen = Counter(line.text for page in pages for line in page.lines if _at_edge(page, line))
    kept: set[str] = set()
    for page in pages:
        page.lines = [line for line in page.lines if not _is_edge(page, line, seen, kept)]
    return pages


def _at_edge(page: Page, line: Line) -> bool:
    return not EDGE * page.height < line.y < (1 - EDGE) * page.height


def _is_edge(page: Page, line: Line, seen: Counter[str], kept: set[str]) -> bool:
    if not _at_edge(page, line):
        return False
    text = line.text
    if PAGE_NUMBER.fullmatch(text):
        return True
    if seen[text] < OFTEN or text not in kept:
        kept.add(text)
        return False
    return True


def joined(pages: Iterable[Page]) -> list[Ruled | list[Line]]:
    """Everything in its order; a table on top of a page goes on with the one that ended the page before.

    Where the page repeats the headings and its first row is none that was cut in two, it stays a table of
    its own: those who read the rows can then see that a page began.
    """
    made: list[Ruled | list[Line]] = []
    for page in pages:
        for number, one in enumerate(_in_order(page)):
            last = made[-1] if made else None
            if isinstance(one, list):
                if isinstance(last, list):
                    last += one
                else:
                    made.append(one)
            elif number or not isinstance(last, Ruled) or not _goes_on(last, one) or not _append(last, one):
                made.append(one)
    return made


def _in_order(page: Page) -> list[Ruled | list[Line]]:
    made: list[Ruled | list[Line]] = []
    waiting = sorted(page.tables, key=lambda one: one.top)
    for line in page.lines:
        while waiting and waiting[0].top < line.y:
            made.append(waiting.pop(0))
        if made and isinstance(made[-1], list):
            made[-1].append(line)
        else:
            made.append([line])
    return [*made, *waiting]


def _goes_on(last: Ruled, one: Ruled) -> bool:
    """Whether both have the same edges and the columns of one are among those of the other."""
    if abs(last.lefts[0] - one.lefts[0]) > NEAR or abs(last.right - one.right) > NEAR:
        return False
    few, many = sorted((last.lefts, one.lefts), key=len)
    return all(any(abs(left - other) <= NEAR for other in many) for left in few)


def _repeated(last: Ruled, one: Ruled) -> int:
    """How many rows at the top of the page are the headings again."""
    count = 0
    for above, row in zip(last.rows[:MOST_HEADINGS], one.rows, strict=False):
        if _texts(above) != _texts(row) or not any(_texts(row)):
            break
        count += 1
    return count if count < len(one.rows) else 0


def _append(last: Ruled, one: Ruled) -> bool:
    """Put the next page's rows under a table, a row that the page cut in two made one again; or do not."""
    repeated = _repeated(last, one)
    rows = one.rows[repeated:]
    above, below = last.rows[-1], rows[0]
    pairs = [(_above(above, spot), spot) for spot in below]
    if _is_cut(pairs):
        for old, spot in pairs:
            if old:
                old.strong += spot.strong if old.strong == old.text.replace("\n", " ") else ""
                old.lines = [*old.lines, *spot.lines]
        rows = rows[1:]
        same = {id(spot): old for old, spot in pairs if old}
    elif repeated:
        return False
    else:
        merged = [old for old, spot in pairs if old and not spot.lines and _is_merged(last, old)]
        same = {id(spot): old for old, spot in pairs if old in merged}
    last.rows += [[same.get(id(spot), spot) for spot in row] for row in rows]
    return True


def _above(row: list[Spot], spot: Spot) -> Spot | None:
    return next(
        (old for old in row if abs(old.left - spot.left) <= NEAR and abs(old.right - spot.right) <= NEAR),
        None,
    )


def _is_merged(table: Ruled, spot: Spot) -> bool:
    return sum(spot in row for row in table.rows) > 1


def _is_cut(pairs: list[tuple[Spot | None, Spot]]) -> bool:
    """Whether a row goes on from the page before: every text in it follows one that reached the end of
    its cell, and some of them in the middle of a sentence."""
    going = [(old, spot) for old, spot in pairs if spot.lines]
    if not going or any(old is None or not old.lines or not _is_full(old) for old, _ in going):
        return False
    middle = [old is not None and wraps(old.lines[-1], spot.lines[0], old.edge) for old, spot in going]
    emptied = any(old is not None and old.lines and not spot.lines for old, spot in pairs)
    begins = bool(pairs[0][1].lines) and not middle[0] and not emptied
    return not begins and any(middle) and 2 * sum(middle) >= len(middle)


def _is_full(spot: Spot) -> bool:
    last = spot.lines[-1]
    return spot.bottom - last.y < FULL * last.size


def _texts(row: list[Spot]) -> list[str]:
    return ["".join(spot.text.split()) for spot in row]
