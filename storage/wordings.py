"""A plan's measures as plain words and numbers: what a message may name them by, read without any record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.measures import Kpi, Measure, MeasureAlias, Responsibility, Step
from storage.plans import Plan, Topic


@dataclass(frozen=True, slots=True)
class Wording:
    """One measure; ``called`` are the accepted names, ``duties`` its units (empty: all) and roles,
    ``periods`` when it is due, first and last day."""

    id: int
    code: str
    document_no: str
    title: str
    aim: str
    method: str
    o_items: tuple[str, ...]
    questions: tuple[str, ...]
    topic_no: str
    topic: str
    steps: tuple[str, ...]
    kpis: tuple[str, ...]
    called: tuple[str, ...]
    duties: tuple[tuple[int | None, str], ...]
    periods: tuple[tuple[date, date], ...] = ()


def wordings(session: Session, plan: Plan) -> list[Wording]:
    """Every measure of a plan in the document's order: five short statements."""
    mine = select(Measure.id).where(Measure.plan_id == plan.id)
    asked: tuple[Select[*tuple[Any, ...]], ...] = (
        select(Step.measure_id, Step.text).where(Step.measure_id.in_(mine)).order_by(Step.no),
        select(Kpi.measure_id, Kpi.text).where(Kpi.measure_id.in_(mine)).order_by(Kpi.position),
        select(MeasureAlias.measure_id, MeasureAlias.text)
        .where(MeasureAlias.measure_id.in_(mine), MeasureAlias.state == "accepted")
        .order_by(MeasureAlias.id),
        select(Responsibility.measure_id, Responsibility.unit_id, Responsibility.role)
        .where(Responsibility.measure_id.in_(mine))
        .order_by(Responsibility.position),
    )
    steps, kpis, called, duties = (_by_measure(session, one) for one in asked)
    rows = session.execute(
        select(
            *(Measure.id, Measure.code, Measure.document_no, Measure.title, Measure.aim, Measure.method),
            *(Measure.o_items, Measure.questions, Topic.no, Topic.title, Measure.schedule_ranges),
        )
        .outerjoin(Topic, Topic.id == Measure.topic_id)
        .where(Measure.plan_id == plan.id)
        .order_by(Measure.position)
    )
    return [
        Wording(
            *row[:6],
            o_items=tuple(row[6]),
            questions=tuple(row[7]),
            topic_no=row[8] or "",
            topic=row[9] or "",
            steps=tuple(text for (text,) in steps[row[0]]),
            kpis=tuple(text for (text,) in kpis[row[0]]),
            called=tuple(text for (text,) in called[row[0]]),
            duties=tuple(duties[row[0]]),
            periods=tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in row[10]),
        )
        for row in rows
    ]


def _by_measure(session: Session, asked: Select[*tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for measure, *told in session.execute(asked):
        found[measure].append(tuple(told))
    return found
