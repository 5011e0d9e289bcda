"""What a plan's measures are called, kept in memory as plain values until the plan or its aliases change."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, bindparam, distinct, func, select
from sqlalchemy.orm import Session

from handlers.grams import Index, key
from handlers.parts import Themes
from handlers.recent import Recent
from handlers.talk import Turn
from storage import plans
from storage.measures import Duty, Measure, MeasureAlias
from storage.memory import rests_on
from storage.plans import Plan
from storage.wordings import Wording, wordings

_AFTER_A_NUMBER = re.compile(r"\d+(\D{1,20})")
KEPT = 1024  # plans in memory: some 60 kB each
INDEXED = 128  # plans in memory with the letters of their words: up to 1 MB each
STANDS_ALONE = 4  # letters of a name from which it is found inside other words too
_OF_MESSAGE = "known-measures"  # where a session keeps what it looked up for its message


class Known:
    """One plan's measures as plain values: they outlive the session that read them.

    What only some messages need is made when the first one does.
    """

    def __init__(self, stamp: tuple[int | None, ...], rows: Sequence[Wording]) -> None:
        self.stamp, self._rows = stamp, rows
        own = _grouped((one.code, one.id) for one in rows)  # what cards show, before the document's own
        self.codes = _grouped((one.document_no, one.id) for one in rows) | own
        self.shown = {one.id: one.code for one in rows}  # in the document's order
        self.items = _grouped((name, one.id) for one in rows for name in (*one.o_items, *one.questions))
        self.topics = _grouped((one.topic_no, one.id) for one in rows)
        self.in_parts = _grouped((f"{one.topic_no}/{one.document_no}", one.id) for one in rows)
        self.of_all = frozenset(one.id for one in rows if any(r == Duty.ALL_UNITS for _, r in one.duties))
        self.duties = {one.id: frozenset(unit for unit, _ in one.duties) for one in rows}
        self.periods = {one.id: one.periods for one in rows}
        self._themed: dict[int, dict[str, float]] | None = None
        self.called = tuple((key(name), one.id) for one in rows for name in one.called)  # what people say

    @property
    def index(self) -> Index:
        """The measures by their words; those of the plans used lately are kept."""
        return _indexes.get(self) or _indexes.keep(self, Index({one.id: _fields(one) for one in self._rows}))

    def in_part(self, part: str, number: str) -> tuple[int, ...]:
        """The measures that a part of the plan numbers so, else those with such a code. The first item of a
        clause may be printed under the clause's own number (1 for 1.1, beside 1.2)."""
        last, clause = number.removeprefix(f"{part}."), number.partition(".")[0]
        said = [number, last]
        if number == f"{clause}.1" and f"{part}/{clause}.2" in self.in_parts:
            said.append(clause)
        found = next((ids for one in said if (ids := self.in_parts.get(f"{part}/{one}"))), ())
        whole = number if "." in number else ""
        return found or self.codes.get(f"{part}.{last}") or self.codes.get(whole, ())

    @cached_property
    def of_unit(self) -> dict[int, frozenset[int]]:
        """The measures that name each unit."""
        found: dict[int, set[int]] = {}
        for one in self._rows:
            for unit, _ in one.duties:
                if unit is not None:
                    found.setdefault(unit, set()).add(one.id)
        return {unit: frozenset(ids) for unit, ids in found.items()}

    def themed(self, find: Themes) -> dict[int, dict[str, float]]:
        """The subjects each measure speaks of, as plainly as it does: by its title most, and for more where
        few others do. Found when the first report comes."""
        if self._themed is None:
            told = {one.id: _themes_of(one, find) for one in self._rows}
            often = Counter(name for found in told.values() for name in found)
            most = math.log(1 + len(told))
            self._themed = {
                one: {
                    name: plain * math.log(1 + len(told) / often[name]) / most
                    for name, plain in found.items()
                }
                for one, found in told.items()
            }
        return self._themed

    @cached_property
    def counted(self) -> dict[int, tuple[str, ...]]:
        """What stands after each number of a measure, folded."""
        return {one.id: tuple(_counted_in(one)) for one in self._rows}

    def called_in(self, words: str) -> dict[int, str]:
        """The measures whose other names stand in a text; a name of few or Latin letters stands alone."""
        if not self.called:
            return {}
        folded, apart = key(words), {key(word) for word in words.split()}
        return {
            one: name for name, one in self.called if (name in apart if _is_short(name) else name in folded)
        }


def _is_short(name: str) -> bool:
    return len(name) < STANDS_ALONE or name.isascii()


_kept: Recent[tuple[int, int], Known] = Recent(KEPT)
_indexes: Recent[Known, Index] = Recent(INDEXED)


def plan_of(turn: Turn) -> Plan | None:
    """The plan a message speaks of: the one that counts on the day it was sent."""
    return plans.active_plan(turn.records, turn.today)


def known_of(turn: Turn) -> Known | None:
    """The measures of the plan a message speaks of, looked up once a message; nothing without a plan."""
    asked = (turn.message, turn.at, turn.today)
    before: tuple[Any, Known | None] | None = turn.records.info.get(_OF_MESSAGE)
    if before is not None and turn.message and before[0] == asked:
        return before[1]
    known = _known_now(turn)
    turn.records.info[_OF_MESSAGE] = (asked, known)
    return known


def _known_now(turn: Turn) -> Known | None:
    plan = plan_of(turn)
    if plan is None:
        return None
    at = (turn.agency.id, plan.id)
    stamp = (plan.version, *_counts(turn.records, plan.id))
    known = _kept.get(at)
    if known is None or known.stamp != stamp:
        known = _kept.keep(at, Known(stamp, wordings(turn.records, plan)))
    return known


@rests_on(Measure, MeasureAlias)
def _counts(records: Session, plan_id: int) -> tuple[int | None, ...]:
    return tuple(records.execute(_counted(), {"plan": plan_id}).one())


@cache
def _counted() -> Select[*tuple[Any, ...]]:
    """What changes when a plan's measures or their aliases do: one look, no row loaded."""
    accepted = (MeasureAlias.measure_id == Measure.id) & (MeasureAlias.state == "accepted")
    counted = (distinct(Measure.id), distinct(MeasureAlias.id))
    return (
        select(*(fold(one) for one in counted for fold in (func.count, func.max)))
        .select_from(Measure)
        .outerjoin(MeasureAlias, accepted)
        .where(Measure.plan_id == bindparam("plan"))
    )


def _fields(one: Wording) -> list[tuple[str, float]]:
    return [
        *((name, 1.6) for name in one.called),
        (one.title, 1.0),
        *((step, 0.8) for step in one.steps),
        (one.method, 0.7),
        (one.aim, 0.6),
        *((kpi, 0.6) for kpi in one.kpis),
        (one.topic, 0.5),
    ]


def _themes_of(one: Wording, find: Themes) -> dict[str, float]:
    found: dict[str, float] = {}
    for text, weight in _fields(one):
        for name in find(text):
            found[name] = max(found.get(name, 0.0), weight)
    return found


def _counted_in(one: Wording) -> Iterable[str]:
    for text in (*one.kpis, *one.steps, one.title):
        yield from (found.group(1) for found in _AFTER_A_NUMBER.finditer(key(text)))


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for name, one in pairs:
        if name and one not in (there := found.setdefault(name.lower(), [])):
            there.append(one)
    return {name: tuple(ids) for name, ids in found.items()}
