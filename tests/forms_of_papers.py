"""Makes Word, Excel and PDF files out of a document that was read from text, as an office would."""

import io
import json
from pathlib import Path

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from bot.tables.shapes import Paragraph

THAI = "TH SarabunPSK"


def areas(table):
    """What was merged: (top, left, bottom, right) of each cell that stands for others, greedy to the right first."""
    done = set()
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row):
            if (y, x) in done or cell.inherited:
                continue
            right, bottom = x, y
            while _follows(table, cell, (y, right + 1), done):
                right += 1
            while all(_follows(table, cell, (bottom + 1, at), done) for at in range(x, right + 1)):
                bottom += 1
            done |= {(down, across) for down in range(y, bottom + 1) for across in range(x, right + 1)}
            if (bottom, right) != (y, x):
                yield y, x, bottom, right


def _follows(table, cell, place, done):
    y, x = place
    if place in done or y >= len(table.rows) or x >= len(table.rows[y]):
        return False
    return table.rows[y][x].inherited and table.rows[y][x].text == cell.text


def as_word(document):
    """The same paragraphs and tables as .docx, landscape, in the font of Thai offices."""
    word = docx.Document()
    page = word.sections[0]
    page.orientation, page.page_width, page.page_height = (
        WD_ORIENT.LANDSCAPE,
        page.page_height,
        page.page_width,
    )
    for block in document.blocks:
        if isinstance(block, Paragraph):
            _say(word.add_paragraph(), block.text)
            continue
        made = word.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
        places = iter(made._cells)
        for row in block.rows:
            for cell in row:
                place = next(places)
                if cell and not cell.inherited:
                    _fill(place, cell)
        for top, left, bottom, right in areas(block):
            made.cell(top, left).merge(made.cell(bottom, right))
        word.add_paragraph()
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _fill(place, cell):
    lines = cell.text.split("\n")
    for number, line in enumerate(lines):
        paragraph = place.paragraphs[0] if not number else place.add_paragraph()
        strong = cell.strong if not number and line.startswith(cell.strong) else ""
        if strong:
            _say(paragraph, strong).underline = True
        _say(paragraph, line[len(strong) :])


def _say(paragraph, text):
    run = paragraph.add_run(text)
    run.font.name, run.font.size = THAI, Pt(16)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:cs"), THAI)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), "32")
    run._r.rPr.append(size)
    return run


def as_excel(document):
    """One sheet: paragraphs are lone cells; each table begins a sheet of its own."""
    book = Workbook()
    sheet, begun = book.active, False
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if begun:
                sheet, begun = book.create_sheet(), False
            sheet.append([block.text])
            continue
        if begun:
            sheet = book.create_sheet()
        begun, above = True, sheet.max_row if any(cell.value for cell in sheet[sheet.max_row]) else 0
        for y, row in enumerate(block.rows, above + 1):
            for x, cell in enumerate(row, 1):
                if cell and not cell.inherited:
                    sheet.cell(y, x, _rich(cell))
        for top, left, bottom, right in areas(block):
            sheet.merge_cells(
                start_row=above + top + 1,
                start_column=left + 1,
                end_row=above + bottom + 1,
                end_column=right + 1,
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rich(cell):
    if not cell.strong or not cell.text.startswith(cell.strong):
        return CellRichText(cell.text)  # a plain string that begins with = would be a formula
    rest = cell.text[len(cell.strong) :]
    return CellRichText(TextBlock(InlineFont(u="single"), cell.strong), *([rest] if rest else []))


PAGE = """
#set page(paper: "a4", flipped: true, margin: 1.5cm)
#set text(font: "Sarabun", size: 10.5pt, lang: "th", top-edge: "ascender", bottom-edge: "descender")
#let blocks = json(bytes(sys.inputs.blocks))
#for one in blocks {
  if one.kind == "text" [#par(one.text)] else {
    if one.page { pagebreak() }
    table(
      columns: (1fr,) * one.columns,
      stroke: 0.5pt,
      ..one.cells.map(cell => table.cell(
        x: cell.x, y: cell.y, colspan: cell.across, rowspan: cell.down,
        underline(evade: false, cell.strong) + cell.lines.map(line => [#line]).join(linebreak()),
      )),
    )
  }
}
"""


def as_pdf(document):
    """The same as PDF, ruled tables over as many pages as they need."""
    import fontpkg_sarabun
    import typst

    blocks = []
    for above, block in zip((None, *document.blocks), document.blocks, strict=False):
        if isinstance(block, Paragraph):
            blocks.append({"kind": "text", "text": block.text})
        else:  # a table right under a table is the same one on the next page
            blocks.append(_ruled(block) | {"page": above is not None and not isinstance(above, Paragraph)})
    return typst.compile(
        PAGE.encode(),
        sys_inputs={"blocks": json.dumps(blocks, ensure_ascii=False)},
        font_paths=[str(Path(fontpkg_sarabun.__file__).parent)],
        ignore_system_fonts=True,
    )


def _begun(cell):
    if cell.inherited:  # what it was merged with stands in a table before
        return {"strong": "", "lines": [""]}
    strong = cell.strong if cell.text.startswith(cell.strong) else ""
    return {"strong": strong, "lines": cell.text[len(strong) :].split("\n")}


def _ruled(table):
    merged = {(top, left): (bottom, right) for top, left, bottom, right in areas(table)}
    covered = {
        (y, x)
        for (top, left), (bottom, right) in merged.items()
        for y in range(top, bottom + 1)
        for x in range(left, right + 1)
        if (y, x) != (top, left)
    }
    cells = []
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row):
            if (y, x) not in covered:
                bottom, right = merged.get((y, x), (y, x))
                cells.append({"x": x, "y": y, "across": right - x + 1, "down": bottom - y + 1} | _begun(cell))
    return {"kind": "table", "columns": len(table.rows[0]), "cells": cells}
