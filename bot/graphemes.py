"""Letters as people count them: a Thai base letter with its vowels and tone marks is one."""

import unicodedata
from collections.abc import Iterator

JOINER = 0x200D
SARA_AM = 0x0E33  # a letter in Unicode's tables, yet never apart from the one before it
EXTENDS = frozenset({JOINER, SARA_AM, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)})


def graphemes(text: str) -> Iterator[str]:
    """The letters of a text, each with all its marks (a close, small reading of Unicode's UAX 29)."""
    held = ""
    for one in text:
        joins = ord(one) in EXTENDS or unicodedata.category(one) in ("Mn", "Me", "Mc")
        if held and (joins or ord(held[-1]) == JOINER):
            held += one
            continue
        if held:
            yield held
        held = one
    if held:
        yield held


def cut(text: str, most: int) -> str:
    """A text of at most so many letters; the last is an ellipsis where something was cut."""
    if len(text) <= most:  # no text has more letters than characters
        return text
    letters = list(graphemes(text))
    return text if len(letters) <= most else "".join(letters[: most - 1]).rstrip() + "…"


def units(text: str) -> int:
    """The length as LINE and Telegram count it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, most: int) -> list[str]:
    """A long text in parts of at most so many UTF-16 units, cut at line ends or spaces where it can be."""
    parts = []
    while units(text) > most:
        piece = text[:most]
        while units(piece) > most:
            piece = piece[:-1]
        at = max(piece.rfind("\n"), piece.rfind(" ", most // 2))
        if at <= 0:
            letters = list(graphemes(piece))
            at = len("".join(letters[:-1])) or len(piece)
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text] if text or not parts else parts
