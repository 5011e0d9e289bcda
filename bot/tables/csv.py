"""Comma- and semicolon-separated files (tab-separated ones are read as text)."""

import csv
from io import StringIO

from bot.tables import html
from bot.tables.shapes import Document, Paragraph, table
from bot.tables.text import decoded

SEPARATORS = ",;"


def is_one(text: str) -> bool:
    """Whether most of its rows have the same number of cells, three or more."""
    return _separator(text) is not None


def _separator(text: str) -> str | None:
    if "<table" in text.lower() or "\t" in text or text.lstrip().startswith("|"):
        return None
    for one in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(StringIO(text[:200_000]), delimiter=one) if any(row)]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=0)
        if common >= 3 and widths.count(common) >= max(2, 0.6 * len(widths)):
            return one
    return None


def read(content: bytes, name: str = "") -> Document:
    """The file's rows as one table; lines with a single cell before it are paragraphs."""
    text = decoded(content)
    rows = list(csv.reader(StringIO(text), delimiter=_separator(text) or ","))
    blocks: list[Paragraph] = []
    while rows and sum(bool(part.strip()) for part in rows[0]) <= 1:
        line = " ".join(html.plain("".join(rows.pop(0))).split())
        blocks += [Paragraph(line, len(blocks) + 1)] if line else []
    kept = [[html.cell(part) for part in row] for row in rows if any(part.strip() for part in row)]
    return Document((*blocks, table(kept, 1)), name)
