"""``group bind|list``: chat groups and what they are tied to."""

import argparse

from sqlalchemy import select

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.commands.unit import named_unit
from handlers.talk import Refused, Say, quote, say
from storage import history, people
from storage.people import Group


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "group", say("cli-group-help"))
    verbs = noun.add_subparsers(metavar="bind|list", required=True)
    bind = new(verbs, "bind", say("cli-group-bind-help"))
    bind.add_argument("--group", required=True, help=text(say("cli-group-address-help")))
    whose = bind.add_mutually_exclusive_group(required=True)
    whose.add_argument("--unit", default="", help=text(say("cli-group-unit-help")))
    whose.add_argument("--working-group", action="store_true", help=text(say("cli-group-board-help")))
    bind.add_argument("--listen", action="store_true", help=text(say("cli-group-listen-help")))
    bind.set_defaults(run=run_bind)
    lists = new(verbs, "list", say("cli-group-list-help"))
    offers_json(lists)
    lists.set_defaults(run=run_list)
    for one in (bind, lists):
        needs_agency(one)


def run_bind(args: argparse.Namespace, app: App) -> int:
    """Tie a group to a unit or to the working group."""
    if ":" not in args.group:
        raise Refused(say("cli-group-address-bad", group=args.group))
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        unit = named_unit(records, args.unit) if args.unit else None
        group = people.any_group(records, args.group)
        if group is None:
            group = Group(address=args.group)
            records.add(group)
        group.unit_id, group.working_group = unit.id if unit else None, unit is None
        group.listening, group.left_at = args.listen, None
        records.flush()
        history.note(records, "group-bound", f"group:{group.id}", unit=group.unit_id)
    tell(say("cli-group-bound", group=args.group, whose=quote(unit.name) if unit else say("groups-board")))
    return 0


def run_list(args: argparse.Namespace, app: App) -> int:
    """Print the groups the assistant is in."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        groups = list(records.scalars(select(Group).where(Group.left_at.is_(None)).order_by(Group.joined_at)))
        if args.json:
            show([_as_json(one) for one in groups])
            return 0
        for one in groups:
            listens = say("groups-is-listening" if one.listening else "groups-is-quiet")
            tell(say("cli-group-row", group=one.address, whose=_whose(one), listens=listens))
        if not groups:
            tell(say("cli-group-none"))
    return 0


def _whose(group: Group) -> Say:
    if group.unit is not None:
        return quote(group.unit.name)
    return say("groups-board" if group.working_group else "cli-group-free")


def _as_json(group: Group) -> dict[str, object]:
    return {
        "group": group.address,
        "unit": group.unit.name if group.unit else None,
        "working_group": group.working_group,
        "listening": group.listening,
        "members": group.member_count,
    }
