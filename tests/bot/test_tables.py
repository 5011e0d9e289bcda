"""Files in: every kind of table becomes plain rows, chosen by content; nothing gets lost."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot import tables
from bot.tables import places
from bot.tables.shapes import MOST_COLUMNS, MOST_ROWS
from bot.words import words
from handlers.talk import Refused


def rows(document):
    return [[cell.text for cell in row] for table in document.tables for row in table.rows]


def workbook(cells, merges=()):
    book = Workbook()
    for row in cells:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_pipe_tab_and_html_tables_stand_between_their_paragraphs():
    text = """หัวเรื่อง

| ก | ข |
|---|:--|
| ๑ | a \\| b |
ระหว่าง
x\ty\tz
<table><tr><td rowspan=2>บน<td>1<tr><td>2</table>ท้าย"""
    read = tables.read(text.encode())
    assert [paragraph.text for paragraph in read.paragraphs] == ["หัวเรื่อง", "ระหว่าง", "ท้าย"]
    assert rows(read) == [["ก", "ข"], ["๑", "a | b"], ["x", "y", "z"], ["บน", "1"], ["บน", "2"]]
    assert [cell.inherited for row in read.tables[2].rows for cell in row] == [False, False, True, False]


def test_markup_in_cells_is_folded_even_when_it_is_not_closed():
    line = (
        '<p>๑) ก</p><p>๒) ข\t<u>ชื่อ</u> <u>ต่อ</u> รายละเอียด\t<ul style="x"> หนึ่ง <li>สอง\tคะแนน <85 และ a&amp;b'
    )
    (cells,) = tables.read(line.encode()).tables[0].rows
    assert [cell.text for cell in cells] == [
        "๑) ก\n๒) ข",
        "ชื่อ ต่อ รายละเอียด",
        "หนึ่ง\n• สอง",
        "คะแนน <85 และ a&b",
    ]
    assert cells[1].strong == "ชื่อ ต่อ"


def test_tick_boxes_are_kept_as_signs():
    line = '<input type="checkbox"> ยังไม่ได้ <input checked type="checkbox"> ดำเนินการ\tx'
    assert rows(tables.read(line.encode()))[0][0] == "☐ ยังไม่ได้ ☑ ดำเนินการ"


def test_merged_cells_of_a_workbook_are_filled_and_marked():
    content = workbook([["หัวเรื่อง"], ["ก", "ข"], ["1", "2"], [None, 3.5]], ["A1:B1", "A3:A4"])
    read = tables.read(content, "plan.xlsx")
    assert [paragraph.text for paragraph in read.paragraphs] == ["หัวเรื่อง"]
    assert rows(read) == [["ก", "ข"], ["1", "2"], ["1", "3.5"]]
    assert read.tables[0].rows[2][0].inherited


def test_comma_and_tab_files_and_old_thai_encoding_are_read():
    assert rows(tables.read('ก,ข,ค\n1,"2,5",3\n4,5,6\n'.encode())) == [
        ["ก", "ข", "ค"],
        ["1", "2,5", "3"],
        ["4", "5", "6"],
    ]
    assert rows(tables.read("มาตรการ\tระยะเวลา\n1\t2".encode("cp874")))[0] == ["มาตรการ", "ระยะเวลา"]
    assert rows(tables.read("\ufeffก\tข".encode("utf-16")))[0][1] == "ข"


def packed(name, content=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr(name, content)
    return out.getvalue()


def sealed():
    """A zip whose part is marked as locked with a password."""
    return packed("word/document.xml").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "plans-file-empty"),
        (b" \n", "plans-file-empty"),
        (b"%PDF-1.7", "plans-file-broken-pdf"),
        (packed("word/document.xml", "<w/>"), "plans-file-broken"),
        (packed("content.xml"), "plans-file-old"),
        (packed("xl/workbook.bin"), "plans-file-old"),
        (packed("ppt/presentation.xml"), "plans-file-unknown"),
        (sealed(), "plans-file-locked"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le"), "plans-file-locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "plans-file-old"),
        (b"{\\rtf1\\ansi", "plans-file-old"),
        (b"\x89PNG\r\n", "plans-file-picture"),
        (b"ab\x00\x01cd", "plans-file-unknown"),
        (b"PK\x03\x04broken", "plans-file-broken"),
        (b"x" * (tables.MOST_BYTES + 1), "plans-file-large"),
        (("|a|b|\n" * (MOST_ROWS + 1)).encode(), "plans-file-rows"),
        (("|a" * (MOST_COLUMNS + 1)).encode(), "plans-file-rows"),
        (b"a\t" + b"x" * 50_000, "plans-file-cell"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_what_to_send_instead(content, why):
    with pytest.raises(Refused) as refused:
        tables.read(content)
    assert refused.value.reply.say.id == why


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (tables.MOST_UNPACKED + 1))
    with pytest.raises(Refused) as refused:
        tables.read(out.getvalue())
    assert refused.value.reply.say.id == "plans-file-large"


WORDS = st.text(alphabet="กขคงจ่าิุำ๑๒12.() -<>/pu|•\t\n&;", max_size=40)


@settings(max_examples=150)
@given(WORDS, st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_no_text_is_lost_whatever_stands_in_a_file(before, cells):
    def bare(text):
        return "".join(character for character in text if character in "กขคงจ่าิุำ๑๒12")

    text = before + "\n" + "\n".join("\t".join(row) for row in cells)
    if not text.strip():
        return
    read = tables.read(text.encode())
    found = "".join(paragraph.text for paragraph in read.paragraphs) + "".join(map("".join, rows(read)))
    assert sorted(bare(found)) == sorted(bare(text))


def test_a_formula_whose_result_was_not_saved_is_kept_as_written():
    read = tables.read(workbook([["มาตรการ", "ระยะเวลา"], ["ทำคู่มือ", '="ธ.ค. "&66']]))
    assert rows(read)[1] == ["ทำคู่มือ", '="ธ.ค. "&66']


@pytest.mark.parametrize(
    ("said", "english"),
    [
        (
            places.place("cell", places.place("row-named", 2, "แผน ปี 67", 14), 3),
            "table 2 (แผน ปี 67) row 14 cell 3",
        ),
        (places.place("row", 1, 4), "table 1 row 4"),
        (places.place("sheet", "มาตรการ", 7), "measure row 7"),
        (places.of("5.1", "period"), "5.1 period"),
        (places.place("rounds"), "report rounds"),
        ("อะไรก็ไม่รู้", "อะไรก็ไม่รู้"),
    ],
)
def test_a_place_is_told_in_the_readers_language(said, english):
    assert places.in_words(said, words("en")) == english
    assert places.in_words(said, words("th")) == said
