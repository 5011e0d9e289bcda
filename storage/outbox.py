"""Letters to send, and the id each got, so that a reply to a card finds what the card was about."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, delete, insert, inspect, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import jobs
from storage.base import Base, Json, Owned, new_id, now
from storage.jobs import Claimed, Job
from storage.memory import rests_on

KIND = "letter"
WAITING, SENT, DEAD, HELD, JOINED = "waiting", "sent", "dead", "held", "joined"
CARRY = "carry"
GONE = "reader gone"


class Letter(Base, Owned):
    """Something to say at one place, written in the transaction of what it tells.

    ``reply`` is the packed channel-neutral reply; ``reply_token`` answers for free until
    ``reply_by``; ``retry_key`` stays the same for every try. ``cost`` counts messages of the quota.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_place", "agency_id", "place"),)

    channel: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(5), default="th")
    replies: Mapped[list[Json]] = mapped_column(JSON)
    reply_token: Mapped[str] = mapped_column(String(120), default="")
    reply_by: Mapped[datetime | None]
    retry_key: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    purpose: Mapped[str] = mapped_column(String(40), default="answer")
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    cost: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


LETTER = tuple(column.key for column in inspect(Letter).column_attrs)
Carried = list[tuple[Claimed, Letter]]


@dataclass(frozen=True, slots=True)
class Went:
    """A letter that went out: the ids its messages got, each with what it was about, and its cost."""

    letter_id: int
    messages: tuple[tuple[str, str], ...]
    cost: int


class SentMessage(Base, Owned):
    """The id a channel gave to a message of ours, and what that message was about."""

    __tablename__ = "sent_message"
    __table_args__ = (Index("ix_sent_message_message", "agency_id", "message"),)

    message: Mapped[str] = mapped_column(String(160))
    letter_id: Mapped[int]
    about: Mapped[str] = mapped_column(String(60), default="")


def write(session: Session, letter: Letter) -> Letter:
    """Put a letter in the box: it goes out once the caller's transaction is committed."""
    letter.id = letter.id or new_id()
    bag: list[Letter] | None = session.info.get(CARRY)
    if bag is None:
        _put_in(session, [letter])
    else:
        bag.append(letter)
    return letter


def _put_in(session: Session, written: list[Letter]) -> None:
    session.add_all(written)
    jobs.add_all(session, [_job(session, letter) for letter in written])


def _job(session: Session, letter: Letter) -> Json:
    agency = letter.agency_id or session.info["agency"]
    lane = f"letter:{agency}:{letter.place}"[:200]
    return jobs.row(KIND, f"letter:{letter.id}", {"letter": letter.id}, agency_id=agency, lane=lane)


def _row(session: Session, letter: Letter) -> Json:
    """A letter as its row, for many to be put in at once; what it leaves open is filled in."""
    letter.agency_id = letter.agency_id or session.info["agency"]
    letter.retry_key = letter.retry_key or str(uuid.uuid4())
    letter.state, letter.cost, letter.fault = letter.state or WAITING, letter.cost or 0, letter.fault or ""
    letter.language, letter.purpose = letter.language or "th", letter.purpose or "answer"
    letter.reply_token, letter.written_at = letter.reply_token or "", letter.written_at or now()
    return {name: getattr(letter, name) for name in LETTER}


@contextmanager
def carrying(session: Session, carried: Carried, *, wanted: bool) -> Iterator[None]:
    """Letters written meanwhile are put in together at the end; those that are in ``carried`` then (none,
    unless it is wanted) are claimed by the caller, who sends them after the commit."""
    bag: list[Letter] = []
    session.info[CARRY] = bag
    try:
        yield
    finally:
        del session.info[CARRY]
    if not wanted:
        _put_in(session, bag)
    elif bag:
        session.execute(insert(Letter), [_row(session, letter) for letter in bag])
        by_id = {letter.id: letter for letter in bag}
        claimed = jobs.add_claimed(session, [_job(session, letter) for letter in bag])
        carried += [(job, by_id[job.body["letter"]]) for job in claimed]


def what_was_said(session: Session, message: str) -> str | None:
    """What our message with this id was about (``measure:12``, often nothing); None: it is not ours."""
    return session.scalar(select(SentMessage.about).where(SentMessage.message == message).limit(1))


def is_ours(session: Session, message: str) -> bool:
    """Whether the channel's message with this id was sent by us."""
    return session.scalar(select(SentMessage.id).where(SentMessage.message == message).limit(1)) is not None


def hand_over(session: Session, letter: Letter) -> None:
    """Count a letter as sent that its reader has seen at once (the terminal)."""
    letter.state, letter.sent_at = SENT, now()
    session.execute(delete(Job).where(Job.key == f"letter:{letter.id}"))


def letters(session: Session, ids: Iterable[int]) -> dict[int, Letter]:
    """Letters of the session's agency by their ids."""
    return {one.id: one for one in session.scalars(select(Letter).where(Letter.id.in_(list(ids))))}


def mark_sent(session: Session, went: Sequence[Went]) -> None:
    """Letters went out: remember when, what each cost, and what each message was about."""
    for cost in {one.cost for one in went}:
        session.execute(
            update(Letter)
            .where(Letter.id.in_([one.letter_id for one in went if one.cost == cost]))
            .values(state=SENT, sent_at=now(), cost=cost, reply_token="", fault="")
            .execution_options(synchronize_session=False)
        )
    agency = session.info["agency"]
    named = [
        {"id": new_id(), "agency_id": agency, "message": message, "letter_id": one.letter_id, "about": about}
        for one in went
        for message, about in one.messages
    ]
    if named:
        session.execute(insert(SentMessage), named)


def note(session: Session, letter_id: int, fault: str, state: str = WAITING) -> None:
    """Write on a letter why it has not gone out; DEAD: it never will, HELD: not before there is quota."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.state != SENT)
        .values(fault=fault[:500], state=state)
        .execution_options(synchronize_session=False)
    )


def spend_token(session: Session, letter_id: int) -> None:
    """The free reply was refused: the letter goes by push from now on, under its key."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id)
        .values(reply_token="")
        .execution_options(synchronize_session=False)
    )


def revive(session: Session, ids: Iterable[int]) -> None:
    """Letters that were given up wait again."""
    anew = update(Letter).where(Letter.id.in_(list(ids)), Letter.state.in_((DEAD, HELD)))
    session.execute(anew.values(state=WAITING).execution_options(synchronize_session=False))


def is_waiting(session: Session, place: str, reply_token: str) -> bool:
    """Whether a letter that answers by this token is still to go out."""
    found = select(Letter.id).where(
        Letter.place == place, Letter.reply_token == reply_token, Letter.state == WAITING
    )
    return session.scalar(found.limit(1)) is not None


def sent_as(session: Session, message: str) -> list[Letter]:
    """The letters of which a message got this id, oldest first."""
    named = select(SentMessage.letter_id).where(SentMessage.message == message)
    return list(session.scalars(select(Letter).where(Letter.id.in_(named)).order_by(Letter.id)))


def sent_since(session: Session, channel: str, since: datetime, most: int = 50) -> list[Letter]:
    """The newest letters of a channel that went out since a moment, oldest first."""
    found = session.scalars(
        select(Letter)
        .where(Letter.channel == channel, Letter.state == SENT, Letter.sent_at >= since)
        .order_by(Letter.id.desc())
        .limit(most)
    )
    return list(found)[::-1]


def known(session: Session, messages: Iterable[str]) -> set[str]:
    """Those of these ids that are messages of ours."""
    return set(session.scalars(select(SentMessage.message).where(SentMessage.message.in_(list(messages)))))


@rests_on()
def _held_lanes(session: Session) -> frozenset[str]:
    mine = (Job.state == jobs.HELD, Job.kind == KIND, Job.agency_id == session.info["agency"])
    return frozenset(session.scalars(select(Job.lane).where(*mine)))


def take_held(session: Session, place: str) -> list[Letter]:
    """The letters held back for a place, oldest first; they are the caller's now, who says them."""
    lane = f"letter:{session.info['agency']}:{place}"[:200]
    if lane not in _held_lanes(session):
        return []
    taken = delete(Job).where(Job.lane == lane, Job.state == jobs.HELD).returning(Job.body)
    bodies = session.scalars(taken.execution_options(synchronize_session=False)).all()
    found = letters(session, [body["letter"] for body in bodies])
    for one in found.values():
        one.state, one.fault = JOINED, ""
    return [found[number] for number in sorted(found)]


def never(session: Session, places: Iterable[str]) -> None:
    """Whom it was written for is at these places no more: what is held back for them is not sent."""
    for place in places:
        for letter in take_held(session, place):
            letter.state, letter.fault = DEAD, GONE


def joined(session: Session, place: str, since: datetime, first: int, most: int) -> list[Letter]:
    """The letters that went along with another here since a moment, from one on, oldest first."""
    mine = (Letter.place == place, Letter.state == JOINED, Letter.written_at >= since, Letter.id >= first)
    return list(session.scalars(select(Letter).where(*mine).order_by(Letter.id).limit(most)))
