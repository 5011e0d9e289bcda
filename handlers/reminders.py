"""Reminders: 30, 7 and 1 days before a due date and for a while after, one letter a unit, only to those
who have not reported. They name no person, and they end."""

from datetime import date, time, timedelta

from sqlalchemy import select

from handlers import telling
from handlers.talk import Card, Reply, Row, Say, quote, say
from handlers.timed import Errand, Post, Timed
from storage import plans, rounds
from storage.agencies import Unit
from storage.people import IN_CHAT, Group, Identity, Person, Role
from storage.rounds import Occurrence

Places = dict[int, list[str]]  # where each unit is reached

BEFORE = (30, 7, 1)
AFTER = (1, 7, 14, 21, 28)  # then silence: the weekly summary goes on naming it
RUNGS = (*BEFORE, *(-days for days in AFTER))
SHOWN = 8
MOST_MISSED = 14  # days; after a longer pause older rungs are not made up


def daily(errand: Errand) -> list[Post]:
    """The letters of one working day. A day that falls on a holiday is made up on the next working day."""
    plan = plans.active_plan(errand.records, errand.today)
    if plan is None:
        return []
    reach, by_unit = _reach(errand), dict[int, list[Occurrence]]()
    for one in rounds.open_on(errand.records, plan, _days(errand.today, reach)):
        if _is_time(one, errand.today, reach):
            by_unit.setdefault(one.unit_id, []).append(one)
    if not by_unit:
        return []
    places = _places(errand)
    posts = [post for found in by_unit.values() for post in _posts(errand, found, places)]
    unheard = [found[0].unit for unit_id, found in by_unit.items() if not places.get(unit_id)]
    return posts + (_unheard(errand, unheard) if unheard else [])


def _reach(errand: Errand) -> int:
    """How many days lie behind since the last run: weekends' and holidays' rungs are due today too."""
    return min(MOST_MISSED, max(1, (errand.today - errand.since).days)) if errand.since else 1


def _days(today: date, reach: int) -> set[date]:
    """The days whose rung of the ladder was reached since the last run."""
    return {today + timedelta(days=rung - late) for rung in RUNGS for late in range(reach)}


def _is_time(one: Occurrence, today: date, reach: int) -> bool:
    """Whether this thing is reminded of on such a day. What was reported lately is left alone until its
    day."""
    day = one.deadline
    if day is None:
        return False
    left = (day - today).days
    rungs = [rung for rung in RUNGS if rung <= 1] if one.version and left > 1 else RUNGS
    return any(left <= rung < left + reach for rung in rungs)


def _posts(errand: Errand, found: list[Occurrence], places: Places) -> list[Post]:
    unit = found[0].unit
    made = _letter(unit, found, errand.today)
    return [
        Post(place, made, "reminder", f"reminder:{unit.id}:{errand.today}:{place}", _language(errand))
        for place in places.get(unit.id, [])
    ]


def _language(errand: Errand) -> str:
    return str(errand.agency.settings.get("language", "th"))


def _places(errand: Errand) -> Places:
    """Each unit's oldest group; without one its coordinators in private."""
    groups: Places = {}
    tied = select(Group).where(Group.unit_id.is_not(None), Group.left_at.is_(None)).order_by(Group.joined_at)
    for group in errand.records.scalars(tied):
        groups.setdefault(group.unit_id or 0, [group.address])
    coordinators: Places = {}
    for person, address in _in_private(errand, Role.COORDINATOR):
        coordinators.setdefault(person.unit_id or 0, []).append(address)
    return {**coordinators, **groups}


def _in_private(errand: Errand, role: Role) -> list[tuple[Person, str]]:
    """Everybody with a role who can be written to, each at one address."""
    bound = (
        select(Identity)
        .join(Person)
        .where(Person.role == role, Person.left_at.is_(None), Identity.unfollowed_at.is_(None), IN_CHAT)
        .order_by(Identity.bound_at)
    )
    found = {
        one.person_id: (one.person, one.address) for one in reversed(list(errand.records.scalars(bound)))
    }
    return list(found.values())


def _unheard(errand: Errand, units: list[Unit]) -> list[Post]:
    """Tell the secretary, once a week, of units that nobody can remind: silence looks like consent."""
    year, week, _ = errand.today.isocalendar()
    made = Reply(
        say=say("reminders-unheard", count=len(units)),
        cards=(
            Card(
                title=say("reminders-unheard-title"),
                rows=tuple(Row(quote(one.name)) for one in sorted(units, key=lambda one: one.name)),
            ),
        ),
    )
    return [
        Post(address, made, "reminder", f"unheard:{year}-{week}:{address}", person.language)
        for person, address in _in_private(errand, Role.SECRETARY)
    ]


def _letter(unit: Unit, found: list[Occurrence], today: date) -> Reply:
    late = [one for one in found if one.is_overdue(today)]
    coming = [one for one in found if one not in late]
    rows = [*_section("reminders-coming", coming, today), *_section("reminders-late", late, today)]
    return Reply(
        say=_headline(unit, coming, late),
        cards=(Card(title=say("reminders-title", unit=unit.name), rows=tuple(rows)),),
        choices=tuple(telling.report(one.measure) for one in found[:3]),
    )


def _headline(unit: Unit, coming: list[Occurrence], late: list[Occurrence]) -> Say:
    if coming and late:
        return say("reminders-both", unit=unit.label, coming=len(coming), late=len(late))
    if late:
        return say("reminders-only-late", unit=unit.label, count=len(late))
    return say("reminders-only-coming", unit=unit.label, count=len(coming))


def _section(name: str, found: list[Occurrence], today: date) -> list[Row]:
    if not found:
        return []
    rows = [Row(say(name), mark="note"), *(telling.row(one, today) for one in found[:SHOWN])]
    return rows if len(found) <= SHOWN else [*rows, Row(say("reminders-more", count=len(found) - SHOWN))]


DAILY = Timed("reminders-daily", at=time(9, 0), run=daily)
