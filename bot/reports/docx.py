"""A report as a Word document in the look of Thai papers: TH SarabunPSK 16, headings repeated, rows whole.

Word picks the font of Thai letters from the complex-script settings alone (``w:cs``, ``w:szCs``,
``w:bCs``), so each is set beside its usual one. Tables are written as XML: python-docx takes ten times
as long cell by cell.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from bot.reports import chart
from bot.reports.printed import Printed, PrintedTable, printed
from bot.words import Words
from handlers.report import Report

FONT, SIGNS = "TH SarabunPSK", "Segoe UI Symbol"
WITH_SIGNATURES = 3  # rows that go with the signatures: they never stand alone on a page
BODY, CELLS, HEAD, SMALL = 16, 14, 20, 12  # points
LONG_SIDE, SHORT_SIDE = 29.7, 21.0  # A4, in centimetres
LEFT, RIGHT, TOP, BOTTOM = 2.5, 1.5, 1.8, 1.8
TWIPS = 567  # in a centimetre
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SIGN = re.compile("([\u2610\u2611\u2612])")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # letters that XML has no place for


def write(report: Report, words: Words) -> bytes:
    """The report as .docx."""
    import docx  # noqa: PLC0415 - loaded by those who write papers

    shown = printed(report, words)
    paper = docx.Document()
    _set_up(paper, shown)
    Body(paper, shown, words).fill()
    made = BytesIO()
    paper.save(made)
    return made.getvalue()


class Body:
    """The document in the making: paragraphs, pictures and tables in their order."""

    def __init__(self, paper: Any, shown: Printed, words: Words) -> None:
        self._paper, self._shown, self._words = paper, shown, words
        long, short = (LONG_SIDE, SHORT_SIDE) if shown.is_wide else (SHORT_SIDE, LONG_SIDE)
        self._wide = long - LEFT - RIGHT
        self._high = short - TOP - BOTTOM

    def fill(self) -> None:
        """Everything, top to bottom."""
        shown = self._shown
        self._put(shown.title, HEAD, bold=True, align="center", keep=True)
        if shown.covers:
            self._put(shown.covers, BODY, align="center", after=8)
        for head, value in shown.heads:
            self._add(_runs(f"{head}  ", BODY, bold=True) + _runs(value, BODY))
        memo = shown.kind in ("memo", "meeting")
        for line in shown.prose:
            self._put(
                line, BODY, align="thaiDistribute" if memo else "left", indent=2.5 if memo else 0, after=6
            )
        for title, lines in shown.sections:
            self._section(title, lines)
        for drawn in shown.charts:
            self._picture(chart.png(drawn, self._words))
        for no, table in enumerate(shown.tables, 1):
            self._table(no, table, is_signed=bool(shown.signed) and no == len(shown.tables))
        self._signatures()

    def _section(self, title: str, lines: Iterable[tuple[str, str, str]]) -> None:
        self._put(title, BODY, bold=True, before=8, keep=True)
        stop = f'<w:tabs><w:tab w:val="right" w:pos="{round(self._wide * TWIPS)}"/></w:tabs>'
        for mark, told, value in lines:
            text = f"{mark} {told}".strip() + (f"\t{value}" if value else "")
            self._add(_runs(text, BODY), extra=stop, indent_left=0.6)

    def _picture(self, png: bytes) -> None:
        from docx.image.image import Image  # noqa: PLC0415 - with docx
        from docx.shared import Cm  # noqa: PLC0415

        image = Image.from_blob(png)
        wide = min(self._wide, 17.0, (self._high - 1) * image.px_width / image.px_height)
        self._paper.add_picture(BytesIO(png), width=Cm(wide))
        self._paper.paragraphs[-1].alignment = 1

    def _table(self, no: int, table: PrintedTable, *, is_signed: bool) -> None:
        """A table; the last rows stand on the page of the signatures that follow."""
        if table.title:
            self._put(table.title, BODY, bold=True, before=8, keep=True)
        total = sum(table.widths)
        widths = [round(self._wide * TWIPS * width / total) for width in table.widths]
        self._element(
            _grid(table, widths, len(table.rows) - WITH_SIGNATURES if is_signed else len(table.rows))
        )
        self._put("", 6, keep=is_signed) if is_signed or no < len(self._shown.tables) else self._end()

    def _end(self) -> None:
        """The paragraph Word wants after a table, too low to begin a page of its own."""
        self._element(
            '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
        )

    def _signatures(self) -> None:
        for no, (role, name) in enumerate(self._shown.signed, 1):
            shift = self._wide / 2
            self._put("." * 50, BODY, before=24, indent_left=shift, align="center", keep=True)
            self._put(f"({name or ' ' * 44})", BODY, indent_left=shift, align="center", keep=True)
            self._put(role, BODY, indent_left=shift, align="center", keep=no < len(self._shown.signed))

    def _put(self, text: str, size: float, *, bold: bool = False, **look: Any) -> None:
        self._add(_runs(text, size, bold=bold), **look)

    def _add(self, runs: str, **look: Any) -> None:
        self._element(_paragraph(runs, **look))

    def _element(self, xml: str) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415 - with docx

        self._paper.element.body.insert_element_before(parse_xml(_named(xml)), "w:sectPr")


def _named(xml: str) -> str:
    """An element with its namespace."""
    first = re.match(r"<w:\w+", xml)
    assert first is not None
    return f"{first[0]} {SPACE}{xml[first.end() :]}"


def _paragraph(
    runs: str,
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    indent_left: float = 0,
    keep: bool = False,
    extra: str = "",
) -> str:
    """A paragraph around runs; lengths in points (before, after) and centimetres (indents)."""
    kept = "<w:keepNext/>" if keep else ""
    return (
        f'<w:p><w:pPr>{kept}{extra}<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"'
        f' w:line="240" w:lineRule="auto"/><w:ind w:left="{round(indent_left * TWIPS)}"'
        f' w:firstLine="{round(indent * TWIPS)}"/><w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'
    )


def _runs(text: str, size: float, *, bold: bool = False) -> str:
    """Text as runs: signs in a font that has them, everything else in the Thai one."""
    parts = (part for part in _SIGN.split(_BAD.sub("", text)) if part)
    return "".join(_run(part, size, SIGNS if _SIGN.fullmatch(part) else FONT, bold) for part in parts)


def _run(text: str, size: float, font: str, bold: bool) -> str:
    lines = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in line.split("\t"))
        for line in text.split("\n")
    )
    return f"<w:r><w:rPr>{_look(size, font, bold)}</w:rPr>{lines}</w:r>"


def _look(size: float, font: str = FONT, bold: bool = False) -> str:
    """What a run looks like, for Latin and for complex script alike."""
    half, heavy = round(size * 2 * (0.75 if font == SIGNS else 1)), "<w:b/><w:bCs/>" if bold else ""
    return (
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>{heavy}'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
        + ('<w:cs/><w:lang w:val="en-US" w:bidi="th-TH"/>' if font == FONT else "")
    )


def _grid(table: PrintedTable, widths: list[int], kept: int) -> str:
    """A table with lines, its headings repeated on every page, its rows never split.

    From row ``kept`` on rows stand on the page of what follows.
    """
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = "".join(
        _cell(_paragraph(_runs(title, CELLS, bold=True), align="center"), width, fill="DDEBF7")
        for title, width in zip(table.titles, widths, strict=True)
    )
    rows = "".join(_row(row, table, widths, keep=no >= kept) for no, row in enumerate(table.rows))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{lines}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/>'
        '<w:left w:w="80" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        f'<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>{rows}</w:tbl>"
    )


def _row(row: tuple[str, ...] | str, table: PrintedTable, widths: list[int], *, keep: bool) -> str:
    if isinstance(row, str):
        told = _paragraph(_runs(row, CELLS, bold=True), keep=True)
        cells = _cell(told, sum(widths), fill="F2F2F2", span=len(widths))
    else:
        aligns = {"number": "right", "percent": "right", "day": "center"}
        cells = "".join(
            _cell(_lines(cell, aligns.get(kind, "left"), keep=keep), width)
            for cell, kind, width in zip(row, table.kinds, widths, strict=True)
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _lines(text: str, align: str, *, keep: bool) -> str:
    return "".join(_paragraph(_runs(line, CELLS), align=align, keep=keep) for line in text.split("\n"))


def _cell(paragraphs: str, width: int, *, fill: str = "", span: int = 1) -> str:
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{over}{shade}</w:tcPr>{paragraphs}</w:tc>'


def _set_up(paper: Any, shown: Printed) -> None:
    """Page, default font, and the foot with its page number."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - with docx
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    section = paper.sections[0]
    wide, high = (LONG_SIDE, SHORT_SIDE) if shown.is_wide else (SHORT_SIDE, LONG_SIDE)
    section.orientation = WD_ORIENT.LANDSCAPE if shown.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(wide), Cm(high)
    section.left_margin, section.right_margin = Cm(LEFT), Cm(RIGHT)
    section.top_margin, section.bottom_margin = Cm(TOP), Cm(BOTTOM)
    normal = paper.styles["Normal"].element
    for old in normal.findall(qn("w:rPr")):
        normal.remove(old)
    normal.append(parse_xml(f"<w:rPr {SPACE}>{_look(BODY)}</w:rPr>"))
    paper.core_properties.title = shown.title.replace("\n", " ")
    paper.core_properties.author = ""
    paper.core_properties.comments = shown.foot
    foot = section.footer.paragraphs[0]._p  # noqa: SLF001 - python-docx has no public way to its XML
    foot.getparent().replace(foot, parse_xml(_named(_foot(shown, wide - LEFT - RIGHT))))


def _foot(shown: Printed, wide: float) -> str:
    """What stands under every page, its number at the right (the template's own stops are cleared)."""
    stops = (
        '<w:tabs><w:tab w:val="clear" w:pos="4320"/><w:tab w:val="clear" w:pos="8640"/>'
        f'<w:tab w:val="right" w:pos="{round(wide * TWIPS)}"/></w:tabs>'
    )
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="end"/>',
    )
    number = "".join(f"<w:r><w:rPr>{_look(SMALL)}</w:rPr>{part}</w:r>" for part in parts)
    return _paragraph(_runs(f"{shown.foot}\t{shown.page} ", SMALL) + number, extra=stops)
