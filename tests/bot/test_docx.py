"""Word files as they really are: tracked changes, tick boxes, automatic numbers, merged and nested tables."""

import io
import re
import zipfile

import docx
import pytest

from bot import tables
from handlers.talk import Refused

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
ROWS = "<w:tbl>{}</w:tbl>"


def word(body, **parts):
    """A .docx with this body; other parts of the empty document are replaced by name."""
    empty, out = io.BytesIO(), io.BytesIO()
    docx.Document().save(empty)
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>".encode()
            for part, changed in parts.items():
                if name == f"word/{part}.xml":
                    content = changed(content.decode()).encode()
            new.writestr(name, content)
    return out.getvalue()


def run(text, style=""):
    return f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs, style=""):
    made = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{style}</w:pPr>{made}</w:p>"


def cell(*content, style=""):
    made = "".join(one if one.startswith(("<w:p", "<w:tbl", "<w:sdt")) else paragraph(one) for one in content)
    return f"<w:tc><w:tcPr>{style}</w:tcPr>{made or paragraph()}</w:tc>"


def row(*cells, style=""):
    made = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{style}</w:trPr>{made}</w:tr>"


def grid(document):
    return [[one.text for one in line] for table in document.tables for line in table.rows]


def test_paragraphs_and_tables_stand_in_their_order_and_merged_cells_are_filled():
    down, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        paragraph("แผนปฏิบัติการ")
        + ROWS.format(
            row("ที่", "มาตรการ", style="<w:tblHeader/>")
            + row(cell("รวม", style='<w:gridSpan w:val="2"/>'))
            + row(cell("1", style=down), "ก")
            + row(cell(style=goes_on), "ข")
            + row("ค", style='<w:gridBefore w:val="1"/>')
        )
        + paragraph("ท้าย")
    )
    read = tables.read(word(body), "แผน.docx")
    assert [type(block).__name__ for block in read.blocks] == ["Paragraph", "Table", "Paragraph"]
    assert grid(read) == [["ที่", "มาตรการ"], ["รวม", "รวม"], ["1", "ก"], ["1", "ข"], ["", "ค"]]
    assert [one.inherited for line in read.tables[0].rows[1:4] for one in line] == [
        False, True, False, False, True, False,
    ]  # fmt: skip


def test_a_tracked_change_is_read_as_if_it_were_accepted():
    body = paragraph(
        "ทำ",
        f"<w:ins>{run('ให้ครบ')}</w:ins>",
        "<w:del><w:r><w:delText>ยกเลิก</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('ย้ายจาก')}</w:moveFrom><w:moveTo>{run(' ย้ายมา')}</w:moveTo>",
    ) + ROWS.format(row("ก", "ข") + row("ลบ", "แล้ว", style="<w:del/>"))
    read = tables.read(word(body))
    assert [one.text for one in read.paragraphs] == ["ทำให้ครบ ย้ายมา"]
    assert grid(read) == [["ก", "ข"]]


def test_ticks_are_kept_whatever_they_are_made_of():
    control = f"<w:sdt><w:sdtContent>{run('☒')}</w:sdtContent></w:sdt>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0{}"/></w:r>'
    second = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    private = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fe</w:t></w:r>'
    field = "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='0'/>{}</w:checkBox></w:ffData></w:fldChar></w:r>"
    cells = [
        cell(paragraph(control, " ดำเนินการ")),
        cell(f"<w:sdt><w:sdtContent>{paragraph('☐ ยังไม่ได้ดำเนินการ')}</w:sdtContent></w:sdt>"),
        cell(paragraph(symbol.format("FE"), " ก ", symbol.format("A8"), " ข ", second, " ค")),
        cell(paragraph(private, " ง")),
        cell(paragraph(field.format("<w:checked/>"), "จ")),
        cell(paragraph(field.format(""), "ฉ")),
    ]
    assert grid(tables.read(word(ROWS.format(row(*cells))))) == [
        ["☒ ดำเนินการ", "☐ ยังไม่ได้ดำเนินการ", "☑ ก ☐ ข ☑ ค", "☑ ง", "☑ จ", "☐ ฉ"]
    ]


def test_a_table_in_a_cell_becomes_lines_and_a_frame_around_a_table_is_taken_off():
    inner = ROWS.format(row("ไตรมาส 1", "ร้อยละ 20") + row("ไตรมาส 2", "ร้อยละ 50"))
    body = ROWS.format(row("ก", cell("เป้าหมาย", inner, paragraph()))) + ROWS.format(
        row(cell("หัวเรื่อง", ROWS.format(row("x", "y")), paragraph()))
    )
    read = tables.read(word(body))
    assert grid(read) == [["ก", "เป้าหมาย\nไตรมาส 1 ร้อยละ 20\nไตรมาส 2 ร้อยละ 50"], ["x", "y"]]
    assert [one.text for one in read.paragraphs] == ["หัวเรื่อง"]


def test_the_bold_or_underlined_beginning_of_a_cell_is_known():
    made = cell(
        paragraph(run("ทำ", "<w:b/>"), run("คู่มือ", "<w:u w:val='single'/>"), run(" ให้ครบ", "<w:b w:val='0'/>"))
    )
    (found, _) = tables.read(word(ROWS.format(row(made, "x")))).tables[0].rows[0]
    assert (found.text, found.strong) == ("ทำคู่มือ ให้ครบ", "ทำคู่มือ")


LISTS = """<w:abstractNum w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="thaiNumbers"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>"""
NUMS = """<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>
<w:num w:numId="91"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""


def listed(text, level=0, number=90):
    style = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, style=style)


def test_automatic_numbers_are_written_out_as_word_prints_them():
    def numbering(xml):
        opened = re.sub(r"(<w:numbering[^>]*>)", lambda one: one[1] + LISTS, xml, count=1)
        return opened.replace("</w:numbering>", NUMS + "</w:numbering>")

    body = (
        listed("เปิดเผย") + listed("ลงเว็บ", 1) + listed("แจ้งทุกฝ่าย", 1) + listed("ย่อย", 2)
        + listed("รับฟัง") + listed("ตู้", 1) + listed("เริ่มใหม่", 0, 91) + listed("", 0)
    )  # fmt: skip
    read = tables.read(word(body, numbering=numbering))
    assert [one.text for one in read.paragraphs] == [
        "๑. เปิดเผย", "๑.1) ลงเว็บ", "๑.2) แจ้งทุกฝ่าย", "• ย่อย", "๒. รับฟัง", "๒.1) ตู้", "๑. เริ่มใหม่",
    ]  # fmt: skip


def test_text_boxes_are_read_once_and_field_codes_not_at_all():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('ในกล่อง')}</w:txbxContent></w:pict></w:r>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    code = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    read = tables.read(word(paragraph("นอกกล่อง", both, code)))
    assert [one.text for one in read.paragraphs] == ["นอกกล่อง", "ในกล่อง"]


def test_a_damaged_word_file_is_said_to_be_damaged():
    for body in ("<w:p>", "<w:tbl><w:tr><w:tc>"):
        with pytest.raises(Refused) as refused:
            tables.read(word(body))
        assert refused.value.reply.say.id == "plans-file-broken"


def test_tables_nested_without_end_are_refused():
    inner = paragraph("x")
    for _ in range(60):
        inner = ROWS.format(f"<w:tr>{cell(inner)}</w:tr>")
    with pytest.raises(Refused) as refused:
        tables.read(word(inner))
    assert refused.value.reply.say.id == "plans-file-broken"
