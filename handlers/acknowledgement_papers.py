"""Who has acknowledged a policy, or every policy in force: the staff unit by unit, with counts."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime

from handlers.orders import Order
from handlers.report import Band, Cell, Column, Line, Report, Section, Signature, Table
from handlers.talk import Refused, Say, quote, say
from storage import narratives, people, policies
from storage.people import Person
from storage.policies import PolicyVersion

When = dict[int, datetime]  # person → moment
KIND = "acknowledgements"


def acknowledgements(order: Order) -> Report:
    """The list of one policy; of every policy in force where none is named.

    Raises:
        Refused: no policy is in force, or the unit that is named has no staff.
    """
    known = [order.policy] if order.policy else policies.all_in_force(order.records, order.today)
    if not known:
        raise Refused(say("policies-none"))
    staff = [one for one in people.staff(order.records) if order.unit is None or one.unit_id == order.unit.id]
    if not staff:
        raise Refused(say("exports-no-staff", unit=order.unit.name if order.unit else order.agency.name))
    when = {one.id: narratives.acknowledged_at(order.records, one.id) for one in known}
    if len(known) == 1:
        return _of_one(order, known[0], staff, when[known[0].id])
    return _of_all(order, known, staff, when)


def _of_one(order: Order, version: PolicyVersion, staff: list[Person], when: When) -> Report:
    def cells(person: Person) -> tuple[Cell, ...]:
        at = when.get(person.id)
        told = say("exports-read-on", at=at) if at else say("exports-unread")
        return (at.astimezone(order.zone).date() if at else None, told)

    columns = (Column(say("exports-read"), 2.2, "day"), Column(say("views-status"), 4))
    return _report(
        order,
        title=say("exports-read-title", title=version.policy.title),
        covers=say("exports-read-covers", no=version.no, since=version.effective_on, today=order.today),
        counted=_counted(staff, when),
        table=_table(order, staff, columns, cells, lambda found: _done(found, when)),
        start=version.effective_on,
    )


def _of_all(order: Order, known: list[PolicyVersion], staff: list[Person], when: dict[int, When]) -> Report:
    """One table with a column for each policy: the day, or nothing yet."""

    def cells(person: Person) -> tuple[Cell, ...]:
        moments = [when[one.id].get(person.id) for one in known]
        return tuple(at.astimezone(order.zone).date() if at else None for at in moments)

    def complete(found: list[Person]) -> int:
        return sum(all(person.id in when[one.id] for one in known) for person in found)

    columns = tuple(Column(quote(one.policy.label), 2.4, "day") for one in known)
    return _report(
        order,
        title=say("exports-read-all-title", agency=order.agency.name),
        covers=say("exports-read-all-covers", count=len(known), today=order.today),
        counted=say("exports-read-all-count", done=complete(staff), count=len(staff), policies=len(known)),
        table=_table(order, staff, columns, cells, complete),
        start=min(one.effective_on for one in known),
        sections=(_shares(known, staff, when),),
    )


def _shares(known: list[PolicyVersion], staff: list[Person], when: dict[int, When]) -> Section:
    lines = tuple(
        Line(
            say("exports-read-of", title=one.policy.title, no=one.no),
            say("exports-read-share", done=_done(staff, when[one.id]), count=len(staff)),
            share=_done(staff, when[one.id]) / len(staff),
        )
        for one in known
    )
    return Section("counts", say("exports-read-by-policy"), lines, is_chart=True)


def _table(
    order: Order,
    staff: list[Person],
    columns: tuple[Column, ...],
    cells: Callable[[Person], tuple[Cell, ...]],
    done: Callable[[list[Person]], int],
) -> Table:
    """The staff under their units, numbered through."""
    by_unit: dict[str, list[Person]] = defaultdict(list)
    for person in sorted(staff, key=_place):
        by_unit[person.unit.name if person.unit else ""].append(person)
    rows: list[tuple[Cell, ...] | Band] = []
    no = 0
    for unit, found in by_unit.items():
        name = say("papers-figure", text=unit) if unit else say("policies-no-unit")
        rows.append(Band(say("exports-unit-read", unit=name, done=done(found), count=len(found))))
        rows += [(at, one.name, name, *cells(one)) for at, one in enumerate(found, no + 1)]
        no += len(found)
    heads = (
        Column(say("exports-no"), 1, "number"),
        Column(say("exports-name"), 5),
        Column(say("views-unit"), 5),
    )
    return Table(KIND, say("exports-read-table"), (*heads, *columns), tuple(rows))


def _place(person: Person) -> tuple[int, int, str, str]:
    """Units in the agency's order, those of no unit last; in a unit by name."""
    unit = person.unit
    return (0, unit.position, unit.name, person.name) if unit else (1, 0, "", person.name)


def _report(
    order: Order,
    *,
    title: Say,
    covers: Say,
    counted: Say,
    table: Table,
    start: date,
    sections: tuple[Section, ...] = (),
) -> Report:
    return Report(
        title=title,
        covers=say("exports-covers-of", of=order.unit.name, days=covers) if order.unit else covers,
        headline=counted,
        sections=sections,
        start=start,
        end=order.today,
        as_of=order.today,
        kind=KIND,
        tables=(table,),
        signed=(Signature(say("exports-signs-secretary")),),
        is_wide=bool(sections),
    )


def _counted(staff: list[Person], when: When) -> Say:
    done = _done(staff, when)
    return say("exports-read-count", done=done, count=len(staff), left=len(staff) - done)


def _done(found: list[Person], when: When) -> int:
    return sum(person.id in when for person in found)
