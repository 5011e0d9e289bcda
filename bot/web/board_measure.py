"""One measure: what the plan says, how each unit stands, every version with its evidence."""

from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.web.evidence import may_open, views
from bot.web.pages import Pages, Shown
from bot.web.visits import Ask, Missing
from handlers import rights, telling
from handlers.talk import say
from storage import evidence, reviews
from storage.measures import Measure
from storage.plans import Finding
from storage.progress import COUNTED, UNSENT, Update
from storage.rounds import DONE, SETTLED, Occurrence


def routes(pages: Pages) -> list[BaseRoute]:
    """One measure."""
    return [pages.get("/board/measures/{id}", one, "measures-show")]


def one(ask: Ask) -> Shown:
    """One measure: what the plan says, how each unit stands, every version with who and when, evidence."""
    measure = ask.records.get(Measure, ask.number())
    if measure is None:
        raise Missing
    owed = list(
        ask.records.scalars(
            select(Occurrence)
            .where(Occurrence.measure_id == measure.id)
            .order_by(Occurrence.unit_id, Occurrence.due_on.is_(None), Occurrence.due_on)
        )
    )
    chosen = ask.query.get("unit", "")
    shown = [each for each in owed if str(each.unit_id) == chosen] or owed
    data: dict[str, Any] = {
        "measure": measure,
        "findings": _findings(ask, measure),
        "units": _by_unit(ask, owed),
        "chosen": chosen if len(shown) < len(owed) else "",
        "versions": _versions(ask, measure, {each.id for each in shown}),
        "loose": _loose(ask, shown),
        "may_ask": rights.may(ask.person, "review-ask"),
        "may_review": rights.may(ask.person, "review-accept"),
    }
    return Shown("pages/measure.html", data)


def _findings(ask: Ask, measure: Measure) -> list[Finding]:
    if measure.topic_id is None:
        return []
    found = list(
        ask.records.scalars(
            select(Finding).where(Finding.topic_id == measure.topic_id).order_by(Finding.position)
        )
    )
    return [each for each in found if each.question in measure.questions] or found


def _by_unit(ask: Ask, owed: list[Occurrence]) -> list[dict[str, Any]]:
    """Each unit that owes it, with its windows."""
    asked = reviews.asked_on(ask.records, ask.today)
    found: dict[int, dict[str, Any]] = {}
    for one_ in owed:
        entry = found.setdefault(
            one_.unit_id,
            {
                "unit": one_.unit,
                "windows": [],
                "asked": (one_.unit_id, one_.measure_id) in asked,
                "open": False,
            },
        )
        entry["open"] = entry["open"] or one_.status not in SETTLED
        entry["windows"].append(
            {
                "owed": one_,
                "when": ask.say(telling.when(one_, ask.today)),
                "late": one_.is_overdue(ask.today),
                "bare": one_.status == DONE and not one_.evidence_count,
                "review": review_of(one_),
            }
        )
    return sorted(found.values(), key=lambda each: (each["unit"].position, each["unit"].name))


def review_of(one_: Occurrence) -> str:
    """How a report was looked at: nothing was reported, waiting, accepted, returned."""
    return one_.review or (reviews.WAITING if one_.reported_at else "")


def _versions(ask: Ask, measure: Measure, shown: set[int]) -> list[dict[str, Any]]:
    """Every version, the newest first, with its evidence and what was said of it."""
    found = [
        each
        for each in ask.records.scalars(
            select(Update)
            .where(Update.measure_id == measure.id)
            .order_by(Update.said_at.desc(), Update.version.desc())
        )
        if each.occurrence_id in shown
    ]
    words = reviews.reviews_of(ask.records, [each.id for each in found])
    papers: dict[int, list[evidence.Evidence]] = {}
    for number in shown:
        for piece in evidence.evidence_of(ask.records, number):
            if piece.update_id:
                papers.setdefault(piece.update_id, []).append(piece)
    latest = {
        number: max((each.version for each in found if _counts(each, number)), default=0) for number in shown
    }
    return [
        {
            "report": each,
            "unit": each.occurrence.unit,
            "gone": each.state == UNSENT,
            "words": [(word, _said(ask, word)) for word in words.get(each.id, [])],
            "evidence": views(ask, papers.get(each.id, [])),
            "may_open": may_open(ask, each.occurrence.unit_id),
            "is_latest": each.state == COUNTED and each.version == latest[each.occurrence_id],
            "review": review_of(each.occurrence),
            "after": (each.details or {}).get("after_round", ""),
        }
        for each in found
    ]


def _said(ask: Ask, word: reviews.Review) -> str:
    """Who said it, and when."""
    name = word.person.name if word.person else ""
    return ask.say(say(f"pages-word-{word.verdict}", name=name, at=word.at))


def _counts(update: Update, number: int) -> bool:
    return update.occurrence_id == number and update.state == COUNTED


def _loose(ask: Ask, shown: list[Occurrence]) -> list[dict[str, Any]]:
    """Evidence that belongs to no version."""
    pieces = [
        piece
        for each in shown
        if each.evidence_count
        for piece in evidence.evidence_of(ask.records, each.id)
        if not piece.update_id
    ]
    return views(ask, pieces)
