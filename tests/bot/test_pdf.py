"""PDFs as offices make them: ruled tables over many pages, Thai marks, pictures of pages, passwords."""

import base64
import io
from pathlib import Path

import fontpkg_sarabun
import pypdfium2
import pytest
import typst

from bot import tables
from bot.tables.pdf_text import repaired
from handlers.talk import Refused

HEAD = """#set page(paper: "a4", margin: 2cm, {page})
#set text(font: "Sarabun", size: 10.5pt, lang: "th", top-edge: "ascender", bottom-edge: "descender")
#set table(stroke: 0.5pt)
"""
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def pdf(body, page=""):
    return typst.compile(
        (HEAD.replace("{page}", page) + body).encode(),
        font_paths=[str(Path(fontpkg_sarabun.__file__).parent)],
        ignore_system_fonts=True,
    )


def grid(document):
    return [[cell.text for cell in row] for table in document.tables for row in table.rows]


def test_thai_in_ruled_tables_and_between_them_comes_out_as_it_was_typed():
    words = ["ซึ่งผู้บริหารทั้งหมดขึ้นไป", "กำหนดน้ำใจให้ทันปีนี้", "จัดซื้อจัดจ้าง ครั้งที่ ๑", "เพื่อให้ได้รู้ปัญหา"]
    body = f"""แผนปีงบประมาณ พ.ศ. ๒๕๖๗
#table(columns: (1fr, 1fr), [{words[0]}], [{words[1]}], table.cell(rowspan: 2)[{words[2]}], [{words[3]}], [๒])
ท้ายตาราง"""
    read = tables.read(pdf(body))
    assert [one.text for one in read.paragraphs] == ["แผนปีงบประมาณ พ.ศ. ๒๕๖๗", "ท้ายตาราง"]
    assert grid(read) == [words[:2], words[2:], [words[2], "๒"]]
    assert read.tables[0].rows[2][0].inherited


def test_lines_that_wrapped_are_one_and_lines_that_were_ended_stay_apart():
    long = "จัดทำคู่มือการปฏิบัติงานของเจ้าหน้าที่ทุกระดับให้ครบถ้วนและเผยแพร่บนเว็บไซต์ของหน่วยงาน"
    body = f"#table(columns: (5cm, 3cm), [{long} \\ ๒) เสนอ \\ ๓) แจ้ง], [กองคลัง \\ กองช่าง])"
    assert grid(tables.read(pdf(body))) == [[f"{long}\n๒) เสนอ\n๓) แจ้ง", "กองคลัง\nกองช่าง"]]


def rows(first, last):
    return ", ".join(f"[{no}], [มาตรการที่ {no} ทบทวนคู่มือ], [กองคลัง]" for no in range(first, last + 1))


def test_a_table_over_many_pages_is_one_without_the_numbers_that_pages_repeat():
    body = f"#table(columns: (1cm, 1fr, 4cm), [ที่], [มาตรการ], [ผู้รับผิดชอบ], {rows(1, 90)})"
    read = tables.read(pdf(body, page='header: [แผนปฏิบัติการของกรม], numbering: "- 1 -"'))
    (only,) = read.tables
    assert [row[0].text for row in only.rows] == ["ที่", *map(str, range(1, 91))]
    assert [one.text for one in read.paragraphs] == ["แผนปฏิบัติการของกรม"]


def test_a_page_that_repeats_the_headings_begins_with_them_unless_a_row_was_cut():
    head = "table.header([ที่], [มาตรการ], [ผู้รับผิดชอบ])"
    many = tables.read(pdf(f"#table(columns: (1cm, 1fr, 4cm), {head}, {rows(1, 90)})"))
    assert len(many.tables) > 1
    assert {tuple(cell.text for cell in one.rows[0]) for one in many.tables} == {("ที่", "มาตรการ", "ผู้รับผิดชอบ")}
    assert [row[0].text for one in many.tables for row in one.rows[1:]] == [*map(str, range(1, 91))]
    long = " ".join(f"ขั้นตอนที่ {no} รวบรวมคู่มือเดิม" for no in range(1, 200))
    cut = tables.read(pdf(f"#table(columns: (1cm, 1fr, 4cm), {head}, [1], [{long}], [กองคลัง], {rows(2, 9)})"))
    assert [row[0].text for row in cut.tables[0].rows] == ["ที่", *map(str, range(1, 10))]


def test_a_row_that_a_page_cuts_in_two_is_one_again_and_the_next_row_is_not_drawn_into_it():
    long = " ".join(f"ขั้นตอนที่ {no} รวบรวมคู่มือเดิมและปรับปรุงให้เป็นปัจจุบันอยู่เสมอ" for no in range(1, 60))
    body = f"#v(12cm)\n#table(columns: (2cm, 6cm, 1fr), [๑], [{long}], [กองคลัง], [๒], [อบรม], [กองช่าง])"
    read = tables.read(pdf(body))
    assert len(grid(read)) == 2
    assert "".join(grid(read)[0][1].split()) == "".join(long.split())
    assert grid(read)[1] == ["๒", "อบรม", "กองช่าง"]


def test_the_underlined_beginning_of_a_cell_is_known():
    body = "#table(columns: 2, [#underline(evade: false)[ทำคู่มือ] ให้ครบ], [x])"
    cell = tables.read(pdf(body)).tables[0].rows[0][0]
    assert (cell.text, cell.strong) == ("ทำคู่มือ ให้ครบ", "ทำคู่มือ")


@pytest.mark.parametrize("said", [0, 90])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_read_whatever_the_file_says_of_its_sides(turn, said):
    table = "#table(columns: 2, [มาตรการ], [ระยะเวลา], [ทำคู่มือ], [ทุกเดือน])"
    made = pypdfium2.PdfDocument(pdf(f"#rotate({turn}deg, reflow: true)[ก่อนตาราง {table}]"))
    made[0].set_rotation(said)
    out = io.BytesIO()
    made.save(out)
    made.close()
    read = tables.read(out.getvalue())
    assert [one.text for one in read.paragraphs] == ["ก่อนตาราง"]
    assert grid(read) == [["มาตรการ", "ระยะเวลา"], ["ทำคู่มือ", "ทุกเดือน"]]


def test_pages_that_are_pictures_are_refused_and_one_among_others_is_told(tmp_path):
    picture = f"#image(bytes({tuple(DOT)}), width: 10cm)"
    with pytest.raises(Refused) as refused:
        tables.read(pdf(picture))
    assert refused.value.reply.say.id == "plans-file-scan"
    read = tables.read(pdf(f"แผนปฏิบัติการของกรมที่อ่านได้\n#pagebreak()\n{picture}"))
    assert [where for where, _ in read.doubts] == ["หน้า 2"]


LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>
%%%%EOF""" % (b"ab" * 32, b"cd" * 32)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LOCKED, "plans-file-locked"),
        (b"%PDF-1.7\nnothing", "plans-file-broken-pdf"),
        (pdf("#pagebreak()"), "plans-file-empty"),
        (pdf("#for no in range(151) [#no #pagebreak()]"), "plans-file-pages"),
    ],
    ids=["locked", "broken", "empty", "too many pages"],
)
def test_a_pdf_that_cannot_be_read_is_refused_with_what_to_send_instead(content, why):
    with pytest.raises(Refused) as refused:
        tables.read(content)
    assert refused.value.reply.say.id == why


@pytest.mark.parametrize(
    ("drawn", "typed"),
    [
        ("ก\u0e4dาหนด", "กำหนด"),
        ("น\u0e49\u0e4dา", "น้ำ"),
        ("น\u0e4d\u0e49า", "น้ำ"),
        ("น\u0e33\u0e49ใจ", "น้ำใจ"),
        ("ท\u0e48\u0e35", "ที่"),
        ("ป\uf70a\uf702", "ปี่"),
        ("เเผน", "แผน"),
        ("ผู ้รับ", "ผู้รับ"),
        ("ทำาผล", "ทำผล"),
        ("\uf0fe ดำเนินการ", "☑ ดำเนินการ"),
        ("ได้คะแนน ๘๘ .๑๔ ประจ ำปี", "ได้คะแนน ๘๘.๑๔ ประจำปี"),
        ("ที่ “ จุดบริการด่วน ” นี้", "ที่ “จุดบริการด่วน” นี้"),
    ],
)
def test_thai_that_a_pdf_took_apart_is_put_together(drawn, typed):
    assert repaired(drawn) == typed
