"""Where something stands in a paper, as a person counts: said in Thai, as the papers themselves are."""

from functools import cache

from bot.words import FIRST, words
from handlers.talk import say


@cache
def place(name: str, *numbers: int | str) -> str:
    """A page, line, row or cell by its numbers, or the name of a column.

    ``page`` and ``line`` have one number, ``row`` those of table and row, ``row-named`` the table's name
    between them, ``cell`` the row as it is called and a number, ``sheet`` a name and a number.
    """
    blanks = dict(zip(("one", "two", "three"), map(str, numbers), strict=False))
    return words(FIRST)(say(f"plans-place-{name}", **blanks))


def of(code: str, name: str) -> str:
    """A column's cell of one measure."""
    return f"{code} {place(name)}"
