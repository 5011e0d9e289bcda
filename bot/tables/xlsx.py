"""Excel workbooks: each sheet's rows, merged cells filled in and marked as inherited."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as Found
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from bot.tables import html
from bot.tables.shapes import (
    KEPT,
    MONTHS,
    MOST_COLUMNS,
    MOST_ROWS,
    OUR_HELP,
    Cell,
    Document,
    Paragraph,
    Table,
    inherit,
    table,
)
from handlers.talk import Refused, say


def read(content: bytes, name: str = "") -> Document:
    """Every visible sheet: lone cells above its table are paragraphs, the rest is one table."""
    try:
        book = load_workbook(BytesIO(content), data_only=True, rich_text=True)
        formulas = load_workbook(BytesIO(content)) if _has_formulas(content) else None
    except Exception as fault:
        # a damaged file breaks the library anywhere, with any error
        raise Refused(say("plans-file-broken")) from fault
    if formulas:
        _uncounted(book, formulas)
    blocks: list[Paragraph | Table] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.title != OUR_HELP:
            blocks += _sheet(sheet, sum(isinstance(block, Table) for block in blocks) + 1)
    return Document(tuple(blocks), name, kept=_kept(book))


def _kept(book: Workbook) -> str:
    if KEPT not in book.sheetnames or book[KEPT].sheet_state == "visible":
        return ""
    return "".join(str(row[0] or "") for row in book[KEPT].iter_rows(max_col=1, values_only=True))


def _has_formulas(content: bytes) -> bool:
    with ZipFile(BytesIO(content)) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
        return any(b"<f>" in packed.read(name) or b"<f " in packed.read(name) for name in sheets)


def _uncounted(book: Workbook, formulas: Workbook) -> None:
    """A formula whose result was never saved is kept as it is written, so that it is not lost."""
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for found in row:
                if found.data_type == "f" and book[sheet.title][found.coordinate].value is None:
                    book[sheet.title][found.coordinate].value = f" {found.value}"


def _sheet(sheet: Worksheet, no: int) -> list[Paragraph | Table]:
    if sheet.max_row > MOST_ROWS * 4 or sheet.max_column > MOST_COLUMNS * 4:
        raise Refused(say("plans-file-rows", rows=str(MOST_ROWS), columns=str(MOST_COLUMNS)))
    grid = [[_cell(found) for found in row] for row in sheet.iter_rows()]
    _fill(sheet, grid)
    rows = [(number, row) for number, row in enumerate(grid, 1) if any(row)]
    blocks: list[Paragraph | Table] = []
    while rows and len({cell.text for cell in rows[0][1] if cell}) <= 1:
        number, row = rows.pop(0)
        own = next((cell.flat for cell in row if cell and not cell.inherited), "")
        blocks += [Paragraph(own, number)] if own else []
    if rows:
        width = max(x for _, row in rows for x, cell in enumerate(row) if cell) + 1
        blocks.append(table([row[:width] for _, row in rows], no, sheet.title))
    return blocks


def _cell(found: Any) -> Cell:
    value = found.value
    if value is None:
        return Cell()
    if isinstance(value, CellRichText):
        return Cell(html.plain(str(value)), html.cell(_begun(value)).flat)
    if isinstance(value, str):
        made = html.cell(value)
        font = found.font if isinstance(found, Found) else None
        whole = font is not None and (font.u is not None)
        return Cell(made.text, made.strong or (made.text.split("\n")[0] if whole else ""))
    return Cell(_number(value, str(getattr(found, "number_format", ""))))


def _begun(value: CellRichText) -> str:
    """The underlined or bold runs that a text begins with."""
    begun = ""
    for run in value:
        if not (isinstance(run, TextBlock) and (run.font.u or run.font.b)):
            break
        begun += str(run)
    return begun


def _number(value: Any, written: str) -> str:
    """Numbers and days as a person would have typed them."""
    match value:
        case bool():
            return html.BOXES[value]
        case datetime() | date():
            return f"{value.day} {MONTHS[value.month - 1]} {value.year + 543}"
        case float() | int() if "%" in written:
            return f"{value * 100:g}%"
        case float() | int() if "." in written and written.replace("#", "0").split(".")[1].startswith("0"):
            digits = len(written.split(".")[1]) - len(written.split(".")[1].lstrip("0#"))
            return f"{value:.{digits}f}"
        case float():
            return f"{value:g}" if abs(value) < 1e6 else f"{value:f}".rstrip("0").rstrip(".")
        case _:
            return " ".join(str(value).split())


def _fill(sheet: Worksheet, grid: list[list[Cell]]) -> None:
    for area in sheet.merged_cells.ranges:
        top, left = area.min_row - 1, area.min_col - 1
        if top >= len(grid) or left >= len(grid[top]):
            continue
        made = grid[top][left]
        for y in range(top, min(area.max_row, len(grid))):
            for x in range(left, min(area.max_col, len(grid[y]))):
                if (y, x) != (top, left) and made:
                    grid[y][x] = inherit(made)
