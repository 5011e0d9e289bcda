"""What was read of a plan as a file to correct in Excel and send back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.talk import Card, Choice, Refused, Reply, Row, Say, Turn, say
from storage import doubts, exports, papers
from storage.calendar import fiscal_year
from storage.doubts import Asked
from storage.drafts import Draft
from storage.papers import Paper
from storage.plans import Plan

KIND = "plan-reading"  # of the papers given out; bot/press.py makes their files
FORMAT = "xlsx"


@dataclass(frozen=True, slots=True)
class Reading:
    """What such a file is made of: the plan as it was read, and its doubts."""

    title: Say
    plan: Draft
    doubts: tuple[Asked, ...]


def found(records: Session, paper: Paper) -> Reading:
    """What a paper of this kind holds. Raises Refused when its plan was thrown away."""
    plan = records.get(Plan, paper.details["plan"])
    if plan is None:
        raise Refused(say("plans-none"))
    title = say("plans-reading-title", year=str(plan.fiscal_year), version=plan.version)
    return Reading(title, exports.as_draft(records, plan), tuple(doubts.listed(plan)))


def give(turn: Turn, plan: Plan) -> Reply:
    """A card that opens the file; it comes back by being sent here."""
    start, end = fiscal_year(plan.fiscal_year)
    language = turn.person.language if turn.person and turn.person.language else "th"
    paper = papers.ask(
        turn.records,
        Paper(
            kind=KIND,
            format=FORMAT,
            starts_on=start,
            ends_on=end,
            details={"plan": plan.id},
            asked_by=turn.person.id if turn.person else None,
            asked_at=turn.at,
            language=language,
        ),
    )
    opens = Choice(
        "plans-reading",
        say("papers-open", format=say(f"papers-format-{FORMAT}")),
        style="main",
        link=f"paper:{paper.id}",
        numbered=False,
    )
    left = len(doubts.open_doubts(turn.records, plan))
    steps = tuple(Row(say(f"plans-reading-{step}")) for step in ("doubts", "cells", "send"))
    card = Card(title=say("plans-title", year=str(plan.fiscal_year)), rows=steps, choices=(opens,))
    back = Choice(f"plans-import:{plan.id}", say("plans-reading-back"))
    return Reply(say=say("plans-reading-ready", count=left), cards=(card,), choices=(back,))
