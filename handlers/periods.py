"""Which days are meant: by a name of ours (week, quarter, round), or by what a message says."""

from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from handlers.parts import Parts
from handlers.scope import Period
from handlers.talk import Turn
from storage import rounds
from storage.calendar import fiscal_year, fiscal_year_of, month_end, quarter, quarter_of
from storage.plans import Plan
from storage.spans import find_spans

WEEK, DAY = timedelta(days=7), timedelta(days=1)
ROUND, ROUND_BEFORE = ROUNDS = ("round", "round-before")
SO_FAR = "so-far"


def week_of(day: date) -> Period:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + WEEK - timedelta(days=1))


def period(name: str, today: date) -> Period:
    """A named period around today; on a Monday "the week" is the one just ended."""
    number = fiscal_year_of(today)
    match name:
        case "month":
            return Period(today.replace(day=1), month_end(today.year, today.month))
        case "quarter":
            return Period(*quarter(number, quarter_of(today)))
        case "half":
            first = quarter_of(today) < 3
            halves = (
                (quarter(number, 1)[0], quarter(number, 2)[1]),
                (quarter(number, 3)[0], quarter(number, 4)[1]),
            )
            return Period(*halves[0 if first else 1])
        case "year":
            return Period(*fiscal_year(number))
        case _:
            return week_of(today - timedelta(days=1) if today.weekday() == 0 else today)


def asked(turn: Turn, plan: Plan) -> Period | None:
    """The range a question names, else a button's period; none where neither names one."""
    parts, name = turn.reading.parts, turn.reading.args[0] if turn.reading.args else ""
    if name:
        return named(turn.records, plan, name, turn.today)
    if isinstance(parts, Parts) and parts.period_said:
        return named(turn.records, plan, parts.period_said, turn.today)
    spans = [one for one in find_spans(turn.reading.text, turn.today) if not one.of_document]
    return Period(spans[0].start, spans[0].end) if spans else None


def named(records: Session, plan: Plan, name: str, today: date) -> Period:
    """A named period; a ``round`` lies between the days of report rounds, ``so-far`` ends today."""
    if name == SO_FAR:
        return Period(fiscal_year(fiscal_year_of(today))[0], today)
    dates = [one.due_on for one in rounds.rounds(records, plan)] if name in ROUNDS else []
    if not dates:
        return period("half" if name in ROUNDS else name, today)
    start, end = fiscal_year(plan.fiscal_year)
    ends = [start - DAY, *sorted({*dates, end})]
    spans = [Period(first + DAY, last) for first, last in pairwise(ends)]
    now = next((no for no, one in enumerate(spans) if today <= one.end), len(spans) - 1)
    return spans[max(0, now - (name == ROUND_BEFORE))]
