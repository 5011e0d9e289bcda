"""``channel add``: gives an agency its account in a channel; the secrets are sealed at rest."""

import argparse
import pkgutil
import sys
from importlib import import_module

from bot import channels
from bot.app import BUILT_IN, App
from bot.commands import needs_agency, new, tell, text
from handlers.talk import Refused, say
from storage import agencies
from storage.agencies import Channel
from storage.base import now

LETTERS = 48  # of a credential that we choose


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    verbs = new(commands, "channel", say("cli-channel-help")).add_subparsers(metavar="add", required=True)
    parser = new(verbs, "add", say("cli-channel-add-help"))
    parser.add_argument("kind", choices=_kinds())
    needs_agency(parser)
    parser.add_argument("--secret", default="", help=text(say("cli-channel-secret-help")))
    parser.add_argument("--token", default="", help=text(say("cli-channel-token-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Keep the account, or change the one there is."""
    channel = import_module(f"bot.channels.{args.kind}")
    credentials = {name: _given(getattr(args, name)) for name in channel.NEEDS}
    for name, value in credentials.items():
        if not value:
            raise Refused(say("cli-channel-missing", kind=args.kind, name=f"--{name}"))
    for name in getattr(channel, "DRAWS", ()):
        credentials[name] = app.seal.sign(args.kind, "".join(credentials.values()))[:LETTERS]
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        row = agencies.find_channel(records, args.kind)
        if row is None:
            row = Channel(kind=args.kind, details={})
            records.add(row)
        row.sealed, row.changed_at = app.seal.close(credentials), now()
    base = app.settings.public_url or "https://…"
    tell(say("cli-channel-added", kind=args.kind, address=f"{base}/hooks/{args.kind}/{args.agency}"))
    return 0


def _kinds() -> list[str]:
    """The channels there are; a name with a line under is a part of one."""
    known = {one.name for one in pkgutil.iter_modules(channels.__path__) if "_" not in one.name}
    return sorted(known - set(BUILT_IN.values()))


def _given(value: str) -> str:
    """The value, or the first line of standard input for ``-`` (a command line is seen by others)."""
    return sys.stdin.readline().strip() if value == "-" else value
