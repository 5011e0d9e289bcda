"""``paper``: the official forms, filled from the records, for a meeting, a report round or the assessor."""

import argparse
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bot import press, reports
from bot.app import App
from bot.commands import a_day, needs_agency, new, offers_scope, tell, text
from bot.commands.due import as_of, moment
from bot.script import voice
from handlers import issuing, scoping
from handlers.issuing import Wanted
from handlers.scope import Period
from handlers.talk import Refused, say
from storage import plans, policies
from storage.agencies import Agency
from storage.calendar import fiscal_year, fiscal_year_of
from storage.policies import PolicyVersion

FORMATS = tuple(name for name in reports.FORMATS if name in reports.PAGES - {"png"})


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "paper", say("cli-paper-help"))
    kinds = tuple(issuing.KINDS)
    parser.add_argument("kind", choices=kinds, help=text(say("cli-paper-kind-help", kinds=", ".join(kinds))))
    needs_agency(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="docx", help=text(say("cli-summary-format-help"))
    )
    offers_scope(parser)
    parser.add_argument("--policy", default="", help=text(say("cli-paper-policy-help")))
    parser.add_argument(
        "--from", dest="start", default="", metavar="DATE", help=text(say("cli-summary-from-help"))
    )
    parser.add_argument("--to", dest="end", default="", metavar="DATE", help=text(say("cli-summary-to-help")))
    parser.add_argument("--as-of", default="", metavar="DATE", help=text(say("cli-as-of-help")))
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=text(say("cli-summary-output-help"))
    )
    own = parser.add_mutually_exclusive_group()
    own.add_argument("--template", type=Path, metavar="FILE", help=text(say("cli-paper-template-help")))
    own.add_argument("--no-template", action="store_true", help=text(say("cli-paper-no-template-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Make the paper and write it."""
    agency = app.agency(args.agency)
    today = as_of(args.as_of, agency)
    with app.database.look(agency.id) as records:
        wanted = _wanted(args, records, today)
    if args.template or args.no_template:
        agency = _with_template(args, app, agency, wanted)
    reports.save(args.output, press.at_once(app, agency, wanted, moment(agency, today), voice(agency)))
    tell(say("cli-paper-written", file=str(args.output)))
    return 0


def _with_template(args: argparse.Namespace, app: App, agency: Agency, wanted: Wanted) -> Agency:
    """Use a Word file for this kind of paper from now on, once it has shown that it can be filled."""
    body = b""
    if args.template:
        try:
            body = args.template.read_bytes()
        except OSError as fault:
            raise Refused(say("cli-policy-unreadable", file=str(args.template))) from fault
        with app.database.look(agency.id) as records:
            press.try_template(records, agency, wanted, body, voice(agency))
    press.use_template(app, agency, wanted.kind, body)
    return app.agency(agency.slug)


def _wanted(args: argparse.Namespace, records: Session, today: date) -> Wanted:
    plan = plans.plan_of_year(records, fiscal_year_of(today)) or plans.active_plan(records, today)
    if plan is None:
        raise Refused(say("summary-no-plan"))
    start, end = fiscal_year(plan.fiscal_year)
    first = a_day(args.start) if args.start else start
    covers = Period(first, a_day(args.end) if args.end else max(first, min(end, today)))
    if covers.start > covers.end:
        raise Refused(say("cli-range-backwards", start=covers.start, end=covers.end))
    named = {name: getattr(args, name) for name in ("unit", "topic", "indicator", "role")}
    scope = scoping.by_words(records, issuing.plan_for(records, covers, today), **named)
    policy = _policy(args.policy, records, today) if args.kind == "acknowledgements" else None
    return Wanted(args.kind, args.format, covers, scope, policy)


def _policy(named: str, records: Session, today: date) -> PolicyVersion | None:
    """The version in force of a policy, by its kind or title; none where none is named. Raises Refused."""
    known = policies.all_in_force(records, today)
    found = [one for one in known if named in (one.policy.kind, one.policy.title, one.policy.label)]
    if named and not found:
        names = ", ".join(f"{one.policy.kind} ({one.policy.label})" for one in known)
        raise Refused(say("cli-paper-policy-unknown", kind=named, kinds=names or "-"))
    return found[0] if named else None
