"""What was said and shown for a plan's measures: the words that fill the papers, in two statements."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.evidence import GONE, REMOVED, Evidence
from storage.plans import Plan
from storage.policies import Acknowledgement
from storage.progress import COUNTED, Update
from storage.rounds import Occurrence


@dataclass(frozen=True, slots=True)
class Said:
    """One report that counts, in the reporter's words; who said it is left out."""

    occurrence_id: int
    measure_id: int
    unit_id: int
    status: str
    text: str
    blocker: str
    fact_on: date | None
    said_at: datetime
    is_late: bool
    nothing: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence: kind is photo, file, link or document."""

    occurrence_id: int
    measure_id: int
    unit_id: int
    kind: str
    name: str
    url: str
    own_date: date | None


def said(session: Session, plan: Plan, start: datetime, end: datetime) -> list[Said]:
    """The newest counted version of everything reported on a plan from ``start`` up to ``end``, oldest first.

    A correction takes the place of what it corrects; further reports on the same thing stand beside it.
    """
    rows = session.execute(
        select(
            Update.id,
            Update.corrects_id,
            Update.occurrence_id,
            Update.measure_id,
            Update.unit_id,
            Update.status,
            Update.note,
            Update.source_text,
            Update.blocker,
            Update.fact_on,
            Update.said_at,
            Update.is_late,
            Update.nothing_to_report,
        )
        .join(Occurrence, Occurrence.id == Update.occurrence_id)
        .where(
            Occurrence.plan_id == plan.id,
            Update.state == COUNTED,
            Update.said_at >= start,
            Update.said_at < end,
        )
        .order_by(Update.said_at, Update.version)
    ).all()
    corrected = {row.corrects_id for row in rows}
    return [
        Said(
            row.occurrence_id,
            row.measure_id,
            row.unit_id,
            row.status,
            row.note or row.source_text,
            row.blocker,
            row.fact_on,
            row.said_at,
            row.is_late,
            row.nothing_to_report,
        )
        for row in rows
        if row.id not in corrected
    ]


def shown(session: Session, plan: Plan) -> list[Shown]:
    """The evidence of a plan that is still there, oldest first."""
    rows = session.execute(
        select(
            Evidence.occurrence_id,
            Occurrence.measure_id,
            Occurrence.unit_id,
            Evidence.kind,
            Evidence.name,
            Evidence.url,
            Evidence.own_date,
        )
        .join(Occurrence, Occurrence.id == Evidence.occurrence_id)
        .where(Occurrence.plan_id == plan.id, Evidence.state.not_in((REMOVED, GONE)))
        .order_by(Evidence.added_at)
    )
    return [Shown(row[0] or 0, *row[1:]) for row in rows]


def acknowledged_at(session: Session, version_id: int) -> dict[int, datetime]:
    """When each person acknowledged a version."""
    rows = session.execute(
        select(Acknowledgement.person_id, Acknowledgement.at).where(Acknowledgement.version_id == version_id)
    )
    return {person: at for person, at in rows}  # noqa: C416 - rows are not tuples to mypy
