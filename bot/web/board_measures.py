"""The list of measures, its filters and its search."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from starlette.routing import BaseRoute

from bot.web.board import plan_of
from bot.web.pages import Pages, Shown
from bot.web.visits import Ask
from handlers.talk import Say, quote, say
from storage import reviews, standing
from storage.measures import Measure
from storage.rounds import CANCELLED, DONE, IN_PROGRESS, NOT_STARTED, SETTLED
from storage.standing import Owed, Standing

STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, CANCELLED)
ONLY = {
    "late": "pages-only-late",
    "waiting": "pages-only-waiting",
    "returned": "pages-only-returned",
    "bare": "pages-only-bare",
    "soon": "pages-only-soon",
}
SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Listed:
    """One measure in the list."""

    id: int
    code: str
    title: str
    units: Say
    status: str
    settled: int
    count: int
    marks: tuple[tuple[str, Say], ...]
    due: Say | None


def routes(pages: Pages) -> list[BaseRoute]:
    """The list."""
    return [pages.get("/board/measures", listed, "measures-search")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty fields let everything through."""

    words: str
    topic: str
    unit: str
    status: str
    only: str

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for at all."""
        return any((self.words, self.topic, self.unit, self.status, self.only))


def _wanted(ask: Ask) -> Wanted:
    given = {name: ask.query.get(name, "").strip()[:100] for name in ("q", "topic", "unit", "status", "only")}
    return Wanted(given["q"], given["topic"], given["unit"], given["status"], given["only"])


def listed(ask: Ask) -> Shown:
    """Every measure, or those that are asked for."""
    plan, wanted = plan_of(ask), _wanted(ask)
    now = standing.standing(ask.records, plan)
    states = reviews.states(ask.records, plan)
    bare = {one.id for one in now.bare(standing.nothing_to_report(ask.records, plan))}
    by_measure: dict[int, list[Owed]] = {number: [] for number in now.measures}
    for each in now.owed:
        by_measure[each.measure_id].append(each)
    texts = _searched(ask, plan.id) if wanted.words else {}
    rows = []
    for number, owed in by_measure.items():
        mine = [each for each in owed if not wanted.unit or str(each.unit_id) == wanted.unit]
        marks = _marks(mine, states, bare, ask.today)
        if _fits(now, number, mine, marks, wanted, texts):
            rows.append(_listed(now, number, mine, marks, ask.today))
    topics = {one.topic_no: one.topic for one in now.measures.values() if one.topic_no}
    data: dict[str, Any] = {
        "plan": plan,
        "rows": rows,
        "wanted": wanted,
        "count": len(now.measures),
        "topics": list(topics.items()),
        "units": [unit for unit, *_ in now.by_unit(ask.today)],
        "statuses": STATUSES,
        "only": ONLY,
    }
    return Shown("pages/measures.html", data)


def _searched(ask: Ask, plan_id: int) -> dict[int, str]:
    """All of a measure's words that a search looks through."""
    found = ask.records.scalars(
        select(Measure)
        .where(Measure.plan_id == plan_id)
        .options(selectinload(Measure.steps), selectinload(Measure.aliases))
    )
    return {
        one.id: _plain(
            " ".join(
                (
                    one.code,
                    one.title,
                    one.aim,
                    one.responsible_text,
                    *one.o_items,
                    *(step.text for step in one.steps),
                    *(alias.text for alias in one.aliases),
                )
            )
        )
        for one in found
    }


def _plain(text: str) -> str:
    """A text to search in: small letters, Thai digits as Arabic ones."""
    return "".join(str(unicodedata.digit(one, one)) for one in text.casefold())


def _marks(owed: Iterable[Owed], states: dict[int, str], bare: set[int], today: date) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in owed:
        marks = []
        if one.is_overdue(today):
            marks.append("late")
        if one.id in bare:
            marks.append("bare")
        if (state := states.get(one.id)) in ("waiting", "returned"):
            marks.append(str(state))
        if one.due_on and 0 <= (one.due_on - today).days <= SOON_DAYS and one.status not in SETTLED:
            marks.append("soon")
        for mark in marks:
            counted[mark] = counted.get(mark, 0) + 1
    return counted


def _fits(
    now: Standing,
    number: int,
    owed: list[Owed],
    marks: dict[str, int],
    wanted: Wanted,
    texts: dict[int, str],
) -> bool:
    measure = now.measures[number]
    if wanted.words and not all(word in texts[number] for word in _plain(wanted.words).split()):
        return False
    if wanted.unit and not owed:
        return False
    if wanted.topic and measure.topic_no != wanted.topic:
        return False
    if wanted.status and standing.of_measure(owed) != wanted.status:
        return False
    return not wanted.only or wanted.only in marks


def _listed(now: Standing, number: int, owed: list[Owed], marks: dict[str, int], today: date) -> Listed:
    measure = now.measures[number]
    labels = list(dict.fromkeys(now.units[one.unit_id].label for one in owed))
    left = sorted(one.due_on for one in owed if one.due_on and one.status not in SETTLED)
    return Listed(
        id=number,
        code=measure.code,
        title=measure.title,
        units=say("pages-units-count", count=len(labels)) if len(labels) > 3 else quote(", ".join(labels)),
        status=standing.of_measure(owed),
        settled=sum(one.status in SETTLED for one in owed),
        count=len(owed),
        marks=tuple(
            (name, say("pages-mark", what=say(ONLY[name]), count=marks[name]))
            for name in ONLY
            if name in marks
        ),
        due=say("pages-due", day=left[0]) if left else None,
    )
