"""Talking without a platform: lines of a script or of the terminal go the way every message goes."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import door, turns
from bot.app import App
from bot.channels import Heard
from bot.plain import labels, plain
from bot.turns import Answered
from bot.words import Words, words
from handlers.talk import Act, Found, Turn
from storage import agencies, outbox, people
from storage.agencies import Agency, Unit
from storage.people import Group, Identity, Person

CHANNEL = "console"


@dataclass(frozen=True, slots=True)
class Line:
    """Something said: by whom (a name), of which unit, in its group or in private, and when."""

    sender: str
    text: str
    at: datetime
    unit: str = ""
    in_group: bool = False
    addressed: bool = True
    value: str = ""


class Undone(Exception):
    """Ends a rehearsal: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One agency to talk to; in a rehearsal (``kept`` is given) all lines share one transaction."""

    app: App
    agency_id: int
    kept: Session | None = None

    @contextmanager
    def records(self) -> Iterator[Session]:
        """The session of one line; a fault undoes that line only."""
        if self.kept is None:
            with self.app.database.answering(self.agency_id) as session:
                yield session
            return
        self.kept.flush()
        with self.kept.begin_nested():
            yield self.kept

    def understand(self, line: Line) -> tuple[Turn, bool]:
        """What a handler would be given about a line, and whether it would be heeded at all."""
        with self.records() as records:
            heard = _heard(records, line)
            is_heeded = door.heeds(records, self.app.reader, heard)
            return turns.turn_of(records, self.app.reader, heard), is_heeded

    def hear(self, line: Line) -> Answered | None:
        """Answer a line, or nothing when it is not heeded. Letters to the terminal count as sent."""
        with self.records() as records:
            heard = _heard(records, line)
            if not door.heeds(records, self.app.reader, heard):
                return None
            answered = turns.answered(records, self.app.reader, heard)
            for letter in answered.letters:
                if letter.channel == CHANNEL:
                    outbox.hand_over(records, letter)
            return answered


def _heard(records: Session, line: Line) -> Heard:
    unit = _unit(records, line.unit) if line.unit else None
    person = _person(records, line.sender, unit)
    place = _group(records, unit) if line.in_group and unit else f"{CHANNEL}:{person.id}"
    key = uuid.uuid4().hex
    return Heard(
        key=key,
        kind="button" if line.value else "message",
        at=line.at,
        channel=CHANNEL,
        place=place,
        is_private=place == f"{CHANNEL}:{person.id}",
        sender=f"{CHANNEL}:{person.id}",
        text=line.text,
        value=line.value,
        message=key,
        addressed=line.addressed or not line.in_group,
    )


def _unit(records: Session, name: str) -> Unit:
    found = agencies.find_unit(records, name)
    if found is None:
        found = Unit(name=name, position=len(agencies.units(records)))
        records.add(found)
        records.flush()
    return found


def _person(records: Session, name: str, unit: Unit | None) -> Person:
    found = records.scalars(select(Person).where(Person.name == name, Person.left_at.is_(None))).first()
    if found is None:
        found = Person(name=name, unit=unit)
        records.add(found)
        records.flush()
    address = f"{CHANNEL}:{found.id}"
    if not any(one.address == address for one in found.identities):
        found.identities.append(Identity(agency_id=found.agency_id, address=address))
        records.flush()
    return found


def _group(records: Session, unit: Unit) -> str:
    address = f"{CHANNEL}:unit-{unit.id}"
    if people.find_group(records, address) is None:
        records.add(Group(address=address, unit_id=unit.id, listening=True))
        records.flush()
    return address


def reply_text(answered: Answered, say: Words) -> str:
    """All replies to one line as plain text."""
    return "\n".join(plain(reply, say) for reply in answered.replies)


def voice(agency: Agency) -> Words:
    """The agency's own language and digits."""
    return words(agency.settings.get("language", "th"), agency.settings.get("digits", "arabic"))


def as_json(line_id: str, answered: Answered | None, say: Words) -> dict[str, Any]:
    """What ``chat --script --json`` prints for a line (the shape is promised to others)."""
    if answered is None:
        found, intent, reply, choices = Found(), "", "", []
    else:
        parts = [one.found for one in answered.replies]
        found = Found(
            acts=tuple(act for part in parts for act in part.acts),
            measures=_once(code for part in parts for code in part.measures),
            units=_once(unit for part in parts for unit in part.units),
            candidates=_once(code for part in parts for code in part.candidates),
        )
        intent, reply = answered.turn.reading.intent, reply_text(answered, say)
        choices = labels(answered.replies, say)
    return {
        "id": line_id,
        "answered": bool(reply or choices),
        "intent": intent,
        "acts": [_act(act) for act in found.acts],
        "measures": list(found.measures),
        "units": list(found.units),
        "candidates": list(found.candidates),
        "choices": choices,
        "reply": reply,
    }


def _once(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _act(act: Act) -> dict[str, Any]:
    counted = act.count_done is not None or act.count_of is not None
    return {
        "action": act.action,
        "measure": act.measure,
        "sure": act.sure,
        "status": act.status,
        "percent": act.percent,
        "percent_kind": act.percent_kind,
        "count": {"done": act.count_done, "of": act.count_of} if counted else None,
        "date": act.fact_on.isoformat() if act.fact_on else None,
        "new_due": act.new_due_on.isoformat() if act.new_due_on else None,
        "evidence": list(act.evidence),
        "blocker": act.blocker,
        "note": act.note,
    }
