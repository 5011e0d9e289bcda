"""The shared words of a conversation: what came in (Turn, Reading) and what goes out (Reply).

Everything here is free of any channel: a Reply says what to say, never how it looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from storage.agencies import Agency, Unit
from storage.forms import Thread
from storage.people import Group, Person

Value = "str | int | float | date | datetime | Say | tuple[Say, ...] | None"
Mark = Literal["", "open", "due", "overdue", "done", "delayed", "cancelled", "note", "quote"]
To = Literal["here", "private", "unit-group", "working-group"]


@dataclass(frozen=True, slots=True)
class Say:
    """A message by its name (``due-none``) and what fills its blanks; locales/ has the words.

    A day or moment is written in the reader's way, a Say inside a Say is said first, and a tuple
    of Says is joined as a list. Text of people and documents goes in as ``str``.
    """

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)


def say(name: str, /, **args: Any) -> Say:
    """A message's name and its blanks."""
    return Say(name, args)


def quote(text: str) -> Say:
    """A person's or a document's own words, said as they are."""
    return Say("quote", {"text": text})


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap or to type. ``value`` is what comes back: ``intent`` or ``intent:arg:arg``.

    At most 60 bytes of ASCII, because Telegram's buttons hold 64. ``picks`` is ``day`` where the
    channel may open a date picker (the day comes back as a further argument), ``link`` an address to open.
    Without ``numbered`` a typed number does not pick it, because numbers mean something else there.
    """

    value: str
    label: Say
    style: Literal["plain", "main", "danger"] = "plain"
    picks: Literal["", "day"] = ""
    link: str = ""
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card. ``share`` (0 to 1) is drawn as a bar; ``value`` stands at the right."""

    say: Say
    mark: Mark = ""
    share: float | None = None
    value: Say | None = None
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A titled block. ``about`` names the record it shows (``measure:12``, ``update:34``,
    ``clause:56``), so that a reply to this card is understood. ``picture`` is a paper of charts
    (``paper:78``), shown before the card where the channel draws none itself."""

    title: Say
    subtitle: Say | None = None
    rows: tuple[Row, ...] = ()
    choices: tuple[Choice, ...] = ()
    about: str = ""
    share: float | None = None
    mark: Mark = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a message did to one measure; the form in which ``chat --script`` tells it."""

    action: Literal["report", "correct", "retract", "postpone", "attach"]
    measure: str
    sure: bool = True
    status: str | None = None
    percent: float | None = None
    percent_kind: str | None = None
    count_done: float | None = None
    count_of: float | None = None
    fact_on: date | None = None
    new_due_on: date | None = None
    evidence: tuple[str, ...] = ()
    blocker: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """For machines: what the answer is about, beside its words."""

    acts: tuple[Act, ...] = ()
    measures: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say: a sentence, cards, and choices under all of it.

    ``asks`` names the open question that the choices answer (a number typed next picks one of
    them); without it the choices are mere shortcuts. ``to`` is where it goes.
    """

    say: Say | None = None
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    asks: str = ""
    to: To = "here"
    found: Found = Found()


class Refused(Exception):
    """What was asked cannot be done: undo everything and answer this instead."""

    def __init__(self, reply: Say | Reply) -> None:
        self.reply = reply if isinstance(reply, Reply) else Reply(say=reply)
        super().__init__(self.reply.say.id if self.reply.say else "refused")


@dataclass(frozen=True, slots=True)
class File:
    """Something sent along: ``kind`` is photo, file, video or audio; ``id`` is the channel's."""

    id: str
    kind: Literal["photo", "file", "video", "audio"]
    name: str = ""
    size: int | None = None
    set_size: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message at the door, before any record is looked at.

    ``intent`` is the name of what is asked, empty when not known; ``certain`` for a command, a
    button or a whole exact sentence; ``args`` what a button or command carries along.
    ``likely`` are the next best intents with their shares (0 to 1), best first.
    """

    text: str = ""
    intent: str = ""
    certain: bool = False
    args: tuple[str, ...] = ()
    likely: tuple[tuple[str, float], ...] = ()
    parts: Any = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was said: ``address`` is ``line:C…``, ``telegram:-100…``, ``web:…``."""

    channel: str
    address: str
    is_private: bool
    group: Group | None = None

    @property
    def unit(self) -> Unit | None:
        """The unit this place is tied to."""
        return self.group.unit if self.group else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said: by whom, where, when, what was understood, and the agency's records.

    ``today`` is the day it was *sent* in the agency's zone. ``person`` is empty for a stranger;
    ``sender`` is the identity's address, empty where the channel does not tell. ``about`` is the
    record the quoted card of ours was about. ``message`` is the channel's id of the message.
    ``languages`` are those we can answer in, each with what it is called. ``reasons`` tells which words
    of a line said on a day led to what was read (``parts.Reason``); ``reads`` reads another line as said now.
    """

    records: Session
    agency: Agency
    place: Place
    sender: str
    person: Person | None
    reading: Reading
    at: datetime
    today: date
    thread: Thread
    addressed: bool = True
    message: str = ""
    about: str = ""
    files: tuple[File, ...] = ()
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Callable[[str, date], tuple[Any, ...]] = lambda text, day: ()
    reads: Callable[[str], Reading] = lambda text: Reading(text=text)

    @property
    def unit(self) -> Unit | None:
        """The unit meant by "we": the group's, else the person's."""
        return self.place.unit or (self.person.unit if self.person else None)

    def read_as(self, intent: str, *args: str) -> "Turn":
        """The same turn, understood as this intent."""
        return replace(self, reading=replace(self.reading, intent=intent, args=args, certain=True))
