"""``person add|list|code|leave|import|sheet|export|erase``: the staff; an invitation code lets one in."""

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from bot import inviting, personal
from bot.admission import let_in
from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.commands.unit import named_unit
from bot.words import words
from handlers import limits
from handlers.talk import Refused, say
from storage import codes, erasure, evidence, history, people
from storage.base import now
from storage.codes import PERSON
from storage.people import Person, Role


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "person", say("cli-person-help"))
    verbs = noun.add_subparsers(metavar="add|list|code|leave|import|sheet|export|erase", required=True)
    adds = new(verbs, "add", say("cli-person-add-help"))
    adds.add_argument("--name", required=True, help=text(say("cli-person-name-help")))
    adds.add_argument("--unit", default="", help=text(say("cli-person-unit-help")))
    adds.add_argument("--role", default=Role.OFFICER, choices=[role.value for role in Role])
    adds.add_argument("--identity", default="", help=text(say("cli-person-identity-help")))
    adds.set_defaults(run=run_add)
    lists = new(verbs, "list", say("cli-person-list-help"))
    lists.set_defaults(run=run_list)
    code = new(verbs, "code", say("cli-person-code-help"))
    code.set_defaults(run=run_code)
    leave = new(verbs, "leave", say("cli-person-leave-help"))
    leave.set_defaults(run=run_leave)
    inviting.add(verbs)
    exports = new(verbs, "export", say("person-export-help"))
    exports.add_argument("-o", "--out", type=Path, required=True, help=text(say("person-out-help")))
    exports.set_defaults(run=run_export)
    erases = new(verbs, "erase", say("person-erase-help"))
    erases.add_argument("--sure", default="", metavar="NAME", help=text(say("person-sure-help")))
    erases.add_argument("--with-files", action="store_true", help=text(say("person-files-help")))
    erases.set_defaults(run=run_erase)
    for one in (exports, erases):
        one.add_argument("name", nargs="?", default="", help=text(say("cli-person-name-help")))
        one.add_argument("--id", type=int, default=0, help=text(say("person-id-help")))
    for one in (code, leave):
        one.add_argument("--name", required=True, help=text(say("cli-person-name-help")))
    for one in (adds, lists, code, leave, exports, erases):
        needs_agency(one)
        offers_json(one)


def run_add(args: argparse.Namespace, app: App) -> int:
    """Enter a person; without an identity an invitation code is made and printed once."""
    agency, code = app.agency(args.agency), ""
    if args.identity and ":" not in args.identity:
        raise Refused(say("cli-person-identity-bad", identity=args.identity))
    with app.database.agency(agency.id) as records:
        unit = named_unit(records, args.unit) if args.unit else None
        if any(one.name == args.name and one.unit is unit for one in people.staff(records)):
            raise Refused(say("cli-person-there", name=args.name))
        limits.check_people(records, agency)
        person = Person(name=args.name, unit_id=unit.id if unit else None, role=args.role, language="th")
        records.add(person)
        records.flush()
        history.note(records, "person-added", f"person:{person.id}")
        if args.identity:
            _free(records, args.identity)
            people.bind(records, person, args.identity, now())
        else:
            code = codes.new_code(records, PERSON, now(), person=person)
    if args.json:
        show({"name": args.name, "unit": args.unit, "role": args.role, "code": code or None})
    else:
        tell(say("cli-person-added", name=args.name))
        if code:
            tell(say("cli-person-code", name=args.name, code=code))
    return 0


def _free(records: Session, identity: str) -> None:
    if taken := people.by_address(records, identity):
        raise Refused(say("cli-person-identity-taken", identity=identity, name=taken.name))


def run_list(args: argparse.Namespace, app: App) -> int:
    """Print the staff."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        rows = [
            {
                "id": str(one.id),
                "name": one.name,
                "unit": one.unit.name if one.unit else None,
                "role": one.role,
                "accounts": sorted({identity.address.partition(":")[0] for identity in one.identities}),
            }
            for one in people.staff(records)
        ]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        role = say(f"people-role-{row['role']}")
        accounts = ", ".join(row["accounts"] or [])
        tell(say("cli-person-row", name=row["name"], unit=row["unit"] or "-", role=role, accounts=accounts))
    if not rows:
        tell(say("cli-person-none"))
    return 0


def run_code(args: argparse.Namespace, app: App) -> int:
    """Make a new invitation code; earlier ones stop working."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        person = _named(records, args.name)
        code = codes.new_code(records, PERSON, now(), person=person)
        history.note(records, "code-given", f"person:{person.id}")
    if args.json:
        show({"name": args.name, "code": code})
    else:
        tell(say("cli-person-code", name=args.name, code=code))
    return 0


def run_leave(args: argparse.Namespace, app: App) -> int:
    """Mark a person as having left; the identities stop working, the history keeps the name."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        person = _named(records, args.name)
        people.leave(records, person, now())
        codes.withdraw_all(records, person, now())
        history.note(records, "person-left", f"person:{person.id}")
    if args.json:
        show({"name": args.name, "left": True})
    else:
        tell(say("cli-person-left", name=args.name))
    return 0


def run_export(args: argparse.Namespace, app: App) -> int:
    """Write what is kept about a person into a file for them."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        person = _anybody(records, args)
        erasure.traces(person)  # the addresses are loaded while the records are open
    try:
        rows, files = personal.export(app, agency, person, args.out)
    except OSError as fault:
        raise Refused(say("cli-backup-failed", file=str(args.out), why=fault.strerror or "")) from fault
    with app.database.agency(agency.id) as records:
        history.note(records, "person-exported", f"person:{person.id}", None, rows=rows, files=files)
    if args.json:
        show({"id": str(person.id), "rows": rows, "files": files})
    else:
        tell(say("person-exported", name=person.name, file=str(args.out), rows=rows, files=files))
    return 0


def run_erase(args: argparse.Namespace, app: App) -> int:
    """Take a person out for good, and look afterwards whether anything still tells who it was."""
    let_in(app)
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        person = _anybody(records, args)
        if args.sure != person.name:
            raise Refused(say("person-erase-unsure", name=person.name))
        who, speak = erasure.traces(person), words(agency.settings.get("language", "th"))
        if args.with_files:
            for one in evidence.shown_by(records, person.id):
                evidence.remove(records, one)
        alias = speak(personal.alias(erasure.erased_count(records) + 1))
        entry = erasure.erase(records, person, alias)
        left, told = erasure.left(records, who), dict(entry.details)
    if args.json:
        show({"id": str(who.person_id), "alias": alias, "changed": told, "left": left})
    else:
        tell(say("person-erased", alias=alias, count=sum(told.values()), number=str(entry.id)))
        tell(say("person-erased-backups"))
    if left:
        raise Refused(say("person-erase-left", tables=", ".join(left)))
    return 0


def _anybody(records: Session, args: argparse.Namespace) -> Person:
    """The person with this id or name, also one who has left. Raises Refused."""
    found = people.anybody(records, args.name, args.id)
    if not found:
        raise Refused(say("cli-person-unknown", name=args.name or str(args.id)))
    if len(found) > 1:
        raise Refused(say("person-several", name=args.name, ids=", ".join(str(one.id) for one in found)))
    return found[0]


def _named(records: Session, name: str) -> Person:
    found = [one for one in people.staff(records) if one.name == name]
    if len(found) != 1:
        raise Refused(say("cli-person-unknown" if not found else "cli-person-several", name=name))
    return found[0]
