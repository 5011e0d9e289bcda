"""How much a line that nobody addressed sounds like a report: what its letters and its signs weigh.

The weights stand in ``locales/th/leaning.json``. ``make learn`` learns them from the lines of the corpus
(tests/sentences/corpus), so that a way of speaking that no word list knows counts, too: each run of three to
five letters and each sign (a list of ``reading.toml`` that is found, what was read) adds its weight to the
log-odds that something of a plan's measures is told. What is found of the plan's own words is added by
whoever knows the plan (``handlers.overheard``).
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.reading.lexicon import FOLDER, lexicon
from handlers.parts import Fact, Leaning, Parts

FILE = FOLDER / "th" / "leaning.json"
SHORTEST, LONGEST_RUN = 3, 5  # letters of a run
LONGEST = 600  # letters of a line that are looked at; the rest adds nothing but time
SECTIONS = ("status", "numbers", "kind", "blocker")  # whose lists are signs
TOLD = ("percent", "count_done", "count_of", "fact_on", "new_due_on", "step", "number")
NAMED = ("papers", "deeds", "matters", "blocker", "refs", "same", "over", "ours")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned; nothing where it was not yet."""

    base: float
    signs: dict[str, float]
    plan: dict[str, float]
    runs: dict[str, float]
    ranks: dict[str, float]


def lean(text: str, parts: Parts) -> Leaning:
    """What a tidy line's own words weigh, and what likeness to a plan would add."""
    return Leaning(weights().base + math.fsum(weight for _, weight in weighed(text, parts)), weights().plan)


def weighed(text: str, parts: Parts) -> Iterator[tuple[str, float]]:
    """Each run of a tidy line and each sign that weighs anything, with its weight."""
    learned = weights()
    yield from ((run, learned.runs[run]) for run in runs(text) if run in learned.runs)
    for name, value in signs(text, parts, learned.signs):
        if value and name in learned.signs:
            yield name, learned.signs[name] * value


def runs(text: str) -> set[str]:
    """Every run of letters of a tidy line; all numbers are alike."""
    said = _SPACES.sub(" ", _NUMBER.sub("0", f" {text[:LONGEST].lower()} "))
    sizes = range(SHORTEST, LONGEST_RUN + 1)
    return {said[at : at + size] for size in sizes for at in range(len(said) - size + 1)}


def signs(text: str, parts: Parts, wanted: dict[str, float] | None = None) -> Iterator[tuple[str, float]]:
    """What was read in a tidy line, by name; the lists among them only where they are ``wanted``."""
    yield f"is.{parts.kind or 'nothing-known'}", 1.0
    yield "strength", parts.strength
    yield "window", float(parts.has_window)
    yield "pieces", float(len(parts.facts) > 1)
    yield "bare", float(all(fact.bare for fact in parts.facts))
    yield from _told(parts.facts)
    for section, name in _lists():
        sign = f"{section}.{name}"
        if (wanted is None or sign in wanted) and lexicon().has(section, name, text):
            yield sign, 1.0


def _told(facts: tuple[Fact, ...]) -> Iterator[tuple[str, float]]:
    for name in TOLD:
        yield f"told.{name}", float(any(getattr(fact, name) is not None for fact in facts))
    for name in NAMED:
        yield f"named.{name}", float(any(bool(getattr(fact, name)) for fact in facts))
    for status in {fact.status for fact in facts if fact.status}:
        yield f"stands.{status}", 1.0


@cache
def _lists() -> tuple[tuple[str, str], ...]:
    """The lists of patterns; tables and single words are none."""
    words = lexicon()
    found = ((section, name) for section in SECTIONS for name in words.names(section))
    return tuple((section, name) for section, name in found if _is_of_patterns(words(section, name)))


def _is_of_patterns(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


@cache
def weights(file: Path = FILE) -> Weights:
    """What was learned, read once."""
    told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    tables = (told.get(name, {}) for name in ("signs", "plan", "runs", "ranks"))
    return Weights(told.get("base", 0.0), *tables)
