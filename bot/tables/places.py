"""Where something stands in a paper, as a person counts: said in Thai, as the papers themselves are."""

import re
from functools import cache

from bot.words import FIRST, Words, words
from handlers.talk import say

NAMES = (
    "cell", "row-named", "row", "page", "line", "sheet", "measure", "period", "lead", "progress", "status",
    "year", "rounds", "agency", "notes", "everyone",
)  # fmt: skip
BLANKS, HOLES = ("one", "two", "three"), ("<1>", "<2>", "<3>")


@cache
def place(name: str, *numbers: int | str) -> str:
    """A page, line, row or cell by its numbers, or the name of a column.

    ``page`` and ``line`` have one number, ``row`` those of table and row, ``row-named`` the table's name
    between them, ``cell`` the row as it is called and a number, ``sheet`` a name and a number.
    """
    blanks = dict(zip(BLANKS, map(str, numbers), strict=False))
    return words(FIRST)(say(f"plans-place-{name}", **blanks))


def of(code: str, name: str) -> str:
    """A column's cell of one measure."""
    return f"{code} {place(name)}"


def in_words(where: str, said: Words) -> str:
    """A place as ``place`` said it, in another reader's language; what is none of ours stays as it is."""
    if said.language == FIRST:
        return where
    for name, form in _forms():
        if found := form.fullmatch(where):
            blanks = {blank: in_words(value, said) for blank, value in found.groupdict().items()}
            return said(say(f"plans-place-{name}", **blanks))
    code, space, rest = where.partition(" ")
    return f"{code}{space}{in_words(rest, said)}" if rest else where


@cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    """How each place is said, with holes for its blanks; the longer forms before those they hold."""
    return [(name, re.compile(_with_holes(place(name, *HOLES)))) for name in NAMES]


def _with_holes(said: str) -> str:
    form = re.escape(said)
    for blank, hole in zip(BLANKS, HOLES, strict=True):
        form = form.replace(re.escape(hole), f"(?P<{blank}>.+?)")
    return form
