"""What changes seldom stays loaded between transactions, and never longer than it holds."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, inspect, select, update
from sqlalchemy.orm import selectinload

from storage import kept, memory, plans, policies
from storage.agencies import Agency, Unit, UnitAlias, units
from storage.base import Base, Lasting
from storage.database import Database
from storage.measures import Measure, MeasureAlias, Step, measures
from storage.people import Person
from storage.policies import Clause, Policy, PolicyVersion
from tests.accounts import url_of
from tests.builders import a_plan

TODAY = date(2024, 1, 18)


@pytest.fixture
def elsewhere(database):
    """The same database as another process has it."""
    made = Database(url_of(database))
    yield made
    made.close()


@pytest.fixture
def asked(database):
    """The statements that reach the database."""
    found = []

    def note(connection, cursor, statement, *_):
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def known(records):
    """All that lasts of an agency, as plain values."""
    plan = plans.active_plan(records, TODAY)
    return (
        [(one.name, one.short_name, sorted(alias.text for alias in one.aliases)) for one in units(records)],
        [
            (one.code, one.title, [step.text for step in one.steps], sorted(a.text for a in one.aliases))
            for one in (measures(records, plan) if plan else [])
        ],
        [
            (one.policy.title, one.no, [clause.text for clause in one.clauses])
            for one in policies.all_in_force(records, TODAY)
        ],
    )


def through(database, agency):
    with database.answering(agency.id) as records:
        return known(records)


def test_what_lasts_leads_to_nothing_that_does_not():
    """Else records that change often were kept with it, as they once stood."""
    astray = {
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Lasting)
        for relation in inspect(mapper.class_).relationships
        if not issubclass(relation.mapper.class_, Lasting)
    }
    assert astray == set()


def test_it_is_asked_once_for_many_transactions(stage, asked):
    a_plan(stage)
    first = through(stage.database, stage.agency)
    asked.clear()
    assert through(stage.database, stage.agency) == first
    tables = [one for one in asked if "unit" in one or "measure" in one or "policy" in one]
    assert tables == []
    assert sum("FROM agency" in one for one in asked) == 1


def renamed(records):
    records.scalars(select(Unit)).first().name = "กองใหม่"


def renamed_at_once(records):
    records.execute(update(Unit).values(short_name="กม."))


def called(records):
    unit = records.scalars(select(Unit)).first()
    unit.aliases.append(UnitAlias(agency_id=unit.agency_id, text="งานเงิน"))


def measure_called(records):
    measure = records.scalars(select(Measure)).first()
    records.add(MeasureAlias(measure_id=measure.id, text="โนกิฟ"))


def step_removed(records):
    records.execute(delete(Step))


def measure_removed(records):
    records.delete(records.scalars(select(Measure).order_by(Measure.position.desc())).first())


def ruled(records):
    policy = Policy(kind="no-gift", title="งดรับของขวัญ")
    version = PolicyVersion(no=1, effective_on=TODAY, clauses=[Clause(no="1", text="งดรับ", position=1)])
    for one in (policy, version, *version.clauses):
        one.agency_id = records.info["agency"]
    policy.versions.append(version)
    records.add(policy)


CHANGES = (renamed, renamed_at_once, called, measure_called, step_removed, measure_removed, ruled)


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_writes_is_seen_by_the_next_transaction(stage, elsewhere, change):
    a_plan(stage)
    before = through(stage.database, stage.agency)
    with elsewhere.agency(stage.agency.id) as records:
        change(records)
    assert through(stage.database, stage.agency) != before
    with elsewhere.look(stage.agency.id) as records:
        assert through(stage.database, stage.agency) == known(records)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["here", "there", "undone"]), st.integers(0, 9)), max_size=8))
def test_whoever_writes_in_whatever_order_all_see_the_same(database, stage, elsewhere, steps):
    with database.agency(stage.agency.id) as records:
        first = records.scalars(select(Unit.id).order_by(Unit.position)).first()
    for where, number in steps:
        try:
            with (elsewhere if where == "there" else database).answering(stage.agency.id) as records:
                known(records)
                records.get_one(Unit, first).short_name = f"ก{number}."
                known(records)
                if where == "undone":
                    raise ValueError
        except ValueError:
            pass
        with elsewhere.look(stage.agency.id) as records:
            assert known(records) == through(database, stage.agency) == through(elsewhere, stage.agency)


def test_people_are_never_kept(stage, elsewhere):
    with stage.database.answering(stage.agency.id) as records:
        somchai = records.scalars(select(Person).where(Person.name == "สมชาย")).one()
    with elsewhere.agency(stage.agency.id) as records:
        records.execute(update(Person).where(Person.id == somchai.id).values(name="สมชัย"))
    with stage.database.answering(stage.agency.id) as records:
        assert records.get_one(Person, somchai.id).name == "สมชัย"
        assert records.get_one(Person, somchai.id) is not somchai


def test_of_an_older_program_that_draws_no_stamp_it_is_seen_before_long(stage, elsewhere, monkeypatch):
    before = through(stage.database, stage.agency)
    with elsewhere.agency(stage.agency.id) as records:
        records.execute(update(Unit.__table__).values(short_name="เก่า"))
    assert through(stage.database, stage.agency) == before
    monkeypatch.setattr(kept, "LONGEST", 0.0)
    assert through(stage.database, stage.agency) != before


def test_an_agency_that_is_gone_is_kept_by_nobody(database):
    with database.shared() as session:
        made = Agency(slug="gone", name="กรมที่ยุบ", settings={})
        session.add(made)
    with database.agency(made.id) as records:
        records.add(Unit(name="กองคลัง"))
    assert through(database, made)[0]
    with database.agency(made.id) as records:
        records.execute(delete(Unit))
    with database.shared() as session:
        session.execute(delete(Agency).where(Agency.id == made.id))
    with database.answering(made.id) as records:
        assert known(records) == ([], [], [])
        assert not kept.is_good(records)


def test_who_still_holds_the_agency_hides_no_change(stage, elsewhere):
    through(stage.database, stage.agency)
    with stage.database.answering(stage.agency.id) as records:
        held = records.get_one(Agency, stage.agency.id)
    for name in ("หนึ่ง", "สอง"):
        with elsewhere.agency(stage.agency.id) as records:
            records.scalars(select(Unit)).first().name = name
            records.get_one(Agency, stage.agency.id).settings = {"said": name}
        with stage.database.answering(stage.agency.id) as records:
            assert name in [one.name for one in units(records)]
            assert records.get_one(Agency, stage.agency.id).settings == {"said": name}
    assert held is not None


def test_what_was_not_loaded_is_not_asked_for_when_the_transaction_is_over(stage):
    """It would begin another one that nobody ends, and on SQLite nobody could write any more."""
    a_plan(stage)
    with stage.database.answering(stage.agency.id) as records:
        plan = plans.active_plan(records, TODAY)
    with pytest.raises(kept.AtRest):
        list(plan.topics)
    assert through(stage.database, stage.agency)[1]


def test_what_nobody_asks_for_any_more_is_let_go(stage, noise, monkeypatch):
    with stage.database.answering(stage.agency.id) as records:
        unit = units(records)[0]
    through(stage.database, noise)
    assert inspect(unit).session is not None
    monkeypatch.setattr(kept, "LONGEST", 0.0)
    through(stage.database, noise)
    assert inspect(unit).session is None


def test_no_more_is_kept_than_there_is_room_for(stage, noise, asked, monkeypatch):
    def of(agency):
        asked.clear()
        through(stage.database, agency)
        return any("FROM unit" in one for one in asked)

    monkeypatch.setattr(kept, "MOST", 3)
    of(stage.agency)
    assert not of(stage.agency)
    of(noise)
    assert not of(noise)
    assert of(stage.agency)


def test_two_threads_of_one_agency_have_a_session_each(stage):
    if stage.database.is_sqlite:
        pytest.skip("one writes at a time")
    through(stage.database, stage.agency)
    with stage.database.answering(stage.agency.id) as one, stage.database.answering(stage.agency.id) as two:
        assert one is not two
        assert known(one) == known(two)


def test_of_what_was_loaded_together_only_what_lasts_is_kept(stage):
    with stage.database.answering(stage.agency.id) as records:
        unit = units(records)[0]
        person = records.scalars(select(Person).options(selectinload(Person.identities))).first()
        assert memory.count(records) >= 2
    assert inspect(unit).persistent
    assert inspect(person).detached
