"""Giving papers out: what was asked for is kept with a code, and its report made from it when needed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import acknowledgement_papers, form_papers, link_papers, meeting_papers, plan_papers, summed
from handlers.orders import ZONE, Order
from handlers.report import Report, Stamp
from handlers.scope import EVERYTHING, Period, Scope
from handlers.talk import Card, Choice, Refused, Reply, Row, Turn, say
from storage import indicators, papers, plans
from storage.agencies import Agency, Unit
from storage.calendar import fiscal_year_of
from storage.papers import Paper
from storage.people import Person
from storage.plans import Plan, Topic
from storage.policies import PolicyVersion

SUMMARY = "summary"
AS = "as"  # in a button: the same as the paper whose number follows
OFFERED = ("docx", "xlsx", "pdf", "html", "png")
KINDS: dict[str, Callable[[Order], Report]] = {
    "progress": plan_papers.progress,
    "measures": plan_papers.measures,
    "form": form_papers.form,
    "meeting": meeting_papers.meeting,
    "memo": meeting_papers.memo,
    "acknowledgements": acknowledgement_papers.acknowledgements,
    "links": link_papers.links,
    "year": meeting_papers.year,
}
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper somebody wants: its kind and format, its days, and what part of the agency it is about."""

    kind: str
    format: str
    covers: Period
    scope: Scope = EVERYTHING
    policy: PolicyVersion | None = None

    @property
    def details(self) -> dict[str, Any]:
        """What it is about, as it is kept: unit, topic and policy by id, indicator by number, the role."""
        scope = self.scope
        named = {"unit": scope.unit, "topic": scope.topic, "policy": self.policy}
        said = {"indicator": scope.indicator.no if scope.indicator else "", "role": scope.role}
        return {name: one.id for name, one in named.items() if one is not None} | {
            name: one for name, one in said.items() if one
        }


def ask(records: Session, wanted: Wanted, at: datetime, person: Person | None, language: str) -> Paper:
    """Keep what is wanted, under a code of its own."""
    return papers.ask(
        records,
        Paper(
            kind=wanted.kind,
            format=wanted.format,
            starts_on=wanted.covers.start,
            ends_on=wanted.covers.end,
            details=wanted.details,
            asked_by=person.id if person and person.id else None,
            asked_at=at,
            language=language,
        ),
    )


def give(turn: Turn, wanted: Wanted, made: Report, intent: str, formats: tuple[str, ...]) -> Reply:
    """A card with the key figures and the file; beside it, the same paper in other formats."""
    language = turn.person.language if turn.person and turn.person.language else "th"
    paper = ask(turn.records, wanted, turn.at, turn.person, language)
    opens = Choice(
        intent,
        say("papers-open", format=say(f"papers-format-{wanted.format}")),
        style="main",
        link=f"paper:{paper.id}",
        numbered=False,
    )
    rows = [Row(say("papers-code", code=paper.shown_code, version=paper.version), mark="note")]
    figures = made.section("counts")
    if figures is not None:
        rows += [Row(line.say, line.mark, line.share, line.value) for line in figures.lines]
    card = Card(title=made.title, subtitle=made.covers, rows=tuple(rows), choices=(opens,))
    others = tuple(
        Choice(f"{intent}:{name}:{AS}:{paper.id}", say(f"papers-format-{name}"))
        for name in formats
        if name != wanted.format
    )
    return Reply(say=say("papers-ready", headline=made.headline), cards=(card,), choices=others)


def same_as(turn: Turn) -> Wanted | None:
    """What the paper was asked for with whose other format a button offers; None for any other turn."""
    args = turn.reading.args
    if len(args) < 3 or args[1] != AS or not args[2].isdecimal():
        return None
    paper = papers.find(turn.records, int(args[2]))
    if paper is None:
        return None
    covers = Period(paper.starts_on, paper.ends_on)
    plan = plan_for(turn.records, covers, turn.today)
    policy = _named(turn.records, paper, "policy", PolicyVersion)
    return Wanted(paper.kind, args[0], covers, scope_of(turn.records, plan, paper), policy)


def days_of(args: tuple[str, ...]) -> Period | None:
    """The days a button carries; none where it carries none that are days."""
    try:
        start, end = (date.fromisoformat(one) for one in args)
    except ValueError:
        return None
    return Period(start, end) if start <= end else None


def scope_of(records: Session, plan: Plan, paper: Paper) -> Scope:
    """What part of the agency a paper was asked for."""
    known = {one.no: one for one in indicators.every(records, plan)}
    return Scope(
        _named(records, paper, "unit", Unit),
        _named(records, paper, "topic", Topic),
        known.get(paper.details.get("indicator", "")),
        paper.details.get("role", ""),
    )


def report(records: Session, agency: Agency, paper: Paper, at: datetime, site: str) -> Report:
    """The report behind a paper, as things stand at a moment, stamped with its code; ``site`` is our
    public address, where the code is confirmed (empty while there is none).

    Raises:
        Refused: there is no plan any more, or the paper cannot be made of it.
    """
    today = at.astimezone(ZoneInfo(agency.settings.get("timezone", ZONE))).date()
    made = _made(records, agency, paper, today, site)
    address = f"{site}/verify/{paper.shown_code}" if site else ""
    return replace(made, stamp=Stamp(at, paper.version, paper.shown_code, address))


def _made(records: Session, agency: Agency, paper: Paper, today: date, site: str) -> Report:
    covers = Period(paper.starts_on, paper.ends_on)
    plan = plan_for(records, covers, today)
    scope = scope_of(records, plan, paper)
    if paper.kind == SUMMARY:
        return summed.report(records, agency, plan, covers, today, scope, is_paper=True)
    policy = _named(records, paper, "policy", PolicyVersion)
    return KINDS[paper.kind](Order(records, agency, plan, covers, today, scope, policy, site))


def plan_for(records: Session, covers: Period, today: date) -> Plan:
    """The plan that some days belong to. Raises Refused when there is none."""
    year = fiscal_year_of(max(covers.start, min(covers.end, today)))
    plan = plans.plan_of_year(records, year) or plans.active_plan(records, today)
    if plan is None:
        raise Refused(say("summary-no-plan"))
    return plan


def _named(records: Session, paper: Paper, name: str, kind: type[Kind]) -> Kind | None:
    number = paper.details.get(name)
    return records.get(kind, number) if number else None
