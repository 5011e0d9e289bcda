"""What every reader of files gives back: a Document of paragraphs and tables, cells as plain text."""

from dataclasses import dataclass, replace

from handlers.talk import Refused, say

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_TEXT = 40_000  # characters of one cell
MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
OUR_HELP = "คำแนะนำ"  # the sheet of our form that explains it
KEPT = "_prongsai"  # the hidden sheet of a reading that holds what was read


@dataclass(frozen=True, slots=True)
class Cell:
    r"""One cell: its text, lines apart by ``\\n``, white space folded, marks of layout gone.

    ``strong`` is the run at its beginning that the document underlines or prints bold.
    ``inherited``: the text stands in another cell that was merged with this one.
    """

    text: str = ""
    strong: str = ""
    inherited: bool = False

    @property
    def flat(self) -> str:
        """The text in one line."""
        return " ".join(self.text.split())

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, every row equally long. ``no`` counts the document's tables from 1."""

    rows: tuple[tuple[Cell, ...], ...]
    no: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text and the line it stands in (from 1)."""

    text: str
    no: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read: blocks in their order, and what the reader itself was unsure of."""

    blocks: tuple[Paragraph | Table, ...]
    name: str = ""
    doubts: tuple[tuple[str, str], ...] = ()
    kept: str = ""  # what this program wrote into the file, hidden, to know it again

    @property
    def tables(self) -> list[Table]:
        """The tables alone."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The running text alone."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]


def table(rows: list[list[Cell]], no: int, name: str = "") -> Table:
    """A table whose rows are filled up to one length. Raises Refused over the limits."""
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise Refused(say("plans-file-rows", rows=str(MOST_ROWS), columns=str(MOST_COLUMNS)))
    for row in rows:
        if any(len(cell.text) > MOST_TEXT for cell in row):
            raise Refused(say("plans-file-cell", most=str(MOST_TEXT)))
    return Table(tuple(tuple(row) + (Cell(),) * (width - len(row)) for row in rows), no, name)


def inherit(cell: Cell) -> Cell:
    """The same text in another place of a merged cell."""
    return replace(cell, inherited=True)
