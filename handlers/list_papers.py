"""Lists: who has acknowledged a policy, and what can be handed in for each O item."""

import re
from collections import defaultdict

from handlers.disclosures import address
from handlers.form_papers import piece
from handlers.orders import Order
from handlers.plan_papers import covers
from handlers.report import Band, Cell, Column, Plain, Report, Signature, Table
from handlers.talk import Refused, Say, say
from handlers.views import figure, units_of
from storage import narratives, people
from storage.measures import Measure
from storage.people import Person
from storage.rounds import SETTLED

_NUMBER = re.compile(r"\d+")


def acknowledgements(order: Order) -> Report:
    """Everybody on the staff with the day they acknowledged the policy, unit by unit, and the counts.

    Raises:
        Refused: no policy is named, or none is in force.
    """
    version = order.policy
    if version is None:
        raise Refused(say("exports-which-policy"))
    staff = people.staff(order.records)
    when = narratives.acknowledged_at(order.records, version.id)
    by_unit: dict[str, list[Person]] = defaultdict(list)
    for person in staff:
        by_unit[person.unit.name if person.unit else ""].append(person)
    rows: list[tuple[Cell, ...] | Band] = []
    no = 0
    for unit, found in by_unit.items():
        done = sum(person.id in when for person in found)
        name = say("papers-figure", text=unit) if unit else say("policies-no-unit")
        rows.append(Band(say("exports-unit-read", unit=name, done=done, count=len(found))))
        for person in found:
            no += 1
            at = when.get(person.id)
            told = say("exports-read-on", at=at) if at else say("exports-unread")
            rows.append((no, person.name, name, at.astimezone(order.zone).date() if at else None, told))
    columns = (
        Column(say("exports-no"), 1, "number"),
        Column(say("exports-name"), 5),
        Column(say("views-unit"), 5),
        Column(say("exports-read"), 2.2, "day"),
        Column(say("views-status"), 4),
    )
    done = sum(person.id in when for person in staff)
    counted = say("exports-read-count", done=done, count=len(staff), left=len(staff) - done)
    return Report(
        title=say("exports-read-title", title=version.policy.title),
        covers=say("exports-read-covers", no=version.no, since=version.effective_on, today=order.today),
        headline=counted,
        sections=(),
        start=version.effective_on,
        end=order.today,
        as_of=order.today,
        kind="acknowledgements",
        tables=(Table("acknowledgements", say("exports-read-table"), columns, tuple(rows)),),
        signed=(Signature(say("exports-signs-secretary")),),
    )


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
