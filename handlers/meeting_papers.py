"""Papers for a meeting: the memo that calls attention to the figures, the agenda, and the yearly report."""

from dataclasses import replace

from handlers import prose, summed
from handlers.orders import Order
from handlers.plan_papers import narrative, stands, ticks
from handlers.report import Cell, Column, Line, Report, Section, Signature, Table
from handlers.talk import Say, quote, say
from handlers.views import by_measure, by_topic, by_unit
from storage import plans
from storage.plans import Grade

DOTS = "." * 40


def memo(order: Order) -> Report:
    """A draft of the memo (บันทึกข้อความ) to the head of the agency, with the figures in it."""
    made = _summary(order)
    year = str(order.plan.fiscal_year)
    facts = tuple(say("exports-memo-fact", no=f"2.{no}", text=one) for no, one in enumerate(made.prose, 1))
    return Report(
        title=say("exports-memo-title"),
        covers=quote(""),
        headline=stands(order),
        sections=(),
        start=order.covers.start,
        end=order.covers.end,
        as_of=order.as_of,
        kind="memo",
        heads=(
            (say("exports-memo-office"), order.agency.name),
            (say("exports-memo-number"), DOTS),
            (say("exports-memo-day"), say("exports-day", day=order.today)),
            (say("exports-memo-about"), say("exports-memo-subject", year=year)),
            (say("exports-memo-to"), say("exports-memo-head")),
        ),
        prose=(
            say("exports-memo-story", year=year, agency=order.agency.name, count=len(order.now.measures)),
            say("exports-memo-facts"),
            *facts,
            say("exports-memo-consider"),
            say("exports-memo-propose"),
            say("exports-memo-end"),
        ),
        signed=(Signature(say("exports-signs-secretary")),),
    )


def meeting(order: Order) -> Report:
    """The agenda of the working group's meeting, with the figures each item speaks of."""
    made, now = _summary(order), order.now
    kept = {section.name: section for section in made.sections}
    agenda = [
        Section("opening", say("exports-agenda", no=1, title=say("exports-agenda-told")), (_blank(),)),
        Section("minutes", say("exports-agenda", no=2, title=say("exports-agenda-minutes")), (_blank(),)),
        Section(
            "known",
            say("exports-agenda", no=3, title=say("exports-agenda-known")),
            tuple(
                Line(say("exports-agenda-item", no=f"3.{no}", text=one))
                for no, one in enumerate(made.prose, 1)
            ),
        ),
        Section(
            "decided",
            say("exports-agenda", no=4, title=say("exports-agenda-decided")),
            _to_decide(kept) or (Line(say("exports-agenda-nothing")),),
        ),
        Section("other", say("exports-agenda", no=5, title=say("exports-agenda-other")), (_blank(),)),
    ]
    return replace(
        made,
        title=say("exports-meeting-title", agency=order.agency.name),
        covers=say("exports-meeting-covers", year=str(order.plan.fiscal_year), today=order.as_of),
        kind="meeting",
        heads=((say("exports-meeting-when"), DOTS), (say("exports-meeting-where"), DOTS)),
        prose=(say("exports-meeting-about"),),
        sections=tuple(agenda),
        tables=(by_unit(now, order.seen_on), by_measure(now, order.seen_on)),
        signed=(Signature(say("exports-signs-secretary")),),
    )


def _to_decide(kept: dict[str, Section]) -> tuple[Line, ...]:
    """What the group has to press: what is late, who is silent, what is done without evidence."""
    lines: list[Line] = []
    found = [kept[name] for name in ("overdue", "silent", "bare") if name in kept]
    found = [one for one in found if one.name != "overdue" or one.lines[0].mark != "done"]
    for no, section in enumerate(found, 1):
        lines.append(Line(say("exports-agenda-item", no=f"4.{no}", text=section.title)))
        lines += [
            replace(line, say=say("exports-agenda-under", text=line.say), mark="") for line in section.lines
        ]
        if section.left:
            lines.append(Line(say("exports-agenda-under", text=say("summary-more", count=section.left))))
    return tuple(lines)


def _blank() -> Line:
    return Line(quote("." * 100))


def year(order: Order) -> Report:
    """The report on a whole year: the level reached, figures, each measure's results, what hindered."""
    made, covers = _summary(order), order.year
    columns = (
        Column(say("exports-measure"), 6),
        Column(say("exports-responsible"), 3),
        Column(say("exports-progress"), 8),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say("telling-measure", code=one.code, title=one.title),
            order.responsible(one),
            ticks(order, one),
        )
        for one in order.measures
    )
    results = Table("results", say("exports-year-results"), columns, rows)
    return replace(
        made,
        title=say("exports-year-title", year=str(order.plan.fiscal_year), agency=order.agency.name),
        covers=say("exports-covers", start=covers.start, end=covers.end, today=order.as_of),
        kind="year",
        prose=(*_level(order), *made.prose),
        sections=_hindrances(order),
        tables=(by_topic(order.now, order.seen_on), by_unit(order.now, order.seen_on), results),
        signed=(Signature(say("exports-signs-secretary")), Signature(say("exports-signs-chair"))),
        is_wide=True,
    )


def _summary(order: Order) -> Report:
    return summed.report(
        order.records, order.agency, order.plan, order.covers, order.today, order.scope, is_paper=True
    )


def _level(order: Order) -> tuple[Say, ...]:
    """The assessment's result that the year's measures come from."""
    if order.plan.assessed_year is None:
        return ()
    overall = [one for one in plans.scores(order.records, order.plan.assessed_year) if one.level == "overall"]
    if not overall:
        return ()
    known = {one.year: one for one in plans.grades(order.records)}
    grade: Grade | None = known.get(order.plan.assessed_year)
    told = say("exports-year-score", year=str(order.plan.assessed_year), score=overall[0].score)
    return (say("exports-year-grade", told=told, grade=grade.grade) if grade and grade.grade else told,)


def _hindrances(order: Order) -> tuple[Section, ...]:
    found = [one for said in order.said.values() for one in said if one.blocker]
    if not found:
        return ()
    lines = tuple(
        Line(
            say(
                "exports-hindrance",
                code=order.now.measures[one.measure_id].code,
                text=narrative(order, one, name=True),
            )
        )
        for one in found[-prose.MANY * 4 :]
    )
    return (Section("hindrances", say("exports-hindrances", count=len(found)), lines),)
