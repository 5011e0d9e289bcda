"""Word documents: paragraphs and tables in their order, merged cells filled in and marked as inherited.

A table of one column is a frame: what stands in it is read as if the frame were not there. A table
inside a cell of any other table becomes lines of that cell.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from bot.tables.docx_numbers import Numbers
from bot.tables.docx_text import Line, lines_of
from bot.tables.shapes import MOST_COLUMNS, Cell, Document, Paragraph, Table, inherit, table
from handlers.talk import Refused, say

MOST_DEPTH = 20  # tables inside tables
BLOCKS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag")}
NOTES = ("footnotes", "endnotes")


def read(content: bytes, name: str = "") -> Document:
    """The document as it would read with every tracked change accepted; notes stand at its end."""
    try:
        package = docx.Document(BytesIO(content))
        reader = _Reader(Numbers(package.part))
        blocks = list(reader.blocks(package.element.body))
        for part in package.part.package.iter_parts():
            if part.partname.rpartition("/")[2].removesuffix(".xml") in NOTES:
                blocks += reader.notes(part.blob)
    except Refused:
        raise
    except Exception as fault:
        # a damaged file breaks the library anywhere, with any error
        raise Refused(say("plans-file-broken")) from fault
    return Document(tuple(blocks), name)


class _Reader:
    """Walks one document; counts its paragraphs, tables and automatic numbers."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._paragraphs = self._tables = 0

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[Paragraph | Table]:
        """What stands in the body, or in a frame, in its order."""
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, depth)
            elif child.tag in BLOCKS:
                yield from self.blocks(child, depth)

    def notes(self, blob: bytes) -> Iterator[Paragraph]:
        """Foot- and endnotes as paragraphs."""
        from docx.oxml.parser import parse_xml  # noqa: PLC0415 - its parser resolves no entities

        for note in parse_xml(blob):
            for child in note.iter(qn("w:p")):
                yield from self._paragraph(child)

    def _paragraph(self, element: Any) -> Iterator[Paragraph]:
        self._paragraphs += 1
        for line in self._lines(element):
            yield Paragraph(line.text, self._paragraphs)

    def _lines(self, element: Any) -> list[Line]:
        found = lines_of(element)
        if found and (label := self._numbers.label(element)):
            found[0] = found[0].after(label)
        return found

    def _table(self, element: Any, depth: int) -> Iterator[Paragraph | Table]:
        if depth > MOST_DEPTH:
            raise Refused(say("plans-file-broken"))
        rows = [list(_cells(row)) for row in _rows(element)]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell, _ in row:
                    yield from self.blocks(cell, depth + 1)
            return
        self._tables += 1
        no = self._tables
        yield table(self._grid(rows, depth), no)

    def _grid(self, rows: list[list[tuple[Any, int]]], depth: int) -> list[list[Cell]]:
        grid: list[list[Cell]] = []
        for row in rows:
            made: list[Cell] = []
            for element, across in row:
                if element is None:
                    made += [Cell()] * across
                    continue
                x = len(made)
                above = grid[-1][x] if grid and x < len(grid[-1]) else Cell()
                cell = self._cell(element, depth)
                if _goes_on(element) and not cell:
                    made += [inherit(above)] * across
                else:
                    made += [cell, *[inherit(cell)] * (across - 1)]
            grid.append(made)
        return grid

    def _cell(self, element: Any, depth: int) -> Cell:
        lines = [line for line in self._cell_lines(element, depth) if line.text]
        text = "\n".join(line.text for line in lines)
        return Cell(text, lines[0].strong if lines else "")

    def _cell_lines(self, element: Any, depth: int) -> Iterator[Line]:
        if depth > MOST_DEPTH:
            raise Refused(say("plans-file-broken"))
        for child in element:
            if child.tag == qn("w:p"):
                yield from self._lines(child)
            elif child.tag == qn("w:tbl"):
                for row in _rows(child):
                    cells = [self._cell(cell, depth + 1) for cell, _ in _cells(row) if cell is not None]
                    lines = " ".join(cell.text for cell in cells if cell).split("\n")
                    yield from (Line(line) for line in lines)
            elif child.tag in BLOCKS:
                yield from self._cell_lines(child, depth)


def _rows(element: Any) -> Iterator[Any]:
    """The rows of a table that no tracked change has taken out."""
    for child in element:
        if child.tag == qn("w:tr"):
            if child.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield child
        elif child.tag in BLOCKS:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[tuple[Any, int]]:
    """Each cell with the columns it spans; None where the row begins or ends away from the edge."""
    yield from _gap(row, "w:gridBefore")
    yield from _own_cells(row)
    yield from _gap(row, "w:gridAfter")


def _own_cells(parent: Any) -> Iterator[tuple[Any, int]]:
    for child in parent:
        if child.tag == qn("w:tc"):
            yield child, _count(child.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
        elif child.tag in BLOCKS:
            yield from _own_cells(child)


def _gap(row: Any, name: str) -> Iterator[tuple[None, int]]:
    if across := _count(row.find(f"{qn('w:trPr')}/{qn(name)}"), 0):
        yield None, across


def _count(element: Any, otherwise: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return min(max(int(value), 1), MOST_COLUMNS + 1) if value.isdecimal() else otherwise


def _goes_on(cell: Any) -> bool:
    """Whether a cell belongs to the one above it."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"
