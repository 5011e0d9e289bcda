"""``alias list|add|remove|export|import``: what people of an agency call its measures."""

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.turns import local_day
from handlers.talk import Refused, say
from storage import aliases, plans
from storage.agencies import Agency
from storage.base import now
from storage.measures import Measure, by_code, measures
from storage.plans import Plan

COLUMNS = ("code", "title", "name")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    verbs = new(commands, "alias", say("cli-alias-help")).add_subparsers(
        metavar="list|add|remove|export|import", required=True
    )
    lists = new(verbs, "list", say("cli-alias-list-help"))
    offers_json(lists)
    lists.set_defaults(run=run_list)
    adds, removes = (new(verbs, verb, say(f"cli-alias-{verb}-help")) for verb in ("add", "remove"))
    for one, run in ((adds, run_add), (removes, run_remove)):
        one.add_argument("code", help=text(say("cli-alias-code-help")))
        one.add_argument("name", help=text(say("cli-alias-name-help")))
        one.set_defaults(run=run)
    outs, ins = (new(verbs, verb, say(f"cli-alias-{verb}-help")) for verb in ("export", "import"))
    for one, run in ((outs, run_export), (ins, run_import)):
        one.add_argument("file", type=Path, metavar="FILE.csv")
        one.set_defaults(run=run)
    for one in (lists, adds, removes, outs, ins):
        needs_agency(one)


def run_list(args: argparse.Namespace, app: App) -> int:
    """Print every name in use, and those that wait for the secretary."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        plan = _counts(records, agency)
        rows = [_row(one, alias.text, alias.state) for one, alias in _of(records, plan)]
        rows += [_row(one.measure, one.text, one.state) for one in aliases.waiting(records)]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        tell(say(f"cli-alias-{row['state']}", name=row["name"], code=row["code"], title=row["title"]))
    if not rows:
        tell(say("cli-alias-none"))
    return 0


def run_add(args: argparse.Namespace, app: App) -> int:
    """Let words name a measure."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        measure = _measure(records, _plan(records, agency), args.code)
        if aliases.give(records, measure, args.name) is None:
            raise Refused(say("cli-alias-there", name=args.name, code=args.code))
    tell(say("cli-alias-added", name=args.name, code=args.code))
    return 0


def run_remove(args: argparse.Namespace, app: App) -> int:
    """Let words name a measure no longer."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        found = _of(records, _plan(records, agency))
        gone = [alias for one, alias in found if (one.code, alias.text) == (args.code, args.name)]
        if not gone:
            raise Refused(say("cli-alias-not-there", name=args.name, code=args.code))
        for alias in gone:
            records.delete(alias)
    tell(say("cli-alias-removed", name=args.name, code=args.code))
    return 0


def run_export(args: argparse.Namespace, app: App) -> int:
    """Write the names in use as a table that Excel opens, for next year or another agency."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        rows = [_row(one, alias.text, "") for one, alias in _of(records, _counts(records, agency))]
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        args.file.write_text(made.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as fault:
        raise Refused(say("cli-alias-not-written", file=str(args.file))) from fault
    tell(say("cli-alias-exported", count=len(rows), file=str(args.file)))
    return 0


def run_import(args: argparse.Namespace, app: App) -> int:
    """Take names from a table: by the measure's title, else by its code; what fits none is told."""
    rows, agency = _table(args.file), app.agency(args.agency)
    count, strange = 0, []
    with app.database.agency(agency.id) as records:
        plan = _plan(records, agency)
        known = measures(records, plan)
        for row in rows:
            measure = _meant(known, row)
            if measure is None:
                strange.append(row["name"])
            else:
                count += aliases.give(records, measure, row["name"]) is not None
    tell(say("cli-alias-imported", count=count))
    if strange:
        tell(say("cli-alias-strange", names=", ".join(strange)))
    return 0


def _table(file: Path) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise Refused(say("cli-alias-no-file", file=str(file))) from fault
    if rows and not {"code", "name"} <= set(rows[0]):
        raise Refused(say("cli-alias-bad-file", file=str(file)))
    return [
        {key: (row.get(key) or "").strip() for key in COLUMNS} for row in rows if (row["name"] or "").strip()
    ]


def _meant(known: list[Measure], row: dict[str, str]) -> Measure | None:
    """Numbers move from one year's plan to the next, titles seldom do: a title that is given decides."""
    if row["title"]:
        return next((one for one in known if one.title == row["title"]), None)
    return next((one for one in known if one.code == row["code"]), None)


def _of(records: Session, plan: Plan | None) -> list[tuple[Measure, Any]]:
    return aliases.of_plan(records, plan) if plan else []


def _counts(records: Session, agency: Agency) -> Plan | None:
    return plans.active_plan(records, local_day(agency, now()))


def _plan(records: Session, agency: Agency) -> Plan:
    found = _counts(records, agency)
    if found is None:
        raise Refused(say("cli-plan-none", slug=agency.slug))
    return found


def _measure(records: Session, plan: Plan, code: str) -> Measure:
    found = by_code(records, plan, code)
    if found is None:
        raise Refused(say("cli-alias-no-measure", code=code))
    return found


def _row(measure: Measure, name: str, state: str) -> dict[str, str]:
    return {"code": measure.code, "title": measure.title, "name": name, "state": state}
