"""Real records in a line: a plan, its measures, what the units owe."""

from datetime import date

from storage.agencies import Unit, units
from storage.measures import Duty, Measure, MeasureAlias, Responsibility, Step
from storage.plans import ACTIVE, Plan, Topic
from storage.rounds import Occurrence

FIRST, LAST = date(2023, 10, 1), date(2024, 9, 30)
MEASURES = (
    # code, topic, title, steps, unit (None: every unit), due
    ("1.1", 1, "ทบทวนคู่มือการปฏิบัติงานให้เป็นปัจจุบัน", ("สำรวจคู่มือ", "ปรับปรุงและเผยแพร่คู่มือ"), None, date(2024, 3, 31)),
    (
        "4.1",
        4,
        "ปรับปรุงแนวทางการยืม การใช้ และการดูแลทรัพย์สินของราชการ",
        ("เวียนหนังสือและขึ้นเว็บไซต์", "ประชุมชี้แจงแนวทางการยืมทรัพย์สิน"),
        "กองคลัง",
        date(2024, 3, 31),
    ),
    (
        "5.1",
        5,
        "สร้างการรับรู้แผนการใช้จ่ายงบประมาณและการจัดซื้อจัดจ้าง",
        ("ประชุมชี้แจงแผนใช้จ่ายงบประมาณ", "รายงานผลเบิกจ่าย", "ประกาศแผนจัดซื้อจัดจ้าง", "เผยแพร่ทางเว็บไซต์"),
        "กองคลัง",
        date(2024, 6, 30),
    ),
    (
        "6.1",
        6,
        "เผยแพร่หลักเกณฑ์การบริหารทรัพยากรบุคคล",
        ("ประกาศหลักเกณฑ์การเลื่อนเงินเดือน",),
        "กองการเจ้าหน้าที่",
        date(2024, 3, 31),
    ),
    (
        "7.1",
        7,
        "ประกาศเจตนารมณ์ No Gift Policy และต่อต้านการทุจริต",
        ("ผู้บริหารประกาศเจตนารมณ์", "จัดทำแผนป้องกันการทุจริต"),
        "กองการเจ้าหน้าที่",
        date(2023, 12, 31),
    ),
)


def a_plan(stage, rows=MEASURES, fiscal_year: int = 2567, status: str = ACTIVE) -> Plan:
    """An active plan with measures, steps, units and one occurrence for each unit that owes."""
    with stage.database.agency(stage.agency.id) as records:
        plan = Plan(fiscal_year=fiscal_year, assessed_year=fiscal_year - 1, status=status)
        records.add(plan)
        records.flush()
        everyone = units(records)
        named = {unit.name: unit for unit in everyone}
        topics: dict[int, Topic] = {}
        for position, (code, topic_no, title, steps, unit_name, due) in enumerate(rows):
            if topic_no not in topics:
                topics[topic_no] = Topic(plan_id=plan.id, no=str(topic_no), title="", position=topic_no)
                records.add(topics[topic_no])
                records.flush()
            measure = Measure(
                plan_id=plan.id, topic_id=topics[topic_no].id, code=code, title=title, position=position
            )
            measure.steps = [Step(no=no, text=text) for no, text in enumerate(steps, 1)]
            unit = named[unit_name] if unit_name else None
            role = Duty.LEAD if unit else Duty.ALL_UNITS
            measure.responsibilities = [Responsibility(unit_id=unit.id if unit else None, role=role)]
            measure.aliases = []
            records.add(measure)
            records.flush()
            for owes in [unit] if unit else everyone:
                records.add(_occurrence(plan, measure, owes, role, due))
        return plan


def _occurrence(plan: Plan, measure: Measure, unit: Unit, role: str, due: date) -> Occurrence:
    return Occurrence(
        plan_id=plan.id, measure_id=measure.id, unit_id=unit.id, role=role, starts_on=FIRST, due_on=due
    )


def an_alias(stage, code: str, text: str) -> None:
    """Other words for a measure."""
    from sqlalchemy import select

    with stage.database.agency(stage.agency.id) as records:
        measure = records.scalars(select(Measure).where(Measure.code == code)).one()
        records.add(MeasureAlias(measure_id=measure.id, text=text, state="accepted"))
