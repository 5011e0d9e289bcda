"""``run``: everything needed to try it out: database, sample agency, and the server."""

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot import samples
from bot.app import App
from bot.commands import new, text
from bot.commands import serve as serving
from handlers.talk import say
from storage import migrations
from storage.agencies import Agency
from storage.base import now


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "run", say("cli-run-help"))
    parser.add_argument("--host", default="127.0.0.1", help=text(say("cli-serve-host-help")))
    parser.add_argument("--port", type=int, default=8080, help=text(say("cli-serve-port-help")))
    parser.set_defaults(run=run, workers=1, role="all")


def run(args: argparse.Namespace, app: App) -> int:
    """Upgrade, make the sample where there is no agency at all, serve."""
    migrations.upgrade(app.database.engine)
    with app.database.shared(write=False) as session:
        is_empty = session.scalar(select(Agency.id).limit(1)) is None
    if is_empty:
        local: datetime = now().astimezone(ZoneInfo(app.settings.timezone))
        samples.make(app, local.date())
    return serving.run(args, app)
