"""Deciding what an import was not sure of: the guess is taken, it is not, or another reading is put in.

Chat, command line and browser page list doubts and decide them through here; every decision by a person
stands in the history, and is made again for the same doubt when the document comes in once more.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import history
from storage.calendar import fiscal_year as days_of
from storage.calendar import read_schedule
from storage.measures import Duty, Measure, Responsibility, by_code, measures
from storage.people import Person
from storage.plans import Doubt, Plan
from storage.rounds import STATUSES, Round
from storage.unit_words import EVERYONE

ACCEPTED, DECLINED, CHANGED = "accepted", "declined", "changed"
PERIOD = "schedule-"
ONLY_A_REMARK = "schedule-remark"
STATUS = ("status-guessed", "status-unclear", "status-unread")
HOSTS = ("unit-missing", "unit-no-host")
Key = tuple[str, str, str]


class Unreadable(Exception):
    """A value put in for a doubt that is no period, status, year or day; ``why`` is the doubt's reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Asked:
    """One doubt as it is shown: its number (from 1, it stays), place, what stands there, the best guess,
    the reason's code, the codes of the measures it is about, what was decided (empty while open), and the
    cells of the document's row."""

    number: int
    id: int
    where: str
    said: str
    guess: str
    why: str
    measures: tuple[str, ...] = ()
    decision: str = ""
    value: str = ""
    row: tuple[str, ...] = ()


def listed(plan: Plan, *, decided: bool = True) -> list[Asked]:
    """A plan's doubts in the document's order; without ``decided`` the open ones alone."""
    return [
        Asked(
            one.position + 1,
            one.id,
            one.where,
            one.said,
            one.guess,
            one.why,
            tuple(_codes(one)),
            one.decision,
            str(one.details.get("value", "")),
            tuple(one.details.get("row", ())),
        )
        for one in plan.doubts
        if decided or not one.decision
    ]


def numbered(session: Session, plan: Plan, number: int) -> Doubt | None:
    """The doubt with this number in a plan."""
    return session.scalar(select(Doubt).where(Doubt.plan_id == plan.id, Doubt.position == number - 1))


def open_doubts(session: Session, plan: Plan) -> list[Doubt]:
    """The doubts nobody has decided, in the document's order."""
    query = select(Doubt).where(Doubt.plan_id == plan.id, Doubt.decision == "")
    return list(session.scalars(query.order_by(Doubt.position)))


def accept_all(session: Session, plan: Plan, by: Person | None = None) -> int:
    """Take the best guess of every open doubt; how many there were."""
    there = open_doubts(session, plan)
    for doubt in there:
        doubt.decision = ACCEPTED
    if there:
        history.note(session, "doubts-accepted", f"plan:{plan.id}", by, count=len(there))
    session.flush()
    return len(there)


def decide(session: Session, plan: Plan, doubt: Doubt, *, accepted: bool, by: Person | None = None) -> None:
    """Take the guess, or leave the cell unread: a declined period is no period, a declined status none,
    and a declined fiscal year gives way to the one that is printed."""
    _decided(session, plan, doubt, ACCEPTED if accepted else DECLINED, by)
    if not accepted:
        _undo(session, plan, doubt)
    session.flush()


def change(session: Session, plan: Plan, doubt: Doubt, value: str, by: Person | None = None) -> None:
    """Put another reading in place of the guess. Raises Unreadable when it cannot be one."""
    value = " ".join(value.split())
    if not value:
        raise Unreadable(doubt.why)
    _put(session, plan, doubt, value)
    doubt.details = {**doubt.details, "value": value}
    _decided(session, plan, doubt, CHANGED, by)
    session.flush()


def _decided(session: Session, plan: Plan, doubt: Doubt, decision: str, by: Person | None) -> None:
    doubt.decision = decision
    number, value = doubt.position + 1, doubt.details.get("value", "")
    history.note(
        session, "doubt-decided", f"plan:{plan.id}", by, number=number, decision=decision, value=value
    )


def decisions(told: Iterable[Doubt]) -> dict[Key, tuple[str, str]]:
    """What was decided about each doubt, to be decided so again."""
    made = [one for one in told if one.decision]
    return {(one.why, one.said, one.guess): (one.decision, str(one.details.get("value", ""))) for one in made}


def decide_as_before(session: Session, plan: Plan, before: dict[Key, tuple[str, str]]) -> int:
    """Decide the doubts that were decided in an earlier version in the same way; how many."""
    count = 0
    for doubt in list(plan.doubts):
        decision, value = before.get((doubt.why, doubt.said, doubt.guess), ("", ""))
        if not decision or not (doubt.said or doubt.guess):
            continue
        doubt.details = {**doubt.details, "as_before": True}
        count += 1
        if decision == CHANGED:
            change(session, plan, doubt, value)
        else:
            decide(session, plan, doubt, accepted=decision == ACCEPTED)
    return count


def names(plan: Plan) -> dict[str, str]:
    """Which unit a written name means, by the decisions: accepted guesses, and names put in."""
    means: dict[str, str] = {}
    for one in plan.doubts:
        if not one.why.startswith("unit-") or one.why in HOSTS:
            continue
        written = _about(one, "unit") or one.said
        if one.decision == CHANGED:
            means[written] = str(one.details["value"])
        elif one.decision == ACCEPTED and one.why in ("unit-alias", "unit-misread", "unit-lookalike"):
            means[written] = one.guess
    return {name: other for name, other in means.items() if name != other}


def concerned(session: Session, plan: Plan, doubt: Doubt) -> list[Measure]:
    """The measures a doubt is about."""
    found = [by_code(session, plan, code) for code in _codes(doubt)]
    return [one for one in found if one is not None]


def _codes(doubt: Doubt) -> list[str]:
    told = _about(doubt, "measure")
    return told.split(",") if told else []


def _about(doubt: Doubt, kind: str) -> str:
    named, _, rest = str(doubt.details.get("about", "")).partition(":")
    return rest if named == kind else ""


def _put(session: Session, plan: Plan, doubt: Doubt, value: str) -> None:
    """What a value means for the records a doubt is about."""
    there = concerned(session, plan, doubt)
    match doubt.why:
        case "fiscal-year":
            if not re.fullmatch(r"2[5-6]\d\d", value):
                raise Unreadable(doubt.why)
            _move(session, plan, int(value))
        case "round-guessed":
            for call in _rounds(session, plan, doubt):
                call.due_on = _day(value, plan, doubt)
        case "carried-over":
            _reschedule(there, plan, doubt, value)
        case why if why.startswith(PERIOD):
            _reschedule(there, plan, doubt, value)
        case _:
            for one in there:
                _reread(one, doubt.why, value)


def _reread(measure: Measure, why: str, value: str) -> None:
    """Another reading of a measure's status, hosts or O items."""
    if why in STATUS:
        if value not in STATUSES:
            raise Unreadable(why)
        measure.reported_status = value
    elif why in HOSTS:
        _host(measure, re.split(r"\s*[,/;\n]\s*", value))
    elif why == "o-items-guessed":
        measure.o_items = [f"O{int(no)}" for no in re.findall(r"\d+", value)]


def _reschedule(there: list[Measure], plan: Plan, doubt: Doubt, value: str) -> None:
    read = read_schedule(value, plan.fiscal_year)
    if read.kind == "unknown":
        raise Unreadable(doubt.why)
    for one in there:
        one.schedule_text, one.schedule_kind, one.schedule_every = value, read.kind, read.every
        one.schedule_ranges = [[start.isoformat(), end.isoformat()] for start, end in read.ranges]


def _day(value: str, plan: Plan, doubt: Doubt) -> date:
    read = read_schedule(value, plan.fiscal_year)
    if not read.ranges:
        raise Unreadable(doubt.why)
    return read.ranges[-1][1]


def _host(measure: Measure, units: list[str]) -> None:
    """Units put in for a measure that names none: one leads, several answer jointly."""
    units = [name for name in units if name]
    hosts = [name for name in units if not EVERYONE.match(name)]
    for name in units:
        role = Duty.ALL_UNITS if name not in hosts else Duty.JOINT if len(hosts) > 1 else Duty.LEAD
        position = len(measure.responsibilities)
        measure.responsibilities.append(Responsibility(role=role, written=name[:200], position=position))


def _rounds(session: Session, plan: Plan, doubt: Doubt) -> list[Round]:
    return list(
        session.scalars(select(Round).where(Round.plan_id == plan.id, Round.name == doubt.said[:200]))
    )


def _undo(session: Session, plan: Plan, doubt: Doubt) -> None:
    """What a refused guess leaves behind."""
    if doubt.why == "fiscal-year" and doubt.said.isdecimal():
        _move(session, plan, int(doubt.said))
    if doubt.why == "round-guessed":
        for call in _rounds(session, plan, doubt):
            session.delete(call)
    if doubt.why == "unit-made":
        for one in measures(session, plan):
            _without(one, lambda duty: duty.written == doubt.said)
    for one in concerned(session, plan, doubt):
        _unread(one, doubt)


def _unread(measure: Measure, doubt: Doubt) -> None:
    match doubt.why:
        case why if why in STATUS:
            measure.reported_status = ""
        case "o-items-guessed":
            measure.o_items = []
        case "duty-in-step":
            for step in measure.steps:
                step.for_all_units = step.for_all_units and step.text != doubt.said
        case "inherited":
            _without(measure, lambda duty: bool(duty.written) and duty.written in doubt.guess)
            if measure.schedule_text and measure.schedule_text in doubt.guess:
                _without_period(measure)
        case why if why.startswith(PERIOD) and why != ONLY_A_REMARK:
            _without_period(measure)
            if why == "schedule-of-kpi":
                measure.schedule_text = ""


def _without_period(measure: Measure) -> None:
    measure.schedule_kind, measure.schedule_every, measure.schedule_ranges = "unknown", None, []


def _without(measure: Measure, test: Callable[[Responsibility], bool]) -> None:
    for duty in [duty for duty in measure.responsibilities if test(duty)]:
        measure.responsibilities.remove(duty)


def _move(session: Session, plan: Plan, fiscal_year: int) -> None:
    """Read every period anew for another fiscal year (Buddhist era)."""
    plan.fiscal_year = fiscal_year
    whole = [[day.isoformat() for day in days_of(fiscal_year)]]
    for one in measures(session, plan):
        if not one.schedule_text:
            one.schedule_ranges = whole if one.schedule_ranges else []
            continue
        read = read_schedule(one.schedule_text, fiscal_year)
        one.schedule_kind, one.schedule_every = read.kind, read.every
        one.schedule_ranges = [[start.isoformat(), end.isoformat()] for start, end in read.ranges]
