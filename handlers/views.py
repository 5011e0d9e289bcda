"""What a summary carries beside its sentences: charts, and tables by unit, topic, measure and thing owed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from handlers import charts
from handlers.report import Band, Bars, Cell, Column, Table
from handlers.talk import Say, quote, say
from storage.rounds import SETTLED
from storage.standing import Owed, Standing, of_measure

MOST_BARS = 30  # in one picture; more are drawn in further ones
NAMED = 6  # units named in a cell; more are counted


def figure(text: str) -> Say:
    """A code or year in the agency's digits."""
    return say("papers-figure", text=text)


def pictures(now: Standing, today: date, as_of: date) -> tuple[Bars, ...]:
    """Topics in one picture, units in as many as they need."""
    found = []
    for drawn in (charts.by_topic(now, today, as_of), charts.by_unit(now, today, as_of)):
        for first in range(0, len(drawn.bars), MOST_BARS):
            bars = drawn.bars[first : first + MOST_BARS]
            found.append(Bars(drawn.name, drawn.title, drawn.parts, bars, drawn.is_share))
    return tuple(found)


def tables(now: Standing, today: date) -> tuple[Table, ...]:
    """A view each: units, topics, measures, and (for spreadsheets) everything owed."""
    return (by_unit(now, today), by_topic(now, today), by_measure(now, today), owed(now, today))


def by_unit(now: Standing, today: date) -> Table:
    """Each unit with how much it owes and where that stands."""
    labels = {unit.id: quote(unit.name) for unit, *_ in now.by_unit(today)}
    return _counted("units", say("views-units"), say("views-unit"), labels, now.owed, today, _unit_of)


def _unit_of(one: Owed) -> int:
    return one.unit_id


def by_topic(now: Standing, today: date) -> Table:
    """Each topic with how much of it is owed and where that stands."""
    measures = now.measures
    labels = {(one.topic_no, one.topic): charts.topic((one.topic_no, one.topic)) for one in measures.values()}

    def key(one: Owed) -> tuple[str, str]:
        return measures[one.measure_id].topic_no, measures[one.measure_id].topic

    return _counted("topics", say("views-topics"), say("views-topic"), labels, now.owed, today, key)


def _counted(
    name: str,
    title: Say,
    first: Say,
    labels: dict[charts.Key, Say],
    owed: Iterable[Owed],
    today: date,
    key: charts.Keyed,
) -> Table:
    counts: dict[charts.Key, Counter[str]] = {one: Counter() for one in labels}
    for one in owed:
        counts[key(one)][charts.part_of(one, today)] += 1
    used = [part for part in charts.PARTS if any(count[part] for count in counts.values())]
    columns = (
        Column(first, 4),
        Column(say("views-all"), 1, "number"),
        *(Column(charts.part_title(part), 1.4, "number") for part in used),
        Column(say("views-percent"), 1.3, "percent"),
    )
    rows = []
    for group, count in counts.items():
        cells: tuple[Cell, ...] = (labels[group], count.total(), *(count[part] for part in used))
        if count:
            rows.append((*cells, settled(count)))
    return Table(name, title, columns, tuple(rows))


def settled(count: Counter[str]) -> float:
    """The share that is settled, in per cent."""
    return round(100 * sum(count[status] for status in SETTLED) / max(1, count.total()), 1)


def by_measure(now: Standing, today: date) -> Table:
    """Each measure under its topic: who answers for it, by when, how far it is."""
    mine: dict[int, list[Owed]] = defaultdict(list)
    for one in now.owed:
        mine[one.measure_id].append(one)
    rows: list[tuple[Cell, ...] | Band] = []
    topic = None
    for measure in now.measures.values():
        if topic != (measure.topic_no, measure.topic):
            topic = (measure.topic_no, measure.topic)
            rows.append(Band(charts.topic(topic)))
        found = mine[measure.id]
        days = [one.due_on for one in found if one.due_on]
        count = Counter(one.status for one in found)
        rows.append(
            (
                figure(measure.code),
                measure.title,
                units_of(now, found),
                max(days, default=None),
                say(f"status-{of_measure(found)}"),
                settled(count) if found else None,
                sum(one.is_overdue(today) for one in found),
                sum(one.evidence_count for one in found),
            )
        )
    columns = (
        Column(say("views-code"), 1),
        Column(say("views-measure"), 4.6),
        Column(say("views-responsible"), 2.6),
        Column(say("views-due"), 2.2, "day"),
        Column(say("views-status"), 3),
        Column(say("views-percent"), 1.6, "percent"),
        Column(say("charts-overdue"), 1.8, "number"),
        Column(say("views-evidence"), 1.8, "number"),
    )
    return Table("measures", say("views-measures"), columns, tuple(rows))


def units_of(now: Standing, found: Iterable[Owed]) -> Say:
    """The units that owe, by name where they are few."""
    names = tuple(dict.fromkeys(now.units[one.unit_id].label for one in found))
    if len(names) > NAMED:
        return say("summary-many-units", count=len(names))
    return say("summary-names", names=tuple(quote(name) for name in names))


def owed(now: Standing, today: date) -> Table:
    """Every single thing owed, a row each: what a spreadsheet is for."""
    columns = (
        Column(say("views-code"), 1),
        Column(say("views-measure"), 5),
        Column(say("views-unit"), 3),
        Column(say("views-starts"), 1.5, "day"),
        Column(say("views-due"), 1.5, "day"),
        Column(say("views-status"), 2.4),
        Column(say("charts-overdue"), 1, "number"),
        Column(say("views-evidence"), 1, "number"),
        Column(say("views-versions"), 1, "number"),
    )
    code, status = cache(figure), cache(lambda name: say(f"status-{name}"))
    rows = tuple(
        (
            code(now.measures[one.measure_id].code),
            now.measures[one.measure_id].title,
            now.units[one.unit_id].name,
            one.starts_on,
            one.due_on,
            status(one.status),
            int(one.is_overdue(today)),
            one.evidence_count,
            one.version,
        )
        for one in now.owed
    )
    return Table("owed", say("views-owed"), columns, rows, is_data=True)
