"""``upgrade``: brings the database's schema to what this program needs, and the history into its chain."""

import argparse

from bot import chaining
from bot.app import App
from bot.commands import new, tell
from handlers.talk import say
from storage import migrations


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    new(commands, "upgrade", say("cli-upgrade-help")).set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Upgrade, and say from where to where."""
    before = migrations.current(app.database.engine)
    migrations.upgrade(app.database.engine)
    tell(say("cli-upgrade-done", before=before or "-", after=migrations.newest()))
    if linked := chaining.Chaining(app.database, app.data_dir).everything():
        tell(say("check-chained", count=linked))
    return 0
