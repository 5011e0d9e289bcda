"""Ways onto the working group's page: one-time links asked for in chat, and the visits they open.

A link and a visit are known by random tokens of which only a hash is kept: a copy of the database
opens nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, Owned, now
from storage.people import Person

LINK_LIVES = timedelta(minutes=10)
IDLE = timedelta(hours=2)  # a browser left open in an office closes itself after this
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)  # a visit's last moment is not written more often
KEPT = timedelta(days=30)  # what is over stays this long, to tell "used" from "never was"
SITE = "site"  # the public address's place in a session's info


class SigninLink(Base, Owned):
    """A link that lets one person in once."""

    __tablename__ = "signin_link"
    __table_args__ = (UniqueConstraint("agency_id", "digest"),)

    digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")

    def state(self, at: datetime) -> Literal["open", "used", "expired", "left"]:
        """What a link is worth at a moment."""
        if self.used_at is not None:
            return "used"
        if self.person.left_at is not None:
            return "left"
        return "expired" if at >= self.expires_at else "open"


class Visit(Base, Owned):
    """A signed-in browser: of one person, in one agency."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("agency_id", "digest"),)

    digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")

    def is_open(self, at: datetime) -> bool:
        """Whether it still lets its person in: not ended, not idle, not old, not left."""
        over = self.ended_at is not None or self.person.left_at is not None
        return not over and at - self.seen_at < IDLE and at - self.began_at < LONGEST


def new_link(session: Session, person: Person) -> str:
    """Make a link's token; the only moment at which it is known. Earlier links of the person end.

    Its life is counted in real time, whatever day the conversation is played on.
    """
    at = now()
    session.execute(delete(SigninLink).where(SigninLink.expires_at < at - KEPT))
    earlier = update(SigninLink).where(SigninLink.person_id == person.id, SigninLink.used_at.is_(None))
    session.execute(earlier.where(SigninLink.expires_at > at).values(expires_at=at))
    token = secrets.token_urlsafe(32)
    session.add(SigninLink(digest=_digest(token), person_id=person.id, expires_at=at + LINK_LIVES))
    session.flush()
    return token


def find_link(session: Session, token: str) -> SigninLink | None:
    """The link with this token, in whatever state it is."""
    return session.scalar(select(SigninLink).where(SigninLink.digest == _digest(token)))


def open_visit(session: Session, link: SigninLink, at: datetime) -> str:
    """Use a link up and begin a visit; its token, or nothing when the link was not open any more."""
    if link.state(at) != "open":
        return ""
    used = update(SigninLink).where(SigninLink.id == link.id, SigninLink.used_at.is_(None))
    done = session.execute(used.values(used_at=at).execution_options(synchronize_session=False))
    if not getattr(done, "rowcount", 0):  # of two at once, one is first
        return ""
    session.execute(delete(Visit).where(Visit.seen_at < at - KEPT))
    token = secrets.token_urlsafe(32)
    session.add(Visit(digest=_digest(token), person_id=link.person_id, began_at=at, seen_at=at))
    session.flush()
    return token


def find_visit(session: Session, token: str, at: datetime) -> Visit | None:
    """The open visit with this token."""
    found = session.scalar(select(Visit).where(Visit.digest == _digest(token)))
    return found if found is not None and found.is_open(at) else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
