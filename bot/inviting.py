"""``person import|sheet``: staff out of a list, and their invitation codes on paper."""

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot import invitations, tables
from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.commands.unit import named_unit
from bot.invitations import KINDS, Ways
from bot.reports import save
from bot.tables import staff
from bot.words import words
from handlers import limits
from handlers.stafflist import line, may_give
from handlers.talk import Refused, say
from storage import people, staffing
from storage.agencies import Agency, Channel, find_channel
from storage.base import now
from storage.staffing import Invited, StaffRow


def add(verbs: Any) -> None:
    """Make the parsers of these verbs."""
    brings = new(verbs, "import", say("cli-person-import-help"))
    brings.add_argument("file", type=Path, metavar="FILE")
    brings.add_argument("--dry-run", action="store_true", help=text(say("cli-person-dry-help")))
    brings.add_argument("--sheet", type=Path, metavar="OUT.pdf", help=text(say("cli-person-out-help")))
    brings.set_defaults(run=run_import)
    sheet = new(verbs, "sheet", say("cli-person-sheet-help"))
    sheet.add_argument("-o", "--out", type=Path, required=True, help=text(say("cli-person-out-help")))
    sheet.add_argument("--unit", default="", help=text(say("cli-person-unit-help")))
    sheet.set_defaults(run=run_sheet)
    for one in (brings, sheet):
        one.add_argument("--line", default="", metavar="@ID", help=text(say("cli-person-line-help")))
        one.add_argument("--telegram", default="", metavar="BOT", help=text(say("cli-person-telegram-help")))
        needs_agency(one)
        offers_json(one)


def run_import(args: argparse.Namespace, app: App) -> int:
    """Enter the people of a list; what cannot be taken is told row by row."""
    agency, given = app.agency(args.agency), list[Invited]()
    if args.sheet:
        _kind(args.sheet)
    with app.database.look(agency.id) as records:
        rows = staffing.checked(records, _rows(args.file), may_give(None))
        new_units = staffing.new_units(records, rows)
        there = len(people.staff(records))
    good = sum(not row.problem for row in rows)
    most = limits.of(agency, limits.PEOPLE)
    if most and there + good > most:
        raise Refused(say("limits-people", count=most))
    if not args.dry_run:
        with app.database.agency(agency.id) as records:
            given = staffing.invite(records, staffing.enter(records, rows), now())
            ways = _ways(records, args)
        if args.sheet and given:
            _write(args.sheet, agency, given, ways)
    _told(args, rows, given, new_units)
    return 0


def _rows(file: Path) -> list[StaffRow]:
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise Refused(say("cli-plan-no-file", file=str(file))) from fault
    return staff.read(tables.read(content, file.name))


def _told(args: argparse.Namespace, rows: list[StaffRow], given: list[Invited], new_units: list[str]) -> None:
    bad = [row for row in rows if row.problem]
    if args.json:
        entered = [
            {"name": one.name, "unit": one.unit or None, "role": one.role, "code": one.code} for one in given
        ]
        refused = [{"row": row.no, "name": row.name, "why": row.problem, "about": row.about} for row in bad]
        told = {"entered": entered, "refused": refused, "new_units": new_units}
        show(told | {"would_enter": len(rows) - len(bad)} if args.dry_run else told)
        return
    word = "cli-person-would" if args.dry_run else "cli-person-imported"
    tell(say(word, count=len(rows) - len(bad), refused=len(bad)))
    for name in new_units:
        tell(say("stafflist-unit-new", name=name))
    for row in bad:
        tell(line(row))
    if args.sheet and given:
        tell(say("cli-person-sheet-written", count=len(given), file=str(args.sheet)))
        return
    for one in given:
        tell(say("cli-person-code", name=one.name, code=one.code))


def run_sheet(args: argparse.Namespace, app: App) -> int:
    """Give everybody who has not come in a new code, on a sheet to print."""
    agency = app.agency(args.agency)
    _kind(args.out)
    with app.database.agency(agency.id) as records:
        unit = named_unit(records, args.unit) if args.unit else None
        given = staffing.invite(records, staffing.waiting(records, unit.id if unit else None), now())
        if not given:
            raise Refused(say("cli-person-sheet-none"))
        _write(args.out, agency, given, _ways(records, args))
    if args.json:
        show({"file": str(args.out), "people": len(given)})
    else:
        tell(say("cli-person-sheet-written", count=len(given), file=str(args.out)))
    return 0


def _kind(file: Path) -> str:
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise Refused(say("cli-person-sheet-kind", file=str(file)))
    return kind


def _write(file: Path, agency: Agency, given: list[Invited], ways: Ways) -> None:
    voice = words(str(agency.settings.get("language", "th")))
    save(file, invitations.write(_kind(file), agency.name, given, ways, now(), voice))
    file.chmod(0o600)  # whoever reads a code can use it


def _ways(records: Session, args: argparse.Namespace) -> Ways:
    """The accounts named, else those that the channels' own details tell."""
    return Ways(
        args.line or _detail(find_channel(records, "line"), "basic_id"),
        args.telegram or _detail(find_channel(records, "telegram"), "bot_username"),
    )


def _detail(channel: Channel | None, name: str) -> str:
    return str(channel.details.get(name, "")) if channel else ""
