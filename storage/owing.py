"""From a plan's schedules to what each unit owes: windows, due dates, and who."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.agencies import Unit, units
from storage.calendar import fiscal_year, fiscal_year_of, month_end, quarter
from storage.measures import Duty, Measure, measures
from storage.plans import Plan
from storage.rounds import Occurrence, Round, rounds

Window = tuple[date | None, date | None]
ROLES = (Duty.LEAD, Duty.JOINT, Duty.ALL_UNITS)


def owe(session: Session, plan: Plan) -> int:
    """Make what the units owe under a plan; how many were new.

    Run it again after a change: what was reported stays, windows that moved take their reports along,
    what is no longer owed and never reported goes.
    """
    there: dict[tuple[int, int], list[Occurrence]] = defaultdict(list)
    for one in session.scalars(select(Occurrence).where(Occurrence.plan_id == plan.id)):
        there[one.measure_id, one.unit_id].append(one)
    everyone, calls, made = units(session), rounds(session, plan), 0
    for measure in measures(session, plan):
        spans = windows(measure, plan, calls)
        for unit_id, role in owing(measure, everyone):
            made += _settle(session, measure, unit_id, role, spans, there.pop((measure.id, unit_id), []))
    for left in there.values():
        for one in left:
            if not one.version:
                session.delete(one)
    session.flush()
    return made


def _settle(
    session: Session, measure: Measure, unit_id: int, role: str, spans: list[Window], there: list[Occurrence]
) -> int:
    """Match what is there with the windows: same due date first, then in order."""
    by_due = {one.due_on: one for one in there}
    kept = {span: by_due.pop(span[1]) for span in spans if span[1] in by_due}
    for span in [span for span, one in kept.items() if not one.version]:
        if reported := next((due for due, one in by_due.items() if one.version), None):
            kept[span], by_due[reported] = by_due[reported], kept[span]
    spare = sorted(by_due.values(), key=lambda one: (not one.version, one.due_on or date.max))
    made = 0
    for span in spans:
        one = kept.get(span) or (spare.pop(0) if spare else None)
        if one is None:
            made += 1
            one = Occurrence(plan_id=measure.plan_id, measure_id=measure.id, unit_id=unit_id)
            session.add(one)
        one.starts_on, one.due_on, one.role = span[0], span[1], role
    for one in spare:
        if not one.version:
            session.delete(one)
    return made


def owing(measure: Measure, everyone: list[Unit]) -> Iterator[tuple[int, str]]:
    """The units that owe a measure, each with its nearest role; supporters owe only where nobody leads."""
    asked = [one for one in measure.responsibilities if one.role in ROLES] or measure.responsibilities
    given: dict[int, str] = {}
    for one in sorted(asked, key=lambda duty: duty.unit_id is None):
        for unit_id in [one.unit_id] if one.unit_id is not None else [unit.id for unit in everyone]:
            given.setdefault(unit_id, one.role)
    yield from given.items()


def windows(measure: Measure, plan: Plan, calls: list[Round]) -> list[Window]:
    """The windows in which a measure must be done, each with its due date.

    A monthly duty has twelve a year, a quarterly one four; "continuous" has one per report round, or
    one per quarter where there are no rounds; a period that was not read has one without days.
    """
    start, end = fiscal_year(plan.fiscal_year)
    if measure.schedule_kind == "continuous":
        return _by_round(start, calls) or list(_every(start, end, "quarter"))
    if not measure.ranges:
        return [(None, None)]
    if measure.schedule_kind == "recurring":
        made = [span for a, b in measure.ranges for span in _every(a, b, measure.schedule_every or "year")]
        return [*dict.fromkeys(made)]
    return [*dict.fromkeys(measure.ranges)]


def _by_round(start: date, calls: list[Round]) -> list[Window]:
    made: list[Window] = []
    for call in calls:
        made.append((start, call.due_on))
        start = call.due_on + timedelta(days=1)
    return made


def _every(start: date, end: date, every: str) -> Iterator[Window]:
    if every == "year":
        yield start, end
        return
    if every == "month":
        first = start.replace(day=1)
        while first <= end:
            last = month_end(first.year, first.month)
            yield max(first, start), min(last, end)
            first = last + timedelta(days=1)
        return
    step = 1 if every == "quarter" else 2
    for number in range(fiscal_year_of(start), fiscal_year_of(end) + 1):
        for which in range(1, 5, step):
            first, last = quarter(number, which)[0], quarter(number, which + step - 1)[1]
            if first <= end and last >= start:
                yield max(first, start), min(last, end)
