"""Next year's plan from this year's: what recurs is kept, what is still open is carried over."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import exports
from storage.calendar import month_end, read_schedule
from storage.day_words import a_year_later
from storage.drafts import Draft, DraftDoubt, DraftMeasure, DraftRound, DraftSchedule, DraftUnit
from storage.measures import Duty, Measure, measures
from storage.plans import Plan
from storage.rounds import CANCELLED, DONE, NOT_STARTED, Occurrence

AGAIN = ("recurring", "continuous")
OVER = (DONE, CANCELLED)


def draft(session: Session, plan: Plan) -> Draft:
    """The draft of the year after a plan's own. Measures that recur come again; of the others those that
    are not done, with a doubt about their new period; what is done is listed and left out."""
    said, year = exports.as_draft(session, plan), plan.fiscal_year + 1
    records = {one.code: one for one in measures(session, plan)}
    stands = {code: _stands(session, one) for code, one in records.items()}
    doubts: list[DraftDoubt] = []
    kept: list[DraftMeasure] = []
    done: list[DraftMeasure] = []
    for one in said.measures:
        if one.schedule.kind not in AGAIN and stands[one.code] in OVER:
            done.append(one)
            continue
        kept.append(_carried(one, records[one.code], year, doubts))
    if done:
        told = "\n".join(f"{one.code} {one.title}" for one in done)
        doubts.append(DraftDoubt(str(plan.fiscal_year), told, "", "left-out", "plan"))
    used = {one.topic for one in kept}
    return Draft(
        title=a_year_later(said.title),
        agency=said.agency,
        fiscal_year=year,
        assessed_year=plan.assessed_year + 1 if plan.assessed_year else None,
        topics=tuple(one for one in said.topics if one.no in used),
        measures=tuple(kept),
        rounds=tuple(_round(one, doubts) for one in said.rounds),
        limits=said.limits,
        policies=said.policies,
        doubts=tuple(doubts),
        source=said.source,
    )


def _stands(session: Session, measure: Measure) -> str:
    """Where a measure stands over all units: done or cancelled only when every one is."""
    found = set(session.scalars(select(Occurrence.status).where(Occurrence.measure_id == measure.id)))
    if found <= {NOT_STARTED}:  # nobody has reported: what the document itself told
        return measure.reported_status or NOT_STARTED
    if found <= set(OVER):
        return DONE if DONE in found else CANCELLED
    return next((status for status in sorted(found) if status not in (*OVER, NOT_STARTED)), NOT_STARTED)


def _carried(one: DraftMeasure, record: Measure, year: int, doubts: list[DraftDoubt]) -> DraftMeasure:
    schedule = _schedule(one.schedule, year)
    if one.schedule.kind not in AGAIN:
        guess = ", ".join(" - ".join(span) for span in schedule.ranges)
        about = f"measure:{one.code}"
        doubts.append(DraftDoubt(one.code, one.schedule.text, guess, "carried-over", about))
    units = tuple(
        DraftUnit(duty.unit.name if duty.unit else duty.written, duty.role)
        for duty in record.responsibilities
    )
    return replace(
        one,
        schedule=schedule,
        responsible=tuple(unit for unit in units if unit.name or unit.role == Duty.ALL_UNITS),
        status="",
        progress="",
    )


def _schedule(old: DraftSchedule, year: int) -> DraftSchedule:
    """The same period a year later, its written years moved along."""
    text = a_year_later(old.text)
    read = read_schedule(text, year) if text else None
    if read is not None and read.kind == old.kind:
        ranges = tuple((start.isoformat(), end.isoformat()) for start, end in read.ranges)
    else:
        ranges = tuple((_moved(start), _moved(end)) for start, end in old.ranges)
    return DraftSchedule(text, old.kind, old.every, ranges)


def _moved(day: str) -> str:
    """The same day a year later; the last of February stays the last."""
    old = date.fromisoformat(day)
    last = month_end(old.year + 1, old.month)
    is_last = old == month_end(old.year, old.month)
    return (last if is_last else date(old.year + 1, old.month, min(old.day, last.day))).isoformat()


def _round(one: DraftRound, doubts: list[DraftDoubt]) -> DraftRound:
    made = replace(one, name=a_year_later(one.name), due=_moved(one.due))
    doubts.append(DraftDoubt(one.name, made.name, made.due, "round-guessed"))
    return made
