"""Reads one paper (a plan, a list of staff, a policy) apart from the program: the file comes on standard
input, what it says goes out.

The first line is JSON (name, fiscal_year, likely_year, units; or name and is_text, for a policy's running
text), the rest is the file. A file that takes too much time or memory ends this process, and only it.
"""

import json
import resource
import sys
from typing import Any

from bot import tables
from bot.tables import staff
from bot.tables.plan import draft
from handlers.packing import pack as pack_words
from handlers.talk import Refused
from storage.drafts import pack

MOST_SECONDS = 60
MOST_MEMORY = 1 << 30  # bytes of addresses; a plan of 300 rows needs a tenth of it


def _told(document: tables.Document, asked: dict[str, Any]) -> dict[str, Any]:
    """A list of staff is one by its headings; anything else is read as a plan."""
    if staff.is_one(document):
        return {"staff": [row.packed() for row in staff.read(document)]}
    made = draft(document, asked["fiscal_year"], units=asked["units"], likely_year=asked["likely_year"])
    return {"draft": pack(made)}


def main() -> None:
    """Read, and print what was read or why not."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        content = sys.stdin.buffer.read()
        if asked.get("is_text"):
            told = {"text": tables.text_of(content, asked["name"])}
        else:
            told = _told(tables.read(content, asked["name"]), asked)
    except Refused as refused:
        told = {"refused": pack_words(refused.reply)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
