"""The form for a plan: written, filled, read back; the same plan comes out."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot import tables
from bot.tables import plan_form, plan_sheets
from bot.tables.plan import draft
from bot.tables.plan_kpis import one_kpi
from handlers.talk import Refused
from storage import doubts, exports, imports, plans
from storage.calendar import read_schedule
from storage.drafts import (
    Draft,
    DraftFinding,
    DraftMeasure,
    DraftRound,
    DraftSchedule,
    DraftScore,
    DraftTopic,
    DraftUnit,
)

DOCUMENTS = Path(__file__).parent.parent / "documents"

LETTERS = st.text(alphabet="กขคงจาิีุ่้ำ ๑๒12().-/:“”ABxy", min_size=1, max_size=30)
TEXTS = LETTERS.map(lambda text: " ".join(text.split())).filter(lambda text: text and not text[0].isspace())
TITLES = TEXTS.map(lambda text: f"มาตรการ {text}")
UNITS = st.sampled_from(
    ["กองคลัง", "ส่วนการเงิน บัญชีและพัสดุ", "ส่วนอำนวยการฯ", "คณะทำงาน ITA", "สำนักงานเลขานุการ", "กค.", "ศูนย์ไอที"]
)
PERIODS = st.sampled_from(
    [
        "",
        "ธ.ค. 66 - มี.ค. 67",
        "ไตรมาสที่ ๑-๒ (ทำแล้ว)",
        "ทุกเดือน",
        "ดำเนินการต่อเนื่อง",
        "๕.ค. ๖๖",
        "เมื่อพร้อม",
        "ปีละ ๒ ครั้ง",
    ]
)


@st.composite
def duties(draw):
    names = draw(st.lists(UNITS, unique=True, max_size=4))
    at = draw(st.integers(0, len(names)))
    hosts, rest = names[:at], names[at:]
    made = [DraftUnit(name, "lead" if len(hosts) == 1 else "joint") for name in hosts]
    made += [DraftUnit(name, "support") for name in rest]
    return tuple(made) + ((DraftUnit("ทุกหน่วยงาน", "all_units"),) if draw(st.booleans()) else ())


@st.composite
def some_measures(draw, topics):
    made = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(PERIODS)
        found = read_schedule(text, 2567)
        made.append(
            DraftMeasure(
                code=f"{number + 1}.{draw(st.integers(1, 9))}",
                title=draw(TITLES),
                topic=draw(st.sampled_from([topic.no for topic in topics] or [""])),
                aim=draw(st.just("") | TEXTS),
                method=draw(st.just("") | TEXTS),
                constraints=draw(st.just("") | TEXTS),
                steps=tuple(draw(st.lists(TEXTS, max_size=4))),
                kpis=tuple(map(one_kpi, draw(st.lists(TEXTS, max_size=3)))),
                schedule=DraftSchedule(
                    text,
                    found.kind,
                    found.every,
                    tuple((start.isoformat(), end.isoformat()) for start, end in found.ranges),
                ),
                responsible=draw(duties()),
                status=draw(st.sampled_from(["", *plan_form.STATUSES])),
                progress=draw(st.just("") | TEXTS),
                o_items=draw(st.sampled_from([(), ("O1",), ("O7", "O34")])),
                questions=draw(st.sampled_from([(), ("i10",), ("e5", "i3")])),
            )
        )
    return tuple(made)


@st.composite
def whole_plans(draw):
    topics = tuple(DraftTopic(str(no), draw(TITLES)) for no in range(1, draw(st.integers(1, 4))))
    numbers = st.floats(0, 100).map(lambda score: round(score, 2))
    return Draft(
        title=draw(TITLES),
        fiscal_year=2567,
        assessed_year=draw(st.sampled_from([None, 2566])),
        scores=tuple(
            DraftScore(level, draw(numbers), code, draw(TEXTS), draw(st.sampled_from(["", ">="])))
            for level, code in (("overall", ""), ("tool", "EIT1"), ("indicator", "7"), ("question", "i10"))
        ),
        grade=draw(st.sampled_from(["", "ผ่านดี"])),
        rank=draw(st.sampled_from([None, 13])),
        topics=topics,
        findings=tuple(
            DraftFinding(
                draw(TEXTS), draw(st.sampled_from(["", *(one.no for one in topics)])), "i10", draw(numbers)
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
        measures=draw(some_measures(topics)),
        rounds=(DraftRound("รอบแรก", "2024-03-31", "ศปท.", "ระบบ"),),
        limits=tuple(draw(st.lists(TEXTS, max_size=2))),
    )


@settings(max_examples=60)
@given(whole_plans())
def test_a_plan_written_into_the_form_comes_back_the_same(plan):
    made = draft(tables.read(plan_sheets.write(plan), "form.xlsx"))
    assert compared(made) == compared(plan)


def compared(plan):
    """The plan without what the form does not carry: the paper's own numbers, the texts of roles, doubts."""
    measures = tuple(
        replace(
            one,
            document_no="",
            responsible_text="",
            steps_of_all=(),
            responsible=tuple(sorted(one.responsible, key=lambda unit: (unit.role, unit.name))),
        )
        for one in plan.measures
    )
    return replace(plan, measures=measures, doubts=(), source="", agency="")


def test_the_empty_form_has_an_example_that_is_not_imported_and_a_list_of_statuses():
    content = plan_sheets.write()
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[0] == plan_form.PLAN
    assert book[plan_form.PLAN]["A2"].value == plan_form.EXAMPLE
    (rule,) = book[plan_form.PLAN].data_validations.dataValidation
    assert "ดำเนินการแล้วเสร็จ" in rule.formula1
    assert "How to fill in this form" in [cell.value for cell in book[plan_form.HELP]["B"]]
    with pytest.raises(Refused) as refused:
        draft(tables.read(content, "form.xlsx"), 2567)
    assert refused.value.reply.say.id == "plans-form-untouched"


def test_a_form_filled_by_hand_is_read_with_what_was_left_out_made_up_for():
    book = load_workbook(BytesIO(plan_sheets.write()))
    sheet, heads = book[plan_form.PLAN], list(plan_form.COLUMNS)
    for row, told in enumerate(
        (
            {"topic": 1, "topic_title": "งานคลัง", "title": "เล่าแผนเงิน", "period": "ทุกเดือน", "lead": "กองคลัง"},
            {"topic": 1, "title": "เปิดบัญชี", "steps": "ร่าง\nเสนอ", "period": "32 ม.ค.", "lead": "ทุกหน่วยงาน"},
            {"aim": "ไม่มีชื่อมาตรการ"},
        ),
        3,
    ):
        for key, value in told.items():
            sheet.cell(row, heads.index(key) + 1, value)
    book[plan_form.ABOUT]["B3"] = 2568
    out = BytesIO()
    book.save(out)
    made = draft(tables.read(out.getvalue(), "form.xlsx"))
    assert made.fiscal_year == 2568
    assert [(one.code, one.title, one.steps) for one in made.measures] == [
        ("1.1", "เล่าแผนเงิน", ()),
        ("1.2", "เปิดบัญชี", ("ร่าง", "เสนอ")),
    ]
    whys = {one.why: one.said for one in made.doubts}
    assert whys["homeless"] == "ไม่มีชื่อมาตรการ"
    assert "32 ม.ค." in whys.values()


@pytest.mark.parametrize("name", ["two_row_headings.txt", "by_question.md"])
def test_an_imported_plan_exported_into_the_form_and_imported_again_changes_nothing(stage, name):
    with stage.database.agency(stage.agency.id) as session:
        plan = imports.keep(session, draft(tables.read((DOCUMENTS / name).read_bytes(), name)))
        doubts.accept_all(session, plan)
        imports.activate(session, plan)
        content = plan_sheets.write(exports.as_draft(session, plan))
        again = imports.keep(session, draft(tables.read(content, "form.xlsx")))
        told = exports.difference(session, plans.active_plan(session, date(2024, 1, 18)), again)
        assert (told.new, told.changed, told.gone) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("ความพึงพอใจไม่น้อยกว่าร้อยละ ๘๓.๕", "percent", 83.5),
        ("ผู้ผ่านการทดสอบไม่น้อยกว่าร้อยละ 80", "pass_rate", 80),
        ("ทบทวนระบบติดตามฯ ปีละ ๑ ครั้ง", "times_per_year", 1),
        ("รายงานครบ 12 ครั้งต่อปี", "times_per_year", 12),
        ("ผ่าน อย่างน้อย ๕ ช่องทาง", "channels", 5),
        ("ผู้เข้าร่วมไม่น้อยกว่า 1,200 คน", "count", 1200),
        ("มีแผนจัดการความเสี่ยง", "exists", None),
        ("ตอบภายใน 3 วันทำการ", "open", None),
        ("ทุกหน่วยงานใช้ทะเบียนออนไลน์", "percent", 100),
        ("ระดับความสำเร็จของการจัดทำ", "open", None),
    ],
)
def test_an_indicator_is_known_by_its_words(text, kind, value):
    made = one_kpi(text)
    assert (made.kind, made.value) == (kind, value)
