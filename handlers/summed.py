"""What the working group wants to know about a period: one Report, made of the records once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import charts, prose, scoping, telling, views
from handlers.report import Bars, Line, Lines, Report, Section
from handlers.scope import EVERYTHING, Period, Scope
from handlers.talk import Mark, Say, quote, say
from storage import plans, standing
from storage.agencies import Agency
from storage.calendar import fiscal_year
from storage.plans import Plan
from storage.rounds import CANCELLED, DONE, IN_PROGRESS, NOT_STARTED
from storage.standing import Owed, Standing, Told

SOON = timedelta(days=14)
SHOWN, WEEK = 5, timedelta(days=7)
TITLE = 60
CODES = 12  # codes of one unit in a line
MARKS: dict[str, Mark] = {DONE: "done", IN_PROGRESS: "open", NOT_STARTED: "due", CANCELLED: "cancelled"}
ZONE = "Asia/Bangkok"
MONTHS = 85  # days from which on a summary also shows the scores over the years


def report(
    records: Session,
    agency: Agency,
    plan: Plan,
    covers: Period,
    today: date,
    scope: Scope = EVERYTHING,
    *,
    is_paper: bool = False,
) -> Report:
    """Everything the working group wants to know about a period, from the same rows for every look.

    A period that is over is told as things stood when it ended.
    ``is_paper`` adds what only papers show: paragraphs, charts and tables.
    """
    zone = ZoneInfo(agency.settings.get("timezone", ZONE))
    moment, as_of, today = covers.closed_at(today, zone), covers.as_of(today), covers.seen_on(today)
    now = scoping.part_of(records, agency, plan, standing.standing(records, plan, moment), scope)
    told = _told(records, agency, plan, covers, now, scope)
    week_before = Period(covers.start - WEEK, covers.start - timedelta(days=1))
    before = _told(records, agency, plan, week_before, now, scope)
    made = Report(
        title=scoping.titled(say("summary-title", year=str(plan.fiscal_year)), scope),
        covers=say("summary-covers", start=covers.start, end=covers.end, today=as_of),
        headline=_headline(now, told, before, covers, today),
        sections=_sections(now, told, standing.nothing_to_report(records, plan), today),
        start=covers.start,
        end=covers.end,
        as_of=as_of,
    )
    if not is_paper:
        return made
    return replace(
        made,
        prose=prose.paragraphs(now, told, before, Period(covers.start, min(covers.end, as_of)), today),
        charts=_charts(records, agency, plan, now, covers, today, moment),
        tables=views.tables(now, today),
    )


def _sections(now: Standing, told: list[Told], nothing: list[int], today: date) -> tuple[Section, ...]:
    found = (
        _counts(now),
        _changes(now, told),
        _overdue(now, today),
        _coming(now, today),
        _silent(now, today),
        _bare(now, nothing),
        _topics(now),
    )
    return tuple(section for section in found if section is not None)


def _charts(
    records: Session,
    agency: Agency,
    plan: Plan,
    now: Standing,
    covers: Period,
    today: date,
    moment: datetime | None,
) -> tuple[Bars | Lines, ...]:
    """How it stands, the year's course, and (for the whole agency) the scores behind it all."""
    start, end = fiscal_year(plan.fiscal_year)
    as_of = covers.end if moment else today
    found: list[Bars | Lines] = list(views.pictures(now, today, as_of))
    if today > start:
        found.append(
            charts.weeks(
                now,
                standing.settled_at(records, plan, moment),
                start,
                end,
                as_of,
                ZoneInfo(agency.settings.get("timezone", ZONE)),
            )
        )
    if (covers.end - covers.start).days > MONTHS and (scores := charts.scores(plans.scores(records))):
        found.append(scores)
    return tuple(found)


def _told(
    records: Session, agency: Agency, plan: Plan, covers: Period, now: Standing, scope: Scope
) -> list[Told]:
    zone = ZoneInfo(agency.settings.get("timezone", ZONE))
    start = datetime.combine(covers.start, time(0), zone)
    end = datetime.combine(covers.end + timedelta(days=1), time(0), zone)
    pairs = scoping.tells(scope, now)
    return [
        one
        for one in standing.told_between(records, plan, start, end)
        if one.measure_id in now.measures and (pairs is None or (one.measure_id, one.unit_id) in pairs)
    ]


def _headline(now: Standing, told: list[Told], before: list[Told], covers: Period, today: date) -> Say:
    late = len({(one.measure_id, one.unit_id) for one in now.overdue(today)})
    first = (
        say("summary-nobody")
        if not told
        else say("summary-told", count=len(told), units=prose.unit_count(told))
    )
    if told and (covers.end - covers.start) < WEEK:
        first = say("summary-told-week", told=first, before=len(before))
    return say(
        "summary-headline",
        told=first,
        late=say("summary-late", count=late) if late else say("summary-no-late"),
    )


def _counts(now: Standing) -> Section:
    counts, total = now.statuses(), max(1, len(now.measures))
    lines = tuple(
        Line(
            say(f"summary-count-{status}"),
            say("summary-count", count=counts[status]),
            MARKS[status],
            counts[status] / total,
        )
        for status in (DONE, IN_PROGRESS, NOT_STARTED, CANCELLED)
        if counts[status] or status != CANCELLED
    )
    return Section("counts", say("summary-counts", count=len(now.measures)), lines, is_chart=True)


def _changes(now: Standing, told: list[Told]) -> Section:
    if not told:
        return Section("changes", say("summary-changes"), (Line(say("summary-nobody")),))
    lines = [
        Line(
            say("summary-of", measure=_measure(now, one.measure_id), units=_label(now, one.unit_id)),
            say("summary-nothing") if one.nothing else say(f"status-{one.status}"),
            MARKS.get(one.status, "open"),
        )
        for one in sorted(told, key=lambda one: one.status != DONE)
    ]
    return _listed("changes", say("summary-changes"), lines)


def _overdue(now: Standing, today: date) -> Section:
    """Late things by unit: what each is late with, the oldest day first."""
    by_unit: dict[int, list[Owed]] = {}
    for one in now.overdue(today):
        by_unit.setdefault(one.unit_id, []).append(one)
    lines = [
        Line(
            _of_unit(now, unit, found),
            say("summary-since", day=found[0].due_on),
            "overdue",
        )
        for unit, found in by_unit.items()
    ]
    if not lines:
        return Section("overdue", say("summary-overdue"), (Line(say("summary-no-late"), mark="done"),))
    return _listed("overdue", say("summary-overdue"), lines)


def _coming(now: Standing, today: date) -> Section:
    by_measure: dict[tuple[int, date | None], list[Owed]] = {}
    for one in now.due(today, today + SOON):
        by_measure.setdefault((one.measure_id, one.due_on), []).append(one)
    lines = [
        Line(
            say("summary-of", measure=_measure(now, measure), units=_units(now, found)),
            say("summary-on", day=day, days=(day - today).days if day else 0),
            "due",
        )
        for (measure, day), found in by_measure.items()
    ]
    if not lines:
        return Section("coming", say("summary-coming"), (Line(say("summary-none-coming")),))
    return _listed("coming", say("summary-coming"), lines)


def _silent(now: Standing, today: date) -> Section | None:
    units = now.silent(today)
    if not units:
        return None
    names = tuple(quote(unit.label) for unit in units)
    return Section(
        "silent", say("summary-silent", count=len(units)), (Line(say("summary-names", names=names)),)
    )


def _bare(now: Standing, nothing: list[int]) -> Section | None:
    by_measure: dict[int, list[Owed]] = {}
    for one in now.bare(nothing):
        by_measure.setdefault(one.measure_id, []).append(one)
    lines = [
        Line(say("summary-of", measure=_measure(now, measure), units=_units(now, found)), mark="due")
        for measure, found in by_measure.items()
    ]
    return _listed("bare", say("summary-bare", count=len(lines)), lines) if lines else None


def _topics(now: Standing) -> Section:
    lines = tuple(
        Line(
            charts.topic((no, telling.short(title, TITLE))),
            say("summary-share", done=done, count=count),
            share=done / count,
        )
        for no, title, done, count in now.by_topic()
    )
    return Section("topics", say("summary-topics"), lines, is_chart=True)


def _listed(name: str, title: Say, lines: list[Line]) -> Section:
    return Section(name, title, tuple(lines[:SHOWN]), left=max(0, len(lines) - SHOWN))


def _measure(now: Standing, measure: int) -> Say:
    found = now.measures[measure]
    return say("telling-measure", code=found.code, title=telling.short(found.title, TITLE))


def _label(now: Standing, unit: int) -> str:
    return now.units[unit].label


def _units(now: Standing, found: list[Owed]) -> Say:
    names = tuple(dict.fromkeys(_label(now, one.unit_id) for one in found))
    if len(names) > 3:
        return say("summary-many-units", count=len(names))
    return say("summary-names", names=tuple(quote(name) for name in names))


def _of_unit(now: Standing, unit: int, found: list[Owed]) -> Say:
    """A unit with the codes of its measures; of very many the first, and how many more."""
    codes = list(dict.fromkeys(now.measures[one.measure_id].code for one in found))
    left = max(0, len(codes) - CODES)
    return say("summary-unit-codes", unit=_label(now, unit), codes=", ".join(codes[:CODES]), more=left)
