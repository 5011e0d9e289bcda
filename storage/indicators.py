"""The indicators of the assessment (ITA) and which measures of a plan answer to each.

What belongs to an indicator changes from year to year: it is data with its source (``ita.toml``), and an
agency may say it for itself (the setting ``indicators``: number → ranges of questions and O items).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from storage import plans
from storage.measures import Measure, measures
from storage.plans import Plan, Topic

SETTING = "indicators"
FILE = Path(__file__).with_name("ita.toml")
ALIKE = 0.86  # how like an indicator's name a topic's must be to be that indicator
SHORTEST = 8  # letters of an indicator's name that may stand inside a topic's
_RANGE = re.compile(r"([a-z])\s?(\d{1,2})(?:\s?[-\u2013]\s?\1?\s?(\d{1,2}))?", re.IGNORECASE)
_FIRST_WORD = "".join(map(chr, (0x0E01, 0x0E32, 0x0E23)))  # begins an indicator's name


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as the assessment numbers and names it."""

    no: str
    name: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def assessed(plan: Plan) -> int:
    """The assessed year (Buddhist era) a plan answers to."""
    return plan.assessed_year or plan.fiscal_year - 1


def every(session: Session, plan: Plan) -> list[Indicator]:
    """The indicators by number, called as in the agency's own scores where they are there."""
    named: dict[str, str] = dict(_data()["names"])
    year = assessed(plan)
    for one in reversed(plans.scores(session)):  # the plan's own year last, so that its names count
        if one.level == "indicator" and one.code.isdecimal() and one.name and one.year != year:
            named[one.code] = one.name
    for one in plans.scores(session, year):
        if one.level == "indicator" and one.code.isdecimal() and one.name:
            named[one.code] = one.name
    return [Indicator(no, named[no]) for no in sorted(named, key=int)]


def known(year: int, no: str) -> str:
    """The ranges of questions and O items of an indicator in an assessed year; empty where not known."""
    for one in _data()["years"]:
        if one["first"] <= year <= one["last"]:
            return str(one["holds"].get(no, ""))
    return ""


def spelt_out(ranges: str) -> set[str]:
    """``i10-i12, O3`` as its codes: i10, i11, i12, o3."""
    found: set[str] = set()
    for letter, first, last in _RANGE.findall(ranges):
        found |= {f"{letter.lower()}{no}" for no in range(int(first), int(last or first) + 1)}
    return found


def measures_of(session: Session, plan: Plan, indicator: Indicator, own: Mapping[str, str]) -> set[int]:
    """The measures (by id) that answer to an indicator.

    Where a topic of the plan is the indicator itself, those under it. Else those whose questions or O
    items belong to it, or the findings of whose topic do, or whose topic's title holds its name.
    """
    themselves = {topic.id for topic in plan.topics if _is(topic, indicator)}
    there = measures(session, plan)
    if themselves:
        return {one.id for one in there if one.topic_id in themselves}
    belong = spelt_out(own.get(indicator.no) or known(assessed(plan), indicator.no))
    found = {one.topic_id for one in plan.findings if one.question.lower() in belong}
    titled = {topic.id for topic in plan.topics if _bare(indicator.name) in _bare(topic.title)}
    return {one.id for one in there if _answers(one, belong, found, titled)}


def _answers(one: Measure, belong: set[str], found: Iterable[int | None], titled: set[int]) -> bool:
    own = {code.lower() for code in one.questions}
    if own & belong or belong & {code.lower() for code in one.o_items}:
        return True
    return one.topic_id in titled or (not own and one.topic_id is not None and one.topic_id in found)


def _is(topic: Topic, indicator: Indicator) -> bool:
    one, other = _bare(topic.title), _bare(indicator.name)
    return bool(one) and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _bare(name: str) -> str:
    """A name to look for: its letters, without the word that makes a noun of a deed."""
    letters = "".join(name.split())
    short = letters.removeprefix(_FIRST_WORD)
    return short if len(short) >= SHORTEST else letters
