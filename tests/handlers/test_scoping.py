import pytest
from sqlalchemy import select

from handlers import issuing, scoping
from handlers.orders import Order
from handlers.scope import Period
from handlers.talk import Refused
from storage import indicators, roles
from storage.agencies import Agency
from storage.measures import Duty, Measure, Responsibility
from storage.papers import Paper
from storage.plans import Finding, Plan, Score, Topic
from storage.rounds import Round
from tests.builders import FIRST, a_plan
from tests.conftest import bangkok

TODAY = bangkok(2024, 1, 18).date()


@pytest.fixture
def plan(stage):
    """4.1 answers to question i19, 7.1 to O34, 5.1's topic is about the use of the budget."""
    plan = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        by_code = {
            one.code: one for one in records.scalars(select(Measure).where(Measure.plan_id == plan.id))
        }
        by_code["4.1"].questions = ["i19"]
        by_code["7.1"].o_items = ["O34"]
        by_code["6.1"].responsible_text = "กองการเจ้าหน้าที่ (นักทรัพยากรบุคคล) รองอธิบดีกำกับ"
        personnel = stage.unit("กองการเจ้าหน้าที่").id
        by_code["5.1"].responsibilities.append(Responsibility(unit_id=personnel, role=Duty.SUPPORT))
        for topic in records.scalars(select(Topic).where(Topic.plan_id == plan.id)):
            if topic.no == "5":
                topic.title = "กระบวนการสร้างความโปร่งใสในการใช้งบประมาณ"
            if topic.no == "6":
                records.add(Finding(plan_id=plan.id, topic_id=topic.id, question="I13", text="ไม่รู้เกณฑ์"))
        records.add(Score(year=2566, level="indicator", code="10", name="การป้องกันการทุจริต", score=93.75))
    return plan


def codes(stage, plan, **named):
    with stage.database.look(stage.agency.id) as records:
        agency, mine = records.get_one(Agency, stage.agency.id), records.get_one(Plan, plan.id)
        scope = scoping.by_words(records, mine, **named)
        order = Order(records, agency, mine, Period(FIRST, TODAY), TODAY, scope)
        return [one.code for one in order.measures]


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("4", ["4.1"]),  # by its question
        ("10", ["7.1"]),  # by its O item
        ("การป้องกันการทุจริต", ["7.1"]),
        ("การใช้งบประมาณ", ["5.1"]),  # by the title of its topic
        ("3", ["6.1"]),  # by a finding of its topic
    ],
)
def test_an_indicator_holds_the_measures_that_answer_to_it(stage, plan, indicator, expected):
    assert codes(stage, plan, indicator=indicator) == expected


def test_where_the_topics_are_the_indicators_they_alone_decide(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for topic in records.scalars(select(Topic).where(Topic.plan_id == plan.id, Topic.no == "6")):
            topic.title = "การใช้ทรัพย์สินของทางราชการ"
    assert codes(stage, plan, indicator="4") == ["6.1"]


def test_an_agency_says_for_itself_what_belongs_to_an_indicator(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        records.get_one(Agency, stage.agency.id).settings = {indicators.SETTING: {"9": "O30-O40"}}
    assert codes(stage, plan, indicator="9") == ["7.1"]
    assert indicators.spelt_out("i10-i12, O3") == {"i10", "i11", "i12", "o3"}


@pytest.mark.parametrize(
    ("text", "title", "count"),
    [
        ("ขอสรุปตัวชี้วัดที่ 10", "ตัวชี้วัดที่ 10 การป้องกันการทุจริต", 1),
        ("สรุปตัวชี้วัดการป้องกันการทุจริต", "ตัวชี้วัดที่ 10 การป้องกันการทุจริต", 1),
        ("ขอสรุปตัวชี้วัดที่ ๔ ไตรมาส 1", "ตัวชี้วัดที่ 4", 1),
        ("ขอสรุปข้อที่กองคลังเป็นผู้รับผิดชอบหลัก", "กองคลัง เฉพาะข้อที่เป็นผู้รับผิดชอบหลัก", 2),
        ("ขอสรุปข้อที่กองการเจ้าหน้าที่เป็นหน่วยสนับสนุน", "เฉพาะข้อที่เป็นหน่วยสนับสนุน", 1),
        ("ขอสรุปงานของนักทรัพยากรบุคคล", "นักทรัพยากรบุคคล", 1),
        ("สรุปข้อที่รองอธิบดีกำกับ", "รองอธิบดี", 1),
        ("summary of indicator 10", "ตัวชี้วัดที่ 10", 1),
    ],
)
def test_an_indicator_or_a_role_is_summed_up_in_chat(stage, plan, text, title, count):
    answer = stage.chat("malee", text)
    assert title in answer, answer.text
    assert f"สถานะมาตรการ {count} ข้อ" in answer


def test_what_there_is_not_is_told_with_what_there_is(stage, plan):
    answer = stage.chat("malee", "ขอสรุปตัวชี้วัดที่ 15")
    assert "ไม่พบตัวชี้วัด" in answer
    assert "ตัวชี้วัดที่ 10 การป้องกันการทุจริต" in answer
    answer = stage.chat("malee", "ขอสรุปตัวชี้วัดการป้องกันทุจริจ เดือนนี้")
    (offered, *_) = [one for one in answer.values if one.startswith("summary-show:of:")] or [""]
    if offered:  # a slip that was not forgiven: the likest ones are offered
        answer = stage.chat("malee", tap=offered)
    assert "ตัวชี้วัดที่ 10" in answer
    assert "นักทรัพยากรบุคคล" in stage.chat("malee", "ขอสรุปข้อของผู้อำนวยการสำนักรับผิดชอบ")
    assert "ไม่มีมาตรการของ ตัวชี้วัดที่ 8" in stage.chat("malee", "ขอสรุปตัวชี้วัดที่ 8")
    with stage.database.look(stage.agency.id) as records, pytest.raises(Refused):
        scoping.by_words(records, records.get_one(Plan, plan.id), role="เภสัชกร")


def test_a_paper_keeps_what_it_is_about_and_so_does_its_other_format(stage, plan):
    answer = stage.chat("malee", "ขอตารางความก้าวหน้าตัวชี้วัดที่ 4")
    (other,) = [one for one in answer.values if one.startswith("exports-progress:xlsx")]
    stage.chat("malee", tap=other)
    stage.chat("malee", "ขอสรุปข้อที่กองคลังเป็นผู้รับผิดชอบหลักเป็น pdf")
    with stage.database.look(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        first, second, third = records.scalars(select(Paper).order_by(Paper.id)).all()
        assert (first.details, second.details) == ({"indicator": "4"}, {"indicator": "4"})
        assert (first.format, second.format) == ("docx", "xlsx")
        assert third.details == {"unit": stage.unit().id, "role": "lead"}
        made = issuing.report(records, agency, second, stage.at, "")
        assert [row[1][0].args["code"] for row in made.tables[0].rows if isinstance(row, tuple)] == ["4.1"]
        assert made.covers.args["of"].id == "scoping-names"
        led = issuing.report(records, agency, third, stage.at, "")
    assert led.section("counts").title.args["count"] == 2


def test_another_agencys_paper_is_no_pattern_for_ours(stage, plan, noise):
    stage.chat("malee", "ขอสรุปตัวชี้วัดที่ 4 เป็นเวิร์ด")
    with stage.database.look(stage.agency.id) as records:
        (paper,) = records.scalars(select(Paper))
    from tests.conftest import Stage

    other = Stage(stage.database, noise)
    a_plan(other)
    assert "ตัวชี้วัดที่ 4" not in other.chat("malee", tap=f"summary-file:xlsx:as:{paper.id}")


def test_offices_are_found_in_what_the_plan_writes(stage, plan):
    with stage.database.look(stage.agency.id) as records:
        mine = records.get_one(Plan, plan.id)
        assert roles.offices(records, mine) == ["นักทรัพยากรบุคคล", "รองอธิบดีกำกับ"]
        assert roles.of_office(records, mine, "ผอ.กองคลัง") == set()
        assert len(roles.of_office(records, mine, "รองอธิบดี")) == 1


def test_the_days_between_report_rounds_are_asked_for_by_name(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for name, day in (("รอบแรก", bangkok(2023, 12, 31)), ("รอบสอง", bangkok(2024, 6, 30))):
            records.add(Round(plan_id=plan.id, name=name, due_on=day.date()))
    assert "1 ม.ค. 67 - 30 มิ.ย. 67" in stage.chat("malee", "ขอสรุปรอบนี้")
    assert "1 ต.ค. 66 - 31 ธ.ค. 66" in stage.chat("malee", "ขอสรุปรอบที่แล้ว")
    assert "1 ต.ค. 66 - 18 ม.ค. 67" in stage.chat("malee", "สรุปตั้งแต่ต้นปีงบ")
    stage.chat("malee", "ทำแบบรายงานผลรอบนี้ให้กองคลัง")
    with stage.database.look(stage.agency.id) as records:
        paper = records.scalars(select(Paper)).one()
        assert (paper.kind, str(paper.starts_on), str(paper.ends_on)) == ("form", "2024-01-01", "2024-06-30")
