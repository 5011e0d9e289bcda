"""O items on the working group's page: the secretary chooses what is published for each."""

from typing import Any

from starlette.routing import BaseRoute

from bot.web.board import plan_of
from bot.web.pages import TOLD, Gone, Pages, Shown
from bot.web.visits import Ask, Missing, number_of
from handlers import disclosures as disclosing
from handlers.talk import Refused, say
from storage import disclosures
from storage.evidence import Evidence
from storage.plans import Plan

TOLD |= {"published": "pages-told-published", "unpublished": "pages-told-unpublished"}
INTENT = "review-publish"
PIECE, TITLED = "piece-", "title-"


def routes(pages: Pages) -> list[BaseRoute]:
    """All items, one, and its forms."""
    return [
        pages.get("/board/items", every, INTENT),
        pages.get("/board/items/{item}", one, INTENT),
        pages.post("/board/items/{item}", publish, INTENT),
        pages.post("/board/items/{item}/end", end, INTENT),
    ]


def every(ask: Ask) -> Shown:
    """The items of the plan, with the public address of those that are open."""
    plan = plan_of(ask)
    opened = disclosures.open_in(ask.records, plan.fiscal_year)
    lines = [
        {
            "item": item,
            "measures": found,
            "page": opened.get(item),
            "address": _address(ask, plan, item),
            "count": len(disclosures.can_be_shown(ask.records, found)),
        }
        for item, found in sorted(disclosures.items(ask.records, plan).items(), key=_by_number)
    ]
    return Shown("pages/items.html", {"plan": plan, "lines": lines})


def _by_number(entry: tuple[str, Any]) -> tuple[int, str]:
    digits = "".join(one for one in entry[0] if one.isdecimal())
    return int(digits or 0), entry[0]


def _address(ask: Ask, plan: Plan, item: str) -> str:
    """Where anybody can open it."""
    return disclosing.address(ask.app.settings.public_url, ask.agency.slug, plan.fiscal_year, item)


def one(ask: Ask) -> Shown:
    """One item: its words, and what was handed in for it, to be chosen from."""
    plan, item = plan_of(ask), ask.path["item"].upper()
    measures = disclosures.items(ask.records, plan).get(item)
    if not measures:
        raise Missing
    page = disclosures.find(ask.records, plan.fiscal_year, item)
    titles = {int(each["evidence"]): str(each["title"]) for each in page.pieces} if page else {}
    data: dict[str, Any] = {
        "item": item,
        "measures": measures,
        "page": page,
        "is_open": page is not None and page.ended_at is None,
        "title": page.title if page else measures[0].title,
        "note": page.note if page else "",
        "address": _address(ask, plan, item),
        "pieces": [
            {"piece": each, "title": titles.get(each.id, _proposed(each)), "chosen": each.id in titles}
            for each in disclosures.can_be_shown(ask.records, measures)
        ],
    }
    return Shown("pages/item.html", data)


def _proposed(piece: Evidence) -> str:
    """A first public title: an address or a document's number; a file's name may name a person."""
    return piece.url or ("" if piece.sha256 else piece.name)


def publish(ask: Ask) -> Gone:
    """Open or change the page of an item. Raises Refused without the word that nobody is named in it."""
    if not ask.text("checked"):
        raise Refused(say("disclosures-unchecked"))
    plan, item = plan_of(ask), ask.path["item"].upper()
    named = [key.removeprefix(PIECE) for key in ask.form if key.startswith(PIECE)]
    chosen = {number: ask.text(TITLED + one, 300) for one in named if (number := number_of(one)) is not None}
    disclosing.publish(
        ask.records,
        ask.person,
        plan,
        item,
        title=ask.text("title", 300),
        note=ask.text("note", 2000),
        chosen=chosen,
        at=ask.at,
    )
    return Gone(f"/board/items/{item}", "published")


def end(ask: Ask) -> Gone:
    """Close the page of an item."""
    item = ask.path["item"].upper()
    disclosing.end(ask.records, ask.person, plan_of(ask), item, ask.at)
    return Gone(f"/board/items/{item}", "unpublished")
