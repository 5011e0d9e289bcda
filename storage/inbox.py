"""Events taken once: the key of each is remembered, its text only until it is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import jobs
from storage.base import Base, Identified, Json, now
from storage.once import insert_new, insert_pairs

KIND = "event"
REMEMBERED = timedelta(days=30)  # LINE redelivers within minutes; Telegram keeps updates for a day


class Seen(Base, Identified):
    """The key of something that must happen once: an event taken in, a letter of the clock."""

    __tablename__ = "seen"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_seen_at", "at"),
    )

    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it waits: ``lane`` keeps its order, by ``order_by`` (ms of its platform's clock)."""

    agency_id: int
    key: str
    lane: str
    order_by: int
    body: Json


def count_since(session: Session, agency_id: int, since: datetime) -> int:
    """How many events of an agency were taken in since a moment."""
    mine = Seen.key.startswith(f"event:{agency_id}:", autoescape=True)
    return session.scalar(select(func.count(Seen.id)).where(mine, Seen.at >= since)) or 0


def keep(session: Session, events: Iterable[Event]) -> int:
    """Store events that were not seen before, on PostgreSQL in one statement; how many were new."""
    named = {f"event:{one.agency_id}:{one.key}"[:200]: one for one in events}
    rows = {key: _row(key, one) for key, one in named.items()}
    if rows and session.get_bind().dialect.name == "postgresql":
        return len(insert_pairs(session, (Seen, _keys(named)), (jobs.Job, list(rows.values()))))
    new = once(session, named)
    jobs.add_all(session, [row for key, row in rows.items() if key in new])
    return len(new)


def _row(key: str, event: Event) -> Json:
    lane = f"event:{event.agency_id}:{event.lane}"[:200]
    return jobs.row(KIND, key, event.body, agency_id=event.agency_id, lane=lane, order_by=event.order_by)


def _keys(keys: Iterable[str]) -> list[Json]:
    moment = now()
    return [{"key": key, "at": moment} for key in keys]


def once(session: Session, keys: Iterable[str]) -> set[str]:
    """Remember keys; those that were not remembered before."""
    return insert_new(session, Seen, _keys(keys))


def forget(session: Session) -> None:
    """Drop the keys of events so old that no platform sends them again."""
    session.execute(
        delete(Seen)
        .where(Seen.at < now() - REMEMBERED, Seen.key.startswith("event:"))
        .execution_options(synchronize_session=False)
    )


def is_waiting(session: Session, agency_id: int, key: str) -> bool:
    """Whether an event was taken in and is not answered yet."""
    named = f"event:{agency_id}:{key}"[:200]
    found = select(jobs.Job.id).where(jobs.Job.key == named, jobs.Job.state == jobs.WAITING)
    return session.scalar(found) is not None
