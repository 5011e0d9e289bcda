"""The history as a chain: each link holds the hash of the one before, so that nobody changes or takes
out an act of the past unseen.

Acts are written without a link and chained a moment later, in an order of their own: answering people
waits for nobody, and what an older version of the program writes is chained as well. An act's details
enter the chain by a salted hash only, so that a person's erasure can blank them and the chain still holds.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.base import Json
from storage.history import Entry

AT_A_TIME = 500
START = "0" * 64
BLANKED = "blanked-by"  # in the details of a blanked act: the number of the entry that tells of it
BLANKING = ("person-erased", "retention-applied")  # acts that may blank others


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain: kept elsewhere, it proves what the chain was up to there."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the chain found: the first link that is ``wrong`` (0: none), and why.

    ``why`` is missing, changed, relinked, blanked (without an act that allows it) or shortened.
    """

    head: Head
    unchained: int
    wrong: int = 0
    why: str = ""


def head(session: Session) -> Head:
    """The end of the agency's chain."""
    last = select(Entry.number, Entry.digest).where(Entry.number.is_not(None)).order_by(Entry.number.desc())
    found = session.execute(last.limit(1)).first()
    return Head(found[0] or 0, found[1] or START) if found else Head(0, START)


def unchained(session: Session) -> int:
    """How many acts are not yet in the chain."""
    return session.scalar(select(func.count(Entry.id)).where(Entry.number.is_(None))) or 0


def extend(session: Session, most: int = AT_A_TIME) -> tuple[Head, bool]:
    """Link up to ``most`` acts that are not yet in the chain; the new end, and whether there are more.

    Of two workers that do this at once the unique numbers let one through (IntegrityError).
    """
    end = head(session)
    loose = select(Entry).where(Entry.number.is_(None)).order_by(Entry.id).limit(most)
    found = session.scalars(loose).all()
    for entry in found:
        entry.salt = secrets.token_hex(16)
        entry.core = _core(entry.salt, entry.details)
        end = Head(end.number + 1, _digest(end, entry, end.number + 1))
        entry.number, entry.digest = end.number, end.digest
    session.flush()
    return end, len(found) == most


def verify(session: Session, anchor: Head | None = None) -> Verified:
    """Walk the whole chain; ``anchor`` is an end it had before and must still contain."""
    end, wrong, why, blanked = Head(0, START), 0, "", _may_blank(session)
    links = select(Entry).where(Entry.number.is_not(None)).order_by(Entry.number)
    for entry in session.scalars(links.execution_options(yield_per=AT_A_TIME)):
        why = why or _fault(entry, end, blanked)
        if not why and anchor and entry.number == anchor.number and entry.digest != anchor.digest:
            why = "relinked"
        if why and not wrong:
            wrong = end.number + 1
        end = Head(entry.number or 0, entry.digest or "")
        session.expunge(entry)
    if not why and anchor and anchor.number > end.number:
        wrong, why = end.number + 1, "shortened"
    return Verified(end, unchained(session), wrong, why)


def blank(entry: Entry, by: Entry) -> None:
    """Take the details out of an act; the chain keeps their salted hash, whose salt goes too."""
    entry.details, entry.salt = {BLANKED: by.id}, None


def _may_blank(session: Session) -> set[int]:
    return set(session.scalars(select(Entry.id).where(Entry.action.in_(BLANKING))))


def _fault(entry: Entry, before: Head, may_blank: set[int]) -> str:
    if entry.number != before.number + 1:
        return "missing"
    if BLANKED in entry.details and entry.salt is None:
        if entry.details[BLANKED] not in may_blank:
            return "blanked"
    elif entry.salt is None or entry.core != _core(entry.salt, entry.details):
        return "changed"
    return "" if entry.digest == _digest(before, entry, entry.number) else "changed"


def _core(salt: str, details: Json) -> str:
    told = json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{salt}\n{told}".encode()).hexdigest()


def _digest(before: Head, entry: Entry, number: int) -> str:
    at = entry.at.isoformat(timespec="microseconds")
    what = (at, entry.person_id, entry.action, entry.subject, entry.core)
    parts = (before.digest, number, entry.id, entry.agency_id, *what)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
