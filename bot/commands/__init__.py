"""One file a command; each has ``add(commands)`` that makes its parsers and names what runs."""

import argparse
import json
import os
import re
import sys
from datetime import date, datetime
from typing import Any, TextIO

from bot.words import words
from handlers.talk import Refused, Say, say

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]|[a-z0-9]")


def language() -> str:
    """The operator's language: Thai where the terminal is set to it, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "th" if value.startswith("th") else "en"
    return "en"


def text(said: Say) -> str:
    """A sentence in the operator's language."""
    return words(language())(said)


def tell(said: Say) -> None:
    """Print a sentence."""
    sys.stdout.write(text(said) + "\n")


def show(value: Any, file: TextIO | None = None) -> None:
    """Print records as JSON, or write them into a file."""
    (file or sys.stdout).write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def new(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: Say) -> Any:
    """A command's parser with its help."""
    return commands.add_parser(name, help=text(about), description=text(about))


def needs_agency(parser: argparse.ArgumentParser) -> None:
    """Add ``--agency SLUG``."""
    parser.add_argument("--agency", required=True, metavar="SLUG", help=text(say("cli-agency-help")))


def offers_scope(parser: argparse.ArgumentParser) -> None:
    """Add what names a part of the agency: ``--unit``, ``--topic``, ``--indicator``, ``--role``."""
    parser.add_argument("--unit", default="", help=text(say("cli-summary-unit-help")))
    parser.add_argument("--topic", default="", help=text(say("cli-summary-topic-help")))
    parser.add_argument("--indicator", default="", help=text(say("cli-scope-indicator-help")))
    parser.add_argument("--role", default="", help=text(say("cli-scope-role-help")))


def a_slug(value: str) -> str:
    """An agency's short name as it may stand in an address. Raises Refused."""
    if not SLUG.fullmatch(value):
        raise Refused(say("cli-init-slug-bad", slug=value))
    return value


def offers_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help=text(say("cli-json-help")))


def a_day(value: str) -> date:
    """A day as people type it on a command line: ``2024-01-14`` or ``14/1/2567``."""
    try:
        if "/" not in value:
            return date.fromisoformat(value)
        day, month, year = map(int, value.split("/"))
        return date(year - 543 if year > 2400 else year, month, day)
    except ValueError as fault:
        raise Refused(say("cli-day-bad", value=value)) from fault
