"""``restore FILE``: fills an empty database and data folder from a backup."""

import argparse
from pathlib import Path

from bot import backup
from bot.app import App
from bot.commands import new, tell, text
from bot.commands.backup import progress
from handlers.talk import say


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "restore", say("cli-restore-help"))
    parser.add_argument("file", type=Path, help=text(say("cli-backup-file-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Restore, and say what came back."""
    told = backup.restore(app, args.file, progress)
    tell(say("cli-restore-done", agencies=told.agencies, rows=told.rows, files=told.files))
    return 0
