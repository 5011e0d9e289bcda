"""``policy import|list|acknowledgements``: the agency's rules and who has read them."""

import argparse
from pathlib import Path
from typing import Any

from bot import tables, turns
from bot.app import App
from bot.commands import a_day, needs_agency, new, offers_json, show, tell, text
from handlers import policies
from handlers.publishing import KINDS
from handlers.talk import Refused, say
from storage import people
from storage import policies as rules
from storage.base import now

LARGEST = 5_000_000  # bytes; the longest code of conduct is a hundredth of it, but for its pictures


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "policy", say("cli-policy-help"))
    verbs = noun.add_subparsers(metavar="import|list|acknowledgements", required=True)
    takes = new(verbs, "import", say("cli-policy-import-help"))
    takes.add_argument("file", type=Path, help=text(say("cli-policy-file-help")))
    takes.add_argument("--kind", default="", help=text(say("cli-policy-kind-help", kinds=", ".join(KINDS))))
    takes.add_argument("--title", default="", help=text(say("cli-policy-title-help")))
    takes.add_argument("--effective-on", default="", help=text(say("cli-policy-day-help")))
    takes.set_defaults(run=run_import)
    lists = new(verbs, "list", say("cli-policy-list-help"))
    lists.set_defaults(run=run_list)
    read = new(verbs, "acknowledgements", say("cli-policy-read-help"))
    read.add_argument("--kind", default="", help=text(say("cli-policy-kind-help", kinds=", ".join(KINDS))))
    read.set_defaults(run=run_read)
    for one in (takes, lists, read):
        needs_agency(one)
        offers_json(one)


def run_import(args: argparse.Namespace, app: App) -> int:
    """Take a policy's text in; a changed text becomes the next version."""
    agency = app.agency(args.agency)
    day = a_day(args.effective_on) if args.effective_on else turns.local_day(agency, now())
    with app.database.agency(agency.id) as records:
        done = policies.publish(records, _text(args.file), kind=args.kind, title=args.title, today=day)
        version = done.version
        told = {
            "kind": version.policy.kind,
            "title": version.policy.title,
            "version": version.no,
            "effective_on": version.effective_on,
            "clauses": len(version.clauses),
            "new": done.is_new,
        }
    if args.json:
        show(told)
    else:
        sentence = "cli-policy-imported" if done.is_new else "cli-policy-same"
        tell(say(sentence, title=version.policy.title, no=version.no, count=told["clauses"]))
    return 0


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise Refused(say("cli-policy-large", file=str(file)))
        return tables.text_of(file.read_bytes(), file.name)
    except OSError as fault:
        raise Refused(say("cli-policy-unreadable", file=str(file))) from fault


def run_list(args: argparse.Namespace, app: App) -> int:
    """Print every policy with its versions."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        rows: list[dict[str, Any]] = [
            {
                "kind": one.kind,
                "title": one.title,
                "versions": [
                    {"version": v.no, "effective_on": v.effective_on, "clauses": len(v.clauses)}
                    for v in one.versions
                ],
            }
            for one in rules.policies(records)
        ]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        numbers = ", ".join(str(v["version"]) for v in row["versions"])
        tell(say("cli-policy-row", kind=row["kind"], title=row["title"], versions=numbers))
    if not rows:
        tell(say("policies-none"))
    return 0


def run_read(args: argparse.Namespace, app: App) -> int:
    """Print how many have acknowledged each version in force."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        versions = [
            one
            for one in rules.all_in_force(records, turns.local_day(agency, now()))
            if args.kind in ("", one.policy.kind)
        ]
        if args.kind and not versions:
            raise Refused(say("cli-policy-unknown", kind=args.kind))
        staff = people.staff(records)
        done = rules.acknowledged_by(records, [one.id for one in versions])
        rows = [
            {
                "kind": one.policy.kind,
                "title": one.policy.title,
                "version": one.no,
                "acknowledged": sum(person.id in done[one.id] for person in staff),
                "of": len(staff),
                "missing": [person.name for person in staff if person.id not in done[one.id]],
            }
            for one in versions
        ]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        tell(
            say(
                "cli-policy-share",
                title=row["title"],
                no=row["version"],
                done=row["acknowledged"],
                all=row["of"],
            )
        )
    return 0
