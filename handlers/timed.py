"""What the clock wakes: pieces of timed work, when they run, and the letters they write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from sqlalchemy.orm import Session

from handlers.talk import Reply
from storage.agencies import Agency


@dataclass(frozen=True, slots=True)
class Post:
    """A reply for one place that nobody asked for: where it goes and what it is (``summary``)."""

    place: str
    reply: Reply
    purpose: str
    key: str
    language: str = "th"


@dataclass(frozen=True, slots=True)
class Errand:
    """What a timed piece of work is given: one agency's records, the day it was due, and the day of
    the run before (empty on the first), so that nothing between them is missed."""

    records: Session
    agency: Agency
    at: datetime
    today: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A piece of timed work: daily, or weekly on ``weekday`` (0 Monday), at a local time.

    With ``workdays`` a run that falls on a weekend or public holiday moves to the next working
    day (weekly) or is left out (daily). ``catch_up``: what to do after a time of standing still.
    """

    name: str
    at: time
    run: Callable[[Errand], list[Post]]
    weekday: int | None = None
    workdays: bool = True
    catch_up: Literal["latest", "none"] = "latest"
