"""Photos, files, links and document numbers shown for a report."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import jobs
from storage.base import Base, Owned, now
from storage.rounds import Occurrence

WAITING, KEPT, GONE, REMOVED = "waiting", "kept", "gone", "removed"
EXPIRED = "expired"
FORGET = "forget"  # the job of deleting content that its sender took back


class Evidence(Base, Owned):
    """หลักฐาน: kind is photo, file, link or document (a document number with its own date).

    ``state`` is waiting (to be fetched), kept, gone (the channel no longer has it), removed (by its sender)
    or expired (kept no longer than the agency keeps content). ``sha256`` names the content; ``own_date`` is
    the evidence's date, not the upload's.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_message", "agency_id", "message"),)

    occurrence_id: Mapped[int | None] = mapped_column(
        ForeignKey("occurrence.id", ondelete="CASCADE"), index=True
    )
    update_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(Text, default="")
    own_date: Mapped[date | None] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(10), default=KEPT)
    channel: Mapped[str] = mapped_column(String(20), default="")
    message: Mapped[str] = mapped_column(String(160), default="")
    added_at: Mapped[datetime] = mapped_column(default=now)


def evidence_of(session: Session, occurrence_id: int) -> list[Evidence]:
    """What is shown for an occurrence, oldest first, without what was removed."""
    return list(
        session.scalars(
            select(Evidence)
            .where(Evidence.occurrence_id == occurrence_id, Evidence.state != REMOVED)
            .order_by(Evidence.added_at)
        )
    )


def attach(session: Session, occurrence: Occurrence, update_id: int | None, shown: Evidence) -> Evidence:
    """Show something for an occurrence, and count it there."""
    shown.occurrence_id, shown.update_id = occurrence.id, update_id
    session.add(shown)
    count_anew(session, occurrence)
    return shown


def count_anew(session: Session, occurrence: Occurrence) -> None:
    """Write beside an occurrence how many pieces are shown for it."""
    session.flush()
    shown = (
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.occurrence_id == occurrence.id, Evidence.state.not_in((REMOVED, GONE)))
    )
    occurrence.evidence_count = session.scalar(shown) or 0


def from_message(session: Session, message: str) -> list[Evidence]:
    """What came with one chat message."""
    return list(session.scalars(select(Evidence).where(Evidence.message == message)))


def used(session: Session) -> int:
    """How many bytes the agency's evidence takes; the same content shown twice counts once."""
    each = select(func.max(Evidence.size)).where(Evidence.state == KEPT, Evidence.sha256 != "")
    sizes = each.group_by(Evidence.sha256).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(sizes.c[0]), 0))) or 0)


def with_documents(session: Session, measures: list[int]) -> set[int]:
    """Those of some measures for which a document's number was shown."""
    query = (
        select(Occurrence.measure_id)
        .join(Evidence, Evidence.occurrence_id == Occurrence.id)
        .where(Occurrence.measure_id.in_(measures), Evidence.kind == "document", Evidence.state != REMOVED)
    )
    return set(session.scalars(query))


def shown_by(session: Session, person_id: int) -> list[Evidence]:
    """Everything a person showed that is still there."""
    mine = select(Evidence).where(Evidence.person_id == person_id, Evidence.state.in_((KEPT, WAITING)))
    return list(session.scalars(mine))


def remove(session: Session, shown: Evidence) -> None:
    """Taken back by its sender: the record stays without what it showed; its content is to be deleted."""
    if shown.sha256:
        body = {"sha256": shown.sha256}
        jobs.add(session, FORGET, f"{FORGET}:{shown.id}", body, agency_id=shown.agency_id)
    shown.state, shown.name, shown.url, shown.own_date = REMOVED, "", "", None
    occurrence = session.get(Occurrence, shown.occurrence_id) if shown.occurrence_id else None
    if occurrence is not None:
        count_anew(session, occurrence)
