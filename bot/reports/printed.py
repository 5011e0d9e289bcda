"""A report in a language's words, ready to be laid out: what Word, PDF and pages have in common."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.words import Words
from handlers.report import Band, Bars, Kind, Lines, Report, Section, Table
from handlers.talk import Say, say

MARKS = {"done": "☑", "cancelled": "☒", "open": "☐", "due": "☐", "overdue": "☐", "delayed": "☐"}


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table in words; a band is a row of one text."""

    title: str
    titles: tuple[str, ...]
    widths: tuple[float, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[str, ...] | str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A report in words. ``sections`` are titles with lines of (sign, text, value)."""

    title: str
    covers: str
    heads: tuple[tuple[str, str], ...]
    prose: tuple[str, ...]
    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    charts: tuple[Bars | Lines, ...]
    tables: tuple[PrintedTable, ...]
    signed: tuple[tuple[str, str], ...]
    foot: str
    page: str
    kind: str
    is_wide: bool


def printed(report: Report, words: Words) -> Printed:
    """All words of a report, top to bottom."""
    return Printed(
        title=words(report.title),
        covers=words(report.covers),
        heads=tuple((words(head), text(value, words)) for head, value in report.heads),
        prose=tuple(words(one) for one in report.prose or (report.headline,)),
        sections=tuple((words(section.title), tuple(_lines(section, words))) for section in report.sections),
        charts=report.charts,
        tables=tuple(_table(table, words) for table in report.tables if not table.is_data),
        signed=tuple((words(one.role), one.name) for one in report.signed),
        foot=foot(report, words),
        page=words(say("papers-page")),
        kind=report.kind,
        is_wide=report.is_wide,
    )


def text(cell: Any, words: Words) -> str:
    """What stands in a cell, as text; a document's own words keep the digits it was written with."""
    if isinstance(cell, tuple):
        return "\n".join(filter(None, (text(part, words) for part in cell)))
    if isinstance(cell, date):
        return words.day(cell)
    if isinstance(cell, Say | str | None):
        return words(cell) if isinstance(cell, Say) else cell or ""
    return words.figure(f"{cell:.2f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell))


def foot(report: Report, words: Words) -> str:
    """The line under every page: as of when, which version, and how to check it."""
    stamp = report.stamp
    if stamp is None:
        return words(say("papers-as-of", day=report.as_of))
    told = say("papers-foot", at=stamp.at, version=stamp.version, code=stamp.code)
    return words(say("papers-foot-address", foot=told, address=stamp.address) if stamp.address else told)


def _lines(section: Section, words: Words) -> list[tuple[str, str, str]]:
    """A section's lines; what is ticked off has its sign, figures have none."""
    told = [
        ("" if section.is_chart else MARKS.get(line.mark, ""), words(line.say), words(line.value))
        for line in section.lines
    ]
    return [*told, ("", words(say("summary-more", count=section.left)), "")] if section.left else told


def _table(table: Table, words: Words) -> PrintedTable:
    return PrintedTable(
        title=words(table.title),
        titles=tuple(words(column.title) for column in table.columns),
        widths=tuple(column.width for column in table.columns),
        kinds=tuple(column.kind for column in table.columns),
        rows=tuple(
            text(row.say, words) if isinstance(row, Band) else tuple(text(cell, words) for cell in row)
            for row in table.rows
        ),
    )
