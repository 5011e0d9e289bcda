"""From a document to a plan's draft: own documents with hand-made truth, and real ones where they are."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot import tables
from bot.shown_plan import as_json
from bot.tables.plan import draft
from bot.tables.plan_progress import TICKS
from bot.tables.plan_words import tight
from handlers.talk import Refused
from storage import doubts, imports
from storage.drafts import pack, unpack

DOCUMENTS = Path(__file__).parent.parent / "documents"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"
OWN = (
    "by_question.md",
    "two_row_headings.txt",
    "by_question_html.html",
    "months.md",
    "boxes.md",
    "codes_first.html",
)


def read(name):
    return draft(tables.read((DOCUMENTS / name).read_bytes(), name))


@pytest.mark.parametrize("name", OWN)
def test_every_measure_period_unit_and_step_of_a_document_is_read(name):
    truth, made = json.loads((DOCUMENTS / name).with_suffix(".json").read_text()), read(name)
    assert (made.fiscal_year, made.assessed_year) == (truth["fiscal_year"], truth["assessed_year"])
    assert (made.grade or None) == truth["grade"]
    assert {f"{one.level}:{one.code}": one.score for one in made.scores} == truth["scores"]
    assert [one.code for one in made.measures] == [one["code"] for one in truth["measures"]]
    for one, wanted in zip(made.measures, truth["measures"], strict=True):
        assert one.title == wanted["title"]
        assert (one.schedule.kind, one.schedule.every) == (wanted["kind"], wanted["every"]), one.code
        said = [wanted["ranges"][0]] if wanted["ranges"] else []
        assert [list(span) for span in one.schedule.ranges][:1] == said, one.code
        assert {unit.name: unit.role for unit in one.responsible} == wanted["units"]
        assert list(one.steps) == wanted["steps"]
        assert (one.constraints or None) == wanted["constraints"]
        if "kpis" in wanted:
            assert [[kpi.kind, kpi.value] for kpi in one.kpis] == wanted["kpis"]
    assert {one.question: one.score for one in made.findings} == truth["findings"]
    said = "\n".join(one.said for one in made.doubts)
    assert all(text in said for text in truth["doubted"])
    assert unpack(json.loads(json.dumps(pack(made)))) == made


def test_a_plan_that_libreoffice_made_a_pdf_of_reads_as_its_text():
    """It draws boxes and quotation marks behind the letter that follows, and no space behind some marks."""
    made, wanted = read("boxes.pdf"), read("boxes.md")
    for one, other in zip(made.measures, wanted.measures, strict=True):
        assert (one.code, tight(one.title), one.status) == (other.code, tight(other.title), other.status)
        assert tight(one.progress) == tight(other.progress)
        assert (one.schedule, one.responsible) == (other.schedule, other.responsible)
    assert [(one.why, one.said) for one in made.doubts] == [(one.why, one.said) for one in wanted.doubts]


@pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not beside this checkout")
@pytest.mark.parametrize("number", ["000", "003"])
def test_real_documents_score_against_their_hand_made_truth(stage, number, tmp_path):
    (file,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    with stage.database.agency(stage.agency.id) as session:
        plan = imports.keep(session, draft(tables.read(file.read_bytes(), file.name)))
        doubts.accept_all(session, plan)
        imports.activate(session, plan)
        shown = tmp_path / "shown.json"
        shown.write_text(json.dumps(as_json(session, stage.agency, plan), ensure_ascii=False))
    tool, truth = SHARED / "tools" / "score_import.py", SHARED / "examples" / f"plan_{number}.json"
    done = subprocess.run([sys.executable, tool, truth, shown], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["score"] >= 0.97, done.stderr
    assert {figures[key] for key in ("recall", "precision", "periods", "units", "scores")} == {1.0}


@pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not beside this checkout")
@pytest.mark.parametrize("number", ["000", "001", "003", "004"])
def test_no_cell_of_a_real_document_is_lost(number):
    (file,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    document = tables.read(file.read_bytes(), file.name)
    assert lost(document, draft(document, likely_year=2567)) == []


def lost(document, made):
    """Texts of cells and paragraphs that stand neither in the draft nor in its doubts nor in a heading."""
    home = letters(" ".join(made.texts()))
    cells = [
        cell.text for table in document.tables for row in table.rows for cell in row if not cell.inherited
    ]
    texts = [*cells, *(paragraph.text for paragraph in document.paragraphs)]
    # a section row's label is kept as the topic's number, and its score as a score
    texts = [re.sub(r"^ตัวชี้วัดที่|\(คะแนน(?:รวม)?", "", text) for text in texts]
    words = [word for text in texts for word in TICKS.sub(" ", text).split()]
    return [
        word for word in words if letters(word) and letters(word) not in home and not heading(document, word)
    ]


def letters(text):
    return re.sub(r"[^ก-ฮะ-ฺเ-๎a-z]", "", text.lower())


def heading(document, word):
    from bot.tables.plan_headings import is_heading, layout
    from bot.tables.plan_prose import LIMITS
    from bot.tables.plan_topics import TOOL

    lines = [one.text for one in document.paragraphs if LIMITS.match(one.text)]
    lines += [row[0].text for table in document.tables for row in table.rows if TOOL.search(row[0].text)]
    if any(letters(word) in letters(line) for line in lines):
        return True
    for table in document.tables:
        for number, row in enumerate(table.rows):
            found = layout(table.rows, number) if is_heading(row) else None
            for one in table.rows[number : number + (found[1] if found else 0)]:
                if any(letters(word) in letters(cell.text) for cell in one):
                    return True
    return False


def test_a_file_without_a_table_of_measures_is_refused_with_what_it_should_have():
    with pytest.raises(Refused) as refused:
        draft(tables.read("สวัสดี\n\n| ก | ข |\n| 1 | 2 |".encode()))
    assert refused.value.reply.say.id == "plans-no-table"


def test_without_any_year_the_sender_is_asked_for_it():
    text = "| มาตรการ | ระยะเวลา | ผู้รับผิดชอบ |\n| ทำคู่มือ | ทุกเดือน | กองคลัง |"
    with pytest.raises(Refused) as refused:
        draft(tables.read(text.encode()))
    assert refused.value.reply.say.id == "plans-no-year"
    guessed = draft(tables.read(text.encode()), likely_year=2568)
    assert (guessed.fiscal_year, [one.why for one in guessed.doubts]) == (2568, ["fiscal-year"])


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("กองแผนงาน และกองคลัง", {"กองแผนงาน": "joint", "กองคลัง": "joint"}),
        ("ส่วนการเงิน บัญชีและพัสดุ", {"ส่วนการเงิน บัญชีและพัสดุ": "lead"}),
        ("ส่วนบริหารฯและส่วนบุคคล", {"ส่วนบริหารฯ": "joint", "ส่วนบุคคล": "joint"}),
        ("ส่วนบริหารและสื่อสาร/ส่วนกฎหมาย", {"ส่วนบริหารและสื่อสาร": "joint", "ส่วนกฎหมาย": "joint"}),
        ("กตร. (ศูนย์ ๑๓๐๐) กพบ. ศปท.", {"กตร.": "joint", "กพบ.": "joint", "ศปท.": "joint"}),
        ("ทุกส่วนงาน", {"ทุกส่วนงาน": "all_units"}),
        ("กองคลัง (หลัก), กองช่าง (สนับสนุน)", {"กองคลัง": "lead", "กองช่าง": "support"}),
        ("หน่วยงานหลัก: กองคลัง\nหน่วยงานสนับสนุน: ทุกหน่วยงาน", {"กองคลัง": "lead", "ทุกหน่วยงาน": "all_units"}),
        ("ทุกหน่วยงาน ทั้งส่วนกลาง และ ส่วนภูมิภาค", {"ทุกหน่วยงาน ทั้งส่วนกลาง และ ส่วนภูมิภาค": "all_units"}),
        ("คณะทำงาน ITA", {"คณะทำงาน ITA": "lead"}),
    ],
)
def test_units_are_told_apart_although_names_hold_commas_and_ands(cell, units):
    text = f"มาตรการ\tระยะเวลา\tผู้รับผิดชอบ\nก\tทุกเดือน\t{cell.replace(chr(10), '<br>')}"
    (made,) = draft(tables.read(text.encode()), 2567).measures
    assert {unit.name: unit.role for unit in made.responsible} == units


def test_a_misspelt_unit_points_to_the_right_one_and_a_short_form_to_the_long_one():
    rows = ["ส่วนอำนวยการฯ", "ส่วนอำนาจการและสื่อสาร", "ส่วนอำนวยการและสื่อสาร", "ส่วนอำนวยการและสื่อสาร"]
    text = "มาตรการ\tระยะเวลา\tผู้รับผิดชอบ\n" + "\n".join(f"ข้อ{n}\tทุกเดือน\t{one}" for n, one in enumerate(rows))
    made = draft(tables.read(text.encode()), 2567)
    why = {one.said: (one.guess, one.why) for one in made.doubts}
    assert why["ส่วนอำนวยการฯ"] == ("ส่วนอำนวยการและสื่อสาร", "unit-alias")
    assert why["ส่วนอำนาจการและสื่อสาร"] == ("ส่วนอำนวยการและสื่อสาร", "unit-misread")


CELLS = st.sampled_from(
    [
        "", "มาตรการ", "ระยะเวลา", "ผู้รับผิดชอบ", "ประเด็น", "1. งานบริการ", "(๒) งานพัสดุ", "๑) ก ๒) ข", "- ก - ข",
        "<p>๑. หนึ่ง</p><p>๒. สอง", "<u>ชื่อ", "ธ.ค. 66 - มี.ค. 67", "ไตรมาสที่ ๑-๒ (ทำแล้ว)", "ทุกเดือน", "๕.ค. ๖๔",
        "31 ก.พ. 67", "กองคลัง", "กองการ เจ้าหน้าที่", "กองคลัง/ทุกหน่วยงาน", "☐ ยังไม่ได้ดำเนินการ ☑ ดำเนินการ เสร็จ",
        "ตัวชี้วัดที่ ๑ การใช้เงิน (คะแนน ๘๘.๑)", "i10 คะแนน 49.41 %", "O25 ถึง O27", "ร้อยละ 80", "| |", "คำที่ไม่มีที่อยู่",
    ]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=6), min_size=1, max_size=8)
HEADINGS = ["ประเด็น\tมาตรการ\tขั้นตอน\tระยะเวลา\tผู้รับผิดชอบ\tความก้าวหน้า", "มาตรการ\tระยะเวลา", ""]


@settings(max_examples=150)
@given(st.sampled_from(HEADINGS), ROWS, st.integers(0, 8))
def test_cut_and_disturbed_tables_never_crash_and_never_lose_text(heading_row, rows, cut):
    lines = [heading_row, "ก\tมาตรการแรก\tทำ\tทุกเดือน\tกองคลัง\tยัง", *("\t".join(row) for row in rows)]
    lines.insert(min(cut, len(lines)), "")
    document = tables.read("\n".join(lines).encode())
    try:
        made = draft(document, 2567)
    except Refused:
        return
    assert lost(document, made) == []
    codes = [one.code for one in made.measures]
    assert len(codes) == len(set(codes))
    assert unpack(json.loads(json.dumps(pack(made)))) == made


@st.composite
def merged_books(draw):
    rows = [["ประเด็น", "มาตรการ", "ขั้นตอน", "ระยะเวลา", "ผู้รับผิดชอบ", "ความก้าวหน้า"]]
    rows += [[draw(CELLS) for _ in range(6)] for _ in range(draw(st.integers(1, 6)))]
    areas = []
    for column in "ABCDE":
        top = draw(st.integers(2, len(rows) + 1))
        areas.append(f"{column}{top}:{column}{draw(st.integers(top, len(rows) + 1))}")
    return rows, areas


SAID_BESIDE = [
    ["ประเด็น", "", "", "", "", "มาตรการ"],
    ["1. งาน", "", "", "1. งาน", "i10 คะแนน 49.41 %", "มาตรการ"],
]


@settings(max_examples=60)
@example(([["ประเด็น", "มาตรการ", "ขั้นตอน", "ระยะเวลา", "ผู้รับผิดชอบ", "ผล"], *SAID_BESIDE], []))
@given(merged_books())
def test_merged_cells_never_crash_and_never_lose_text(made):
    rows, areas = made
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    document = tables.read(out.getvalue(), "plan.xlsx")
    try:
        read_plan = draft(document, 2567)
    except Refused:
        return
    assert lost(document, read_plan) == []


def test_a_merged_cell_answers_for_the_rows_beside_it_and_it_is_said_so():
    book = Workbook()
    for row in (
        ["มาตรการ", "ขั้นตอน", "ระยะเวลา", "ผู้รับผิดชอบ"],
        ["ทำคู่มือ", "ร่าง", "ทุกเดือน", "กองคลัง"],
        [None, "เผยแพร่", None, None],
        ["อบรม", "จัดอบรม", None, None],
    ):
        book.active.append(row)
    for area in ("A2:A3", "C2:C4", "D2:D4"):
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    made = draft(tables.read(out.getvalue(), "plan.xlsx"), 2567)
    assert [(one.title, one.steps, one.schedule.every) for one in made.measures] == [
        ("ทำคู่มือ", ("ร่าง", "เผยแพร่"), "month"),
        ("อบรม", ("จัดอบรม",), "month"),
    ]
    assert [unit.name for one in made.measures for unit in one.responsible] == ["กองคลัง", "กองคลัง"]
    assert [one.guess for one in made.doubts if one.why == "inherited"] == ["ทุกเดือน · กองคลัง"]


def test_a_covering_letter_gives_report_rounds_and_an_announcement_its_clauses():
    text = """ประกาศเรื่องนโยบาย ประจำปีงบประมาณ พ.ศ. ๒๕๖๗
๑. นโยบายด้านความโปร่งใสของเรา
แนวทางปฏิบัติ
๑) เปิดเผยข้อมูลทุกเรื่อง
๑.๑) ลงเว็บภายในเจ็ดวัน
และแจ้งทุกฝ่าย
๒. นโยบายด้านการรับฟัง
๑) ตั้งตู้รับฟังทุกชั้น
ประกาศ ณ วันที่ ๕ ตุลาคม ๒๕๖๖
ให้รายงานความก้าวหน้า รอบที่ ๑ ภายในวันที่ ๔ เมษายน ๒๕๖๗ และรอบที่ ๒ ไปยังกลุ่มจริยธรรม ภายในวันที่ ๓๑ สิงหาคม ๒๕๖๗ ทางอีเมล

มาตรการ\tระยะเวลา\tผู้รับผิดชอบ
ทำคู่มือ\tทุกเดือน\tกองคลัง
"""
    made = draft(tables.read(text.encode()))
    assert [(one.no, [(clause.no, clause.text) for clause in one.clauses]) for one in made.policies] == [
        ("1", [("1", "เปิดเผยข้อมูลทุกเรื่อง"), ("1.1", "ลงเว็บภายในเจ็ดวัน และแจ้งทุกฝ่าย")]),
        ("2", [("1", "ตั้งตู้รับฟังทุกชั้น")]),
    ]
    assert [(one.name, one.due, one.receiver, one.channel) for one in made.rounds] == [
        ("รอบที่ 1", "2024-04-04", "กลุ่มจริยธรรม", "อีเมล"),
        ("รอบที่ 2", "2024-08-31", "กลุ่มจริยธรรม", "อีเมล"),
    ]


def test_tick_boxes_and_narrative_become_status_and_progress_with_a_doubt():
    text = (
        "ประเด็นที่ต้องปรับปรุง\tมาตรการ\tระยะเวลา\tผู้รับผิดชอบ\tความก้าวหน้า\n"
        "การเปิดเผยข้อมูลสาธารณะ (OIT)\t\t\t\t\nตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล (คะแนน ๘๘.๕)\t\t\t\t\n"
        "ข้อมูลพื้นฐาน ๑. โครงสร้าง ๒. ข้อมูลผู้บริหาร\tลงข้อมูลให้ครบ\tม.ค. ๖๗\tศทส.\t"
        '<input type="checkbox"> ยังไม่ได้ดำเนินการ <input checked type="checkbox"> ดำเนินการ ลงครบเรียบร้อยแล้ว\n'
        "\tอบรมคนดูแลเว็บ\tก.พ. ๖๗\tศทส.\t☑ ยังไม่ได้ดำเนินการ ☐ ดำเนินการ รอวิทยากร\n"
    )
    made = draft(tables.read(text.encode()))
    assert [(one.status, one.progress) for one in made.measures] == [
        ("done", "ลงครบเรียบร้อยแล้ว"),
        ("not_started", "รอวิทยากร"),
    ]
    assert made.measures[0].o_items == ("O1", "O2")
    assert [(one.level, one.code, one.score) for one in made.scores] == [("indicator", "9", 88.5)]
    whys = [one.why for one in made.doubts]
    assert whys.count("status-guessed") == 2
    assert "o-items-guessed" in whys


def test_every_reason_of_a_doubt_has_its_words():
    from bot.words import words
    from handlers.talk import say

    found = set()
    for file in Path(tables.__file__).parent.glob("*.py"):
        found |= set(
            re.findall(
                r'"((?:unit|schedule|topic|status|heading|part|code|o-items|round|duty)-[a-z-]+)"',
                file.read_text(),
            )
        )
    found |= {
        "inherited",
        "joined",
        "split",
        "homeless",
        "fiscal-year",
        "other-agency",
        "unit-made",
        "units-made",
    }
    for note in (
        "misread-month",
        "partly-read",
        "backwards",
        "over-two-fiscal-years",
        "out-of-year",
        "several",
        "not-read",
    ):
        found.add(f"schedule-{note}")
    assert len(found) > 20
    for why in found:
        assert words("th")(say(f"plans-why-{why}"))


ROUNDS_LISTED = """มาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. 2568

| ประเด็น | มาตรการ | ผู้รับผิดชอบ | ขั้นตอน | ระยะเวลา |
|---|---|---|---|---|
| (๑) การให้บริการ | | | | |
| ๑.๑ เจ้าหน้าที่ไม่ทำตามขั้นตอนและระยะเวลาที่ประกาศ | จัดทำผังขั้นตอนการให้บริการ | กองกลาง | ๑) เขียนผัง ๒) ติดประกาศ | ไตรมาสที่ ๑-๒ |
| ๑.๒ เรื่องค้างไม่มีผู้รับผิดชอบตาม | ตรวจเรื่องค้างทุกสัปดาห์ | กองคลัง | สรุปเรื่องค้าง | ทุกเดือน |

ข้อจำกัด

๑. เจ้าหน้าที่มีน้อย

การรายงานผล

ให้ทุกกองรายงานผลการดำเนินงานต่อกองกลาง ปีละ ๒ รอบ ดังนี้

รอบ ๖ เดือน ส่งภายในวันที่ ๑๐ เมษายน ๒๕๖๘
รอบ ๑๒ เดือน ส่งภายในวันที่ ๑๐ ตุลาคม ๒๕๖๘
"""


def test_rows_that_sound_like_headings_and_rounds_in_a_list_are_read():
    made = draft(tables.read(ROUNDS_LISTED.encode(), "rounds.md"))
    assert [one.code for one in made.measures] == ["1.1", "1.2"]
    assert [unit.name for one in made.measures for unit in one.responsible] == ["กองกลาง", "กองคลัง"]
    assert [(one.name, one.due, one.receiver) for one in made.rounds] == [
        ("รอบ 6 เดือน", "2025-04-10", "กองกลาง"),
        ("รอบ 12 เดือน", "2025-10-10", "กองกลาง"),
    ]
    assert list(made.limits) == ["เจ้าหน้าที่มีน้อย"]


def test_a_list_of_short_forms_gives_units_their_names():
    text = "ชื่อย่อ : กค. = กองคลัง กช. = กองช่าง\n\n" + ROUNDS_LISTED.replace("กองคลัง", "กช.")
    made = draft(tables.read(text.encode(), "short.md"))
    assert ("กองช่าง", "กช.") in [(one.said, one.guess) for one in made.doubts]


WITHOUT_SCORES = """มาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. 2568

ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567 ได้คะแนนภาพรวม 88.10 คะแนน ลำดับที่ 21 จาก 62 แห่ง เป้าหมายไม่ต่ำกว่า 95

{}
| มาตรการ | ขั้นตอน | ระยะเวลา | ผู้รับผิดชอบ |
|---|---|---|---|
| (1) การปฏิบัติหน้าที่ | | | |
| 1.1 ทบทวนคู่มือ | 1) ร่าง 2) ประกาศ | ต.ค. - ธ.ค. 67 | กองกลาง |
| (2) การใช้งบประมาณ | | | |
| 2.1 ชี้แจงงบประมาณ | 1) ประชุม | ทุกไตรมาส | กองคลัง |
"""
TOOLS = {"IIT": 89.8, "EIT1": 88.94, "EIT2": 86.4, "OIT": 95.13}


@pytest.mark.parametrize(
    "said",
    [
        "- แบบวัดภายใน (IIT) ได้ 89.80 คะแนน\n- แบบวัดภายนอก (EIT) ส่วนที่ 1 ได้ 88.94 คะแนน\n- EIT ส่วนที่ 2 : 86.40\n- OIT 95.13",
        "คะแนนรายเครื่องมือ IIT 89.80, EIT ส่วนที่ 1 88.94, EIT ส่วนที่ 2 86.40 และ OIT 95.13 คะแนน",
        "| เครื่องมือ | คะแนน |\n|---|---|\n| IIT | ๘๙.๘๐ |\n| EIT ส่วนที่ ๑ | ๘๘.๙๔ |\n| EIT ส่วนที่ ๒ | ๘๖.๔๐ |\n| OIT | ๙๕.๑๓ |",
        "| แบบวัด | IIT | EIT1 | EIT2 | OIT |\n|---|---|---|---|---|\n| คะแนน | 89.80 | 88.94 | 86.40 | 95.13 |",
    ],
)
def test_scores_of_tools_are_read_however_they_are_set(said):
    made = draft(tables.read(WITHOUT_SCORES.format(said + "\n").encode(), "tools.md"))
    assert {one.code: one.score for one in made.scores if one.level == "tool"} == TOOLS
    assert (made.rank, made.rank_group) == (21, "62 แห่ง")


@pytest.mark.parametrize(
    ("said", "topics"),
    [
        ("ข้อค้นพบ\n\n- ข้อ i4 ได้ 84.10 คะแนน : งานช้า\n- e9 (78.60) ไม่รู้ขั้นตอน", ("", "")),
        (
            "| ตัวชี้วัด | ข้อคำถาม | คะแนน | ข้อค้นพบ |\n|---|---|---|---|\n| (๑) การปฏิบัติหน้าที่ | i๔ | ๘๔.๑๐ | งานช้า |\n| (๒) การใช้งบประมาณ | e๙ | ๗๘.๖๐ | ไม่รู้ขั้นตอน |",
            ("1", "2"),
        ),
        (
            "| ตัวชี้วัด | รหัส | ผล | จุดที่ต้องพัฒนา |\n|---|---|---|---|\n| 4 การใช้อำนาจ | i4 | 84.10 | งานช้า |\n| 2 การใช้งบประมาณ | e9 | 78.60 | ไม่รู้ขั้นตอน |",
            ("", "2"),
        ),
        (
            "| ประเด็น | ข้อค้นพบ |\n|---|---|\n| 1. การปฏิบัติหน้าที่ | ข้อ i4 ได้ 84.10 คะแนน : งานช้า |\n| 2. การใช้งบประมาณ | ข้อ e9 ร้อยละ 78.60 ไม่รู้ขั้นตอน |",
            ("1", "2"),
        ),
    ],
)
def test_what_was_found_weak_goes_with_its_question_score_and_topic(said, topics):
    made = draft(tables.read(WITHOUT_SCORES.format(said + "\n").encode(), "found.md"))
    found = [("i4", 84.1, "งานช้า"), ("e9", 78.6, "ไม่รู้ขั้นตอน")]
    assert [(one.question, one.score, one.text) for one in made.findings] == found
    assert tuple(one.topic for one in made.findings) == topics
    assert {one.code: one.score for one in made.scores if one.level == "question"} == {"i4": 84.1, "e9": 78.6}
