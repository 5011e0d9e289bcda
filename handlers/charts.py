"""What charts show: how topics and units stand, the course of a year week by week, scores over years."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from handlers.report import Bar, Bars, Curve, Lines
from handlers.talk import Say, quote, say
from storage.plans import Score
from storage.rounds import CANCELLED, CONTINUOUS, DELAYED, DONE, IN_PROGRESS, NOT_STARTED, SETTLED
from storage.standing import Owed, Standing

OVERDUE = "overdue"
PARTS = (DONE, CONTINUOUS, IN_PROGRESS, DELAYED, OVERDUE, NOT_STARTED, CANCELLED)
PASS, EXCELLENT = 85.0, 95.0  # the levels of the assessment that its scores are held against
TOOLS = ("IIT", "EIT", "OIT")
LOOKED_BACK = 4  # years from which a forecast is made; older ones tell of another assessment
WEEK = timedelta(days=7)
Key = TypeVar("Key")
Keyed = Callable[[Owed], Any]


def by_topic(now: Standing, today: date, as_of: date | None = None) -> Bars:
    """How much of each topic is done, under way, late and not begun, as told of a day."""
    title = say("charts-topics", day=as_of or today)
    topics = {(one.topic_no, one.topic): None for one in now.measures.values()}

    def key(one: Owed) -> tuple[str, str]:
        measure = now.measures[one.measure_id]
        return measure.topic_no, measure.topic

    return _bars("topics", title, now.owed, today, topics, key, topic)


def by_unit(now: Standing, today: date, as_of: date | None = None) -> Bars:
    """How much of what each unit owes is done, under way, late and not begun, as told of a day."""
    units = {unit.id: None for unit, *_ in now.by_unit(today)}
    title = say("charts-units", day=as_of or today)
    return _bars(
        "units", title, now.owed, today, units, lambda one: one.unit_id, lambda no: quote(now.units[no].label)
    )


def topic(key: tuple[str, str]) -> Say:
    """A topic's number and title, as far as it has them."""
    no, title = key
    return (
        say("summary-topic", no=no, title=title)
        if no and title
        else say("papers-figure", text=title or no or "-")
    )


def _bars(
    name: str,
    title: Say,
    owed: Iterable[Owed],
    today: date,
    order: Iterable[Key],
    key: Callable[[Owed], Key],
    label: Callable[[Key], Say],
) -> Bars:
    counts: dict[Key, Counter[str]] = {one: Counter() for one in order}
    for one in owed:
        counts[key(one)][part_of(one, today)] += 1
    counts = {one: count for one, count in counts.items() if count}
    used = [part for part in PARTS if any(count[part] for count in counts.values())]
    return Bars(
        name,
        title,
        tuple((part, part_title(part)) for part in used),
        tuple(
            Bar(label(one), tuple(count[part] for part in used), _share(count))
            for one, count in counts.items()
        ),
    )


def part_of(one: Owed, today: date) -> str:
    """The part of a bar something owed is counted in: what is late is late, whatever its status."""
    return OVERDUE if one.is_overdue(today) else one.status


def part_title(part: str) -> Say:
    """What a part of a bar is called."""
    return say("charts-overdue") if part == OVERDUE else say(f"status-{part}")


def _share(count: Counter[str]) -> Say:
    settled = sum(count[status] for status in SETTLED)
    return say("charts-share", percent=round(100 * settled / count.total()))


def weeks(
    now: Standing,
    reported: Iterable[tuple[int, datetime]],
    start: date,
    end: date,
    today: date,
    zone: ZoneInfo,
) -> Lines:
    """What was due and what was settled by the end of each week, from the first to today.

    ``reported`` tells which occurrences were settled when.
    """
    last = min(end, today)
    days = [start + WEEK * no + timedelta(days=6) for no in range((last - start).days // 7 + 1)]
    due = sorted(one.due_on for one in now.owed if one.due_on is not None)
    mine = {one.id for one in now.owed}
    settled = sorted(at.astimezone(zone).date() for number, at in reported if number in mine)
    return Lines(
        "weeks",
        say("charts-weeks", count=len(now.owed)),
        tuple(say("charts-day", day=min(day, last)) for day in days),
        (
            Curve(say("charts-due"), _by_then(due, days)),
            Curve(say("charts-settled"), _by_then(settled, [min(day, last) for day in days])),
        ),
        low=0,
    )


def _by_then(days: Sequence[date], ends: Sequence[date]) -> tuple[float | None, ...]:
    return tuple(float(bisect_right(days, end)) for end in ends)


def scores(known: Iterable[Score], ahead: int = 1) -> Lines | None:
    """Scores over the years, overall and by tool, against the levels, and the trend carried on.

    Empty where no overall or tool score is known. The forecast is the straight line nearest to the
    last years' values; it is made where two years are known, and marked as what it is.
    """
    found: dict[str, dict[int, float]] = {}
    for one in known:
        code = "" if one.level == "overall" else one.code.upper()
        if one.level == "overall" or (one.level == "tool" and code.startswith(TOOLS)):
            found.setdefault(code, {})[one.year] = one.score
    if not found:
        return None
    years = sorted({year for values in found.values() for year in values})
    years = list(range(years[0], years[-1] + 1))
    guessed = ahead if len(years) > 1 else 0
    after = [years[-1] + no + 1 for no in range(guessed)]
    return Lines(
        "scores",
        say("charts-scores"),
        tuple(say("charts-year", year=str(year)) for year in (*years, *after)),
        tuple(
            Curve(quote(code) if code else say("charts-overall"), _course(found[code], years, after))
            for code in sorted(found, key=lambda code: (TOOLS.index(code[:3]) if code else -1, code))
        ),
        ((PASS, say("charts-pass", score="85")), (EXCELLENT, say("charts-excellent", score="95"))),
        guessed,
        say("charts-forecast") if guessed else None,
        high=100,
    )


def _course(values: dict[int, float], years: Sequence[int], after: Sequence[int]) -> tuple[float | None, ...]:
    return (*(values.get(year) for year in years), *(_carried_on(values, year) for year in after))


def _carried_on(values: dict[int, float], year: int) -> float | None:
    """The value of the nearest straight line through the last years, between 0 and 100."""
    points = sorted(values.items())[-LOOKED_BACK:]
    if len(points) < 2:
        return None
    middle = sum(x for x, _ in points) / len(points)
    mean = sum(y for _, y in points) / len(points)
    slope = sum((x - middle) * (y - mean) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)
    return round(min(100.0, max(0.0, mean + slope * (year - middle))), 2)
