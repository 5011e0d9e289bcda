"""``backup FILE``: everything in one file, while the program runs."""

import argparse
import sys
from pathlib import Path

from bot import backup
from bot.app import App
from bot.commands import new, tell, text
from handlers.talk import Refused, say


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "backup", say("cli-backup-help"))
    parser.add_argument("file", type=Path, help=text(say("cli-backup-file-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Take it, and say what it holds."""
    app.check_schema()
    try:
        told = backup.take(app, args.file, progress)
    except OSError as fault:
        raise Refused(say("cli-backup-failed", file=str(args.file), why=fault.strerror or "")) from fault
    tell(say("cli-backup-done", file=str(args.file), rows=told.rows, files=told.files))
    return 0


def progress(name: str) -> None:
    """Show on a terminal what is being done; a log or a pipe is spared."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{name[:70]}\r")
        sys.stderr.flush()
