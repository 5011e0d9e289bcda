"""The secretary's word on reports, what was asked of units, how a closed round stood, feeds of due dates."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from storage.agencies import Unit
from storage.base import Base, Owned
from storage.measures import Measure
from storage.memory import rests_on
from storage.people import Person
from storage.plans import Plan
from storage.progress import COUNTED, RETURNED, Update, chain, count_anew
from storage.rounds import Occurrence, Round

ACCEPTED, WAITING = "accepted", "waiting"


class Review(Base, Owned):
    """The secretary's word on one version: ``accepted``, or ``returned`` with what is wrong."""

    __tablename__ = "review"

    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(20), default="")

    person: Mapped[Person | None] = relationship(lazy="joined")


class Asking(Base, Owned):
    """A unit was asked how a measure stands: at most once a day for each."""

    __tablename__ = "asking"
    __table_args__ = (UniqueConstraint("agency_id", "unit_id", "measure_id", "asked_on"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    asked_on: Mapped[date] = mapped_column(Date)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class Frozen(Base, Owned):
    """How one thing owed stood when its round was closed."""

    __tablename__ = "frozen"
    __table_args__ = (UniqueConstraint("round_id", "occurrence_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    evidence_count: Mapped[int]
    review: Mapped[str] = mapped_column(String(10), default="")


class Feed(Base, Owned):
    """A secret address of due dates for calendars: of one unit, or of the whole agency."""

    __tablename__ = "feed"

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(lazy="joined")


def waiting(session: Session, plan: Plan) -> list[Occurrence]:
    """What was reported and nobody has looked at yet, the oldest report first."""
    return list(
        session.scalars(
            select(Occurrence)
            .join(Occurrence.measure)
            .where(
                Occurrence.plan_id == plan.id,
                Occurrence.reported_at.is_not(None),
                Occurrence.review == "",
            )
            .order_by(Occurrence.reported_at, Occurrence.id)
            .options(contains_eager(Occurrence.measure))
        )
    )


def latest(session: Session, occurrence: Occurrence) -> Update | None:
    """The newest version that counts of what is owed."""
    return session.scalars(
        select(Update)
        .where(
            Update.occurrence_id == occurrence.id,
            Update.unit_id == occurrence.unit_id,
            Update.state == COUNTED,
        )
        .order_by(Update.version.desc())
        .limit(1)
    ).first()


def hold(session: Session, number: int, kind: type[Occurrence] | type[Unit] = Occurrence) -> None:
    """Of two who decide on the same record at once, the second waits here (PostgreSQL)."""
    session.execute(select(kind.id).where(kind.id == number).with_for_update())


def accept(session: Session, review: Review, update: Update) -> None:
    """The report stands as it is."""
    review.verdict = ACCEPTED
    session.add(review)
    update.occurrence.review = ACCEPTED
    session.flush()


def give_back(session: Session, review: Review, update: Update) -> None:
    """The report is returned: the claim counts no more; what was reported before it does again."""
    review.verdict = RETURNED
    session.add(review)
    for one in chain(session, update):
        if one.state == COUNTED and one.version <= update.version and one.status == update.status:
            one.state = RETURNED
    count_anew(session, update.occurrence)
    update.occurrence.review = RETURNED
    session.flush()


def hand_in_again(session: Session, update: Update) -> None:
    """What was missing has come: the returned version counts again and waits to be looked at."""
    update.state = COUNTED
    count_anew(session, update.occurrence)


def reviews_of(session: Session, updates: list[int]) -> dict[int, list[Review]]:
    """What was said of versions, by their ids, oldest first."""
    found: dict[int, list[Review]] = {}
    query = select(Review).where(Review.update_id.in_(updates)).order_by(Review.at, Review.id)
    for one in session.scalars(query):
        found.setdefault(one.update_id, []).append(one)
    return found


def was_asked(session: Session, unit_id: int, measure_id: int, on: date) -> bool:
    """Whether the unit was asked about the measure on this day."""
    asked = select(Asking.id).where(
        Asking.unit_id == unit_id, Asking.measure_id == measure_id, Asking.asked_on == on
    )
    return session.scalar(asked.limit(1)) is not None


def asked_on(session: Session, on: date) -> set[tuple[int, int]]:
    """The units and measures asked about on a day."""
    found = select(Asking.unit_id, Asking.measure_id).where(Asking.asked_on == on)
    return {(unit, measure) for unit, measure in session.execute(found)}


def owed_in(session: Session, call: Round) -> list[Occurrence]:
    """What a round asks for: everything due after the round before it, up to its own day."""
    before = session.scalar(
        select(func.max(Round.due_on)).where(Round.plan_id == call.plan_id, Round.due_on < call.due_on)
    )
    query = (
        select(Occurrence)
        .join(Occurrence.measure)
        .where(Occurrence.plan_id == call.plan_id, Occurrence.due_on <= call.due_on)
        .order_by(Measure.position, Occurrence.unit_id, Occurrence.due_on)
        .options(contains_eager(Occurrence.measure))
    )
    return list(session.scalars(query if before is None else query.where(Occurrence.due_on > before)))


def freeze(session: Session, call: Round, owed: list[Occurrence], at: datetime) -> None:
    """Close a round: how everything in it stands now stays as it is."""
    call.frozen_at = at
    call.roster = list(dict.fromkeys(one.unit.name for one in owed))
    session.add_all(
        Frozen(
            round_id=call.id,
            occurrence_id=one.id,
            status=one.status,
            version=one.version,
            evidence_count=one.evidence_count,
            review=one.review,
        )
        for one in owed
    )
    session.flush()


def thaw(session: Session, call: Round) -> None:
    """Open a closed round again: its figures move with the reports until it is closed anew."""
    session.execute(delete(Frozen).where(Frozen.round_id == call.id))
    call.frozen_at = None
    session.flush()


def frozen(session: Session, call: Round) -> dict[int, Frozen]:
    """How a closed round stood, by occurrence."""
    return {
        one.occurrence_id: one for one in session.scalars(select(Frozen).where(Frozen.round_id == call.id))
    }


def closed_round(session: Session, occurrence: Occurrence) -> Round | None:
    """The closed round that something owed belonged to."""
    if occurrence.id is None or not _any_closed(session, occurrence.plan_id):
        return None
    query = select(Round).join(Frozen, Frozen.round_id == Round.id)
    return session.scalars(query.where(Frozen.occurrence_id == occurrence.id).limit(1)).first()


@rests_on(Round)
def _any_closed(session: Session, plan_id: int) -> bool:
    closed = select(Round.id).where(Round.plan_id == plan_id, Round.frozen_at.is_not(None))
    return session.scalar(closed.limit(1)) is not None


def states(session: Session, plan: Plan) -> dict[int, str]:
    """What was reported and how it was looked at, by occurrence: waiting, accepted or returned."""
    rows = session.execute(
        select(Occurrence.id, Occurrence.review).where(
            Occurrence.plan_id == plan.id,
            (Occurrence.reported_at.is_not(None)) | (Occurrence.review == RETURNED),
        )
    )
    return {number: review or WAITING for number, review in rows}


def feeds(session: Session) -> list[Feed]:
    """The feeds that are open."""
    return list(session.scalars(select(Feed).where(Feed.ended_at.is_(None)).order_by(Feed.made_at)))
