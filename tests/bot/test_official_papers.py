import io
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from sqlalchemy import select

from bot import reports
from bot.reports import template
from bot.words import words
from handlers import issuing
from handlers.orders import Order
from handlers.scope import Period, Scope
from handlers.talk import Refused
from storage import evidence
from storage.agencies import Agency
from storage.disclosures import Disclosure
from storage.evidence import Evidence
from storage.measures import Measure
from storage.policies import Clause, Policy, PolicyVersion, acknowledge
from storage.progress import Update, record
from storage.rounds import Occurrence, Round
from tests.builders import a_plan
from tests.conftest import BANGKOK

pytestmark = pytest.mark.once  # how a paper is laid out is the same on every database

TODAY = date(2024, 1, 18)
YEAR = Period(date(2023, 10, 1), TODAY)


def at(day, hour=10):
    return datetime(2024, 1, day, hour, tzinfo=BANGKOK)


@pytest.fixture
def plan(stage):
    """A plan on which กองคลัง reported 5.1 twice, corrected once, with a link; 7.1 is late."""
    plan = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        records.add(Round(plan_id=plan.id, name="รอบ 6 เดือน", due_on=date(2024, 3, 31)))
        one = owed(records, "5.1")
        one.measure.o_items = ["O10", "O9"]
        first = Update(status="in_progress", note="ประชุมชี้แจงแผน", said_at=at(8), fact_on=date(2024, 1, 7))
        record(records, one, first)
        wrong = Update(status="in_progress", note="คนเข้า 45 คน", said_at=at(9))
        record(records, one, wrong)
        right = Update(
            status="in_progress",
            note="คนเข้า 48 คน",
            said_at=at(10),
            corrects_id=wrong.id,
            blocker="ห้องประชุมไม่พอ",
        )
        record(records, one, right)
        link = Evidence(kind="link", url="https://www.example.go.th/2567/plan")
        evidence.attach(records, one, first.id, link)
        letter = Evidence(kind="document", name="กค 0401/ว 12", own_date=date(2024, 1, 5))
        evidence.attach(records, one, first.id, letter)
    return plan


def owed(records, code):
    return records.scalars(select(Occurrence).join(Measure).where(Measure.code == code)).first()


def made(stage, plan, kind, unit=None, policy=None):
    with stage.database.look(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        plan = records.get_one(type(plan), plan.id)
        version = records.get(PolicyVersion, policy) if policy else None
        order = Order(records, agency, plan, YEAR, TODAY, Scope(stage.unit(unit) if unit else None), version)
        return issuing.KINDS[kind](order)


def word(report, digits="arabic"):
    return docx.Document(io.BytesIO(reports.load("docx").write(report, words("th", digits))))


def rows_of(table):
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


def all_text(paper):
    texts = [one.text for one in paper.paragraphs]
    texts += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def test_the_progress_table_has_every_measure_ticked_and_told_in_its_reporters_words(stage, plan):
    paper = word(made(stage, plan, "progress"))
    rows = {row[1].split()[0]: row for row in rows_of(paper.tables[0]) if row[0] != row[1]}
    assert list(rows) == ["1.1", "4.1", "5.1", "6.1", "7.1"]
    told = rows["5.1"][4]
    assert "☐ ยังไม่ได้ดำเนินการ\n☑ อยู่ระหว่างดำเนินการ\n☐ ดำเนินการแล้วเสร็จ" in told
    assert "- ประชุมชี้แจงแผน (7 ม.ค. 67)" in told
    assert "คนเข้า 48 คน (ปัญหา/อุปสรรค: ห้องประชุมไม่พอ) (10 ม.ค. 67)" in told
    assert "45" not in told  # what was corrected is not told beside its correction
    assert "แล้วเสร็จ 0 จาก 2 หน่วยงาน" in rows["1.1"][4]
    assert "เลยกำหนด 1 รายการ" in rows["7.1"][4]
    assert rows["1.1"][3] == "ทุกหน่วยงาน"
    assert "1) ประชุมชี้แจงแผนใช้จ่ายงบประมาณ" in rows["5.1"][1]
    assert paper.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert "เลขานุการคณะทำงาน" in all_text(paper)


def test_no_person_is_named_in_papers_of_progress(stage, plan):
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว")
    for kind in ("progress", "measures", "meeting", "memo", "year", "links"):
        text = all_text(word(made(stage, plan, kind)))
        assert "สมชาย" not in text, kind


def test_the_measures_table_leaves_out_columns_that_nothing_stands_in(stage, plan):
    paper = word(made(stage, plan, "measures"))
    heads = [cell.text for cell in paper.tables[0].rows[0].cells]
    assert "ตัวชี้วัด/ค่าเป้าหมาย" not in heads
    assert len([row for row in rows_of(paper.tables[0]) if row[0] != row[1]]) == 5


def test_the_form_of_a_unit_has_its_head_fields_and_one_table_a_measure(stage, plan):
    paper = word(made(stage, plan, "form", unit="กองคลัง"))
    text = all_text(paper)
    assert "หน่วยงาน  กองคลัง" in text
    assert "ข้อมูล ณ วันที่  18 มกราคม 2567" in text
    assert "รอบ 6 เดือน (ส่งภายในวันที่ 31 มีนาคม 2567)" in text
    assert len(paper.tables) == 3  # 1.1 binds every unit, 4.1 and 5.1 are its own
    heads = [cell.text for cell in paper.tables[0].rows[0].cells]
    assert heads == ["วิธีดำเนินการ", "ระยะเวลาดำเนินการ", "ผลการดำเนินงาน", "คำอธิบายรายละเอียด เอกสาร/หลักฐาน"]
    row = rows_of(paper.tables[2])[0]
    assert "ประชุมชี้แจงแผน" in row[2]
    assert row[3] == "https://www.example.go.th/2567/plan\nหนังสือที่ กค 0401/ว 12 ลงวันที่ 5 มกราคม 2567"


def test_a_form_without_a_unit_says_what_to_do(stage, plan):
    with pytest.raises(Refused) as refused:
        made(stage, plan, "form")
    assert "ระบุหน่วยงาน" in words("th")(refused.value.reply.say)


def test_memo_and_agenda_carry_the_figures(stage, plan):
    memo = all_text(word(made(stage, plan, "memo")))
    assert "บันทึกข้อความ" in memo
    assert "ส่วนราชการ  " in memo
    assert "2.2 จากมาตรการทั้งหมด 5 ข้อ ดำเนินการแล้วเสร็จ 0 ข้อ อยู่ระหว่างดำเนินการ 1 ข้อ" in memo
    agenda = all_text(word(made(stage, plan, "meeting")))
    assert "ระเบียบวาระที่ 4 เรื่องเพื่อพิจารณา" in agenda
    assert "4.1 เรื่องที่เลยกำหนด\n- กกจ. ข้อ 7.1" in agenda


def test_the_yearly_report_tells_results_and_what_hindered(stage, plan):
    text = all_text(word(made(stage, plan, "year")))
    assert "ปัญหาและอุปสรรคที่รายงาน 1 เรื่อง" in text
    assert "ห้องประชุมไม่พอ" in text
    assert "ประธานคณะทำงาน" in text


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "unit", "stands", "size"),
    [
        ("meeting", None, ["ระเบียบวาระที่ 4 เรื่องเพื่อพิจารณา", "กกจ. ข้อ 7.1"], (595, 842)),
        ("year", None, ["ปัญหาและอุปสรรคที่รายงาน 1 เรื่อง", "ห้องประชุมไม่พอ", "ประธานคณะทำงาน"], (842, 595)),
        ("form", "กองคลัง", ["กองคลัง", "รอบ 6 เดือน", "ประชุมชี้แจงแผน", "กค 0401/ว 12"], (842, 595)),
    ],
)
def test_papers_opened_again_as_pdf_hold_the_same_words(stage, plan, kind, unit, stands, size):
    report = made(stage, plan, kind, unit=unit)
    pages = pypdfium2.PdfDocument(reports.load("pdf").write(report, words("th")))
    text = "".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert [one for one in stands if "".join(one.split()) not in text] == []
    assert {tuple(round(side) for side in page.get_size()) for page in pages} == {size}
    heads = [words("th")(column.title) for table in report.tables for column in table.columns]
    assert [one for one in heads if "".join(one.split()) not in text] == []


@pytest.mark.once
def test_rows_of_a_workbook_are_as_high_as_what_stands_in_them(stage, plan):
    report = made(stage, plan, "form", unit="กองคลัง")
    sheet = openpyxl.load_workbook(io.BytesIO(reports.load("xlsx").write(report, words("th")))).worksheets[2]
    lines = max(str(cell.value).count("\n") + 1 for cell in sheet[4])
    assert lines > 1
    assert sheet.row_dimensions[4].height >= 20 * lines


def test_the_link_sheet_says_what_each_item_still_lacks(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        page = Disclosure(
            fiscal_year=2567, item="O10", title="งบ", changed_at=datetime(2024, 3, 1, tzinfo=BANGKOK)
        )
        records.add(page)
    report = made(stage, plan, "links")
    book = openpyxl.load_workbook(io.BytesIO(reports.load("xlsx").write(report, words("th", "thai"))))
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == ["O๙", "O๑๐"]
    assert rows[0][3].splitlines()[0] == "https://www.example.go.th/2567/plan"  # an address keeps its digits
    assert "ยังไม่แล้วเสร็จ ๑ รายการ: กค." in rows[0][4]
    assert "ยังไม่มีลิงก์" not in rows[0][4]
    assert rows[1][3].splitlines()[0].endswith("/2567/O10")  # the item's public page
    assert "ยังไม่มีลิงก์" not in (rows[1][4] or "")


def test_the_acknowledgement_list_counts_and_names_everybody(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        policy = Policy(kind="no-gift", title="นโยบายไม่รับของขวัญ")
        version = PolicyVersion(no=1, effective_on=date(2024, 1, 1), clauses=[Clause(no="1", text="งดรับ")])
        policy.versions = [version]
        records.add(policy)
        records.flush()
        from storage import people

        somchai = people.by_address(records, "test:somchai")
        acknowledge(records, somchai.id, version, at(12, 9), "line")
    paper = word(made(stage, plan, "acknowledgements", policy=version.id))
    rows = [row for row in rows_of(paper.tables[0]) if row[0] != row[1]]
    assert len(rows) == 4
    assert next(row for row in rows if row[1] == "สมชาย")[3:] == ["12 ม.ค. 67", "รับทราบแล้ว 09.00 น."]
    assert sum(row[4] == "ยังไม่รับทราบ" for row in rows) == 3
    assert "กองคลัง: รับทราบแล้ว 1 จาก 2 คน" in all_text(paper)


def test_without_a_policy_the_list_shows_every_one_in_force_in_columns(stage, plan):
    with pytest.raises(Refused):
        made(stage, plan, "acknowledgements")  # none is in force
    with stage.database.agency(stage.agency.id) as records:
        from storage import people

        somchai = people.by_address(records, "test:somchai")
        for no, title in enumerate(("ประมวลจริยธรรม", "นโยบายไม่รับของขวัญ")):
            policy = Policy(kind=f"p{no}", title=title, position=no)
            version = PolicyVersion(
                no=1, effective_on=date(2024, 1, 1), clauses=[Clause(no="1", text="งดรับ")]
            )
            policy.versions = [version]
            records.add(policy)
            records.flush()
            acknowledge(records, somchai.id, version, at(12 + no, 9), "line")
    report = made(stage, plan, "acknowledgements")
    paper = word(report)
    heads = [cell.text for cell in paper.tables[0].rows[0].cells]
    assert heads[3:] == ["ประมวลจริยธรรม", "นโยบายไม่รับของขวัญ"]
    rows = {row[1]: row[3:] for row in rows_of(paper.tables[0]) if row[0] != row[1]}
    assert rows["สมชาย"] == ["12 ม.ค. 67", "13 ม.ค. 67"]
    assert rows["สุดา"] == ["", ""]
    assert "รับทราบครบทั้ง 2 ฉบับแล้ว 1 จาก 4 คน" in all_text(paper)
    assert "กองคลัง: รับทราบแล้ว 1 จาก 2 คน" in all_text(paper)
    book = openpyxl.load_workbook(io.BytesIO(reports.load("xlsx").write(report, words("th"))))
    days = [cell.value for row in book.worksheets[-1].iter_rows(min_row=4) for cell in row[3:]]
    assert [day.date() for day in days if isinstance(day, datetime)] == [
        date(2024, 1, 12),
        date(2024, 1, 13),
    ]
    only = made(stage, plan, "acknowledgements", unit="กองคลัง")
    assert len([row for row in only.tables[0].rows if isinstance(row, tuple)]) == 2


def test_an_agency_that_writes_thai_digits_finds_no_other(stage, plan):
    text = all_text(word(made(stage, plan, "measures"), "thai"))
    assert "๕.๑" in text
    assert not any(digit in text for digit in "0123456789")


def a_template(path, *lines):
    """A Word file of an agency's own, with blanks."""
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    table = paper.add_table(4, 2)
    table.rows[0].cells[0].text = "หัวตารางของเรา"
    table.rows[1].cells[0].text = "{%tr for row in rows %}"
    table.rows[2].cells[0].text, table.rows[2].cells[1].text = "{{ row[1] }}", "{{ row[4] }}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    paper.save(str(path))
    return str(path)


def filled(stage, plan, tmp_path, line):
    own = a_template(tmp_path / "own.docx", line)
    body = template.fill(Path(own).read_bytes(), made(stage, plan, "progress"), words("th"))
    return docx.Document(io.BytesIO(body))


def test_an_agencys_own_file_is_filled_row_by_row_and_keeps_its_look(stage, plan, tmp_path):
    paper = filled(stage, plan, tmp_path, "ตรา {{ title }} {{ foot }}")
    assert "ตรา รายงานความก้าวหน้า" in paper.paragraphs[0].text
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[0][0] == "หัวตารางของเรา"
    assert [row[0].split()[0] for row in rows[1:]] == ["1.1", "4.1", "5.1", "6.1", "7.1"]
    assert "☑ อยู่ระหว่างดำเนินการ\n" in rows[3][1]


@pytest.mark.parametrize(
    ("line", "told"),
    [("{{ nonsense }}", "nonsense"), ("{{ title.__class__.__mro__ }}", "Word"), ("{% for %}", "Word")],
)
def test_a_wrong_blank_is_named_and_none_reaches_beyond_what_it_is_given(stage, plan, tmp_path, line, told):
    with pytest.raises(Refused) as refused:
        filled(stage, plan, tmp_path, line)
    assert told in words("th")(refused.value.reply.say)


def test_a_file_that_is_no_word_file_is_refused(stage, plan):
    with pytest.raises(Refused) as refused:
        template.fill(b"%PDF-1.7", made(stage, plan, "progress"), words("th"))
    assert ".docx" in words("th")(refused.value.reply.say)


def many_names(stage, count):
    from storage.people import Person

    with stage.database.agency(stage.agency.id) as records:
        unit = stage.unit("กองคลัง").id
        records.add_all(Person(name=f"เจ้าหน้าที่คนที่ {no}", unit_id=unit) for no in range(count))
        policy = Policy(kind="no-gift", title="นโยบายไม่รับของขวัญ")
        policy.versions = [
            PolicyVersion(no=1, effective_on=date(2024, 1, 1), clauses=[Clause(no="1", text="งดรับ")])
        ]
        records.add(policy)


@pytest.mark.parametrize("count", range(20, 32))
def test_signatures_never_stand_alone_on_a_page(stage, plan, count):
    many_names(stage, count)
    report = made(stage, plan, "acknowledgements")
    pages = pypdfium2.PdfDocument(reports.load("pdf").write(report, words("th")))
    last = pages[len(pages) - 1].get_textpage().get_text_range()
    assert "เลขานุการคณะทำงาน" in last
    assert last.count("ยังไม่รับทราบ") >= 2
    assert "ชื่อ - สกุล" in last  # the heads are there, too
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert sum(text.count("ยังไม่รับทราบ") for text in texts) == count + 4 + 1  # and the sentence of counts


def test_in_word_the_last_rows_go_with_the_signatures(stage, plan):
    many_names(stage, 3)
    table = word(made(stage, plan, "acknowledgements")).tables[0]
    kept = [
        all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs)
        for row in table.rows
    ]
    assert kept[-3:] == [True, True, True]
    assert kept[-5] is False  # the row before is a heading, which stays with what is under it
