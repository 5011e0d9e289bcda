"""Report rounds: who has reported, how a closed one stood, what came after it was closed."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.web.board import plan_of
from bot.web.board_measure import review_of
from bot.web.pages import Pages, Shown
from bot.web.visits import Ask, Missing
from handlers import rights
from storage import history, reviews, rounds
from storage.progress import UNSENT, Update
from storage.rounds import SETTLED, Occurrence, Round


def routes(pages: Pages) -> list[BaseRoute]:
    """All rounds, and one."""
    return [
        pages.get("/board/rounds", every, "rounds-show"),
        pages.get("/board/rounds/{id}", one, "rounds-show"),
    ]


def every(ask: Ask) -> Shown:
    """The rounds of the year."""
    plan = plan_of(ask)
    lines = []
    for call in rounds.rounds(ask.records, plan):
        owed = reviews.owed_in(ask.records, call)
        kept = reviews.frozen(ask.records, call)
        states = [kept[each.id].status if each.id in kept else each.status for each in owed]
        lines.append(
            {
                "call": call,
                "days": (call.due_on - ask.today).days,
                "count": len(owed),
                "told": sum(_version(kept, each) > 0 for each in owed),
                "done": sum(state in SETTLED for state in states),
            }
        )
    return Shown("pages/rounds.html", {"plan": plan, "lines": lines})


def _version(kept: dict[int, reviews.Frozen], owed: Occurrence) -> int:
    return kept[owed.id].version if owed.id in kept else owed.version


def one(ask: Ask) -> Shown:
    """One round, unit by unit."""
    call = ask.records.get(Round, ask.number())
    if call is None:
        raise Missing
    owed, kept = reviews.owed_in(ask.records, call), reviews.frozen(ask.records, call)
    by_unit: dict[int, dict[str, Any]] = {}
    for each in owed:
        entry = by_unit.setdefault(each.unit_id, {"unit": each.unit, "lines": []})
        entry["lines"].append(_line(each, kept.get(each.id)))
    for entry in by_unit.values():
        entry["told"] = sum(line["version"] > 0 for line in entry["lines"])
    units = sorted(by_unit.values(), key=lambda entry: (entry["told"] > 0, entry["unit"].position))
    data: dict[str, Any] = {
        "call": call,
        "units": units,
        "counts": Counter(line["status"] for entry in units for line in entry["lines"]),
        "missing": [entry["unit"].name for entry in units if not entry["told"]],
        "after": _after(ask, call, set(kept)),
        "days": (call.due_on - ask.today).days,
        "may_close": rights.may(ask.person, "review-close"),
        "reopened": _reopened(ask, call),
    }
    return Shown("pages/round.html", data)


def _reopened(ask: Ask, call: Round) -> list[dict[str, Any]]:
    """When and why it was opened again, as the history has it."""
    return [
        {"at": one.at, "why": str(one.details.get("why", ""))}
        for one in history.notes_of(ask.records, f"round:{call.id}", "round-reopened")
    ]


def _line(owed: Occurrence, kept: reviews.Frozen | None) -> dict[str, Any]:
    """What is owed, as it stood when the round was closed, or as it stands."""
    version = kept.version if kept else owed.version
    count = kept.evidence_count if kept else owed.evidence_count
    status = kept.status if kept else owed.status
    return {
        "owed": owed,
        "status": status,
        "version": version,
        "evidence": count,
        "bare": status == rounds.DONE and not count,
        "review": review_of(owed) if kept is None else kept.review,
        "changed": kept is not None and owed.version > kept.version,
    }


def _after(ask: Ask, call: Round, owed: set[int]) -> list[Update]:
    """What was reported after the round was closed."""
    if call.frozen_at is None:
        return []
    query = select(Update).where(Update.said_at > call.frozen_at, Update.state != UNSENT)
    return [
        each for each in ask.records.scalars(query.order_by(Update.said_at)) if each.occurrence_id in owed
    ]
