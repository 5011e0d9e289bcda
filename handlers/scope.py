"""What a summary is about: which days, and what part of the agency."""

from dataclasses import dataclass
from datetime import date

from storage.agencies import Unit
from storage.plans import Topic


@dataclass(frozen=True, slots=True)
class Period:
    """The days a summary covers, both counted."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the agency a summary is about: one unit, one topic, or all of it."""

    unit: Unit | None = None
    topic: Topic | None = None


EVERYTHING = Scope()
