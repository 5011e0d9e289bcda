"""What is going on between one sender and the assistant at one place: the open form, the open
question, and the measure just spoken of. It outlives restarts and days."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Json, Owned, now, padded
from storage.memory import remember, rests_on

PAGE = "page"  # what is done on a page, beside the channels of chat


class Thread(Base, Owned):
    """One sender at one place (1:1 or a group).

    ``form`` and ``answers`` are the guided task begun and not handed in; ``offered`` the choices
    last offered (``{"value", "label"}`` in the order of their numbers); ``asked`` the question that
    waits for one of them; ``measure_id`` and ``update_id`` what was just spoken of or recorded.
    """

    WAITING: ClassVar[str] = "waiting"  # the answer that is none: reports that wait for their measure
    TALK: ClassVar[str] = "talk"  # another: what was last asked and answered, for a question that leans on it

    __tablename__ = "thread"
    __table_args__ = (UniqueConstraint("agency_id", "sender", "place"),)

    sender: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    form: Mapped[str] = mapped_column(String(40), default="")
    answers: Mapped[Json] = mapped_column(MutableDict.as_mutable(JSON), default=dict)
    asked: Mapped[str] = mapped_column(String(60), default="")
    offered: Mapped[list[Json]] = mapped_column(MutableList.as_mutable(JSON), default=list)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="SET NULL"))
    update_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id", ondelete="SET NULL"))
    touched_at: Mapped[datetime] = mapped_column(default=now)

    def close(self, *, is_over: bool = False) -> None:
        """Forget the open form and question; what was just spoken of stays, and the reports that wait for
        their measure, unless all of it ``is_over``."""
        kept = () if is_over else (self.WAITING, self.TALK)
        kept_answers = {name: self.answers[name] for name in kept if self.answers.get(name)}
        self.form, self.asked = "", ""
        self.answers, self.offered = MutableDict(kept_answers), MutableList()


def own_place(person_id: int) -> str:
    """Where what a person has begun on the pages waits, apart from what is said in chat."""
    return f"{PAGE}:{person_id}"


def thread(session: Session, sender: str, place: str) -> Thread:
    """The thread of a sender at a place, begun if there is none."""
    found = _thread(session, sender, place)
    if found is None:
        found = nothing_open(sender, place)
        session.add(found)
        remember(session, _thread, (sender, place), found)
    return found


def nothing_open(sender: str, place: str) -> Thread:
    """A thread that is on no record yet: to begin one, or to look at a message without beginning anything."""
    return Thread(sender=sender, place=place, form="", asked="", answers={}, offered=[], touched_at=now())


def find(session: Session, sender: str, place: str) -> Thread | None:
    """The thread of a sender at a place, where there is one."""
    return _thread(session, sender, place)


@rests_on()
def _thread(session: Session, sender: str, place: str) -> Thread | None:
    return session.scalar(select(Thread).where(Thread.sender == sender, Thread.place == place))


def look_at(session: Session, talks: Sequence[tuple[str, str]]) -> None:
    """Load or begin the threads of many (sender, place) at once; the session remembers them."""
    senders = padded({sender for sender, _ in talks})
    found = {
        (one.sender, one.place): one
        for one in session.scalars(select(Thread).where(Thread.sender.in_(senders)))
    }
    new = {talk: nothing_open(*talk) for talk in talks if talk not in found}
    session.add_all(new.values())
    session.flush()
    for talk in talks:
        remember(session, _thread, talk, new.get(talk) or found[talk])
