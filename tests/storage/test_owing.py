from datetime import date

import pytest
from sqlalchemy import select

from storage import owing, rounds
from storage.agencies import Unit
from storage.calendar import read_schedule
from storage.measures import Duty, Measure, Responsibility
from storage.plans import ACTIVE, Plan
from storage.rounds import Occurrence, Round


@pytest.fixture
def plan(stage):
    with stage.database.agency(stage.agency.id) as records:
        made = Plan(fiscal_year=2567, status=ACTIVE)
        records.add(made)
    return made


def measure(stage, plan, schedule, units=("กองคลัง",), role=Duty.LEAD, code="1.1"):
    read = read_schedule(schedule, plan.fiscal_year)
    with stage.database.agency(stage.agency.id) as records:
        known = {unit.name: unit.id for unit in records.scalars(select(Unit))}
        made = Measure(
            plan_id=plan.id,
            code=code,
            title=schedule,
            schedule_kind=read.kind,
            schedule_every=read.every,
            schedule_ranges=[[a.isoformat(), b.isoformat()] for a, b in read.ranges],
        )
        made.responsibilities = [
            Responsibility(unit_id=known.get(name), role=role, position=n) for n, name in enumerate(units)
        ]
        records.add(made)
        records.flush()
        owing.owe(records, plan)
    return made


def owed(stage, plan, unit=None):
    with stage.database.look(stage.agency.id) as records:
        return [
            (one.unit.name, one.starts_on, one.due_on)
            for one in rounds.occurrences(records, plan)
            if unit is None or one.unit.name == unit
        ]


@pytest.mark.parametrize(
    ("schedule", "count", "first_due", "last_due"),
    [
        ("ธ.ค. 66 - มี.ค. 67", 1, date(2024, 3, 31), date(2024, 3, 31)),
        ("ม.ค. 67 และ มิ.ย. 67", 2, date(2024, 1, 31), date(2024, 6, 30)),
        ("ทุกเดือน", 12, date(2023, 10, 31), date(2024, 9, 30)),
        ("ทุกไตรมาส", 4, date(2023, 12, 31), date(2024, 9, 30)),
        ("ปีละ ๒ ครั้ง", 2, date(2024, 3, 31), date(2024, 9, 30)),
        ("ปีละ ๑ ครั้ง", 1, date(2024, 9, 30), date(2024, 9, 30)),
        ("ดำเนินการต่อเนื่อง", 4, date(2023, 12, 31), date(2024, 9, 30)),
        ("", 1, None, None),
    ],
)
def test_each_kind_of_schedule_yields_its_windows(stage, plan, schedule, count, first_due, last_due):
    measure(stage, plan, schedule)
    dues = [due for _, _, due in owed(stage, plan)]
    assert (len(dues), dues[0], dues[-1]) == (count, first_due, last_due)


def test_a_continuous_duty_is_due_at_each_report_round(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for day in (date(2024, 4, 5), date(2024, 9, 25)):
            records.add(Round(plan_id=plan.id, name=str(day), due_on=day))
    measure(stage, plan, "ดำเนินการต่อเนื่อง")
    assert [due for _, _, due in owed(stage, plan)] == [date(2024, 4, 5), date(2024, 9, 25)]


def test_every_unit_owes_its_own_where_all_are_named(stage, plan):
    measure(stage, plan, "ไตรมาส ๑", units=("ทุกหน่วยงาน",), role=Duty.ALL_UNITS)
    assert {unit for unit, _, _ in owed(stage, plan)} == {"กองคลัง", "กองการเจ้าหน้าที่"}


def test_supporters_owe_nothing_unless_nobody_leads(stage, plan):
    measure(stage, plan, "ไตรมาส ๑", role=Duty.SUPPORT)
    assert len(owed(stage, plan)) == 1


def test_a_changed_schedule_keeps_what_was_reported(stage, plan):
    made = measure(stage, plan, "ไตรมาส ๑")
    with stage.database.agency(stage.agency.id) as records:
        one = records.scalars(select(Occurrence)).one()
        one.status, one.version = rounds.IN_PROGRESS, 2
        row = records.get_one(Measure, made.id)
        row.schedule_ranges = [["2024-01-01", "2024-06-30"]]
        records.flush()
        assert owing.owe(records, plan) == 0
        assert owing.owe(records, plan) == 0
    with stage.database.look(stage.agency.id) as records:
        one = records.scalars(select(Occurrence)).one()
        assert (one.due_on, one.status, one.version) == (date(2024, 6, 30), rounds.IN_PROGRESS, 2)


def test_what_is_no_longer_owed_goes_unless_it_was_reported(stage, plan):
    made = measure(stage, plan, "ทุกเดือน")
    with stage.database.agency(stage.agency.id) as records:
        october = rounds.occurrences(records, plan)[0]
        october.version = 1
        row = records.get_one(Measure, made.id)
        row.schedule_kind, row.schedule_every = "range", None
        row.schedule_ranges = [["2024-01-01", "2024-03-31"]]
        records.flush()
        owing.owe(records, plan)
    assert len(owed(stage, plan)) == 1


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2023, 10, 15), date(2023, 10, 31)),
        (date(2023, 11, 5), date(2023, 10, 31)),
        (date(2023, 11, 20), date(2023, 11, 30)),
    ],
)
def test_a_report_belongs_to_the_window_of_its_day_or_the_one_just_ended(stage, plan, on, due):
    made = measure(stage, plan, "ทุกเดือน")
    with stage.database.look(stage.agency.id) as records:
        found = rounds.open_for(records, records.get_one(Measure, made.id), stage.unit(), on)
        assert found.due_on == due


def test_a_unit_that_owes_nothing_has_no_occurrence(stage, plan):
    made = measure(stage, plan, "ทุกเดือน")
    with stage.database.look(stage.agency.id) as records:
        mine = records.get_one(Measure, made.id)
        assert rounds.open_for(records, mine, stage.unit("กองการเจ้าหน้าที่"), date(2024, 1, 1)) is None


def test_what_is_due_open_overdue_and_next(stage, plan):
    measure(stage, plan, "ทุกเดือน", code="1.1")
    measure(stage, plan, "ต.ค. 66 - มี.ค. 67", code="1.2")
    with stage.database.agency(stage.agency.id) as records:
        january = (date(2024, 1, 1), date(2024, 1, 31))
        unit = stage.unit().id
        assert [o.measure.code for o in rounds.due_between(records, plan, *january, unit)] == ["1.1"]
        assert [o.measure.code for o in rounds.open_between(records, plan, *january, unit)] == ["1.2"]
        assert len(rounds.overdue(records, plan, date(2024, 1, 18), unit)) == 3
        assert {o.due_on for o in rounds.due_next(records, plan, date(2024, 1, 31), unit)} == {
            date(2024, 2, 29)
        }
