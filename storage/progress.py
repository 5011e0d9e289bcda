"""What was reported, when, by whom: versions that are only added to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, Json, Owned, now
from storage.people import Person
from storage.plans import Plan
from storage.rounds import NOT_STARTED, SETTLED, Occurrence

ZONE = ZoneInfo("Asia/Bangkok")
COUNTED, WITHDRAWN, RETURNED, UNSENT = "counted", "withdrawn", "returned", "unsent"


class Update(Base, Owned):
    """ความก้าวหน้า: one version of what a unit reported on an occurrence.

    A correction is a new version that names the one it corrects. ``fact_on`` is the day the thing
    happened, ``said_at`` when the message was sent. ``percent`` is progress (0 to 100) unless
    ``percent_kind`` is result (a satisfaction or pass rate). ``unsent`` versions keep no text.
    """

    __tablename__ = "progress_update"
    __table_args__ = (
        Index("ix_progress_update_occurrence", "occurrence_id", "version"),
        Index("ix_progress_update_said", "agency_id", "said_at"),
        Index("ix_progress_update_message", "agency_id", "message"),
        Index("ix_progress_update_nothing", "agency_id", "nothing_to_report"),
    )

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id"))
    state: Mapped[str] = mapped_column(String(10), default=COUNTED)

    status: Mapped[str] = mapped_column(String(20))
    percent: Mapped[float | None]
    percent_kind: Mapped[str | None] = mapped_column(String(10))
    count_done: Mapped[float | None]
    count_of: Mapped[float | None]
    count_of_what: Mapped[str] = mapped_column(String(60), default="")
    step_no: Mapped[int | None]
    fact_on: Mapped[date | None] = mapped_column(Date)
    new_due_on: Mapped[date | None] = mapped_column(Date)
    blocker: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_late: Mapped[bool] = mapped_column(default=False)
    nothing_to_report: Mapped[bool] = mapped_column(default=False)

    said_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    channel: Mapped[str] = mapped_column(String(20), default="")
    message: Mapped[str] = mapped_column(String(160), default="")
    source_text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[Json] = mapped_column(JSON, default=dict)

    occurrence: Mapped[Occurrence] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")


def record(session: Session, occurrence: Occurrence, update: Update) -> Update:
    """Append a version to an occurrence and move its current state, in the caller's transaction.

    Fills in the version's number, its measure, its unit unless another unit helped, and whether it
    is late: said after the day it was due. What another unit reports never settles this unit's duty.
    """
    last = session.scalar(select(func.max(Update.version)).where(Update.occurrence_id == occurrence.id))
    deadline = occurrence.deadline
    update.occurrence_id, update.measure_id = occurrence.id, occurrence.measure_id
    update.unit_id = update.unit_id or occurrence.unit_id
    update.version, update.state = (last or 0) + 1, COUNTED
    update.is_late = deadline is not None and update.said_at.astimezone(ZONE).date() > deadline
    session.add(update)
    session.flush()
    if update.corrects_id is not None:
        count_anew(session, occurrence)
    else:
        _count_on(occurrence, update)
    return update


def _count_on(occurrence: Occurrence, update: Update) -> None:
    """Move the current state on by a version that takes nothing back: the same as to count anew."""
    occurrence.version = update.version
    if update.unit_id != occurrence.unit_id:
        return
    occurrence.review = ""
    occurrence.status, occurrence.fact_on, occurrence.reported_at = (
        update.status,
        update.fact_on,
        update.said_at,
    )
    if update.percent is not None and update.percent_kind == "progress":
        occurrence.percent = update.percent
    occurrence.new_due_on = update.new_due_on or occurrence.new_due_on


def count_anew(session: Session, occurrence: Occurrence) -> None:
    """Set an occurrence's current state from the versions that count; it is to be reviewed anew."""
    session.flush()
    known = versions(session, occurrence)
    mine = [one for one in known if one.state == COUNTED and one.unit_id == occurrence.unit_id]
    progress = [one.percent for one in mine if one.percent is not None and one.percent_kind == "progress"]
    latest = mine[-1] if mine else None
    occurrence.version = known[-1].version if known else 0
    occurrence.review = ""
    occurrence.status = latest.status if latest else NOT_STARTED
    occurrence.percent = progress[-1] if progress else None
    occurrence.new_due_on = next((one.new_due_on for one in reversed(mine) if one.new_due_on), None)
    occurrence.fact_on = latest.fact_on if latest else None
    occurrence.reported_at = latest.said_at if latest else None


def chain(session: Session, update: Update) -> list[Update]:
    """A version and those it corrects or is corrected by, oldest first."""
    same = select(Update).where(Update.occurrence_id == update.occurrence_id).order_by(Update.version)
    linked = {update.id}
    rows = list(session.scalars(same))
    for one in reversed(rows):  # a correction comes after what it corrects
        if one.id in linked and one.corrects_id is not None:
            linked.add(one.corrects_id)
    for one in rows:
        if one.corrects_id in linked:
            linked.add(one.id)
    return [one for one in rows if one.id in linked]


def last_of(session: Session, measure_id: int, unit_id: int) -> Update | None:
    """The newest version that counts of what a unit reported on a measure."""
    return session.scalars(
        select(Update)
        .where(Update.measure_id == measure_id, Update.unit_id == unit_id, Update.state == COUNTED)
        .order_by(Update.said_at.desc(), Update.version.desc())
        .limit(1)
    ).first()


def hindered(session: Session, plan: Plan) -> dict[int, str]:
    """What stands in the way of each thing owed (by its id), where its newest version tells so."""
    rows = session.execute(
        select(Update.occurrence_id, Update.blocker)
        .join(Occurrence, Occurrence.id == Update.occurrence_id)
        .where(Occurrence.plan_id == plan.id, Occurrence.status.not_in(SETTLED), Update.state == COUNTED)
        .order_by(Update.occurrence_id, Update.version)
    )
    newest = {row.occurrence_id: row.blocker for row in rows}
    return {number: words for number, words in newest.items() if words}


def versions(session: Session, occurrence: Occurrence) -> list[Update]:
    """Every version of one occurrence, oldest first."""
    return list(
        session.scalars(select(Update).where(Update.occurrence_id == occurrence.id).order_by(Update.version))
    )


def from_message(session: Session, message: str) -> list[Update]:
    """The versions one chat message gave rise to."""
    return list(session.scalars(select(Update).where(Update.message == message)))


def between(session: Session, start: datetime, end: datetime) -> list[Update]:
    """Counted versions said from ``start`` up to but not including ``end``, oldest first."""
    return list(
        session.scalars(
            select(Update)
            .where(Update.said_at >= start, Update.said_at < end, Update.state == COUNTED)
            .order_by(Update.said_at)
        )
    )
