"""What a plan's measures are called, kept in memory as plain values until the plan or its aliases change."""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, distinct, func, select

from handlers.grams import Index, key
from handlers.talk import Turn
from storage import measures as measure_records
from storage import plans
from storage.measures import Duty, Measure, MeasureAlias
from storage.plans import Plan

_AFTER_A_NUMBER = re.compile(r"\d+(\D{1,20})")
KEPT = 64  # plans in memory
STANDS_ALONE = 4  # letters of a name from which it is found inside other words too
_OF_MESSAGE = "known-measures"  # where a session keeps what it looked up for its message


@dataclass(frozen=True, slots=True)
class Known:
    """One plan's measures as plain values: they outlive the session that read them."""

    stamp: tuple[int | None, ...]
    index: Index
    codes: dict[str, tuple[int, ...]]
    items: dict[str, tuple[int, ...]]
    topics: dict[str, tuple[int, ...]]
    of_unit: dict[int, frozenset[int]]
    of_all: frozenset[int]
    counted: dict[int, tuple[str, ...]]  # what stands after each number of a measure, folded
    called: tuple[tuple[str, int], ...] = ()  # what people call them, folded

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


_kept: OrderedDict[tuple[int, int], Known] = OrderedDict()


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
    stamp = (plan.version, *turn.records.execute(_counted(), {"plan": plan.id}).one())
    known = _kept.get(at)
    if known is None or known.stamp != stamp:
        known = _kept[at] = _learn(turn, plan, stamp)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return known


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


def _learn(turn: Turn, plan: Plan, stamp: tuple[int | None, ...]) -> Known:
    rows = measure_records.measures(turn.records, plan)
    of_unit: dict[int, set[int]] = {}
    for one in rows:
        for duty in one.responsibilities:
            if duty.unit_id is not None:
                of_unit.setdefault(duty.unit_id, set()).add(one.id)
    return Known(
        stamp,
        Index({one.id: _fields(one) for one in rows}),
        _grouped((name, one.id) for one in rows for name in {one.code.lower(), one.document_no.lower()}),
        _grouped((name.lower(), one.id) for one in rows for name in (*one.o_items, *one.questions)),
        _grouped((one.topic.no.lower(), one.id) for one in rows if one.topic),
        {unit: frozenset(ids) for unit, ids in of_unit.items()},
        frozenset(one.id for one in rows if any(d.role == Duty.ALL_UNITS for d in one.responsibilities)),
        {one.id: tuple(_counted_in(one)) for one in rows},
        tuple((key(a.text), one.id) for one in rows for a in one.aliases if a.state == "accepted"),
    )


def _fields(one: Measure) -> list[tuple[str, float]]:
    return [
        *((alias.text, 1.6) for alias in one.aliases if alias.state == "accepted"),
        (one.title, 1.0),
        *((step.text, 0.8) for step in one.steps),
        (one.method, 0.7),
        (one.aim, 0.6),
        *((kpi.text, 0.6) for kpi in one.kpis),
        (one.topic.title if one.topic else "", 0.5),
    ]


def _counted_in(one: Measure) -> Iterable[str]:
    for text in (*(kpi.text for kpi in one.kpis), *(step.text for step in one.steps), one.title):
        yield from (found.group(1) for found in _AFTER_A_NUMBER.finditer(key(text)))


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for name, one in pairs:
        if name:
            found[name] = (*found.get(name, ()), one)
    return found
