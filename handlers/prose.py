"""A period in paragraphs, as a good secretary puts it before a meeting."""

from collections.abc import Iterable
from datetime import date, timedelta

from handlers import telling
from handlers.scope import Period
from handlers.talk import Say, quote, say
from storage.rounds import DONE, IN_PROGRESS, NOT_STARTED
from storage.standing import Owed, Standing, Told

SOON, WEEK = timedelta(days=14), timedelta(days=7)
MANY = 5  # units named in a sentence; more are counted
TITLE = 60


def paragraphs(
    now: Standing, told: list[Told], before: list[Told], covers: Period, today: date
) -> tuple[Say, ...]:
    """The period as a secretary would put it: what came in, where it stands, what to press."""
    counts, coming = now.statuses(), now.due(today, today + SOON)
    came = say("summary-prose-none", start=covers.start, end=covers.end)
    if told:
        week = (covers.end - covers.start) < WEEK
        came = say(
            "summary-prose-told",
            start=covers.start,
            end=covers.end,
            count=len(told),
            units=unit_count(told),
            before=len(before) if week else -1,
        )
    stands = say(
        "summary-prose-stands",
        count=len(now.measures),
        done=counts[DONE],
        begun=counts[IN_PROGRESS],
        waiting=counts[NOT_STARTED],
    )
    lines = [came, stands, _pressing(now, today)]
    if coming:
        first = coming[0]
        lines.append(
            say(
                "summary-prose-coming",
                count=len({(one.measure_id, one.due_on) for one in coming}),
                measure=_measure(now, first.measure_id),
                day=first.due_on,
            )
        )
    if silent := now.silent(today):
        names = tuple(quote(unit.name) for unit in silent[:MANY])
        more = max(0, len(silent) - MANY)
        lines.append(say("summary-prose-silent", count=len(silent), names=_joined(names, more), more=more))
    return tuple(lines)


def _pressing(now: Standing, today: date) -> Say:
    """Who is late with what, the longest list first."""
    by_unit: dict[int, list[Owed]] = {}
    for one in now.overdue(today):
        by_unit.setdefault(one.unit_id, []).append(one)
    if not by_unit:
        return say("summary-prose-no-late")
    count = len({(one.measure_id, one.unit_id) for found in by_unit.values() for one in found})
    worst = sorted(by_unit.items(), key=lambda pair: -len(pair[1]))
    told = tuple(
        say("summary-prose-unit", unit=now.units[unit].name, codes=_few_codes(now, found))
        for unit, found in worst[:MANY]
    )
    more = max(0, len(worst) - MANY)
    return say("summary-prose-late", count=count, units=_joined(told, more), more=more)


def _joined(names: tuple[Say, ...], more: int) -> tuple[Say, ...] | Say:
    """Names as a sentence lists them: the last one after "and", unless more are only counted."""
    if more or len(names) < 2:
        return names
    return say("summary-prose-and", first=names[:-1], last=names[-1])


def _few_codes(now: Standing, found: list[Owed]) -> str:
    codes = list(dict.fromkeys(now.measures[one.measure_id].code for one in found))
    return ", ".join(codes[:MANY]) + (" …" if len(codes) > MANY else "")


def unit_count(told: Iterable[Told]) -> int:
    """How many units reported."""
    return len({one.unit_id for one in told})


def _measure(now: Standing, measure: int) -> Say:
    found = now.measures[measure]
    return say("telling-measure", code=found.code, title=telling.short(found.title, TITLE))
