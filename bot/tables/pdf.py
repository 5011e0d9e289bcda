"""PDFs with characters in them: ruled tables and running text, over as many pages as they go.

The grid comes from the lines a page draws, the characters from the order in which it draws them: geometry
alone puts Thai marks into the wrong place. Tables that go on over a page become one, the headings they
repeat are left out, and so are page numbers and what every page says at its edge.
"""

from collections.abc import Iterator
from time import monotonic
from typing import Any

from bot.tables.pdf_page import Page, Ruled, page_of
from bot.tables.pdf_pages import joined, without_edges
from bot.tables.pdf_text import Line, paragraphs
from bot.tables.places import place
from bot.tables.shapes import MOST_ROWS, Cell, Document, Paragraph, Table, inherit, table
from handlers.talk import Refused, say

MOST_PAGES = 150
MOST_SECONDS = 60  # of reading; the longest plan we know takes a tenth of it
FEWEST = 8  # characters a page of text has at least; fewer on every page is a picture
PASSWORD = 4  # pdfium's number for a file that asks for one


def read(content: bytes, name: str = "") -> Document:
    """The file's paragraphs and tables. Raises Refused for scans, passwords and too many pages."""
    import pypdfium2  # noqa: PLC0415 - heavy, and needed for this kind of file alone

    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        locked = getattr(fault, "err_code", None) == PASSWORD
        raise Refused(say("plans-file-locked" if locked else "plans-file-broken-pdf")) from fault
    try:
        with opened:
            pages = list(_pages(opened))
    except Refused:
        raise
    except Exception as fault:
        # a damaged file breaks the libraries anywhere, with any error
        raise Refused(say("plans-file-broken-pdf")) from fault
    pictures = [page.no for page in pages if page.letters < FEWEST and page.has_picture]
    if not any(page.letters >= FEWEST for page in pages):
        raise Refused(say("plans-file-scan" if pictures else "plans-file-empty"))
    doubts = tuple((place("page", no), "page-picture") for no in pictures)
    edge = max(page.edge for page in pages)
    return Document(tuple(_blocks(joined(without_edges(pages)), edge)), name, doubts)


def _pages(opened: Any) -> Iterator[Page]:
    if len(opened) > MOST_PAGES:
        raise Refused(say("plans-file-pages", most=str(MOST_PAGES)))
    began, rows = monotonic(), 0
    for no, page in enumerate(opened, 1):
        made = page_of(page, no)
        rows += sum(len(one.rows) for one in made.tables)
        if monotonic() - began > MOST_SECONDS or rows > MOST_ROWS:
            raise Refused(say("plans-file-pages", most=str(MOST_PAGES)))
        yield made


def _blocks(found: list[Ruled | list[Line]], edge: float) -> Iterator[Paragraph | Table]:
    number = tables = 0
    for one in found:
        if isinstance(one, Ruled) and one.columns > 1:
            tables += 1
            yield table(_rows(one), tables)
            continue
        for text in paragraphs(one, edge) if isinstance(one, list) else _framed(one):
            number += 1
            yield Paragraph(text, number)


def _framed(one: Ruled) -> list[str]:
    """A box around text is no table."""
    return [line for row in one.rows for spot in row for line in spot.text.split("\n") if line]


def _rows(one: Ruled) -> list[list[Cell]]:
    seen: set[int] = set()
    made: list[list[Cell]] = []
    for row in one.grid():
        made.append([])
        for spot in row:
            cell = Cell(spot.text, spot.strong) if spot else Cell()
            made[-1].append(inherit(cell) if id(spot) in seen else cell)
            seen |= {id(spot)} if spot else set()
    return made
