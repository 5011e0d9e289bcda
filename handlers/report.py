"""What a printed report says: one value for every look, from a card in chat to Word, Excel and PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from handlers.talk import Mark, Say

Plain = Say | str | int | float | date | None
Cell = Plain | tuple[Plain, ...]
Kind = Literal["text", "number", "percent", "day"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: words, a value at the right, a sign, and a share for a bar."""

    say: Say
    value: Say | None = None
    mark: Mark = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list; ``is_chart`` where its bars are what matters. ``left`` lines were not listed."""

    name: str
    title: Say
    lines: tuple[Line, ...]
    is_chart: bool = False
    left: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: a count for each of the chart's parts, and a few words at its end."""

    label: Say
    counts: tuple[int, ...]
    note: Say | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with stacked parts. ``parts`` are statuses (or ``overdue``) with what they are called.

    With ``is_share`` every bar is as long as the next; else its length is its count.
    """

    name: str
    title: Say
    parts: tuple[tuple[str, Say], ...]
    bars: tuple[Bar, ...]
    is_share: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of values, one for each point in time; empty where nothing is known."""

    title: Say
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves over time. ``limits`` are lines to be reached; the last ``guessed`` points are a forecast,
    drawn and named (``guess``) as such. The scale runs from ``low`` to ``high``, else as values need."""

    name: str
    title: Say
    at: tuple[Say, ...]
    curves: tuple[Curve, ...]
    limits: tuple[tuple[float, Say], ...] = ()
    guessed: int = 0
    guess: Say | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its width beside the others', and what stands in it.

    A ``percent`` is a figure from 0 to 100.
    """

    title: Say
    width: float = 1.0
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Band:
    """A row that goes over the whole table: the topic of the rows under it."""

    say: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. A text in a cell is a document's or person's own; a tuple is one line each.

    ``is_data``: for spreadsheets alone, too long to be read on paper; ``sheet`` is its sheet's name there,
    where its title would be too long.
    """

    name: str
    title: Say
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...] | Band, ...]
    is_data: bool = False
    sheet: Say | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: in what capacity; by whom, where that is known."""

    role: Say
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a paper one that can be checked: when its figures were taken, which version it is of
    its kind, its code, and the address at which the code is confirmed (empty without a public one)."""

    at: datetime
    version: int
    code: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A title, what it covers (days from ``start`` to ``end``, seen on ``as_of``), one sentence, sections.

    The rest is for papers: ``heads`` are a form's fields, ``prose`` its paragraphs (instead of the
    headline), ``is_wide`` a page on its side. ``kind`` names the form: ``summary``, ``progress``, ``memo`` …
    """

    title: Say
    covers: Say
    headline: Say
    sections: tuple[Section, ...]
    start: date
    end: date
    as_of: date
    kind: str = "summary"
    heads: tuple[tuple[Say, Cell], ...] = ()
    prose: tuple[Say, ...] = ()
    charts: tuple[Bars | Lines, ...] = ()
    tables: tuple[Table, ...] = ()
    signed: tuple[Signature, ...] = ()
    is_wide: bool = False
    stamp: Stamp | None = None

    def section(self, name: str) -> Section | None:
        """The section of this name, where there is one."""
        return next((one for one in self.sections if one.name == name), None)
