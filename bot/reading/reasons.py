"""Which words of a message led to what was read: asked only when somebody wants to know.

A finding is explained by trying: the message is read again and again, shorter each time, and the shortest
stretch that still says the same is the reason. So it holds whatever way the reader finds things.
"""

import re
from datetime import date, timedelta

from bot.reading.facts import read_fact
from bot.reading.refs import find_refs
from bot.reading.tidy import tidy
from handlers.parts import Fact, Reason
from storage.spans import find_spans

LONGEST = 400  # letters that are looked through; an explanation of more helps nobody
WRITTEN, COUNTED, DISPUTED = 0.98, 0.9, 0.7
LATER = timedelta(days=400)
FINDINGS = ("status", "percent", "count_done", "fact_on", "new_due_on", "step", "blocker")
_HAS_NUMBER = re.compile(r"\d")
_ABOVE_AND_BELOW = frozenset(map(chr, (0x0E31, *range(0x0E33, 0x0E3B), *range(0x0E47, 0x0E4F))))
_BEFORE = frozenset(map(chr, range(0x0E40, 0x0E45)))

Value = str | float | date


def reasons(text: str, today: date) -> tuple[Reason, ...]:
    """Every finding of one piece of a message with the words it rests on; papers stand for themselves."""
    text = tidy(text)[:LONGEST]
    fact = _read(text, today)
    found = [made for what in FINDINGS if (made := _reason(what, fact, text, today))]
    return (*found, *(Reason("papers", paper.text, paper.text, WRITTEN) for paper in fact.papers))


def _read(text: str, today: date) -> Fact:
    return read_fact(text, find_refs(text), today)


def _reason(what: str, fact: Fact, text: str, today: date) -> Reason | None:
    value: Value | None = getattr(fact, what)
    if value is None or value == "":
        return None
    if what == "blocker":
        return Reason(what, value, str(value), COUNTED)
    at = _day(text, value, today) if isinstance(value, date) else _stretch(text, what, value, today)
    return Reason(what, value, text[slice(*at)].strip(), _confidence(what, value, text, at, today))


def _day(text: str, value: date, today: date) -> tuple[int, int]:
    """Where a day stands in the text, as the reader of days tells."""
    at = (span.at for span in find_spans(text, today) if value in (span.start, span.end))
    return next(at, (0, len(text)))


def _stretch(text: str, what: str, value: Value, today: date) -> tuple[int, int]:
    """The shortest stretch that says it: the last one, or for a status the first when that is in words."""

    def says(start: int, end: int) -> bool:
        part = text[start:end]
        return bool(part.strip()) and getattr(_read(part, today), what) == value

    cuts = [at for at in range(len(text) + 1) if _may_cut(text, at)]
    start = next((at for at in reversed(cuts) if says(at, len(text))), 0)
    last = start, next((at for at in cuts if at > start and says(start, at)), len(text))
    if what != "status" or not _HAS_NUMBER.search(text[slice(*last)]):
        return last
    end = next((at for at in cuts if says(0, at)), len(text))
    first = next((at for at in reversed(cuts) if at < end and says(at, end)), 0), end
    return last if _HAS_NUMBER.search(text[slice(*first)]) else first


def _may_cut(text: str, at: int) -> bool:
    """Not inside a number, a Latin word or between a letter and its marks."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if after in _ABOVE_AND_BELOW or before in _BEFORE:
        return False
    if (before.isdigit() or before in ".,/-") and (after.isdigit() or after in ".,/-"):
        return False
    return not (before.isascii() and before.isalpha() and after.isascii() and after.isalpha())


def _confidence(what: str, value: Value, text: str, at: tuple[int, int], today: date) -> float:
    """Less where the day it was sent had to be counted from, or where other words say otherwise."""
    words, rest = text[at[0] : at[1]], f"{text[: at[0]]} {text[at[1] :]}"
    if what in ("fact_on", "new_due_on"):
        return WRITTEN if getattr(_read(words, today + LATER), what) == value else COUNTED
    other = getattr(_read(rest, today), what)
    if what == "status":
        return DISPUTED if other not in ("", "in_progress", value) else COUNTED
    return DISPUTED if other not in (None, value) else WRITTEN
