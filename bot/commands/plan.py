"""``plan``: bring a plan in, show it, write the form for one."""

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from bot import deciding, tables
from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.deciding import report
from bot.shown_plan import as_json
from bot.tables import plan_reading, plan_sheets
from bot.tables.plan import draft
from bot.turns import local_day
from handlers.plans import changes
from handlers.talk import Refused, say
from storage import doubts, exports, imports, plans
from storage.agencies import Agency, unit_names
from storage.base import now
from storage.calendar import fiscal_year_of
from storage.drafts import Draft
from storage.plans import Plan


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    verbs = new(commands, "plan", say("cli-plan-help")).add_subparsers(
        required=True, metavar=text(say("cli-command"))
    )
    bring = new(verbs, "import", say("cli-plan-import-help"))
    bring.add_argument("file", type=Path, metavar="FILE")
    needs_agency(bring)
    offers_json(bring)
    bring.add_argument("--fiscal-year", type=int, metavar="2567", help=text(say("cli-plan-year-help")))
    bring.add_argument("--accept-guesses", action="store_true", help=text(say("cli-plan-accept-help")))
    bring.add_argument("--activate", action="store_true", help=text(say("cli-plan-activate-help")))
    bring.set_defaults(run=run_import)
    shown = new(verbs, "show", say("cli-plan-show-help"))
    needs_agency(shown)
    offers_json(shown)
    shown.add_argument("--fiscal-year", type=int, metavar="2567", help=text(say("cli-plan-year-help")))
    shown.set_defaults(run=run_show)
    form = new(verbs, "template", say("cli-plan-template-help"))
    form.add_argument("file", type=Path, metavar="FILE.xlsx")
    form.add_argument("--agency", metavar="SLUG", help=text(say("cli-plan-filled-help")))
    form.add_argument("--fiscal-year", type=int, metavar="2567", help=text(say("cli-plan-year-help")))
    form.set_defaults(run=run_template)
    corrected = new(verbs, "reading", say("cli-plan-reading-help"))
    corrected.add_argument("file", type=Path, metavar="FILE.xlsx")
    needs_agency(corrected)
    corrected.add_argument("--fiscal-year", type=int, metavar="2567", help=text(say("cli-plan-year-help")))
    corrected.set_defaults(run=run_reading)
    deciding.add(verbs)


def run_import(args: argparse.Namespace, app: App) -> int:
    """Read, store as a draft, decide, make it count: all in one transaction."""
    agency = app.agency(args.agency)
    read = _draft(args, app, agency)
    with app.database.agency(agency.id) as session:
        plan = imports.keep(session, read)
        if args.accept_guesses:
            doubts.accept_all(session, plan)
        before = plans.active_of_year(session, plan.fiscal_year)
        told = exports.difference(session, before, plan)
        left = len(doubts.open_doubts(session, plan))
        if args.activate and not left:
            imports.activate(session, plan)
        shown = as_json(session, agency, plan)
    if args.json:
        show(
            {**shown, "difference": {"new": told.new, "changed": dict(told.changed), "gone": dict(told.gone)}}
        )
    else:
        report(shown, left)
        for line in changes(told) if before else ():
            tell(line)
    if args.activate and left:
        raise Refused(say("plans-open-doubts", count=left))
    return 0


def _draft(args: argparse.Namespace, app: App, agency: Agency) -> Draft:
    if args.fiscal_year and not 2500 <= args.fiscal_year <= 2700:
        raise Refused(say("cli-plan-year-bad", year=str(args.fiscal_year)))
    try:
        content = args.file.read_bytes()
    except OSError as fault:
        raise Refused(say("cli-plan-no-file", file=str(args.file))) from fault
    with app.database.look(agency.id) as session:
        known = unit_names(session)
    document = tables.read(content, args.file.name)
    year = fiscal_year_of(now().date())
    return draft(document, args.fiscal_year, units=known, likely_year=year)


def run_show(args: argparse.Namespace, app: App) -> int:
    """Print a plan: the year's, else the one that counts, else the newest draft."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as session:
        shown = as_json(session, agency, _meant(session, args, agency))
    if args.json:
        show(shown)
    else:
        report(shown, sum(not one["decided"] for one in shown["doubts"]))
    return 0


def run_template(args: argparse.Namespace, app: App) -> int:
    """Write the form: with an example, or filled with an agency's plan."""
    filled = None
    if args.agency:
        agency = app.agency(args.agency)
        with app.database.look(agency.id) as session:
            filled = exports.as_draft(session, _meant(session, args, agency))
    try:
        args.file.write_bytes(plan_sheets.write(filled))
    except OSError as fault:
        raise Refused(say("cli-plan-not-written", file=str(args.file))) from fault
    tell(say("cli-plan-written", file=str(args.file)))
    return 0


def run_reading(args: argparse.Namespace, app: App) -> int:
    """Write what was read, its doubts marked; corrected, ``plan import`` takes it back."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as session:
        plan = plans.newest_draft(session, args.fiscal_year) or _meant(session, args, agency)
        asked = doubts.listed(plan)
        content = plan_reading.write(exports.as_draft(session, plan), asked)
    try:
        args.file.write_bytes(content)
    except OSError as fault:
        raise Refused(say("cli-plan-not-written", file=str(args.file))) from fault
    left = sum(not one.decision for one in asked)
    tell(say("cli-plan-reading-written", file=str(args.file), count=left))
    return 0


def _meant(session: Session, args: argparse.Namespace, agency: Agency) -> Plan:
    """The year's plan, else the one that counts, else the newest draft."""
    year = args.fiscal_year
    counts = plans.active_plan(session, local_day(agency, now()))
    found = plans.plan_of_year(session, year) if year else counts or plans.newest(session)
    if found is None:
        raise Refused(say("cli-plan-none", slug=args.agency))
    return found
