"""A report as PDF/A-2b: Sarabun embedded, its text to be searched and copied, for the web and archives."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.reports import chart, fonts
from bot.reports.drawing import WIDTH, width_of
from bot.reports.printed import Printed, PrintedTable, printed
from bot.words import Words
from handlers.report import Bars, Lines, Report

LETTER, INSET = 14 * 0.655, 4  # as in the look: size of letters in cells, room around them, in points
WIDE, NARROW = (748.0, 20), (482.0, 34)  # what is inside a page's margins: points, lines of which are safe
KEPT = 3  # rows above the signatures that go with them
MANY, MUCH = 20, 150  # lines and letters below which no cell is higher than a page
LOOK = Path(__file__).with_name("paper.typ")


def write(report: Report, words: Words) -> bytes:
    """The report as PDF."""
    import typst  # noqa: PLC0415 - 70 MB that only papers need

    shown = printed(report, words)
    with TemporaryDirectory() as folder:
        source = Path(folder) / LOOK.name
        fonts.put_levelled(source.parent)
        source.write_bytes(LOOK.read_bytes())
        pictures = [_picture(one, words, folder, f"{no}.svg") for no, one in enumerate(shown.charts)]
        made = typst.compile(
            str(source),
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(_told(shown, pictures, words.language), ensure_ascii=False)},
            pdf_standards=["a-2b"],
        )
    assert isinstance(made, bytes)
    return made


def _picture(drawn: Bars | Lines, words: Words, folder: str, name: str) -> dict[str, object]:
    """A chart for the look: its shapes as a file, and its words, which the look sets as it sets all others.

    Letters in a picture would be misplaced (Sara Am) and could not be searched.
    """
    made = chart.drawing(drawn, words)
    (Path(folder) / name).write_text(made.whole(words(drawn.title), is_bare=True))
    texts = [one._asdict() for one in made.texts]
    return {"file": name, "alt": words(drawn.title), "width": WIDTH, "height": made.high, "texts": texts}


def _told(shown: Printed, pictures: list[dict[str, object]], language: str) -> dict[str, object]:
    """What the look asks for, as plain values."""
    return {
        **{
            name: getattr(shown, name)
            for name in ("title", "covers", "heads", "prose", "signed", "foot", "page")
        },
        "language": language,
        "wide": shown.is_wide,
        "memo": shown.kind in ("memo", "meeting"),
        "sections": [{"title": title, "lines": lines} for title, lines in shown.sections],
        "charts": pictures,
        "tables": [_table(table, shown, no) for no, table in enumerate(shown.tables, 1)],
    }


def _table(table: PrintedTable, shown: Printed, no: int) -> dict[str, object]:
    tall = _tall(table, shown)
    signed = bool(shown.signed) and no == len(shown.tables)
    return {**asdict(table), "tall": tall, "together": _together(table, tall, signed=signed)}


def _together(table: PrintedTable, tall: list[bool], *, signed: bool) -> list[int]:
    """How many rows stand on one page from each row on; 0 for those that an earlier one counts.

    A band keeps the row under it, and the last rows the signatures. What may be too high keeps nothing.
    """
    rows, groups, at = table.rows, list[int](), 0
    ends = max(0, len(rows) - KEPT) if signed else len(rows)
    while 0 < ends < len(rows) and isinstance(rows[ends - 1], str):
        ends -= 1  # the band of the first row that goes with the signatures
    while at < len(rows):
        if at >= ends and not any(tall[at:]):
            size = len(rows) - at + 1
        else:
            last = at
            while last + 1 < len(rows) and isinstance(rows[last], str):
                last += 1
            size = last - at + 1 if not any(tall[at : last + 1]) else 1
        groups += [size, *[0] * (min(size, len(rows) - at) - 1)]
        at += size
    return groups


def _tall(table: PrintedTable, shown: Printed) -> list[bool]:
    """Which rows may be higher than a page: they are broken over pages, or their end would be lost.

    A guess on the safe side: from two thirds of a page on a row is let break.
    """
    wide, most = WIDE if shown.is_wide else NARROW
    columns = [wide * width / sum(table.widths) for width in table.widths]
    return [
        not isinstance(row, str)
        and any(_lines(cell, column) > most for cell, column in zip(row, columns, strict=True))
        for row in table.rows
    ]


def _lines(text: str, wide: float) -> int:
    """About how many lines a text takes in a column of so many points."""
    if len(text) < MUCH and text.count("\n") < MANY:  # most cells: not worth measuring
        return 0
    return sum(1 + int(width_of(line, LETTER) / (wide - 2 * INSET)) for line in text.split("\n"))
