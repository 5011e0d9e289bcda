"""A plan as it was read from a document, before anything counts: plain values, doubts beside them.

A draft is made by whoever read the paper, kept as JSON while it waits, and stored by storage/imports.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin

from storage.base import Json

MOST = 2**31  # of a number: what every database takes
YEARS = range(1950, 2200)  # of days in a plan


@dataclass(frozen=True, slots=True)
class DraftDoubt:
    """Something not sure: the place, what stands there, the best guess, and why (a code such as
    ``inherited``, which the words of ``plans-why-…`` explain). ``about`` names the record it touches
    (``measure:3``, ``unit:กองคลัง``). ``decision`` and ``value``: what a person already put down for it
    (see storage.doubts). ``row``: the cells of the document's row, to be looked at beside it."""

    where: str
    said: str
    guess: str
    why: str
    about: str = ""
    decision: str = ""
    value: str = ""
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSchedule:
    """When: the text as written, and as read. ``ranges`` are pairs of ISO days."""

    text: str = ""
    kind: str = "unknown"
    every: str | None = None
    ranges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftUnit:
    """A unit that answers for a measure: its name as written, its role, and, where that is a misspelling
    or a short form of another name in the same paper, that other name."""

    name: str
    role: str
    means: str = ""
    misread: bool = False


@dataclass(frozen=True, slots=True)
class DraftKpi:
    """An indicator of success with its kind (see storage.measures.Kpi) and number."""

    text: str
    kind: str = "open"
    value: float | None = None


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """One measure; ``topic`` is the number of its topic, empty where it has none."""

    code: str
    title: str
    document_no: str = ""
    topic: str = ""
    aim: str = ""
    method: str = ""
    constraints: str = ""
    steps: tuple[str, ...] = ()
    steps_of_all: tuple[int, ...] = ()  # numbers (from 1) of the steps that bind every unit
    kpis: tuple[DraftKpi, ...] = ()
    schedule: DraftSchedule = DraftSchedule()
    responsible_text: str = ""
    responsible: tuple[DraftUnit, ...] = ()
    status: str = ""
    progress: str = ""
    o_items: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """What the assessment found weak; ``question`` is a code such as ``i10``."""

    text: str
    topic: str = ""
    question: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class DraftTopic:
    """A topic, policy side or indicator that groups measures, and what it is for."""

    no: str
    title: str
    aim: str = ""


@dataclass(frozen=True, slots=True)
class DraftScore:
    """A score of the assessed year, 0 to 100."""

    level: str
    score: float
    code: str = ""
    name: str = ""
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class DraftRound:
    """A dated call for reports; ``due`` is an ISO day."""

    name: str
    due: str
    receiver: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class DraftClause:
    """A numbered part of a policy."""

    no: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """A policy side printed in the same paper."""

    no: str
    title: str
    clauses: tuple[DraftClause, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything one document says about a year's plan."""

    title: str = ""
    agency: str = ""
    fiscal_year: int | None = None
    assessed_year: int | None = None
    scores: tuple[DraftScore, ...] = ()
    grade: str = ""
    rank: int | None = None
    rank_group: str = ""
    topics: tuple[DraftTopic, ...] = ()
    findings: tuple[DraftFinding, ...] = ()
    measures: tuple[DraftMeasure, ...] = ()
    rounds: tuple[DraftRound, ...] = ()
    policies: tuple[DraftPolicy, ...] = ()
    limits: tuple[str, ...] = ()
    doubts: tuple[DraftDoubt, ...] = ()
    source: str = ""

    def texts(self) -> list[str]:
        """Every text in it, for whoever must know that nothing was lost; rows beside doubts are left out."""
        return list(_texts(pack(self)))


KINDS: dict[str, Any] = {
    "scores": DraftScore,
    "topics": DraftTopic,
    "findings": DraftFinding,
    "measures": DraftMeasure,
    "rounds": DraftRound,
    "policies": DraftPolicy,
    "doubts": DraftDoubt,
    "kpis": DraftKpi,
    "responsible": DraftUnit,
    "clauses": DraftClause,
}


def pack(value: Any) -> Any:
    """A draft as JSON."""
    if is_dataclass(value):
        return {one.name: pack(getattr(value, one.name)) for one in fields(value)}
    return [pack(part) for part in value] if isinstance(value, tuple) else value


def unpack(body: Json) -> Draft:
    """What ``pack`` made, as it was."""
    return Draft(**{name: _unpacked(name, value) for name, value in body.items()})


def check(draft: Draft) -> None:
    """Raises ValueError where a draft that was kept elsewhere is not of the shape that ``pack`` makes."""
    if not _is(draft, Draft):
        raise ValueError(draft.title)
    days = [day for one in draft.measures for span in one.schedule.ranges for day in span]
    if any(date.fromisoformat(day).year not in YEARS for day in (*days, *(one.due for one in draft.rounds))):
        raise ValueError(draft.title)


def _is(value: Any, kind: Any) -> bool:
    """Whether a value is what a field of this type holds."""
    if is_dataclass(kind):
        return type(value) is kind and all(_is(getattr(value, one.name), one.type) for one in fields(kind))
    if get_origin(kind) is UnionType:
        return any(_is(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and _are(value, get_args(kind))
    return _is_plain(value, kind)


def _are(values: tuple[Any, ...], kinds: tuple[Any, ...]) -> bool:
    """As many as there are, where the second type is an ellipsis; else one of each type."""
    each = kinds[:1] * len(values) if kinds[-1] is ... else kinds
    return len(values) == len(each) and all(map(_is, values, each))


def _is_plain(value: Any, kind: Any) -> bool:
    match value:
        case bool() | None:
            return type(value) is kind
        case str():
            return kind is str and "\x00" not in value
        case int():
            return kind in (int, float) and abs(value) < MOST
        case float():
            return kind is float and abs(value) < MOST  # which holds for no NaN
        case _:
            return False


def _unpacked(name: str, value: Any) -> Any:
    if name == "schedule":
        return DraftSchedule(**{**value, "ranges": tuple((a, b) for a, b in value["ranges"])})
    if isinstance(value, list):
        return tuple(_made(KINDS[name], part) if name in KINDS else part for part in value)
    return value


def _made(kind: Any, body: Mapping[str, Any]) -> Any:
    return kind(**{name: _unpacked(name, value) for name, value in body.items()})


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for name, part in value.items() if name != "row" for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [str(value)] if isinstance(value, str | int | float) else []
