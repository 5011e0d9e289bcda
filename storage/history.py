"""Who did what, when: only added to, and chained by hash afterwards (storage/chain.py)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Json, Owned, now
from storage.database import NOTED
from storage.people import Person


class Entry(Base, Owned):
    """One act: ``action`` names the verb (``progress-reported``), ``subject`` the record (``measure:12``).

    ``number``, ``salt``, ``core`` and ``digest`` are empty until the entry is a link of its agency's chain.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_subject", "agency_id", "subject"),
        Index("ix_history_number", "agency_id", "number", unique=True),
    )

    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    number: Mapped[int | None]
    salt: Mapped[str | None] = mapped_column(String(32))
    core: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


def note(
    session: Session,
    action: str,
    subject: str,
    by: Person | None = None,
    **details: object,
) -> Entry:
    """Add one line to the history, in the caller's transaction."""
    made = Entry(action=action, subject=subject, person_id=by.id if by else None, details=details)
    return _add(session, made)


def count_one(session: Session, action: str, subject: str, at: datetime) -> None:
    """Add one line that says only that it happened, at the moment it was said."""
    _add(session, Entry(action=action, subject=subject, at=at, details={}))


def _add(session: Session, made: Entry) -> Entry:
    session.add(made)
    session.info[NOTED] = True
    return made


def notes_of(session: Session, subject: str, action: str) -> list[Entry]:
    """Every time something was done to a record, oldest first."""
    named = select(Entry).where(Entry.action == action, Entry.subject == subject)
    return list(session.scalars(named.order_by(Entry.at, Entry.id)))


def count_by(session: Session, action: str, person_id: int, since: datetime) -> int:
    """How often a person did something since a moment."""
    done = select(func.count(Entry.id)).where(Entry.action == action, Entry.person_id == person_id)
    return session.scalar(done.where(Entry.at >= since)) or 0


def count(session: Session, action: str, subject: str, since: datetime) -> int:
    """How often something was done to a record since a moment."""
    named = select(func.count(Entry.id)).where(Entry.action == action, Entry.subject == subject)
    return session.scalar(named.where(Entry.at >= since)) or 0
