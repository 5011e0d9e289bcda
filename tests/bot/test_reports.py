import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import docx
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn
from PIL import Image
from sqlalchemy import select

from bot import reports
from bot.words import words
from handlers import summed
from handlers.report import Bars
from handlers.scope import Period, Scope
from handlers.talk import say as named
from storage.agencies import Agency
from storage.plans import Score
from storage.progress import Update, record
from storage.rounds import Occurrence
from tests.builders import a_plan
from tests.conftest import BANGKOK

pytestmark = pytest.mark.once  # how a paper is laid out is the same on every database

TODAY = date(2024, 1, 18)
QUARTER = Period(date(2024, 1, 1), date(2024, 3, 31))


@pytest.fixture
def plan(stage):
    plan = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        for no, one in enumerate(records.scalars(select(Occurrence).order_by(Occurrence.id))):
            if no % 2:
                at = datetime(2024, 1, 10 + no, 10, tzinfo=BANGKOK)
                record(records, one, Update(status="done" if no == 1 else "in_progress", said_at=at))
        records.add_all(
            Score(year=year, level="overall", code="", score=value)
            for year, value in ((2565, 86.0), (2566, 91.5))
        )
    return plan


def made(stage, plan, covers=QUARTER, scope=None):
    with stage.database.look(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        return summed.report(records, agency, plan, covers, TODAY, scope or Scope(), is_paper=True)


def owed(stage):
    with stage.database.look(stage.agency.id) as records:
        return [
            (one.measure.code, one.unit.name, one.due_on, one.status)
            for one in records.scalars(select(Occurrence).order_by(Occurrence.id))
        ]


def written(report, name, digits="arabic"):
    return reports.load(name).write(report, words("th", digits))


def test_a_workbook_holds_every_thing_owed_with_real_dates_and_a_filter(stage, plan):
    book = openpyxl.load_workbook(io.BytesIO(written(made(stage, plan), "xlsx")))
    sheet = book["รายการที่ต้องรายงาน"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    say = words("th")
    told = Counter((row[0], row[2], row[4].date(), row[5]) for row in rows)
    assert told == Counter(
        (code, unit, due, say(named(f"status-{status}"))) for code, unit, due, status in owed(stage)
    )
    assert sheet.auto_filter.ref == f"A3:I{3 + len(rows)}"
    assert sheet.freeze_panes == "A4"
    assert sheet["E4"].number_format == "[$-107041E]d mmm yy"  # the Buddhist calendar
    assert sheet["E4"].font.name == "TH SarabunPSK"
    assert book.sheetnames[:2] == ["สรุป", "รายหน่วยงาน"]


def test_charts_of_a_workbook_are_excels_own_and_draw_the_figures_of_the_last_sheet(stage, plan):
    report = made(stage, plan)
    book = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))
    sheet, say = book[book.sheetnames[-1]], words("th")
    assert sheet.title == say(named("papers-sheet-figures"))
    drawn = book.worksheets[0]._charts
    assert len(drawn) == len(report.charts) == 4
    for chart, asked in zip(drawn, report.charts, strict=True):
        series = {
            cell(book, one.tx.strRef.f)[0]: cell(book, (one.val.numRef or one.val).f) for one in chart.series
        }
        if isinstance(asked, Bars):
            assert series == {
                say(title): [bar.counts[no] for bar in asked.bars]
                for no, (_, title) in enumerate(asked.parts)
            }
        else:
            begins = len(asked.at) - asked.guessed
            for curve in asked.curves:
                known = [value if no < begins else None for no, value in enumerate(curve.values)]
                assert series[say(curve.title)] == known
                if asked.guessed:
                    guessed = series[f"{say(curve.title)} ({say(asked.guess)})"]
                    assert guessed[begins:] == list(curve.values[begins:])
            for limit, title in asked.limits:
                assert set(series[say(title)]) == {limit}


def cell(book, ref):
    """What stands in the cells that a chart names."""
    name, _, cells = ref.rpartition("!")
    found = book[name.strip("'")][cells.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


@pytest.mark.once
def test_a_workbook_of_thousands_of_rows_holds_each_as_a_short_one_does(stage, plan):
    report = made(stage, plan)
    data = next(table for table in report.tables if table.is_data)
    times = 4001 // len(data.rows) + 1
    long = replace(report, tables=(replace(data, rows=data.rows * times),))
    short = replace(report, tables=(data,))
    sheets = [
        openpyxl.load_workbook(io.BytesIO(written(one, "xlsx")), read_only=True)["รายการที่ต้องรายงาน"]
        for one in (long, short)
    ]
    many, few = ([tuple(row) for row in sheet.iter_rows(min_row=4, values_only=True)] for sheet in sheets)
    assert len(many) > 4000
    assert many == few * times


def test_counts_of_units_add_up_in_every_format(stage, plan):
    report = made(stage, plan)
    book = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))
    by_unit = {row[0]: row[1] for row in book["รายหน่วยงาน"].iter_rows(min_row=4, values_only=True)}
    assert by_unit == Counter(unit for _, unit, _, _ in owed(stage))
    paper = docx.Document(io.BytesIO(written(report, "docx")))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert {row[0]: int(row[1]) for row in rows[1:]} == by_unit


def test_a_word_paper_names_its_font_for_thai_repeats_headings_and_keeps_rows_whole(stage, plan):
    paper = docx.Document(io.BytesIO(written(made(stage, plan), "docx")))
    xml = paper.element.body
    for fonts in xml.iter(qn("w:rFonts")):
        assert fonts.get(qn("w:cs")) in ("TH SarabunPSK", "Segoe UI Symbol")
    assert all(size.get(qn("w:val")) for size in xml.iter(qn("w:szCs")))
    for table in paper.tables:
        rows = table.rows
        assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "ระหว่างวันที่ 1 มกราคม 2567 ถึงวันที่ 18 มกราคม 2567" in text  # the quarter goes on
    assert "ค่ะ" not in text
    assert len(paper.inline_shapes) == 4


def test_a_pdf_is_for_archives_and_its_thai_can_be_searched(stage, plan):
    body = written(made(stage, plan), "pdf")
    assert b"pdfaid:part>2" in body
    assert b"pdfaid:conformance>B" in body
    paper = pypdfium2.PdfDocument(body)
    text = "".join(paper[no].get_textpage().get_text_range() for no in range(len(paper)))
    flat = re.sub(r"\s", "", text)
    drawn = "สถานะมาตรการรายประเด็นณ18ม.ค.67"  # a chart's title: vectors, and its letters are text
    for word in ("สรุปมาตรการปีงบประมาณ2567", "กองการเจ้าหน้าที่", "ดำเนินการแล้วเสร็จ", drawn):
        assert word in flat, word


def test_every_thai_cluster_of_a_pdf_is_copied_once(stage, plan):
    upper, tones = "ัิีึื", "่้๊๋์"
    told = " ".join(f"{base}{vowel}{tone}น" for base in "กปฝ" for vowel in (*upper, "ุ", "") for tone in tones)
    told += " น้ำ ค่ำ ป๋ำ ครั้ง หนึ่ง ซื่อสัตย์ สำนักปลัด"
    report = replace(made(stage, plan), tables=(), charts=(), prose=(named("quote", text=told),))
    pages = pypdfium2.PdfDocument(written(report, "pdf"))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert told.replace(" ", "") in re.sub(r"\s", "", text)


def test_a_row_higher_than_a_page_is_told_to_its_end_in_a_pdf(stage, plan):
    report = made(stage, plan)
    table = next(table for table in report.tables if not table.is_data and table.columns[1].kind == "text")
    told = tuple(f"บรรทัดที่ {no}" for no in range(1, 121))
    first = next(row for row in table.rows if isinstance(row, tuple))
    high = (first[0], told, *first[2:])
    pages = pypdfium2.PdfDocument(written(replace(report, tables=(replace(table, rows=(high,)),)), "pdf"))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert [no for no in range(1, 121) if f"บรรทัดที่ {no}" not in text] == []


def test_a_page_is_one_file_that_asks_for_nothing(stage, plan):
    body = written(made(stage, plan), "html").decode()
    assert not re.search(r"""(src|href)=|url\(|<script""", body)
    assert body.count("<svg") == 4
    assert "กองการเจ้าหน้าที่" in body


def test_a_picture_shows_the_charts(stage, plan):
    with Image.open(io.BytesIO(written(made(stage, plan), "png"))) as opened:
        assert opened.width == 1456
        assert opened.height > 500


def test_digits_are_the_agencys(stage, plan):
    body = written(made(stage, plan), "html", "thai").decode()
    body = re.sub(r"<style>.*?</style>|<[^>]*>", "", body, flags=re.DOTALL)
    assert "๒๕๖๗" in body
    assert "๔.๑" in body
    assert not re.search(r"[0-9]", body)


def test_a_summary_can_be_about_one_unit_or_one_topic(stage, plan):
    unit = made(stage, plan, scope=Scope(unit=stage.unit("กองคลัง")))
    assert {row[2] for row in table(unit, "owed").rows} == {"กองคลัง"}
    with stage.database.look(stage.agency.id) as records:
        topics = {one.no: one for one in records.get_one(type(plan), plan.id).topics}
        topic = made(stage, plan, scope=Scope(topic=topics["5"]))
    assert {words("th")(row[0]) for row in table(topic, "owed").rows} == {"5.1"}


def table(report, name):
    return next(one for one in report.tables if one.name == name)


def test_what_people_wrote_breaks_no_format(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence)):
            one.measure.title = "=1+1 <b>&\x0b #set text(red) ]] " + one.measure.title
    report = made(stage, plan)
    for name in reports.PAGES:
        assert written(report, name)
    book = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))
    assert book["รายการที่ต้องรายงาน"]["B4"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(written(report, "docx"))) as packed:
        assert packed.testzip() is None
