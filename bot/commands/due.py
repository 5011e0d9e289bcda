"""``due``: what falls due in a range, and what is past its day."""

import argparse
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.app import App
from bot.commands import a_day, needs_agency, new, offers_json, show, tell, text
from handlers.talk import Refused, say
from storage import agencies, plans, rounds
from storage.agencies import Agency
from storage.base import now
from storage.calendar import fiscal_year_of
from storage.rounds import Occurrence

AHEAD = timedelta(days=30)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "due", say("cli-due-help"))
    needs_agency(parser)
    offers_json(parser)
    parser.add_argument("--unit", default="", help=text(say("cli-due-unit-help")))
    parser.add_argument("--as-of", default="", metavar="DATE", help=text(say("cli-as-of-help")))
    parser.add_argument(
        "--from", dest="start", default="", metavar="DATE", help=text(say("cli-due-from-help"))
    )
    parser.add_argument("--to", dest="end", default="", metavar="DATE", help=text(say("cli-due-to-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Print each with its day, overdue ones first."""
    agency = app.agency(args.agency)
    today = as_of(args.as_of, agency)
    with app.database.look(agency.id) as records:
        found = _asked(args, records, today)
        if args.json:
            for one in found:
                show(_row(one, today))
            return 0
        if not found:
            tell(say("cli-due-none"))
        for one in found:
            tell(
                say(
                    "cli-due-overdue" if one.is_overdue(today) else "cli-due-line",
                    day=one.deadline,
                    code=one.measure.code,
                    title=one.measure.title,
                    unit=one.unit.label,
                )
            )
    return 0


def as_of(given: str, agency: Agency) -> date:
    """The day that was given, or today where the agency is."""
    if given:
        return a_day(given)
    here: datetime = now().astimezone(ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok")))
    return here.date()


def moment(agency: Agency, day: date) -> datetime:
    """The end of a day where the agency is; the present one while it lasts."""
    here = now().astimezone(ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok")))
    return here if here.date() == day else datetime.combine(day, time(23, 59), here.tzinfo)


def _asked(args: argparse.Namespace, records: Session, today: date) -> list[Occurrence]:
    plan = plans.plan_of_year(records, fiscal_year_of(today)) or plans.active_plan(records, today)
    if plan is None:
        raise Refused(say("cli-due-no-plan"))
    unit = agencies.find_unit(records, args.unit) if args.unit else None
    if args.unit and unit is None:
        raise Refused(say("cli-unit-unknown", name=args.unit))
    unit_id = unit.id if unit else None
    if args.start or args.end:
        start = a_day(args.start) if args.start else today
        end = a_day(args.end) if args.end else start + AHEAD
        return rounds.due_between(records, plan, start, end, unit_id)
    late = rounds.overdue(records, plan, today, unit_id)
    return _once([*late, *rounds.due_between(records, plan, today, today + AHEAD, unit_id)])


def _once(found: Iterable[Occurrence]) -> list[Occurrence]:
    return list({one.id: one for one in found}.values())


def _row(one: Occurrence, today: date) -> dict[str, Any]:
    return {
        "measure": one.measure.code,
        "title": one.measure.title,
        "unit": one.unit.name,
        "role": one.role,
        "starts": one.starts_on,
        "due": one.deadline,
        "status": one.status,
        "percent": one.percent,
        "overdue": one.is_overdue(today),
        "evidence": one.evidence_count,
    }
