"""A report as an Excel workbook: a sheet a view, real dates and numbers, filters, headings that stay."""

from datetime import date
from io import BytesIO
from typing import Any

from bot.reports import printed, sheet_charts
from bot.reports.drawing import width_of
from bot.words import Words
from handlers.report import Band, Bars, Lines, Report, Table
from handlers.talk import say

FONT, SIZE = "TH SarabunPSK", 16
WIDE = 150  # letters over all columns of a sheet that still print on a page's width
FIRST, SECOND = 70, 30  # the columns of the first sheet
BOLD = 0.85  # of a column's width is what bold letters have, beside the button of the filter
ROW, HIGHEST = 22.0, 409.0  # points of a line of that font, and of Excel's highest row
UNIT, SARABUN = 5.25, 0.655  # points of a column's unit; TH Sarabun's size beside Sarabun's
# real dates, which Excel sorts and filters: its codes for the Buddhist calendar, in Arabic or Thai digits
DAYS = {"th": {False: "[$-107041E]d mmm yy", True: "[$-D07041E]d mmm yy"}}
PAGE = 33  # rows of the first sheet on a printed page
PIXELS = ROW * 96 / 72  # of a row on the screen
SHORT = 31  # letters of a sheet's name that Excel takes
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
EPOCH = date(1899, 12, 30).toordinal()  # the day Excel counts from
BIG = 4000  # rows from which on cells have no box (Excel opens them in half the time) nor are put one by one


def write(report: Report, words: Words) -> bytes:
    """The report as .xlsx."""
    import xlsxwriter  # noqa: PLC0415 - loaded by those who write workbooks

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, options)
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(SIZE)
    book.set_properties({"title": _one_line(words(report.title)), "comments": printed.foot(report, words)})
    sheets = Sheets(book, words, report)
    if report.kind == "summary" or not report.tables:
        sheets.front()
    for table in report.tables:
        sheets.table(table)
    sheets.charts()
    book.close()
    return made.getvalue()


class Sheets:
    """The sheets of one workbook, with the looks they share."""

    def __init__(self, book: Any, words: Words, report: Report) -> None:
        self._book, self._words, self._report = book, words, report
        self._names: set[str] = set()
        self._drawn: list[tuple[Any, int, Bars | Lines]] = []
        day = DAYS.get(words.language, {}).get(words.has_thai_digits, "d/m/yyyy")
        looks: dict[str, dict[str, Any]] = {
            "plain": {},
            "prose": {"text_wrap": True},
            "title": {"bold": True, "font_size": 18},
            "bold": {"bold": True},
            "pale": {"font_color": "#52606D", "font_size": 14},
            "head": {"bold": True, "align": "center", "border": 1, "bg_color": "#DDEBF7", "text_wrap": True},
            "band": {"bold": True, "border": 1, "bg_color": "#F2F2F2"},
            "text": {"border": 1, "text_wrap": True},
            "number": {"border": 1, "num_format": "#,##0.##"},
            "percent": {"border": 1, "num_format": "0.##"},
            "day": {"border": 1, "num_format": day, "align": "center"},
            "text-bare": {},
            "number-bare": {"num_format": "#,##0.##"},
            "percent-bare": {"num_format": "0.##"},
            "day-bare": {"num_format": day},
        }
        base = {"font_name": FONT, "font_size": SIZE, "valign": "top"}
        self._looks = {name: book.add_format({**base, **look}) for name, look in looks.items()}

    def front(self) -> None:
        """The first sheet: sentences, figures and pictures."""
        words, looks = self._words, self._looks
        shown = printed.printed(self._report, words)
        sheet = self._sheet(words(say("papers-sheet-summary")))
        sheet.set_column(0, 0, FIRST)
        sheet.set_column(1, 1, SECOND)
        sheet.write_string(0, 0, _one_line(shown.title), looks["title"])
        sheet.write_string(1, 0, shown.covers, looks["pale"])
        line = 3
        for head, value in shown.heads:
            sheet.write_string(line, 0, f"{head}  {value}", looks["plain"])
            line += 1
        for told in shown.prose:
            sheet.merge_range(line, 0, line, 1, told, looks["prose"])
            sheet.set_row(line, _high(told, FIRST + SECOND))
            line += 1
        for title, lines in shown.sections:
            line += 1
            sheet.write_string(line, 0, title, looks["bold"])
            for mark, told, value in lines:
                line += 1
                sheet.write_string(line, 0, f"{mark} {told}".strip(), looks["plain"])
                sheet.write_string(line, 1, value, looks["plain"])
            line += 1
        breaks, room = [line + 1], PAGE
        for drawn in shown.charts:
            self._drawn.append((sheet, line + 1, drawn))
            rows = 2 + round(sheet_charts.high_of(drawn) / PIXELS)
            if rows > room:
                breaks.append(line + 1)
                room = PAGE
            line, room = line + rows, room - rows
        if shown.charts:
            sheet.set_h_pagebreaks(breaks)
        sheet.write_string(line + 1, 0, shown.foot, looks["pale"])
        _print(sheet, shown.foot, is_table=False)

    def charts(self) -> None:
        """The charts where the first sheet left room, and the last sheet, on which their figures stand."""
        if self._drawn:
            charts = sheet_charts.Charts(self._book, self._sheet(sheet_charts.name(self._words)), self._words)
            for sheet, line, drawn in self._drawn:
                charts.put(sheet, line, drawn)

    def table(self, table: Table) -> None:
        """One sheet: title, headings that stay and filter, rows of real values."""
        is_long = len(table.rows) > BIG and not any(isinstance(row, Band) for row in table.rows)
        sheet, looks = self._sheet(self._words(table.sheet or table.title), is_long=is_long), self._looks
        last, widths = len(table.columns) - 1, list[float]()
        sheet.write_string(0, 0, _one_line(self._words(self._report.title)), looks["title"])
        covers = " · ".join(filter(None, (self._words(self._report.covers), self._words(table.title))))
        sheet.write_string(1, 0, covers, looks["pale"])
        for no, column in enumerate(table.columns):
            sheet.write_string(2, no, self._words(column.title), looks["head"])
            share = column.width / sum(one.width for one in table.columns)
            wide = max(12 if column.kind == "day" else 8, share * WIDE)
            sheet.set_column(no, no, wide)
            widths.append(wide)
        heads = [self._words(column.title) for column in table.columns]
        sheet.set_row(2, max(_high(told, wide * BOLD) for told, wide in zip(heads, widths, strict=True)))
        if is_long:
            bare = [looks[f"{column.kind}-bare"] for column in table.columns]
            sheet.put(3, table.rows, bare, self._said)
        else:
            self._rows(sheet, table, widths)
        sheet.freeze_panes(3, 0)
        if table.rows:
            sheet.autofilter(2, 0, 2 + len(table.rows), last)
        _print(sheet, printed.foot(self._report, self._words))

    def _rows(self, sheet: Any, table: Table, widths: list[float]) -> None:
        looks = [self._looks[column.kind] for column in table.columns]
        last = len(table.columns) - 1
        for line, row in enumerate(table.rows, 3):
            if isinstance(row, Band):
                told = printed.text(row.say, self._words)
                sheet.write_string(line, 0, told, self._looks["band"])
                for no in range(1, last + 1):
                    sheet.write_blank(line, no, None, self._looks["band"])
                continue
            high = ROW
            for no, (cell, look) in enumerate(zip(row, looks, strict=True)):
                told = self._cell(sheet, line, no, cell, look)
                high = max(high, _high(told, widths[no]) if told else ROW)
            sheet.set_row(line, high)

    def _cell(self, sheet: Any, line: int, no: int, cell: Any, look: Any) -> str:
        """Write a cell; its words, where it has any."""
        if cell is None:
            sheet.write_blank(line, no, None, look)
        elif isinstance(cell, str):
            sheet.write_string(line, no, cell, look)
        elif isinstance(cell, int | float):
            sheet.write_number(line, no, cell, look)
        elif isinstance(cell, date):
            sheet.write_number(line, no, cell.toordinal() - EPOCH, look)
        else:
            told = self._said(cell)
            sheet.write_string(line, no, told, look)
            return told
        return cell if isinstance(cell, str) else ""

    def _said(self, cell: Any) -> str:
        return printed.text(cell, self._words)

    def _sheet(self, name: str, *, is_long: bool = False) -> Any:
        """A new sheet; its name is made short and its own."""
        from bot.reports.long_sheet import LongSheet  # noqa: PLC0415 - with xlsxwriter

        name = " ".join(name.translate(FORBIDDEN).split())[:SHORT] or "1"
        stem, no = name, 2
        while name.casefold() in self._names:
            name, no = f"{stem[: SHORT - 3]} {no}", no + 1
        self._names.add(name.casefold())
        made = self._book.add_worksheet(name, LongSheet if is_long else None)
        made.set_default_row(ROW)
        return made


def _one_line(title: str) -> str:
    return " ".join(title.split())


def _high(told: str, wide: float) -> float:
    """How high a row must be for a text in a column so wide: what opens the file may not measure it."""
    room = wide * UNIT - 4
    lines = sum(1 + int(width_of(line, SIZE * SARABUN) / room) for line in told.split("\n"))
    return min(HIGHEST, lines * ROW)


def _print(sheet: Any, foot: str, *, is_table: bool = True) -> None:
    if is_table:
        sheet.set_landscape()
        sheet.repeat_rows(2)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer(f"&L&9{foot.replace('&', '&&')}&R&9&P/&N"[:250])
