"""``chat``: talk to the assistant in the terminal, or replay the lines of a script."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, text
from bot.plain import labels
from bot.script import Line, Stage, Undone, as_json, reply_text, voice
from handlers.talk import Refused, say
from storage.agencies import Agency
from storage.base import now


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "chat", say("cli-chat-help"))
    needs_agency(parser)
    offers_json(parser)
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--as", dest="person", default="", help=text(say("cli-chat-as-help")))
    who.add_argument("--script", type=Path, metavar="FILE", help=text(say("cli-chat-script-help")))
    parser.add_argument("--unit", default="", help=text(say("cli-chat-unit-help")))
    parser.add_argument("--group", action="store_true", help=text(say("cli-chat-group-help")))
    parser.add_argument("--at", default="", metavar="ISO", help=text(say("cli-chat-at-help")))
    parser.add_argument("--dry-run", action="store_true", help=text(say("cli-chat-dry-run-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Replay a script, or talk."""
    agency = app.agency(args.agency)
    with contextlib.suppress(Undone):
        if not args.dry_run:
            return _go(args, agency, Stage(app, agency.id))
        with app.database.agency(agency.id) as records:
            _go(args, agency, Stage(app, agency.id, records))
            raise Undone
    return 0


def _go(args: argparse.Namespace, agency: Agency, stage: Stage) -> int:
    return _replay(args, agency, stage) if args.script else _talk(args, agency, stage)


def _replay(args: argparse.Namespace, agency: Agency, stage: Stage) -> int:
    words = voice(agency)
    for name, line in _lines(args.script, _zone(agency)):
        told = as_json(name, stage.hear(line), words)
        if args.json:
            show(told)
        else:
            sys.stdout.write(f"> {line.sender}: {line.text}\n{told['reply']}\n\n")
        sys.stdout.flush()
    return 0


def _lines(file: Path, zone: ZoneInfo) -> Iterator[tuple[str, Line]]:
    try:
        body = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise Refused(say("cli-chat-no-script", file=str(file))) from fault
    for number, row in enumerate(body.splitlines(), 1):
        if row.strip():
            try:
                yield _line(json.loads(row), zone)
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                raise Refused(say("cli-chat-bad-line", file=str(file), line=str(number))) from fault


def _line(row: dict[str, Any], zone: ZoneInfo) -> tuple[str, Line]:
    return str(row["id"]), Line(
        sender=str(row["from"]),
        text=str(row["text"]),
        at=_moment(row["at"], zone) if row.get("at") else now(),
        unit=row.get("unit") or "",
        in_group=row.get("chat") == "group",
        addressed=bool(row.get("addressed", True)),
        value=row.get("tap") or "",
    )


def _moment(value: str, zone: ZoneInfo) -> datetime:
    made = datetime.fromisoformat(value)
    return made if made.tzinfo else made.replace(tzinfo=zone)


def _zone(agency: Agency) -> ZoneInfo:
    return ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok"))


def _talk(args: argparse.Namespace, agency: Agency, stage: Stage) -> int:
    """Read lines until the end of input; a number picks the choice with that number."""
    if not (args.person or args.unit):
        raise Refused(say("cli-chat-who"))
    try:
        fixed = _moment(args.at, _zone(agency)) if args.at else None
    except ValueError as fault:
        raise Refused(say("cli-day-bad", value=args.at)) from fault
    words, is_asking = voice(agency), sys.stdin.isatty()
    while True:
        if is_asking:
            sys.stdout.write("> ")
            sys.stdout.flush()
        typed = sys.stdin.readline()
        if not typed:
            return 0
        if typed.strip():
            line = Line(
                args.person or args.unit, typed.strip(), fixed or now(), args.unit, args.group, addressed=True
            )
            answered = stage.hear(line)
            if args.json:
                show(as_json("", answered, words))
            elif answered:
                sys.stdout.write(reply_text(answered, words) + "\n")
                for number, label in enumerate(labels(answered.replies, words), 1):
                    sys.stdout.write(f"  {number}. {label}\n")
        sys.stdout.flush()
