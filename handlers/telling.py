"""How one measure or one thing owed is told in a line: the same words in every answer."""

from collections.abc import Iterable
from datetime import date

from handlers.talk import Choice, Mark, Row, Say, quote, say
from storage.calendar import fiscal_year_of
from storage.measures import Measure
from storage.rounds import (
    CANCELLED,
    CONTINUOUS,
    DELAYED,
    DONE,
    IN_PROGRESS,
    NOT_STARTED,
    STATUSES,
    Occurrence,
)

MARKS: dict[str, Mark] = {DONE: "done", CONTINUOUS: "done", CANCELLED: "cancelled", DELAYED: "delayed"}
TITLE_LENGTH = 90
SOON_DAYS = 7
HALF = 0.5


def short(title: str, length: int = TITLE_LENGTH) -> str:
    """A title for one line: cut at a space where it is long."""
    title = " ".join(title.split())
    if len(title) <= length:
        return title
    cut = title[:length]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip() + "…"


def named(measure: Measure, length: int = TITLE_LENGTH) -> Say:
    """A measure's code and title."""
    return say("telling-measure", code=measure.code, title=short(measure.title, length))


def status(one: Occurrence) -> Say:
    """Where it stands, in a word."""
    return say(f"status-{one.status if one.status in STATUSES else NOT_STARTED}")


def mark(one: Occurrence, today: date) -> Mark:
    """The sign before a line."""
    if one.is_overdue(today):
        return "overdue"
    if one.status in MARKS:
        return MARKS[one.status]
    last = one.deadline
    return "due" if last is not None and (last - today).days <= SOON_DAYS else "open"


def when(one: Occurrence, today: date) -> Say:
    """The due date as people count it: done, days left, days late, or no date known."""
    last = one.deadline
    if one.status == DONE:
        return say("telling-done-on", day=one.fact_on) if one.fact_on else status(one)
    if last is None:
        return say("telling-no-day")
    days = (last - today).days
    if days < 0:
        return say("telling-late", day=last, days=-days)
    if one.starts_on and fiscal_year_of(one.starts_on) != fiscal_year_of(last):
        return say("telling-over", day=last)
    return say("telling-today", day=last) if days == 0 else say("telling-left", day=last, days=days)


def share(one: Occurrence) -> float | None:
    """How far it is, 0 to 1, where that is known."""
    if one.status == DONE:
        return 1.0
    if one.percent is not None:
        return max(0.0, min(1.0, one.percent / 100))
    return HALF if one.status == IN_PROGRESS and one.version else None


def row(one: Occurrence, today: date, *, unit: bool = False) -> Row:
    """One thing owed as a line of a card."""
    told = named(one.measure)
    if unit:
        told = say("telling-of-unit", measure=told, unit=one.unit.label)
    return Row(told, mark=mark(one, today), share=share(one), value=when(one, today))


def show(measure: Measure) -> Choice:
    """The button that shows a measure."""
    return Choice(f"measures-show:{measure.id}", say("telling-show", code=measure.code))


def report(measure: Measure) -> Choice:
    """The button that reports on a measure."""
    return Choice(f"progress-report:{measure.id}", say("telling-report", code=measure.code), style="main")


def codes(found: Iterable[Occurrence]) -> tuple[str, ...]:
    """The codes of the measures in their order, each once."""
    return tuple(dict.fromkeys(one.measure.code for one in found))


def folded(found: Iterable[Occurrence], today: date) -> list[Row]:
    """Things owed by many units as one line a measure: how many units are still to come."""
    groups: dict[tuple[int, date | None], list[Occurrence]] = {}
    for one in found:
        groups.setdefault((one.measure_id, one.deadline), []).append(one)
    rows = []
    for group in groups.values():
        if len(group) == 1:
            rows.append(row(group[0], today, unit=True))
            continue
        left = [one for one in group if one.status != DONE]
        worst = max(left or group, key=lambda one: (one.is_overdue(today), one.status != DONE))
        told = say(
            "telling-of-many",
            measure=named(worst.measure),
            left=len(left),
            count=len(group),
        )
        done = (len(group) - len(left)) / len(group)
        rows.append(Row(told, mark=mark(worst, today), share=done, value=when(worst, today)))
    return rows


def late(found: Iterable[Occurrence], today: date, *, unit: bool = False) -> list[Row]:
    """What is past its day, one line a measure: since when, how many times or in how many units."""
    groups: dict[int, list[Occurrence]] = {}
    for one in found:
        groups.setdefault(one.measure_id, []).append(one)
    rows = []
    for group in groups.values():
        first, units = group[0], len({one.unit_id for one in group})
        if len(group) == 1:
            rows.append(row(first, today, unit=unit))
            continue
        name = "telling-late-units" if units > 1 else "telling-late-times"
        told = named(first.measure)
        if unit and units == 1:
            told = say("telling-of-unit", measure=told, unit=first.unit.label)
        count = units if units > 1 else len(group)
        rows.append(Row(told, mark="overdue", value=say(name, day=first.deadline, count=count)))
    return rows


def text(words: str) -> Say:
    """A document's own words."""
    return quote(" ".join(words.split()))


def responsible(measure: Measure) -> str:
    """Who answers for a measure: the units' names, or as the document writes it where nobody is linked."""
    named = [one.unit.name for one in measure.responsibilities if one.unit]
    return ", ".join(named) or measure.responsible_text
