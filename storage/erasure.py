"""What is kept about one person: found for an export, taken out for an erasure (PDPA, sections 30 and 33).

An erasure deletes identities, codes, talks and letters to the person, and what they typed; reports,
evidence and acknowledgements of the unit stay, with a name that tells nobody.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage import chain, copies, history, moving
from storage.base import Base, Json
from storage.changing import change
from storage.evidence import Evidence
from storage.forms import Thread
from storage.history import Entry
from storage.inbox import Seen
from storage.jobs import Job
from storage.outbox import Letter, SentMessage
from storage.people import Identity, Person
from storage.policies import Acknowledgement
from storage.progress import Update

KEPT: tuple[type[Base], ...] = (Person, Update, Evidence, Acknowledgement, Entry)
POINTS = ("person_id", "bound_by_id")
PLACES = ("address", "sender", "place")
SECRET = frozenset({"digest", "salt", "core", "token", "reply_token", "retry_key"})
ACT = "person-erased"


@dataclass(frozen=True, slots=True)
class Traces:
    """What gives a person away: the id, the name, and the addresses in each channel."""

    person_id: int
    name: str
    addresses: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What may be looked for in any text. A name of one word may be part of another's."""
        return (*self.addresses, self.name) if " " in self.name.strip() else self.addresses


def traces(person: Person) -> Traces:
    """What gives a person away."""
    return Traces(person.id, person.name, tuple(one.address for one in person.identities))


def about(session: Session, who: Traces) -> Iterator[tuple[str, Json]]:
    """Every row about a person, with its table's name; without what is a secret of the program."""
    for kind in copies.kinds(owned=True):
        if (which := _points(kind, who)) is not None:
            for row in copies.rows(session, kind, which):
                yield kind.__tablename__, {name: value for name, value in row.items() if name not in SECRET}


def _points(kind: type[Base], who: Traces) -> ColumnElement[bool] | None:
    """Which rows of a kind are about a person; nothing where none can be."""
    if kind is Person:
        return Person.id == who.person_id
    found = [getattr(kind, name) == who.person_id for name in POINTS if hasattr(kind, name)]
    if who.addresses:
        found += [getattr(kind, name).in_(who.addresses) for name in PLACES if hasattr(kind, name)]
    if kind is Entry:
        found.append(Entry.subject == f"person:{who.person_id}")
    return or_(*found) if found else None


def erased_count(session: Session) -> int:
    """How many people were erased before."""
    return session.scalar(select(func.count(Entry.id)).where(Entry.action == ACT)) or 0


def erase(session: Session, person: Person, alias: str) -> Entry:
    """Take a person out, in the caller's transaction; what is left in their place is called ``alias``.

    The history's entry tells how many rows of each table were deleted or changed.
    """
    who, counts = traces(person), dict[str, int]()
    entry = history.note(session, ACT, f"person:{person.id}")
    session.flush()
    _delete(session, who, counts)
    person.name, person.unit_id, person.language = alias, None, "th"
    person.left_at = person.left_at or entry.at
    _empty_updates(session, who, alias, counts)
    session.flush()
    _rewrite(session, who, alias, counts)
    counts["history"] = _blank(session, who, entry)
    entry.details = {name: count for name, count in sorted(counts.items()) if count}
    session.flush()
    session.expire_all()
    return entry


def left(session: Session, who: Traces) -> list[str]:
    """The tables that still hold the name or an address: none, once the person is erased."""
    found = [kind.__tablename__ for kind in copies.kinds(owned=True) if list(_holding(session, kind, who))]
    agency = int(session.info["agency"])
    for kind in moving.shared():
        rows = copies.rows(session, kind, moving.mine(kind, agency))
        if [row for row in rows if _holds(row, who.words)]:
            found.append(kind.__tablename__)
    return found


def _delete(session: Session, who: Traces, counts: dict[str, int]) -> None:
    """Whatever is only there for the person; a letter's traces first."""
    letters = select(Letter.id).where(Letter.place.in_(who.addresses))
    _count(session, counts, SentMessage, SentMessage.letter_id.in_(letters))
    for kind in reversed(copies.kinds(owned=True)):
        which = None if kind in KEPT else _points(kind, who)
        if which is not None and _is_only_theirs(kind):
            _count(session, counts, kind, which)
    agency = int(session.info["agency"])
    for shared in (Job, Seen):
        rows = copies.rows(session, shared, moving.mine(shared, agency))
        found = [row["id"] for row in rows if _holds(row, who.words)]
        _count(session, counts, shared, shared.id.in_(found))


def _is_only_theirs(kind: type[Base]) -> bool:
    """Whether a row goes with its person: it points there and falls with it, or it is an address."""
    if kind in (Identity, Thread, Letter):
        return True
    keys = getattr(kind, "person_id", None)
    return keys is not None and any(
        key.ondelete == "CASCADE" for key in keys.property.columns[0].foreign_keys
    )


def _count(session: Session, counts: dict[str, int], kind: type[Base], which: ColumnElement[bool]) -> None:
    gone = change(session, delete(kind).where(which))
    counts[kind.__tablename__] = counts.get(kind.__tablename__, 0) + gone


def _empty_updates(session: Session, who: Traces, alias: str, counts: dict[str, int]) -> None:
    """What the person typed goes; the figures they reported stay the unit's."""
    mine = session.scalars(select(Update).where(Update.person_id == who.person_id)).all()
    for one in mine:
        one.source_text, one.message, one.details = "", "", {}
        one.note, one.blocker = one.note.replace(who.name, alias), one.blocker.replace(who.name, alias)
    on_behalf = update(Update).where(Update.on_behalf_of == who.name).values(on_behalf_of=alias)
    change(session, on_behalf)
    evidence = update(Evidence).where(Evidence.person_id == who.person_id).values(message="", name="")
    counts["progress_update"] = len(mine)
    counts["evidence"] = change(session, evidence)


def _rewrite(session: Session, who: Traces, alias: str, counts: dict[str, int]) -> None:
    """Put the alias wherever else the full name or an address stands."""
    for kind in copies.kinds(owned=True):
        if kind is Entry:
            continue
        for row in list(_holding(session, kind, who)):
            changed = {name: _replaced(row[name], who.words, alias) for name in _texts(kind)}
            session.execute(update(kind), [{"id": row["id"], **changed}])
            counts[kind.__tablename__] = counts.get(kind.__tablename__, 0) + 1


def _blank(session: Session, who: Traces, by: Entry) -> int:
    found = [row["id"] for row in _holding(session, Entry, who)]
    for entry in session.scalars(select(Entry).where(Entry.id.in_(found), Entry.id != by.id)):
        chain.blank(entry, by)
    return len(found)


def _texts(kind: type[Base]) -> list[str]:
    """The columns that may hold words, JSON among them."""
    columns = {one.key: one.columns[0].type for one in kind.__mapper__.column_attrs}
    return [name for name, column in columns.items() if isinstance(column, String | JSON)]


def _holding(session: Session, kind: type[Base], who: Traces) -> Iterator[Json]:
    return (row for row in copies.rows(session, kind) if _holds(row, who.words))


def _holds(row: Json, words: tuple[str, ...]) -> bool:
    told = json.dumps(row, ensure_ascii=False)
    return any(json.dumps(word, ensure_ascii=False)[1:-1] in told for word in words)


def _replaced(value: Any, words: tuple[str, ...], alias: str) -> Any:
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, alias)
        return value
    if isinstance(value, dict):
        return {key: _replaced(one, words, alias) for key, one in value.items()}
    return [_replaced(one, words, alias) for one in value] if isinstance(value, list) else value
