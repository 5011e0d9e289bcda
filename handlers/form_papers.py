"""The report form that each unit hands in for a round: one table for each measure it answers for."""

from handlers import telling
from handlers.orders import Order
from handlers.plan_papers import LONG
from handlers.report import Cell, Column, Plain, Report, Signature, Table
from handlers.talk import Refused, Say, say
from storage.measures import Measure
from storage.narratives import Shown


def form(order: Order) -> Report:
    """The form of one unit: its head fields, and method, period, result and evidence for each measure.

    Raises:
        Refused: no unit is named, or it owes nothing under the plan.
    """
    if order.unit is None:
        raise Refused(say("exports-which-unit"))
    if not order.measures:
        raise Refused(say("exports-owes-nothing", unit=order.unit.name))
    due = order.round
    heads: tuple[tuple[Say, Cell], ...] = (
        (say("exports-head-unit"), order.unit.name),
        (say("exports-head-day"), say("exports-day", day=order.today)),
    )
    if due is not None:
        heads = (*heads, (say("exports-head-round"), say("exports-round", name=due.name, day=due.due_on)))
    return Report(
        title=say("exports-form-title", year=str(order.plan.fiscal_year)),
        covers=say("papers-figure", text=order.agency.name),
        headline=say(
            "exports-form-about", count=len(order.measures), start=order.covers.start, end=order.covers.end
        ),
        sections=(),
        start=order.covers.start,
        end=order.covers.end,
        as_of=order.today,
        kind="form",
        heads=heads,
        tables=tuple(_table(order, measure) for measure in order.measures),
        signed=(Signature(say("exports-signs-reporter")), Signature(say("exports-signs-head"))),
        is_wide=True,
    )


def _table(order: Order, measure: Measure) -> Table:
    topic = measure.topic
    title = say(
        "exports-form-table",
        side=say("summary-topic", no=topic.no, title=topic.title) if topic and topic.title else "-",
        plan=say("telling-measure", code=measure.code, title=measure.title),
    )
    columns = (
        Column(say("exports-method"), 5),
        Column(say("exports-period"), 2.5),
        Column(say("exports-result"), 6),
        Column(say("exports-evidence"), 5),
    )
    said = order.said.get(measure.id, [])
    results = tuple(
        say(
            "exports-told",
            told=say("papers-figure", text=telling.short(one.text, LONG) or "-"),
            day=one.fact_on or one.said_at.astimezone(order.zone).date(),
        )
        for one in said
    )
    steps = [say("exports-step", no=step.no, text=step.text) for step in measure.steps]
    row: tuple[Cell, ...] = (
        tuple(steps) or measure.method or measure.title,
        say("papers-figure", text=measure.schedule_text) if measure.schedule_text else None,
        results or say("exports-not-yet"),
        tuple(piece(one) for one in order.shown.get(measure.id, [])) or say("exports-no-evidence"),
    )
    sheet = say("papers-figure", text=measure.code)
    return Table(f"measure-{measure.code}", title, columns, (row,), sheet=sheet)


def piece(one: Shown) -> Plain:
    """A piece of evidence in a line: an address, a document's number and day, or a file's name."""
    if one.kind == "link":
        return one.url or one.name  # an address keeps the digits it works with
    if one.kind == "document":
        return (
            say("exports-document", name=one.name, day=one.own_date)
            if one.own_date
            else say("exports-document-undated", name=one.name)
        )
    return say("exports-photo" if one.kind == "photo" else "exports-file", name=one.name)
