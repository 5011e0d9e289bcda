"""A draft of a plan on a page: what its document says beside what was read of it, to accept or to change."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.tables import places, plan_reading
from bot.web.pages import TOLD, Gone, Pages, Shown, place_of
from bot.web.visits import Ask, Missing
from handlers import plan_deciding, plan_mending, plans
from handlers.talk import Say, quote, say
from storage import doubts, exports
from storage.doubts import ACCEPTED, DECLINED, STATUS, Asked
from storage.measures import Duty, Measure, measures
from storage.plans import DRAFT, Doubt, Plan
from storage.rounds import STATUSES

BRING = "plans-import"
A_PAGE = 20  # doubts on one page
BESIDE = 3  # measures shown beside one doubt
LONG, BEGINS = 160, 110  # letters of a cell that is folded away, and of its beginning
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOLD |= {
    "doubt-accepted": "pages-told-doubt-accepted",
    "doubt-declined": "pages-told-doubt-declined",
    "doubt-changed": "pages-told-doubt-changed",
    "doubts-accepted": "pages-told-doubts-accepted",
    "plan-active": "pages-told-plan-active",
    "plan-dropped": "pages-told-plan-dropped",
}


@dataclass(frozen=True, slots=True)
class Read:
    """One measure as it was read, for a doubt to be held against."""

    code: str
    title: str
    period: str
    spans: str
    units: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell of the document's row, the words in doubt marked; of a long one without any, its beginning."""

    text: Markup
    short: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One doubt on the page: the document's side and ours."""

    asked: Asked
    where: str
    cells: tuple[Piece, ...]
    guess: str
    without: str  # what is said where there is no guess
    value: str
    example: str
    statuses: tuple[tuple[str, str], ...]
    read: tuple[Read, ...]
    more: int
    apart: bool  # what is in doubt does not stand so in the row, and is told beside it
    following: int  # the number of the next one on the page, where one goes on


def routes(pages: Pages) -> list[BaseRoute]:
    """The draft, its file for Excel, and what is done about it."""
    return [
        pages.get("/board/plans/{id}", draft, BRING),
        pages.get("/board/plans/{id}/reading.xlsx", reading, "plans-reading"),
        pages.post("/board/plans/{id}/accept", accept_shown, "plans-accept"),
        pages.post("/board/plans/{id}/activate", activate, "plans-activate"),
        pages.post("/board/plans/{id}/cancel", cancel, "plans-cancel"),
        pages.post("/board/doubts/{id}/accept", accept, "plans-doubt"),
        pages.post("/board/doubts/{id}/decline", decline, "plans-doubt"),
        pages.post("/board/doubts/{id}/change", change, "plans-change"),
    ]


def draft(ask: Ask) -> Shown:
    """The doubts of a draft, those still open first of all; what came in, and what it changes."""
    plan = _plan(ask)
    every = doubts.listed(plan)
    left = [one for one in every if not one.decision]
    shown, why = ask.query.get("show", "open"), ask.query.get("why", "")
    found = [one for one in (every if shown == "all" else left) if why in ("", one.why)]
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, _number(ask.query.get("page", "1"))), pages)
    here = found[(page - 1) * A_PAGE : page * A_PAGE]
    by_code = {one.code: one for one in measures(ask.records, plan)}
    counts = Counter(one.why for one in every if shown == "all" or not one.decision)
    data: dict[str, Any] = {
        "plan": plan,
        "title": ask.say(say("plans-title", year=str(plan.fiscal_year))),
        "cards": plans.overview(ask.records, plan),
        "count": len(every),
        "left": len(left),
        "lines": lines(ask, here, by_code),
        "open_here": [one.id for one in here if not one.decision],
        "reasons": [(name, ask.say(say(f"plans-why-{name}")), count) for name, count in counts.most_common()],
        "wanted": {"show": shown, "why": why},
        "page": page,
        "pages": pages,
        "address": lambda no: f"/board/plans/{plan.id}?{urlencode({'show': shown, 'why': why, 'page': no})}",
    }
    return Shown("pages/draft.html", data)


def _plan(ask: Ask) -> Plan:
    plan = ask.records.get(Plan, ask.number())
    if plan is None or plan.status != DRAFT:
        raise Missing
    return plan


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def lines(ask: Ask, here: list[Asked], by_code: dict[str, Measure]) -> list[Line]:
    """Doubts as the page shows them."""
    made = []
    for at, one in enumerate(here):
        doubt = ask.records.get_one(Doubt, one.id)
        there = [by_code[code] for code in one.measures if code in by_code]
        offered = STATUSES if one.why in STATUS else ()
        made.append(
            Line(
                asked=one,
                where=places.in_words(one.where, ask.voice),
                cells=tuple(_marked(cell, one.said) for cell in one.row or ((one.said,) if one.said else ())),
                guess=ask.say(plan_mending.guess_of(doubt)),
                without=ask.say(plan_mending.no_guess(doubt)),
                value=ask.say(_value(one)),
                example=ask.say(plan_deciding.example(doubt)),
                statuses=tuple((name, ask.say(plan_mending.status_name(name))) for name in offered),
                read=tuple(_read(ask, each) for each in there[:BESIDE]),
                more=max(0, len(there) - BESIDE),
                apart=bool(one.said and one.row) and not any(one.said in cell for cell in one.row),
                following=here[min(at + 1, len(here) - 1)].number,
            )
        )
    return made


def _value(one: Asked) -> Say:
    return plan_mending.status_name(one.value) if one.value in STATUSES else quote(one.value)


def _marked(cell: str, said: str) -> Piece:
    if said and said in cell:
        before, found, after = cell.partition(said)
        return Piece(escape(before) + Markup("<mark>{}</mark>").format(found) + escape(after))
    return Piece(escape(cell), " ".join(cell.split())[:BEGINS] if len(cell) > LONG else "")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _read(ask: Ask, measure: Measure) -> Read:
    spans = [
        ask.say(say("plans-span", start=_day(start), end=_day(end))) for start, end in measure.schedule_ranges
    ]
    everyone = ask.say(say("plans-everyone"))
    names = [
        everyone if one.role == Duty.ALL_UNITS else one.unit.name if one.unit else one.written
        for one in measure.responsibilities
    ]
    status = measure.reported_status
    told = ask.say(plan_mending.status_name(status)) if status in STATUSES else ""
    return Read(measure.code, measure.title, measure.schedule_text, ", ".join(spans[:4]), tuple(names), told)


def reading(ask: Ask) -> Response:
    """What was read as a workbook; corrected, it is sent on the page for documents."""
    plan = _plan(ask)
    content = plan_reading.write(exports.as_draft(ask.records, plan), doubts.listed(plan))
    name = f"plan-{plan.fiscal_year}-{plan.version}.xlsx"
    return Response(
        content, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def accept(ask: Ask) -> Gone:
    """The guess is taken."""
    return _decided(ask, accepted=True)


def decline(ask: Ask) -> Gone:
    """The guess is not taken; the cell stays unread."""
    return _decided(ask, accepted=False)


def _decided(ask: Ask, *, accepted: bool) -> Gone:
    found = plan_deciding.decide(ask.records, ask.person, ask.number(), accepted=accepted)
    return _on(ask, found, {ACCEPTED: "doubt-accepted", DECLINED: "doubt-declined"}[found.decision])


def change(ask: Ask) -> Gone:
    """Something else stands there. Raises Refused where it cannot be read."""
    value = ask.text("value", plan_mending.LONGEST)
    found = plan_deciding.change(ask.records, ask.person, ask.number(), value)
    return _on(ask, found, "doubt-changed")


def _on(ask: Ask, found: Doubt, told: str) -> Gone:
    """Back to the page, at the doubt that follows."""
    following = ask.text("following", 6)
    at = f"d{following}" if following.isascii() and following.isdecimal() else ""
    return Gone(place_of(ask, f"/board/plans/{found.plan_id}"), told, at)


def accept_shown(ask: Ask) -> Gone:
    """The guesses of all doubts on the page are taken."""
    plan = plan_deciding.draft(ask.records, ask.number())
    numbers = [int(one) for one in ask.text("shown", 20 * A_PAGE).split(",") if one.isdecimal()]
    plan_deciding.accept_these(ask.records, ask.person, plan, numbers)
    return Gone(place_of(ask, f"/board/plans/{plan.id}"), "doubts-accepted")


def activate(ask: Ask) -> Gone:
    """The plan counts from now on."""
    plan_deciding.activate(ask.records, ask.person, plan_deciding.draft(ask.records, ask.number()))
    return Gone("/board", "plan-active")


def cancel(ask: Ask) -> Gone:
    """The draft is thrown away."""
    plan_deciding.discard(ask.records, ask.person, plan_deciding.draft(ask.records, ask.number()))
    return Gone("/board/documents", "plan-dropped")
