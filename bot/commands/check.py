"""``check``: looks at everything that must be right, and says in sentences what is not."""

import argparse
from collections.abc import Iterator

from bot.app import App
from bot.checks import Found, channels, machine, records
from bot.commands import new, offers_json, show, tell, text
from handlers.talk import Refused, say


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "check", say("cli-check-help"))
    offers_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """One sentence for each thing looked at; 1 when something is wrong."""
    found = list(_all(app))
    for good, told in found:
        if args.json:
            what = told.id.removeprefix("cli-").removeprefix("check-")
            show({"good": good, "what": what, "text": text(told)})
        else:
            tell(say("cli-check-good" if good else "cli-check-bad", what=told))
    if all(good for good, _ in found):
        return 0
    raise Refused(say("cli-check-failed", count=sum(not good for good, _ in found)))


def _all(app: App) -> Iterator[Found]:
    schema = records.schema(app)
    yield schema
    yield from machine.look(app)
    if schema[0]:
        yield from records.look(app)
        yield from channels.look(app)
