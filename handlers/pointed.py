"""What of one measure is asked for, told first and alone: a step, the aim, the period, the target."""

from collections.abc import Iterable
from datetime import date

from handlers import naming, telling
from handlers.grams import Index
from handlers.measure_rows import aim_rows, kpi_rows, period_rows, role_rows, step_rows
from handlers.parts import Parts
from handlers.talk import Row, Say, Turn, say
from storage import rounds
from storage.digits import arabic
from storage.measures import Measure
from storage.rounds import Occurrence

EVENT, STEP, STEPS, AIM, PERIOD, KPI = "event", "step", "steps", "aim", "period", "kpi"
STANDING = "standing"
TIMES = (EVENT, PERIOD)
ALONE = (STEP, STEPS, AIM, *TIMES)  # what else the card tells is not asked for
LIKE = 0.3  # how much of the question must stand in the sentence where no code says which measure
LONG = 300  # letters of what the document says that are told in the first line


def aspect(turn: Turn) -> str:
    """What the question is for; empty where the whole measure is, or a paper of it."""
    parts = turn.reading.parts
    return parts.aspect if isinstance(parts, Parts) and not parts.asks_paper else ""


def line(turn: Turn, measure: Measure, owed: list[Occurrence]) -> Say | None:
    """The answer to just what is asked for; None where nothing of it is."""
    asked = aspect(turn)
    if not (asked == KPI and measure.kpis) and (figure := _figure(turn, measure)) is not None:
        return figure
    if asked in TIMES:
        return _time(turn, measure, owed)
    if asked == STANDING and owed:
        return _standing(turn, measure, owed)
    return _step(turn, measure) if asked == STEP else _told(measure, asked)


def _standing(turn: Turn, measure: Measure, owed: list[Occurrence]) -> Say:
    """How far the units are, or how it stood when the document was written where nobody has reported."""
    left = [one for one in owed if one.status not in rounds.SETTLED]
    when = telling.when(left[0], turn.today) if left else say("pointed-settled")
    if any(one.version for one in owed):
        units = {one.unit_id for one in owed}
        done = units - {one.unit_id for one in left}
        state = (
            say("pointed-units", done=len(done), count=len(units))
            if len(units) > 1
            else telling.status(owed[0])
        )
        return say("pointed-standing", code=measure.code, state=state, when=when)
    if measure.reported_status:
        state = say(f"progress-status-{measure.reported_status.replace('_', '-')}")
        return say("pointed-written", code=measure.code, state=state, when=when)
    return say("pointed-unreported", code=measure.code, when=when)


def _told(measure: Measure, asked: str) -> Say | None:
    """What the plan says of it; or that it says nothing."""
    if asked == STEPS:
        name = "pointed-steps" if measure.steps else "pointed-no-steps"
        return say(name, code=measure.code, count=len(measure.steps))
    if asked == AIM:
        aim = telling.short(measure.aim, LONG)
        return say("pointed-aim" if aim else "pointed-no-aim", code=measure.code, text=aim)
    if asked == KPI:
        kpis = tuple(telling.text(telling.short(one.text, LONG)) for one in measure.kpis)
        return say("pointed-kpis" if kpis else "pointed-no-kpi", code=measure.code, parts=kpis)
    return None


def rows(turn: Turn, measure: Measure) -> Iterable[Row] | None:
    """Who answers for it, when, and what is asked for; None where the whole card is to be shown."""
    asked = aspect(turn)
    if asked not in ALONE:
        return None
    more = aim_rows(measure) if asked == AIM else step_rows(measure)
    targets = kpi_rows(measure) if asked in TIMES else ()
    return (*role_rows(measure), *period_rows(measure), *more, *targets)


def _figure(turn: Turn, measure: Measure) -> Say | None:
    """The sentence of the plan that has the number asked for ("how many channels"), the likeliest of them."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not parts.counts:
        return None
    there = [text for text in _sentences(measure) if parts.counted(arabic(text))]
    hits = Index({at: [(text, 1.0)] for at, text in enumerate(there)}).look(parts.said, {}, 1)
    is_named = bool(naming.refs(turn, turn.reading.text)) or bool(turn.reading.args)
    if not there or (not is_named and (not hits or hits[0].share < LIKE)):
        return None
    text = telling.short(there[hits[0].name] if hits else there[0], LONG)
    return say("pointed-figure", code=measure.code, text=text)


def _sentences(measure: Measure) -> Iterable[str]:
    yield from (one.text for one in measure.kpis)
    yield from (one.text for one in measure.steps)
    yield from (measure.schedule_text, measure.title, measure.aim, measure.method, measure.reported_progress)


def _step(turn: Turn, measure: Measure) -> Say | None:
    parts = turn.reading.parts
    no = parts.fact.step if isinstance(parts, Parts) else None
    if no is None:
        return None
    found = next((one for one in measure.steps if one.no == no), None)
    if found is None:
        return say("pointed-no-step", code=measure.code, no=no, count=len(measure.steps))
    text = telling.short(found.text, LONG)
    return say("pointed-step", code=measure.code, no=found.no, count=len(measure.steps), text=text)


def _time(turn: Turn, measure: Measure, owed: list[Occurrence]) -> Say:
    """The period in the document's words and in days, and when it is due next; no event has a day."""
    left = [one for one in owed if one.status not in rounds.SETTLED]
    when = telling.when(left[0], turn.today) if left else say("pointed-settled" if owed else "telling-no-day")
    name = "pointed-event" if aspect(turn) == EVENT else "pointed-period"
    return say(name, code=measure.code, period=_period(measure), when=when)


def _period(measure: Measure) -> Say:
    spans = _days(measure)
    if not measure.schedule_text:
        return say("measures-no-period")
    if not spans:
        return telling.text(measure.schedule_text)
    start, end = spans[0][0], spans[-1][1]
    return say("pointed-days", text=" ".join(measure.schedule_text.split()), start=start, end=end)


def _days(measure: Measure) -> list[tuple[date, date]]:
    return list(measure.ranges) if measure.schedule_kind == "range" else []
