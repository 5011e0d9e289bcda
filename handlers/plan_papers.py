"""The plan as a paper: the table of measures, and the table of progress for the working group's meeting."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from handlers import charts, scoping, telling
from handlers.orders import Order
from handlers.report import Band, Cell, Column, Plain, Report, Signature, Table
from handlers.scope import EVERYTHING
from handlers.talk import Say, say
from handlers.views import figure
from storage.measures import Measure
from storage.narratives import Said
from storage.rounds import CANCELLED, CONTINUOUS, DONE, IN_PROGRESS, NOT_STARTED, SETTLED
from storage.standing import Owed, of_measure

TOLD = 6  # reports that are all told in one cell
NEWEST = 3  # of more than that: what sixty units wrote of one measure would fill a page a row
LONG = 400  # letters of one report in a cell


def progress(order: Order) -> Report:
    """What the working group's meeting reads: issue, measure, period, who, and how far, ticked and told."""
    issues = _issues(order)
    rows = _under_topics(
        order,
        lambda measure: (
            issues[measure.id],
            _measure_cell(measure),
            _schedule(order, measure),
            order.responsible(measure),
            ticks(order, measure),
        ),
    )
    has_issues = any(row[0] for row in rows if isinstance(row, tuple))
    columns = (
        Column(say("exports-issue"), 4 if has_issues else 2.2),
        Column(say("exports-measure"), 5.6),
        Column(say("exports-period"), 3.1),
        Column(say("exports-responsible"), 2.6),
        Column(say("exports-progress"), 8 if has_issues else 9.5),
    )
    return _paper(
        order,
        "progress",
        say("exports-progress-title", year=str(order.plan.fiscal_year), agency=order.agency.name),
        (Table("progress", say("exports-progress-table"), columns, tuple(rows)),),
    )


def measures(order: Order) -> Report:
    """The measures as an agency publishes them: what, how, by whom, by when, measured how."""
    rows = _under_topics(
        order,
        lambda measure: (
            figure(measure.code),
            measure.title,
            _steps(measure),
            order.responsible(measure),
            _schedule(order, measure),
            tuple(kpi.text for kpi in measure.kpis),
            measure.constraints,
        ),
    )
    columns = (
        Column(say("views-code"), 1.1),
        Column(say("exports-measure"), 5),
        Column(say("exports-steps"), 6.5),
        Column(say("exports-responsible"), 3),
        Column(say("exports-period"), 3.1),
        Column(say("exports-kpi"), 3),
        Column(say("exports-limits"), 2.4),
    )
    used = [
        no for no, _ in enumerate(columns) if no < 5 or any(row[no] for row in rows if isinstance(row, tuple))
    ]
    kept = tuple(row if isinstance(row, Band) else tuple(row[no] for no in used) for row in rows)
    title = say("exports-measures-title", year=str(order.plan.fiscal_year), agency=order.agency.name)
    table = Table("measures", say("exports-measures-table"), tuple(columns[no] for no in used), kept)
    return _paper(order, "measures", title, (table,))


def _paper(order: Order, kind: str, title: Say, tables: tuple[Table, ...]) -> Report:
    return Report(
        title=title,
        covers=covers(order),
        headline=stands(order),
        sections=(),
        start=order.covers.start,
        end=order.covers.end,
        as_of=order.as_of,
        kind=kind,
        tables=tables,
        signed=(Signature(say("exports-signs-secretary")),),
        is_wide=True,
    )


def covers(order: Order) -> Say:
    """The days a paper is about, and what part of the agency where it is not about all of it."""
    days = say("exports-covers", start=order.covers.start, end=order.covers.end, today=order.as_of)
    if order.scope == EVERYTHING:
        return days
    return say("exports-covers-of", of=scoping.about(order.scope), days=days)


def stands(order: Order) -> Say:
    """One sentence of figures over all measures."""
    counts = order.now.statuses()
    return say(
        "summary-prose-stands",
        count=len(order.now.measures),
        done=counts[DONE],
        begun=counts[IN_PROGRESS],
        waiting=counts[NOT_STARTED],
    )


def _under_topics(order: Order, row: Callable[[Measure], tuple[Cell, ...]]) -> list[tuple[Cell, ...] | Band]:
    """A row for each measure, with a band above where a topic begins."""
    rows: list[tuple[Cell, ...] | Band] = []
    topic_id = None
    for measure in order.measures:
        if measure.topic_id != topic_id and (topic := measure.topic):
            rows.append(Band(charts.topic((topic.no, topic.title))))
        topic_id = measure.topic_id
        rows.append(row(measure))
    return rows


def _issues(order: Order) -> dict[int, Cell]:
    """What the assessment found, by measure: where its questions lead, else under its topic's first measure;
    a measure that nothing leads to tells its aim."""
    found: dict[int, list[Plain]] = defaultdict(list)
    led: dict[str, list[int]] = defaultdict(list)
    for measure in order.measures:
        for question in measure.questions:
            led[question.lower()].append(measure.id)
    first = {measure.topic_id: [measure.id] for measure in reversed(order.measures)}
    for one in order.plan.findings:
        for to in (led.get(one.question.lower()) if one.question else None) or first.get(one.topic_id, []):
            found[to].append(one.text)
    return {one.id: tuple(found[one.id]) or one.aim for one in order.measures}


def _measure_cell(measure: Measure) -> Cell:
    return (say("telling-measure", code=measure.code, title=measure.title), *_steps(measure))


def _steps(measure: Measure) -> tuple[Plain, ...]:
    if not measure.steps:
        return (measure.method,) if measure.method else ()
    return tuple(say("exports-step", no=step.no, text=step.text) for step in measure.steps)


def _schedule(order: Order, measure: Measure) -> Cell:
    """The period as the document has it, else by the days of what is owed."""
    if measure.schedule_text:
        return say("papers-figure", text=measure.schedule_text)
    found = order.owed.get(measure.id, [])
    starts = [one.starts_on for one in found if one.starts_on]
    ends = [one.due_on for one in found if one.due_on]
    return say("exports-days", start=min(starts), end=max(ends)) if starts and ends else None


def ticks(order: Order, measure: Measure) -> tuple[Plain, ...]:
    """The boxes of the form, then units by where they stand, then what was told."""
    owed, said = order.owed.get(measure.id, []), order.said.get(measure.id, [])
    status = box(owed)
    lines: list[Plain] = [
        say("exports-ticked" if status == one else "exports-box", text=say(f"status-{one}"))
        for one in (NOT_STARTED, IN_PROGRESS, CONTINUOUS if status == CONTINUOUS else DONE)
    ]
    if status == CANCELLED:
        lines = [say("exports-ticked", text=say("status-cancelled"))]
    units = {one.unit_id for one in owed}
    if len(units) > 1:
        lines += _by_units(order, owed)
    told = [one for one in said if one.text or one.blocker]
    left = len(told) - NEWEST if len(told) > TOLD else 0
    lines += [narrative(order, one, name=len(units) > 1) for one in told[left:]]
    if left:
        lines.append(say("summary-more", count=left))
    late = sum(one.is_overdue(order.seen_on) for one in owed)
    if late:
        lines.append(say("exports-late", count=late))
    return tuple(lines)


def box(owed: list[Owed]) -> str:
    """Which box is ticked: where the measure stands; continuous where all that is settled goes on."""
    status = of_measure(owed)
    if status != CANCELLED and any(one.status == CONTINUOUS for one in owed):
        others = {one.status for one in owed} - {CONTINUOUS, NOT_STARTED}
        return CONTINUOUS if not others else status
    return status


def _by_units(order: Order, owed: Iterable[Owed]) -> list[Plain]:
    """How many units are settled, and which have not begun."""
    states: dict[int, Counter[str]] = {}
    for one in owed:
        states.setdefault(one.unit_id, Counter())[one.status] += 1
    done = [unit for unit, count in states.items() if set(count) <= set(SETTLED)]
    return [say("exports-units-done", done=len(done), count=len(states))]


def narrative(order: Order, one: Said, *, name: bool) -> Say:
    """One report in a line: whose, in their own words, when, and what stands in the way."""
    told = say("papers-figure", text=telling.short(one.text, LONG))
    if one.blocker:
        told = say("exports-blocked", told=told, blocker=one.blocker)
    day: date = one.fact_on or one.said_at.astimezone(order.zone).date()
    if name:
        return say("exports-told-of", unit=order.now.units[one.unit_id].label, told=told, day=day)
    return say("exports-told", told=told, day=day)
