"""``agency list|add|limits|retention|export|import|delete``: a deployment's agencies."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from bot import moving
from bot.app import LOOK_AGAIN, App
from bot.commands import a_slug, needs_agency, new, offers_json, show, tell, text
from bot.commands.backup import progress
from handlers import keeping, limits
from handlers.talk import Refused, say
from storage import agencies, history, people, retention
from storage.agencies import Agency
from storage.base import now

HOLD = LOOK_AGAIN + 1.0  # seconds after which running programs have forgotten a deleted agency


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "agency", say("agency-help"))
    verbs = noun.add_subparsers(metavar="list|add|limits|retention|export|import|delete", required=True)
    lists = new(verbs, "list", say("agency-list-help"))
    adds = new(verbs, "add", say("agency-add-help"))
    adds.add_argument("slug", metavar="SLUG", help=text(say("cli-init-slug-help")))
    adds.add_argument("--name", required=True, help=text(say("cli-init-name-help")))
    bounds = new(verbs, "limits", say("agency-limits-help"))
    for name in limits.NAMES:
        about = text(say(f"agency-limit-{name}-help"))
        bounds.add_argument(f"--{name}", type=int, metavar="N", help=about)
    keeps = new(verbs, "retention", say("agency-retention-help"))
    for name in retention.NAMES:
        keeps.add_argument(f"--{name}", type=int, metavar="DAYS", help=text(say(f"agency-kept-{name}-help")))
    exports = new(verbs, "export", say("agency-export-help"))
    imports = new(verbs, "import", say("agency-import-help"))
    imports.add_argument("--slug", default="", help=text(say("agency-import-slug-help")))
    deletes = new(verbs, "delete", say("agency-delete-help"))
    deletes.add_argument("--sure", default="", metavar="SLUG", help=text(say("agency-delete-sure-help")))
    for one in (exports, imports):
        one.add_argument("file", type=Path, metavar="FILE.zip", help=text(say("agency-file-help")))
    for one in (bounds, keeps, exports, deletes):
        needs_agency(one)
    for one in (lists, adds, bounds, keeps, exports, imports, deletes):
        offers_json(one)
    pairs = ((lists, run_list), (adds, run_add), (bounds, run_limits), (keeps, run_retention))
    for parser, run in (*pairs, (exports, run_export), (imports, run_import), (deletes, run_delete)):
        parser.set_defaults(run=run)


def run_list(args: argparse.Namespace, app: App) -> int:
    """Every agency with its people and what its files take."""
    app.check_schema()
    with app.database.shared(write=False) as session:
        known = agencies.every(session)
    rows = [_row(app, one) for one in known]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        tell(say("agency-row", **{**row, "storage": f"{row['storage'] / 1e6:.1f}"}))
    if not rows:
        tell(say("agency-none"))
    return 0


def _row(app: App, agency: Agency) -> dict[str, Any]:
    with app.database.look(agency.id) as records:
        staff = len(people.staff(records))
    used = app.blobs(agency.id).used()
    return {"slug": agency.slug, "name": agency.name, "people": staff, "storage": used}


def run_add(args: argparse.Namespace, app: App) -> int:
    """Make an empty agency in a database that is up to date."""
    app.check_schema()
    a_slug(args.slug)
    with app.database.shared() as session:
        if agencies.find_agency(session, args.slug):
            raise Refused(say("cli-init-there", slug=args.slug))
        session.add(Agency(slug=args.slug, name=args.name, settings={"timezone": app.settings.timezone}))
    if args.json:
        show({"slug": args.slug, "name": args.name})
    else:
        tell(say("cli-init-done", slug=args.slug, name=args.name))
    return 0


def run_limits(args: argparse.Namespace, app: App) -> int:
    """Change what is given, and show what holds; 0 takes a limit away."""
    agency = app.agency(args.agency)
    given = {name: value for name in limits.NAMES if (value := getattr(args, name)) is not None}
    if any(value < 0 for value in given.values()):
        raise Refused(say("agency-limit-bad"))
    if given:
        with app.database.agency(agency.id) as records:
            agency = records.get_one(Agency, agency.id)
            agency.settings = limits.changed(agency, given)
            history.note(records, "limits-set", f"agency:{agency.id}", None, **given)
    held = {name: limits.of(agency, name) for name in limits.NAMES}
    if args.json:
        show(held)
        return 0
    for name, value in held.items():
        tell(say(f"agency-limit-{name}", count=value) if value else say(f"agency-limit-{name}-none"))
    return 0


def run_retention(args: argparse.Namespace, app: App) -> int:
    """Change for how many days things are kept, and show it; 0 keeps them for good."""
    agency = app.agency(args.agency)
    given = {name: value for name in retention.NAMES if (value := getattr(args, name)) is not None}
    if any(value < 0 for value in given.values()):
        raise Refused(say("agency-limit-bad"))
    with app.database.agency(agency.id) as records:
        agency = records.get_one(Agency, agency.id)
        held = {**keeping.kept_for(agency), **given}
        if given:
            agency.settings = {**agency.settings, keeping.SETTING: held}
            history.note(records, "retention-set", f"agency:{agency.id}", None, **given)
        last = retention.last(records)
    if args.json:
        show({"days": held, "last": {"at": last.at, "removed": last.details} if last else None})
        return 0
    for name, days in held.items():
        tell(say(f"agency-kept-{name}", days=days) if days else say(f"agency-kept-{name}-ever"))
    if last is not None:
        counts = {name: last.details.get(name, 0) for name in retention.NAMES}
        tell(say("agency-kept-last", day=last.at.date(), **counts))
    return 0


def run_export(args: argparse.Namespace, app: App) -> int:
    """Write one agency into a file."""
    agency = app.agency(args.agency)
    try:
        told = moving.export(app, agency, args.file, progress)
    except OSError as fault:
        raise Refused(say("cli-backup-failed", file=str(args.file), why=fault.strerror or "")) from fault
    if args.json:
        show({"slug": agency.slug, "rows": told.rows, "files": told.files, "history": told.head})
    else:
        tell(say("agency-exported", file=str(args.file), rows=told.count, files=told.files))
    return 0


def run_import(args: argparse.Namespace, app: App) -> int:
    """Bring an agency in, and name the channels whose secrets another key sealed."""
    app.check_schema()
    agency = moving.bring_in(app, args.file, args.slug and a_slug(args.slug), progress)
    closed = moving.closed_channels(app, agency.id)
    told = moving.left(app, agency.id)
    if args.json:
        show({"slug": agency.slug, "rows": told.rows, "files": told.files, "add_again": closed})
        return 0
    tell(say("agency-imported", name=agency.name, slug=agency.slug, rows=told.count, files=told.files))
    for kind in closed:
        tell(say("agency-channel-again", kind=kind, slug=agency.slug))
    return 0


def run_delete(args: argparse.Namespace, app: App) -> int:
    """Take an agency out for good, and prove it by a look afterwards."""
    agency = app.agency(args.agency)
    if args.sure != agency.slug:
        raise Refused(say("agency-delete-unsure", slug=agency.slug, name=agency.name))
    with app.database.look(agency.id) as records:
        is_reached = bool(agencies.channel_kinds(records))
    told = moving.delete(app, agency)
    if is_reached:  # running programs know its address a little longer, and keep what comes meanwhile
        if sys.stderr.isatty():
            progress(text(say("agency-delete-wait")))
        time.sleep(HOLD)
        moving.delete(app, agency)
    left = moving.left(app, agency.id)
    if args.json:
        proof = {"deleted_at": now(), "id": agency.id, "slug": agency.slug, "history": told.head}
        show(
            {
                **proof,
                "rows": told.rows,
                "files": told.files,
                "left": {"rows": left.count, "files": left.files},
            }
        )
    else:
        tell(say("agency-deleted", name=agency.name, rows=told.count, files=told.files))
    if left.count or left.files:
        raise Refused(say("agency-delete-left", rows=left.count, files=left.files))
    if not args.json:
        tell(say("agency-delete-proof", tables=len(told.rows), head=told.head[:16]))
    return 0
