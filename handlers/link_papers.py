"""The link sheet: what can be handed in for each O item, and what is still missing."""

import re
from collections import defaultdict

from handlers.disclosures import address
from handlers.form_papers import piece
from handlers.orders import Order
from handlers.plan_papers import covers
from handlers.report import Cell, Column, Plain, Report, Table
from handlers.talk import Refused, Say, say
from handlers.views import figure, units_of
from storage.measures import Measure
from storage.rounds import SETTLED

_NUMBER = re.compile(r"\d+")


def links(order: Order) -> Report:
    """For each O item: the measures behind it, what there is to hand in, and what is still missing.

    Raises:
        Refused: no measure of the plan names an O item.
    """
    by_item: dict[str, list[Measure]] = defaultdict(list)
    for measure in order.measures:
        for item in measure.o_items:
            by_item[item].append(measure)
    if not by_item:
        raise Refused(say("exports-no-items"))
    lines = [_item(order, item, by_item[item]) for item in sorted(by_item, key=_by_number)]
    rows, complete = [row for row, _ in lines], sum(is_complete for _, is_complete in lines)
    columns = (
        Column(say("exports-item"), 1.2),
        Column(say("exports-measure"), 5),
        Column(say("exports-responsible"), 3),
        Column(say("exports-handed-in"), 6),
        Column(say("exports-missing"), 4),
    )
    return Report(
        title=say("exports-links-title", year=str(order.plan.fiscal_year), agency=order.agency.name),
        covers=covers(order),
        headline=say(
            "exports-links-count", count=len(by_item), complete=complete, left=len(by_item) - complete
        ),
        sections=(),
        start=order.covers.start,
        end=order.covers.end,
        as_of=order.as_of,
        kind="links",
        tables=(Table("links", say("exports-links-table"), columns, tuple(rows)),),
        is_wide=True,
    )


def _item(order: Order, item: str, found: list[Measure]) -> tuple[tuple[Cell, ...], bool]:
    """The row of an item, and whether it can be handed in."""
    page = order.published.get(item.upper())
    missing = _missing(order, found, has_page=page is not None)
    pieces = {one: None for measure in found for one in order.shown.get(measure.id, [])}
    shown: tuple[Plain, ...] = tuple(piece(one) for one in pieces)
    if page is not None:
        shown = (address(order.site, order.agency.slug, page.fiscal_year, page.item), *shown)
    row = (
        figure(item),
        tuple(say("telling-measure", code=one.code, title=one.title) for one in found),
        tuple(order.responsible(one) for one in found),
        shown or None,
        missing or say("exports-complete"),
    )
    return row, not missing


def _missing(order: Order, found: list[Measure], *, has_page: bool) -> tuple[Plain, ...]:
    """What an item still lacks before it can be handed in: work, evidence, an address to give."""
    owed = [one for measure in found for one in order.owed.get(measure.id, [])]
    shown = [one for measure in found for one in order.shown.get(measure.id, [])]
    opened = [one for one in owed if one.status not in SETTLED]
    bare = [one for one in owed if one.status in SETTLED and not one.evidence_count]
    lines: list[Say] = []
    if opened:
        lines.append(say("exports-lacks-work", count=len(opened), units=units_of(order.now, opened)))
    if bare:
        lines.append(say("exports-lacks-evidence", count=len(bare), units=units_of(order.now, bare)))
    if not has_page and not any(one.kind == "link" for one in shown):
        lines.append(say("exports-lacks-link"))
    return tuple(lines)


def _by_number(item: str) -> tuple[int, str]:
    found = _NUMBER.search(item)
    return int(found[0]) if found else 0, item
