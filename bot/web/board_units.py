"""Units: how each stands, one with everything it owes; what the secretary has to follow up."""

from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.web.board import drawn, legend, plan_of
from bot.web.board_measure import review_of
from bot.web.pages import Pages, Shown
from bot.web.visits import Ask, Missing
from handlers import charts, rights, telling
from storage import people, reviews, rounds, standing
from storage.agencies import Unit
from storage.people import Person, Role
from storage.progress import RETURNED
from storage.rounds import SETTLED, Occurrence

WAITING_SHOWN = 60


def routes(pages: Pages) -> list[BaseRoute]:
    """All units, one unit, and what is to be followed up."""
    return [
        pages.get("/board/units", units, "summary-units"),
        pages.get("/board/units/{unit}", one, "duties-unit"),
        pages.get("/board/follow", follow, "due-late-all"),
    ]


def units(ask: Ask) -> Shown:
    """How each unit stands."""
    now = standing.standing(ask.records, plan_of(ask))
    bars = charts.by_unit(now, ask.today)
    found = now.by_unit(ask.today)
    rows = drawn(ask, bars, lambda no: f"/board/units/{found[no][0].id}")
    lines = [
        {"drawn": row, "unit": unit, "done": done, "count": count, "late": late}
        for row, (unit, done, count, late) in zip(rows, found, strict=True)
    ]
    return Shown("pages/units.html", {"lines": lines, "legend": legend(ask, bars)})


def one(ask: Ask) -> Shown:
    """What one unit owes: late, due soon, under way, done."""
    unit, plan = ask.records.get(Unit, ask.number("unit")), plan_of(ask)
    if unit is None:
        raise Missing
    owed = rounds.occurrences(ask.records, plan, unit.id)
    late = [each for each in owed if each.is_overdue(ask.today)]
    done = [each for each in owed if each.status in SETTLED]
    coming = [each for each in owed if each not in late and each not in done]
    asked = reviews.asked_on(ask.records, ask.today)
    data: dict[str, Any] = {
        "unit": unit,
        "groups": [
            (name, [_line(ask, each) for each in found])
            for name, found in (
                ("pages-unit-late", late),
                ("pages-unit-coming", coming),
                ("pages-unit-done", done),
            )
            if found
        ],
        "figures": (len(done), len(owed), len(late)),
        "staff": _coordinators(ask, unit),
        "has_group": bool(people.groups_of(ask.records, unit.id)),
        "may_ask": rights.may(ask.person, "review-ask") and len(done) < len(owed),
        "asked": any(number == unit.id for number, _ in asked),
    }
    return Shown("pages/unit.html", data)


def _coordinators(ask: Ask, unit: Unit) -> list[Person]:
    return list(
        ask.records.scalars(
            select(Person).where(
                Person.unit_id == unit.id, Person.role == Role.COORDINATOR, Person.left_at.is_(None)
            )
        )
    )


def _line(ask: Ask, owed: Occurrence) -> dict[str, Any]:
    return {
        "owed": owed,
        "when": ask.say(telling.when(owed, ask.today)),
        "late": owed.is_overdue(ask.today),
        "bare": owed.status == rounds.DONE and not owed.evidence_count,
        "review": review_of(owed),
    }


def follow(ask: Ask) -> Shown:
    """What waits to be reviewed, what is late, who is silent, what is done without evidence."""
    plan = plan_of(ask)
    now = standing.standing(ask.records, plan)
    bare = {each.id for each in now.bare(standing.nothing_to_report(ask.records, plan))}
    every = rounds.occurrences(ask.records, plan)
    asked = reviews.asked_on(ask.records, ask.today)
    late: dict[int, dict[str, Any]] = {}
    for each in every:
        if each.is_overdue(ask.today):
            entry = late.setdefault(each.unit_id, {"unit": each.unit, "lines": []})
            entry["lines"].append(_line(ask, each) | {"asked": (each.unit_id, each.measure_id) in asked})
    waiting = reviews.waiting(ask.records, plan)
    data: dict[str, Any] = {
        "waiting": [_waiting(ask, each) for each in waiting[:WAITING_SHOWN]],
        "waiting_count": len(waiting),
        "returned": [_line(ask, each) for each in every if each.review == RETURNED],
        "late": list(late.values()),
        "late_count": sum(len(each["lines"]) for each in late.values()),
        "silent": now.silent(ask.today),
        "asked_units": {number for number, _ in asked},
        "bare": [_line(ask, each) for each in every if each.id in bare],
        "may": rights.may(ask.person, "review-accept"),
    }
    return Shown("pages/follow.html", data)


def _waiting(ask: Ask, owed: Occurrence) -> dict[str, Any]:
    return _line(ask, owed) | {"report": reviews.latest(ask.records, owed)}
