"""Sarabun for papers: where its files are, and a copy whose tone marks stand on one line.

In Sarabun a tone mark stands a little higher above some vowels than above others. What makes our PDFs puts
what stands higher into a run of its own and tells the whole cluster's text there once more: a word with
such a mark would be copied with a part of it twice, and not be found by who searches for it.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

STYLES = ("Regular", "Bold")
LEVEL = 60  # thousandths of the size: half a point at most, which nobody sees
MARK_TO_MARK, EXTENSION = 6, 9  # kinds of lookups in the table GPOS (OpenType 1.9)


@cache
def folder() -> Path:
    """Where the font package keeps its files."""
    import fontpkg_sarabun  # noqa: PLC0415 - only papers need it

    return next(Path(fontpkg_sarabun.__file__).parent.rglob("Sarabun-Regular.ttf")).parent


@cache
def files() -> tuple[Path, ...]:
    """Sarabun, upright, as files."""
    return tuple(folder() / f"Sarabun-{style}.ttf" for style in STYLES)


def put_levelled(into: Path) -> None:
    """Put copies whose tone marks stand on one line into a folder."""
    for one in files():
        (into / one.name).write_bytes(_levelled(one))


@cache
def _levelled(file: Path) -> bytes:
    return levelled(file.read_bytes())


def levelled(font: bytes) -> bytes:
    """A font in which marks upon marks stand at one height, where they nearly did.

    Read and written by the tables of OpenType 1.9 (GPOS, "MarkMarkPosFormat1"); what has none stays as it is.
    """
    made = bytearray(font)
    for heights, anchors in _marks_on_marks(made):
        for at in anchors:
            stands = _signed(made, at)
            off, height = min((abs(one - stands), one) for one in heights)
            if off <= LEVEL:
                struct.pack_into(">h", made, at, height)
    return bytes(made)


def _marks_on_marks(font: bytearray) -> Iterator[tuple[set[int], list[int]]]:
    """For each class of upper marks: the heights at which they are held, and where lower marks say theirs."""
    for at in _subtables(font):
        classes, upper, lower = (_short(font, at + no) for no in (6, 8, 10))
        upper, lower = at + upper, at + lower
        held: dict[int, set[int]] = {}
        for no in range(_short(font, upper)):
            kind, anchor = (_short(font, upper + 2 + 4 * no + half) for half in (0, 2))
            held.setdefault(kind, set()).add(_signed(font, upper + anchor + 4))
        for kind, heights in held.items():
            places = (lower + 2 + 2 * (no * classes + kind) for no in range(_short(font, lower)))
            anchors = [lower + offset + 4 for place in places if (offset := _short(font, place))]
            yield heights, anchors


def _subtables(font: bytearray) -> Iterator[int]:
    """Where the tables that put marks upon marks begin."""
    for no in range(_short(font, 4)):
        record = 12 + 16 * no
        if font[record : record + 4] == b"GPOS":
            table = _long(font, record + 8)
            lists = table + _short(font, table + 8)
            for one in range(_short(font, lists)):
                lookup = lists + _short(font, lists + 2 + 2 * one)
                for sub in range(_short(font, lookup + 4)):
                    at, kind = lookup + _short(font, lookup + 6 + 2 * sub), _short(font, lookup)
                    if kind == EXTENSION:
                        at, kind = at + _long(font, at + 4), _short(font, at + 2)
                    if kind == MARK_TO_MARK:
                        yield at


def _short(font: bytearray, at: int) -> int:
    return int.from_bytes(font[at : at + 2], "big")


def _signed(font: bytearray, at: int) -> int:
    return int.from_bytes(font[at : at + 2], "big", signed=True)


def _long(font: bytearray, at: int) -> int:
    return int.from_bytes(font[at : at + 4], "big")
