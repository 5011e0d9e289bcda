"""``init``: brings the database up to date and makes an agency."""

import argparse

from bot import samples, turns
from bot.app import App
from bot.commands import a_slug, new, tell, text
from handlers.talk import Refused, say
from storage import agencies, migrations
from storage.agencies import Agency
from storage.base import now


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "init", say("cli-init-help"))
    parser.add_argument("--agency", required=True, metavar="SLUG", help=text(say("cli-init-slug-help")))
    parser.add_argument("--name", required=True, help=text(say("cli-init-name-help")))
    parser.add_argument("--sample", action="store_true", help=text(say("cli-init-sample-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Upgrade, then make the agency; an agency that is there already is refused."""
    a_slug(args.agency)
    migrations.upgrade(app.database.engine)
    with app.database.shared() as session:
        if agencies.find_agency(session, args.agency):
            raise Refused(say("cli-init-there", slug=args.agency))
        made = Agency(slug=args.agency, name=args.name, settings={"timezone": app.settings.timezone})
        if not args.sample:
            session.add(made)
    if args.sample:
        agency_id = samples.make(app, turns.local_day(made, now()))
        with app.database.shared() as session:
            kept = session.get_one(Agency, agency_id)
            kept.slug, kept.name = args.agency, args.name
    tell(say("cli-init-done", slug=args.agency, name=args.name))
    return 0
