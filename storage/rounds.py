"""When each measure must be reported: rounds with a frozen roster, and the occurrences units owe."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import JSON, ColumnElement, Date, ForeignKey, Index, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, contains_eager, lazyload, mapped_column, relationship

from storage.agencies import Unit
from storage.base import Base, Lasting, Owned
from storage.measures import Measure
from storage.memory import have_at_hand, holds_on, rests_on
from storage.plans import Plan

NOT_STARTED, IN_PROGRESS, DONE = "not_started", "in_progress", "done"
CONTINUOUS, DELAYED, CANCELLED = "continuous", "delayed", "cancelled"
STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, CONTINUOUS, DELAYED, CANCELLED)
SETTLED = (DONE, CONTINUOUS, CANCELLED)  # nothing more is owed for this occurrence
GRACE_DAYS = 10


class Round(Base, Lasting):
    """รอบการรายงาน: a dated call for reports, with who receives them and how."""

    __tablename__ = "round"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date] = mapped_column(Date)
    receiver: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(200), default="")
    roster: Mapped[list[str]] = mapped_column(JSON, default=list)
    frozen_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)


class Occurrence(Base, Owned):
    """One thing a unit owes: a measure, a window, a due date, and where it stands now.

    The current state is kept here beside the append-only history and written in the same
    transaction, so that "what is due" is one indexed look. *Overdue* is computed, never stored.
    ``due_on`` is empty where the plan's period could not be read.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_unit_due", "agency_id", "unit_id", "due_on"),
        Index("ix_occurrence_plan_due", "agency_id", "plan_id", "due_on"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    role: Mapped[str] = mapped_column(String(10), default="lead")
    starts_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)

    status: Mapped[str] = mapped_column(String(20), default=NOT_STARTED)
    percent: Mapped[float | None]
    new_due_on: Mapped[date | None] = mapped_column(Date)
    fact_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=0)
    evidence_count: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime | None]
    review: Mapped[str] = mapped_column(String(10), default="")

    measure: Mapped[Measure] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")

    @property
    def deadline(self) -> date | None:
        """The day it is due, after an accepted postponement."""
        return self.new_due_on or self.due_on

    def is_overdue(self, today: date) -> bool:
        """Past its day and not settled."""
        last = self.deadline
        return last is not None and last < today and self.status not in SETTLED


DEADLINE: ColumnElement[date] = func.coalesce(Occurrence.new_due_on, Occurrence.due_on)
NOT_JOINED = (lazyload(Occurrence.measure), lazyload(Occurrence.unit))  # where the session has loaded them


@rests_on(Round)
def rounds(session: Session, plan: Plan) -> list[Round]:
    """The report rounds of a plan by due date."""
    return list(session.scalars(select(Round).where(Round.plan_id == plan.id).order_by(Round.due_on)))


def occurrences(session: Session, plan: Plan, unit_id: int | None = None) -> list[Occurrence]:
    """What is owed under a plan, by one unit or by all, by due date and the plan's order."""
    return _asked(session, plan, unit_id)


def due_between(
    session: Session, plan: Plan, start: date, end: date, unit_id: int | None = None
) -> list[Occurrence]:
    """What falls due from ``start`` to ``end``, both counted; done ones too, so that they can be ticked."""
    return _asked(session, plan, unit_id, start <= DEADLINE, end >= DEADLINE)


def open_on(session: Session, plan: Plan, days: Iterable[date]) -> list[Occurrence]:
    """What falls due on any of these days and is not settled."""
    return _asked(session, plan, None, DEADLINE.in_(sorted(days)), Occurrence.status.not_in(SETTLED))


def open_between(
    session: Session, plan: Plan, start: date, end: date, unit_id: int | None = None
) -> list[Occurrence]:
    """What is under way inside a range but due only after it, and not settled."""
    return _asked(
        session,
        plan,
        unit_id,
        or_(Occurrence.starts_on.is_(None), Occurrence.starts_on <= end),
        or_(DEADLINE.is_(None), end < DEADLINE),
        Occurrence.status.not_in(SETTLED),
    )


def open_measures(session: Session, plan: Plan, today: date, unit_id: int | None, most: int) -> list[Measure]:
    """The first measures by due date of which something has begun and is not settled."""
    first = func.min(DEADLINE)
    query = (
        select(Measure)
        .join(Occurrence, Occurrence.measure_id == Measure.id)
        .where(
            Occurrence.plan_id == plan.id,
            or_(Occurrence.starts_on.is_(None), Occurrence.starts_on <= today),
            Occurrence.status.not_in(SETTLED),
        )
        .group_by(Measure.id)
        .order_by(first.is_(None), first, Measure.position)
        .limit(most)
    )
    return list(session.scalars(query if unit_id is None else query.where(Occurrence.unit_id == unit_id)))


def overdue(session: Session, plan: Plan, today: date, unit_id: int | None = None) -> list[Occurrence]:
    """What is past its day and not settled."""
    return _asked(session, plan, unit_id, today > DEADLINE, Occurrence.status.not_in(SETTLED))


def due_next(session: Session, plan: Plan, after: date, unit_id: int | None = None) -> list[Occurrence]:
    """What falls due on the nearest day after a day, and is not settled."""
    later = select(func.min(DEADLINE)).where(
        Occurrence.plan_id == plan.id, after < DEADLINE, Occurrence.status.not_in(SETTLED)
    )
    if unit_id is not None:
        later = later.where(Occurrence.unit_id == unit_id)
    day = session.scalar(later)
    return [] if day is None else _asked(session, plan, unit_id, DEADLINE.in_([day]))


def _asked(
    session: Session, plan: Plan, unit_id: int | None, *conditions: ColumnElement[bool]
) -> list[Occurrence]:
    query = (
        select(Occurrence)
        .join(Occurrence.measure)
        .where(Occurrence.plan_id == plan.id, *conditions)
        .order_by(DEADLINE.is_(None), DEADLINE, Measure.position, Occurrence.id)
    )
    query = query if unit_id is None else query.where(Occurrence.unit_id == unit_id)
    if not holds_on(session):
        every = contains_eager(Occurrence.measure).lazyload(Measure.responsibilities)  # no list shows them
        return list(session.scalars(query.options(every)))
    found = list(session.scalars(query.options(*NOT_JOINED)))
    have_at_hand(session, Measure, (one.measure_id for one in found))
    have_at_hand(session, Unit, (one.unit_id for one in found))
    return found


def open_for(session: Session, measure: Measure, unit: Unit, on: date) -> Occurrence | None:
    """The occurrence that something done on a day belongs to; nothing when the unit owes none.

    The window that holds the day, unless the one before it is still unreported and ended less than
    ten days ago: then the report is that one's, a little late.
    """
    owed = list(
        session.scalars(
            select(Occurrence)
            .where(Occurrence.measure_id == measure.id, Occurrence.unit_id == unit.id)
            .order_by(Occurrence.due_on.is_(None), Occurrence.due_on)
            .options(*NOT_JOINED)
        )
    )
    past = [one for one in owed if one.due_on is not None and one.due_on < on]
    if past and not past[-1].version and (on - (past[-1].deadline or on)).days < GRACE_DAYS:
        return past[-1]
    around = [one for one in owed if one not in past and (one.starts_on is None or one.starts_on <= on)]
    if around:
        return around[0]
    late = [one for one in past if one.status not in SETTLED]
    return next(iter(late[-1:] or owed[len(past) :] or owed[-1:]), None)
