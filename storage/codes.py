"""One-time codes: an invitation binds an identity to a person, a group code ties a group to a unit.

Only a digest under the deployment's key is kept: neither a copy of the database nor a short code's few
possibilities open a door without that key.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.agencies import Unit
from storage.base import Base, Owned
from storage.digits import arabic
from storage.people import Person

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"  # without I, L and O, which look like digits
NUMBERS = "23456789"  # without 0 and 1, which look like letters
PERSON, GROUP = "person", "group"
LIVES = {PERSON: timedelta(days=7), GROUP: timedelta(hours=24)}
PEPPER = "pepper"  # its place in a session's info

_BETWEEN = r"[\s\-\u2010-\u2015\u2212._]*"
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_PERSON = re.compile(
    rf"(?<![A-Z0-9/@])((?:[{LETTERS}{NUMBERS}]{{4}})[-\u2010-\u2015\u2212]?(?:[{LETTERS}{NUMBERS}]{{4}}))(?![A-Z0-9@]|\.[A-Z0-9])"
)
_GROUP = re.compile(rf"(?<![A-Z0-9])GRP{_BETWEEN}(\d{{4}})(?!\d)")


class Code(Base, Owned):
    """A one-time code: an invitation that binds an identity to a person, or one that binds a group.

    Only the code's digest is kept, so a copy of the database opens no door.
    """

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("agency_id", "digest"),)

    digest: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="joined")
    unit: Mapped[Unit | None] = relationship(lazy="joined")

    def state(self, at: datetime) -> Literal["open", "used", "withdrawn", "expired"]:
        """What a code is worth at a moment."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "expired" if at >= self.expires_at else "open"


def person_code(text: str, *, whole: bool = False) -> str:
    """The invitation code in a text as eight bare characters, empty when there is none.

    Small letters, spaces, dashes and Thai digits do not matter; no part of a link or of a file's name is a
    code. With ``whole`` the text is nothing but a code, so that spaces anywhere in it are forgiven, and
    letters that no code has are too.
    """
    folded = arabic(text).upper()
    if whole:
        bare = re.sub(_BETWEEN, "", folded)
        return bare if re.fullmatch(r"[A-Z0-9]{8}", bare) and _is_mixed(bare) else ""
    for found in _PERSON.finditer(_LINK.sub(" ", folded)):
        bare = re.sub(_BETWEEN, "", found.group(1))
        if _is_mixed(bare):
            return bare
    return ""


def group_code(text: str) -> str:
    """The group code in a text as four digits, empty when there is none."""
    found = _GROUP.search(arabic(text).upper())
    return found.group(1) if found else ""


def shown(purpose: str, bare: str) -> str:
    """A code as people see it: ``K7QM-3XPD``, ``GRP-4821``."""
    return f"GRP-{bare}" if purpose == GROUP else f"{bare[:4]}-{bare[4:]}"


def new_code(
    session: Session, purpose: str, at: datetime, *, person: Person | None = None, unit: Unit | None = None
) -> str:
    """Make a code and give it as people see it; the only moment at which it is known.

    Earlier open codes for the same person are withdrawn. A group code without a unit is for the
    working group.
    """
    if person is not None:
        withdraw_all(session, person, at)
    while True:
        bare = _draw(purpose)
        digest = _digest(session, purpose, bare)
        known = session.scalar(select(Code).where(Code.digest.in_(_digests(session, purpose, bare))))
        if known is None or known.state(at) != "open":
            break
    if known is not None:  # group codes are few: one that is over makes room, the history keeps it
        session.execute(delete(Code).where(Code.id == known.id))
    session.add(
        Code(
            digest=digest,
            purpose=purpose,
            person_id=person.id if person else None,
            unit_id=unit.id if unit else None,
            expires_at=at + LIVES[purpose],
        )
    )
    session.flush()
    return shown(purpose, bare)


def find_code(session: Session, purpose: str, bare: str) -> Code | None:
    """The record of a typed code, in whatever state it is."""
    digests = _digests(session, purpose, bare)
    return session.scalar(select(Code).where(Code.digest.in_(digests), Code.purpose == purpose).limit(1))


def use_code(session: Session, code: Code, at: datetime) -> bool:
    """Use a code up; False when it was not open any more (of two at once, one is first)."""
    if code.state(at) != "open":
        return False
    used = update(Code).where(Code.id == code.id, Code.used_at.is_(None), Code.withdrawn_at.is_(None))
    done = session.execute(used.values(used_at=at).execution_options(synchronize_session="fetch"))
    return bool(getattr(done, "rowcount", 0))


def withdraw_all(session: Session, person: Person, at: datetime) -> None:
    """Take back every open code of a person."""
    mine = update(Code).where(
        Code.person_id == person.id, Code.used_at.is_(None), Code.withdrawn_at.is_(None)
    )
    session.execute(mine.values(withdrawn_at=at))


def veiled(session: Session, address: str) -> str:
    """A stranger's address so that tries can be counted without keeping who it was."""
    return _digest(session, "sender", address)[:24]


def _draw(purpose: str) -> str:
    if purpose == GROUP:
        return f"{secrets.randbelow(10_000):04d}"
    while True:
        drawn = "".join(secrets.choice(LETTERS + NUMBERS) for _ in range(8))
        if _is_mixed(drawn):
            return drawn


def _is_mixed(bare: str) -> bool:
    """A code has letters and digits, so that neither a word nor a telephone number is one."""
    return any(one.isdigit() for one in bare) and any(one.isalpha() for one in bare)


def _digest(session: Session, purpose: str, bare: str) -> str:
    return _digests(session, purpose, bare)[0]


def _digests(session: Session, purpose: str, bare: str) -> list[str]:
    """The digest under each key, the newest first: codes given out before a change of keys still work."""
    message = f"{purpose}\n{bare}".encode()
    peppers = str(session.info.get(PEPPER, "")).split(",")
    return [hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key in peppers]


def open_count(session: Session, before: datetime, at: datetime) -> int:
    """How many codes that were given out before a moment still open a door."""
    return sum(
        one.expires_at - LIVES[one.purpose] < before and one.state(at) == "open"
        for one in session.scalars(select(Code).where(Code.used_at.is_(None), Code.expires_at > at))
    )
