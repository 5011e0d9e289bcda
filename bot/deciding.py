"""``plan doubts|decide|activate|next|close``: the life of a plan after it was read."""

import argparse
from typing import Any

from sqlalchemy.orm import Session

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.shown_plan import as_json, doubts_as_json
from bot.tables import plan_progress
from bot.turns import local_day
from handlers.plan_deciding import example
from handlers.plans import changes
from handlers.talk import Refused, say
from storage import doubts, imports, next_year, plans
from storage.base import now
from storage.doubts import STATUS
from storage.plans import ACTIVE, DRAFT, Plan

SAID = 200  # letters of what a document says, on one line


def add(verbs: Any) -> None:
    """Make the parsers of these verbs."""
    lists = new(verbs, "doubts", say("cli-plan-doubts-help"))
    lists.add_argument("--all", action="store_true", help=text(say("cli-plan-all-help")))
    lists.set_defaults(run=run_doubts)
    one = new(verbs, "decide", say("cli-plan-decide-help"))
    one.add_argument("number", type=int, metavar="N", help=text(say("cli-plan-number-help")))
    how = one.add_mutually_exclusive_group(required=True)
    how.add_argument("--accept", action="store_true", help=text(say("cli-plan-take-help")))
    how.add_argument("--decline", action="store_true", help=text(say("cli-plan-decline-help")))
    how.add_argument("--value", metavar="TEXT", help=text(say("cli-plan-value-help")))
    one.set_defaults(run=run_decide)
    counts = new(verbs, "activate", say("cli-plan-activate-verb-help"))
    counts.set_defaults(run=run_activate)
    follows = new(verbs, "next", say("cli-plan-next-help"))
    follows.set_defaults(run=run_next)
    ends = new(verbs, "close", say("cli-plan-close-help"))
    ends.set_defaults(run=run_close)
    for parser in (lists, one, counts, follows, ends):
        needs_agency(parser)
        offers_json(parser)
        parser.add_argument("--fiscal-year", type=int, metavar="2567", help=text(say("cli-plan-year-help")))


def run_doubts(args: argparse.Namespace, app: App) -> int:
    """List the doubts of the draft, or of the plan that counts where there is no draft."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as session:
        plan = _draft(session, args) or plans.active_plan(session, local_day(agency, now()))
        if plan is None:
            raise Refused(say("cli-plan-none", slug=args.agency))
        told = doubts_as_json(plan, agency, decided=args.all)
    if args.json:
        show(told)
        return 0
    for one in told:
        tell(
            say(
                "cli-plan-doubt",
                number=one["number"],
                where=one["where"],
                said=one["said"][:SAID],
                guess=one["value"] or one["guess"],
                why=one["why"],
                decision=one["decided"] or "",
            )
        )
    if not told:
        tell(say("cli-plan-doubts-none", slug=args.agency))
    return 0


def run_decide(args: argparse.Namespace, app: App) -> int:
    """Decide one doubt by its number."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as session:
        plan = _needed(session, args)
        doubt = doubts.numbered(session, plan, args.number)
        if doubt is None:
            raise Refused(say("cli-plan-no-doubt", number=args.number, slug=args.agency))
        if args.value is None:
            doubts.decide(session, plan, doubt, accepted=args.accept)
        else:
            value = plan_progress.status_of(args.value) or args.value if doubt.why in STATUS else args.value
            try:
                doubts.change(session, plan, doubt, value)
            except doubts.Unreadable as fault:
                raise Refused(say("cli-plan-unread", value=args.value, example=example(doubt))) from fault
        left = len(doubts.open_doubts(session, plan))
        told = next(one for one in doubts_as_json(plan, agency) if one["number"] == args.number)
    if args.json:
        show({**told, "left": left})
    else:
        tell(say("cli-plan-decided", number=args.number, count=left))
    return 0


def run_activate(args: argparse.Namespace, app: App) -> int:
    """Have the draft count."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as session:
        plan = _needed(session, args)
        try:
            told = imports.activate(session, plan)
        except imports.OpenDoubts as fault:
            raise Refused(say("plans-open-doubts", count=fault.count)) from fault
        shown = as_json(session, agency, plan)
    if args.json:
        show(shown)
    else:
        tell(say("cli-plan-activated", year=str(shown["fiscal_year"])))
        for line in changes(told) if told.same or told.gone else ():
            tell(line)
    return 0


def run_next(args: argparse.Namespace, app: App) -> int:
    """Draft the following year's plan from the one that counts."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as session:
        year = args.fiscal_year
        plan = (
            plans.active_of_year(session, year)
            if year
            else plans.active_plan(session, local_day(agency, now()))
        )
        if plan is None:
            raise Refused(say("plans-next-none"))
        if plans.active_of_year(session, plan.fiscal_year + 1):
            raise Refused(say("plans-next-there", year=str(plan.fiscal_year + 1)))
        made = imports.keep(session, next_year.draft(session, plan))
        shown = as_json(session, agency, made)
    if args.json:
        show(shown)
    else:
        report(shown, sum(not one["decided"] for one in shown["doubts"]))
    return 0


def run_close(args: argparse.Namespace, app: App) -> int:
    """Close the plan of a year: what it held stays to be read."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as session:
        year = args.fiscal_year
        plan = (
            plans.active_of_year(session, year)
            if year
            else plans.active_plan(session, local_day(agency, now()))
        )
        if plan is None or plan.status != ACTIVE:
            raise Refused(say("cli-plan-not-active"))
        imports.close(session, plan)
        closed = plan.fiscal_year
    if args.json:
        show({"fiscal_year": closed, "status": "closed"})
    else:
        tell(say("cli-plan-closed", year=str(closed)))
    return 0


def _draft(session: Session, args: argparse.Namespace) -> Plan | None:
    return plans.newest_draft(session, args.fiscal_year)


def _needed(session: Session, args: argparse.Namespace) -> Plan:
    found = _draft(session, args)
    if found is None or found.status != DRAFT:
        raise Refused(say("cli-plan-no-draft", slug=args.agency))
    return found


def report(shown: dict[str, Any], left: int) -> None:
    """A plan in a few lines: counts, then every open doubt."""
    duties = {one["unit"] for measure in shown["measures"] for one in measure["responsible"]}
    dated = sum(bool(measure["schedule"]["ranges"]) for measure in shown["measures"])
    tell(
        say(
            "cli-plan-counts",
            year=str(shown["fiscal_year"]),
            measures=len(shown["measures"]),
            topics=len(shown["topics"]),
            units=len(duties),
            periods=dated,
            doubts=left,
            status=say(f"plans-status-{shown['status']}"),
        )
    )
    for doubt in shown["doubts"]:
        if not doubt["decided"]:
            parts = {name: doubt[name] for name in ("where", "said", "guess", "why")}
            tell(say("plans-doubt", **parts))
