"""What the secretary does on the pages: the same functions as in chat, one tap each."""

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.web.pages import TOLD, Gone, Pages, place_of
from bot.web.visits import Ask, Missing
from handlers import reviewing
from storage import plans, rounds
from storage.agencies import Unit
from storage.measures import Measure
from storage.rounds import Occurrence, Round

TOLD |= {
    "accepted": "pages-told-accepted",
    "returned": "pages-told-returned",
    "asked": "pages-told-asked",
    "closed": "pages-told-closed",
    "reopened": "pages-told-reopened",
}
CHANNEL = "page"


def routes(pages: Pages) -> list[BaseRoute]:
    """The forms."""
    return [
        pages.post("/board/reports/{id}/accept", accept, "review-accept"),
        pages.post("/board/reports/{id}/return", give_back, "review-return"),
        pages.post("/board/measures/{id}/ask/{unit}", ask_measure, "review-ask"),
        pages.post("/board/units/{unit}/ask", ask_unit, "review-ask"),
        pages.post("/board/rounds/{id}/close", close, "review-close"),
        pages.post("/board/rounds/{id}/reopen", reopen, "review-close"),
    ]


def accept(ask: Ask) -> Gone:
    """The report stands."""
    update = reviewing.accept(ask.records, ask.person, ask.number(), ask.at, CHANNEL)
    return Gone(place_of(ask, f"/board/measures/{update.measure_id}"), "accepted")


def give_back(ask: Ask) -> Gone:
    """The report goes back with a comment."""
    comment = ask.text("comment", reviewing.COMMENT_MOST)
    update = reviewing.give_back(ask.records, ask.person, ask.number(), comment, ask.at, CHANNEL)
    return Gone(place_of(ask, f"/board/measures/{update.measure_id}"), "returned")


def _unit(ask: Ask) -> Unit:
    found = ask.records.get(Unit, ask.number("unit"))
    if found is None:
        raise Missing
    return found


def ask_measure(ask: Ask) -> Gone:
    """Ask a unit how one measure stands."""
    measure, unit = ask.records.get(Measure, ask.number()), _unit(ask)
    if measure is None:
        raise Missing
    reviewing.ask(ask.records, ask.person, unit, [measure], ask.at, ask.today)
    return Gone(place_of(ask, f"/board/measures/{measure.id}"), "asked")


def ask_unit(ask: Ask) -> Gone:
    """Ask a unit about everything that is late, or else about what is under way."""
    unit, plan = _unit(ask), plans.active_plan(ask.records, ask.today)
    if plan is None:
        raise Missing
    owed = rounds.overdue(ask.records, plan, ask.today, unit.id) or [
        one
        for one in rounds.open_between(ask.records, plan, ask.today, ask.today, unit.id)
        if one.starts_on is None or one.starts_on <= ask.today
    ]
    measures = {one.measure_id: one.measure for one in owed} or _any(ask, unit, plan.id)
    reviewing.ask(ask.records, ask.person, unit, measures.values(), ask.at, ask.today)
    return Gone(place_of(ask, f"/board/units/{unit.id}"), "asked")


def _any(ask: Ask, unit: Unit, plan_id: int) -> dict[int, Measure]:
    """Where nothing is under way: the next thing the unit owes."""
    found = ask.records.scalars(
        select(Occurrence)
        .where(
            Occurrence.plan_id == plan_id,
            Occurrence.unit_id == unit.id,
            Occurrence.status.not_in(rounds.SETTLED),
        )
        .order_by(Occurrence.due_on)
        .limit(1)
    ).first()
    if found is None:
        raise Missing
    return {found.measure_id: found.measure}


def close(ask: Ask) -> Gone:
    """Close a report round."""
    call = _held(ask)
    reviewing.close(ask.records, ask.person, call, ask.at)
    return Gone(f"/board/rounds/{call.id}", "closed")


def reopen(ask: Ask) -> Gone:
    """Open a closed round again, and say why."""
    call = _held(ask)
    reviewing.reopen(ask.records, ask.person, call, ask.text("why", reviewing.COMMENT_MOST))
    return Gone(f"/board/rounds/{call.id}", "reopened")


def _held(ask: Ask) -> Round:
    """The round, which nobody else closes or opens meanwhile."""
    call = ask.records.get(Round, ask.number(), with_for_update=True)
    if call is None:
        raise Missing
    return call
