"""``unit add|list|alias``: the parts of an agency, their short names and other spellings."""

import argparse

from sqlalchemy.orm import Session

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from handlers.talk import Refused, say
from storage import agencies
from storage.agencies import Unit, UnitAlias


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "unit", say("cli-unit-help"))
    verbs = noun.add_subparsers(metavar="add|list|alias", required=True)
    adds = new(verbs, "add", say("cli-unit-add-help"))
    adds.add_argument("name", help=text(say("cli-unit-name-help")))
    adds.add_argument("--short", default="", help=text(say("cli-unit-short-help")))
    adds.add_argument("--alias", action="append", default=[], help=text(say("cli-unit-alias-help")))
    adds.set_defaults(run=run_add)
    lists = new(verbs, "list", say("cli-unit-list-help"))
    offers_json(lists)
    lists.set_defaults(run=run_list)
    aliases = new(verbs, "alias", say("cli-unit-alias-help"))
    aliases.add_argument("name", help=text(say("cli-unit-name-help")))
    aliases.add_argument("text", help=text(say("cli-unit-alias-help")))
    aliases.set_defaults(run=run_alias)
    for one in (adds, lists, aliases):
        needs_agency(one)


def run_add(args: argparse.Namespace, app: App) -> int:
    """Make a unit."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        for name in filter(None, (args.name, args.short, *args.alias)):
            if taken := agencies.find_unit(records, name):
                raise Refused(say("cli-unit-there", name=name, unit=taken.name))
        unit = Unit(name=args.name, short_name=args.short, position=len(agencies.units(records)) + 1)
        unit.aliases = [UnitAlias(text=one, agency_id=agency.id) for one in args.alias]
        records.add(unit)
    tell(say("cli-unit-added", name=args.name))
    return 0


def run_list(args: argparse.Namespace, app: App) -> int:
    """Print every unit."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        rows = [
            {"name": unit.name, "short": unit.short_name, "aliases": [one.text for one in unit.aliases]}
            for unit in agencies.units(records)
        ]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        tell(say("cli-unit-row", name=row["name"], short=row["short"], aliases=", ".join(row["aliases"])))
    if not rows:
        tell(say("cli-unit-none"))
    return 0


def run_alias(args: argparse.Namespace, app: App) -> int:
    """Give a unit another spelling."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        unit = named_unit(records, args.name)
        if taken := agencies.find_unit(records, args.text):
            raise Refused(say("cli-unit-there", name=args.text, unit=taken.name))
        unit.aliases.append(UnitAlias(text=args.text, agency_id=agency.id))
    tell(say("cli-unit-aliased", name=unit.name, text=args.text))
    return 0


def named_unit(records: Session, name: str) -> Unit:
    """The unit with this name, short name or alias. Raises Refused when there is none."""
    found = agencies.find_unit(records, name)
    if found is None:
        raise Refused(say("cli-unit-unknown", name=name))
    return found
