"""When timed work runs next for each agency, and which runs there were."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Owned, now

KEPT = timedelta(days=400)  # a year of runs and some


class Schedule(Base):
    """When a piece of timed work runs next, for one agency; moved on by whoever fires it."""

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    agency_id: Mapped[int]
    next_at: Mapped[datetime]
    last_at: Mapped[datetime | None]


def hold(session: Session, seen: Mapping[str, datetime]) -> set[str]:
    """Those schedules whose next run is still the one that was seen; nobody else can move them on before
    the caller's transaction ends."""
    asked = select(Schedule.name, Schedule.next_at).where(Schedule.name.in_(list(seen)))
    rows = session.execute(asked.with_for_update(skip_locked=True))
    return {name for name, next_at in rows if next_at == seen[name]}


def move_on(session: Session, runs: Mapping[str, tuple[datetime, datetime]]) -> None:
    """Set each schedule's last run and its next."""
    rows = [{"name": name, "last_at": due, "next_at": next_at} for name, (due, next_at) in runs.items()]
    if rows:
        session.execute(update(Schedule), rows)


class TimedRun(Base, Owned):
    """One run of a piece of timed work: when it was due, when it was done, how many letters it wrote."""

    __tablename__ = "timed_run"
    __table_args__ = (Index("ix_timed_run_due_at", "agency_id", "due_at"),)

    name: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[datetime]
    done_at: Mapped[datetime] = mapped_column(default=now)
    letters: Mapped[int] = mapped_column(default=0)


def note_run(session: Session, name: str, due_at: datetime, letters: int) -> None:
    """Remember a run, in its own transaction."""
    session.add(TimedRun(name=name, due_at=due_at, letters=letters))


def forget(session: Session) -> None:
    """Drop the runs of more than a year ago."""
    old = delete(TimedRun).where(TimedRun.done_at < now() - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


def runs(session: Session, most: int = 50) -> list[TimedRun]:
    """The newest runs, newest first."""
    return list(
        session.scalars(select(TimedRun).order_by(TimedRun.due_at.desc(), TimedRun.id.desc()).limit(most))
    )


def coming(session: Session, agency_id: int) -> dict[str, datetime]:
    """When each piece of timed work of an agency runs next."""
    planned = select(Schedule).where(Schedule.agency_id == agency_id).order_by(Schedule.next_at)
    return {one.name.partition(":")[0]: one.next_at for one in session.scalars(planned)}
