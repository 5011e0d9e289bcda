"""``summary``: how the agency's measures stand, for a week, month, quarter, half or whole year."""

import argparse
import sys
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bot import press, reports
from bot.app import App
from bot.commands import needs_agency, new, offers_scope, text
from bot.commands.due import as_of, moment
from bot.script import CHANNEL, voice
from handlers import issuing, scoping, summary
from handlers.issuing import Wanted
from handlers.scope import Period
from handlers.talk import Place, Refused, Turn, say
from storage.agencies import Agency
from storage.forms import Thread
from storage.people import Person, Role

INTENT = "summary-show"
PERIODS = ("week", "month", "quarter", "half", "year", "round")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "summary", say("cli-summary-help"))
    needs_agency(parser)
    parser.add_argument(
        "--period", choices=PERIODS, default="week", help=text(say("cli-summary-period-help"))
    )
    parser.add_argument(
        "--from", dest="start", default="", metavar="DATE", help=text(say("cli-summary-from-help"))
    )
    parser.add_argument("--to", dest="end", default="", metavar="DATE", help=text(say("cli-summary-to-help")))
    offers_scope(parser)
    parser.add_argument("--as-of", default="", metavar="DATE", help=text(say("cli-as-of-help")))
    parser.add_argument(
        "--format", choices=reports.FORMATS, default="text", help=text(say("cli-summary-format-help"))
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=text(say("cli-summary-output-help"))
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Make the report as the secretary would have it, and print or write it."""
    agency = app.agency(args.agency)
    today = as_of(args.as_of, agency)
    if args.output is None and args.format in reports.PAGES and sys.stdout.isatty():
        raise Refused(say("cli-summary-needs-file", format=args.format))
    body = _written(app, agency, args, today)
    if args.output is None:
        sys.stdout.buffer.write(body)
        return 0
    reports.save(args.output, body)
    return 0


def _written(app: App, agency: Agency, args: argparse.Namespace, today: date) -> bytes:
    """The report behind the secretary's question, in the format asked for; a paper gets its code."""
    with app.database.look(agency.id) as records:
        turn = _turn(app, agency, args, records, today)
        covers = summary.begun(turn, _range(args, agency, today))
        plan = issuing.plan_for(records, covers, today)
        named = {name: getattr(args, name) for name in ("unit", "topic", "indicator", "role")}
        scope = scoping.by_words(records, plan, **named)
        if args.format not in reports.PAGES:
            return reports.load(args.format).write(summary.made(turn, covers, scope), voice(agency))
    wanted = Wanted(issuing.SUMMARY, args.format, covers, scope)
    return press.at_once(app, agency, wanted, moment(agency, today), voice(agency))


def _turn(app: App, agency: Agency, args: argparse.Namespace, records: Session, today: date) -> Turn:
    """The secretary's question; nothing of asking is kept."""
    address = f"{CHANNEL}:summary"
    return Turn(
        records=records,
        agency=agency,
        place=Place(CHANNEL, address, is_private=True),
        sender=address,
        person=Person(name="", role=Role.SECRETARY, language="th"),
        reading=app.reader.button(f"{INTENT}:{args.period}"),
        at=moment(agency, today),
        today=today,
        thread=Thread(sender=address, place=address, answers={}, offered=[]),
    )


def _range(args: argparse.Namespace, agency: Agency, today: date) -> Period | None:
    """The days between ``--from`` and ``--to``; one of them alone reaches to or from the day asked on."""
    if not args.start and not args.end:
        return None
    start, end = (as_of(one, agency) if one else today for one in (args.start, args.end))
    if start > end:
        raise Refused(say("cli-range-backwards", start=start, end=end))
    return Period(start, end)
