"""Papers on the working group's page: the days, the unit, and a button for every paper and format."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot import press
from bot.web.board import plan_of
from bot.web.pages import TOLD, Gone, Pages, Shown
from bot.web.visits import EARLIEST, LATEST, Ask, Missing, number_of
from handlers import charts, issuing, mailing, periods, rights, scoping
from handlers.issuing import SUMMARY, Wanted
from handlers.scope import Period, Scope
from handlers.talk import Refused, say
from storage import indicators, papers, people, policies, roles, rounds
from storage.agencies import Unit
from storage.calendar import fiscal_year
from storage.people import Person
from storage.plans import Plan
from storage.policies import PolicyVersion

TOLD |= {"mailed": "pages-told-mailed"}
PERIODS = ("year", "half", "quarter", "month", "week")
FORMATS = ("docx", "pdf", "xlsx", "html")
NAMES_STAFF = "acknowledgements"
SHOWN = 10
OWN_DAYS = "days"  # the choice by which the two days of the form count
KINDS = (SUMMARY, *issuing.KINDS)


def routes(pages: Pages) -> list[BaseRoute]:
    """The page of papers, and the making of one."""
    return [
        pages.get("/board/papers", every, "summary-show"),
        pages.post("/board/papers", make, "summary-show"),
        pages.post("/board/papers/{id}/mail", by_mail, "summary-show"),
    ]


def every(ask: Ask) -> Shown:
    """What can be made, and what was given out lately."""
    plan = plan_of(ask)
    start, end = fiscal_year(plan.fiscal_year)
    mails = bool(ask.app.settings.smtp_url)
    data: dict[str, Any] = {
        "plan": plan,
        "periods": [*_periods(ask, plan)],
        "start": start,
        "end": max(start, min(end, ask.today)),
        "units": list(ask.records.scalars(select(Unit).order_by(Unit.position, Unit.name))),
        "topics": [(one.no, ask.say(charts.topic((one.no, one.title)))) for one in plan.topics if one.no],
        "indicators": [
            (one.no, ask.say(scoping.title_of(one))) for one in indicators.every(ask.records, plan)
        ],
        "roles": [
            *((role, ask.say(say(f"pages-role-{role}"))) for role in roles.ROLES),
            *((office, office) for office in roles.offices(ask.records, plan)),
        ],
        "policies": policies.all_in_force(ask.records, ask.today),
        "kinds": [_offered(ask, kind) for kind in KINDS if _may(ask.person, kind)],
        "mail": people.mail_of(ask.person) if mails else "",
        "mails_all": mails and ask.person.role in rights.LEADERS and bool(people.with_mail(ask.records)),
        "lately": [
            (one, one.title or _title(ask, one.kind), f"/files/{press.token(ask.app, ask.agency.id, one.id)}")
            for one in papers.lately(ask.records, SHOWN)
            if one.kind in KINDS and _may(ask.person, one.kind)
        ],
    }
    return Shown("pages/papers.html", data)


def _offered(ask: Ask, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": _title(ask, kind),
        "about": ask.say(say(f"pages-paper-about-{kind}")),
        "formats": (*FORMATS, "png") if kind == SUMMARY else FORMATS,
    }


def _title(ask: Ask, kind: str) -> str:
    return ask.say(say(f"pages-paper-{kind}"))


def _may(person: Person, kind: str) -> bool:
    return rights.may(person, "summary-file" if kind == SUMMARY else f"exports-{kind}")


def _periods(ask: Ask, plan: Plan) -> Iterable[tuple[str, str]]:
    """The choices of days: the named ones around today, each report round, and days of one's own."""
    for name in PERIODS:
        covers = periods.period(name, ask.today)
        yield name, ask.say(say(f"pages-period-{name}", start=covers.start, end=covers.end))
    for call in rounds.rounds(ask.records, plan):
        yield f"round-{call.id}", ask.say(say("pages-period-round", name=call.name, day=call.due_on))
    yield OWN_DAYS, ask.say(say("pages-period-days"))


def make(ask: Ask) -> Gone:
    """Make what a button names, and go to its file. Raises Refused where it cannot be made."""
    kind, _, form = ask.text("what", 40).partition(":")
    if kind not in KINDS or form not in issuing.OFFERED or not _may(ask.person, kind):
        raise Refused(say("pages-paper-unknown"))
    covers = _covers(ask)
    wanted = Wanted(kind, form, covers, _scope(ask, covers), _policy(ask) if kind == NAMES_STAFF else None)
    paper = issuing.ask(ask.records, wanted, ask.at, ask.person, ask.voice.language)
    issuing.report(ask.records, ask.agency, paper, ask.at, "")  # what stands in its way is told on the page
    return Gone(f"/files/{press.token(ask.app, ask.agency.id, paper.id)}")


def by_mail(ask: Ask) -> Gone:
    """Send a paper by e-mail: to the visitor, or (the secretary) to all with an address who may see it."""
    paper = papers.find(ask.records, ask.number())
    if paper is None or paper.kind not in KINDS or not _may(ask.person, paper.kind):
        raise Missing
    to = [ask.person]
    if ask.text("to") == "all" and ask.person.role in rights.LEADERS:
        to = [one.person for one in people.with_mail(ask.records) if _may(one.person, paper.kind)]
    title = paper.title or _title(ask, paper.kind)
    mailing.send(ask.records, ask.agency, paper, " ".join(title.split()), to, ask.person, ask.at)
    return Gone("/board/papers", "mailed")


def _covers(ask: Ask) -> Period:
    name = ask.text("period", 30)
    covers = _round(ask, name.removeprefix("round-")) if name.startswith("round-") else None
    if covers is None:
        covers = _own(ask) if name == OWN_DAYS else periods.period(name, ask.today)
    if covers.start > ask.today:
        raise Refused(say("summary-not-yet", day=covers.start))
    return covers


def _own(ask: Ask) -> Period:
    """The two days of the form. Raises Refused when they are none, or the wrong way round."""
    try:
        start, end = (date.fromisoformat(ask.text(name, 10)) for name in ("start", "end"))
    except ValueError as fault:
        raise Refused(say("pages-period-wrong")) from fault
    if not EARLIEST <= start <= end <= LATEST:
        raise Refused(say("pages-period-wrong"))
    return Period(start, end)


def _round(ask: Ask, number: str) -> Period | None:
    """The days of a report round: from the one before it, or the year's begin, to its own day."""
    plan = plan_of(ask)
    start = fiscal_year(plan.fiscal_year)[0]
    for call in rounds.rounds(ask.records, plan):
        if str(call.id) == number:
            return Period(start, max(start, call.due_on))
        start = call.due_on + timedelta(days=1)
    return None


def _scope(ask: Ask, covers: Period) -> Scope:
    """The part of the agency that the form names. Raises Refused for what there is not."""
    plan = issuing.plan_for(ask.records, covers, ask.today)
    named = {name: ask.text(name, 200) for name in ("topic", "indicator", "role")}
    given = number_of(ask.text("unit", 20))
    unit = ask.records.get(Unit, given) if given is not None else None
    return replace(scoping.by_words(ask.records, plan, **named), unit=unit)


def _policy(ask: Ask) -> PolicyVersion | None:
    """The policy whose readers are listed; none stands for all of them."""
    given = ask.text("policy", 20)
    return next((one for one in policies.all_in_force(ask.records, ask.today) if str(one.id) == given), None)
