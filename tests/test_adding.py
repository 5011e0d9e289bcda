"""The files to touch, kept true by doing it: each thing is added, as a toy, to a copy of the house.

What CONTRIBUTING.md says in "The files to touch" is compared with the files made and the lines changed.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("bot", "handlers", "storage", "locales", "tests", "pyproject.toml")
IGNORED = shutil.ignore_patterns("pictures", "bench")

GIFTS = '''"""The gift register."""

from handlers.talk import Reply, Turn, say


def show(turn: Turn) -> Reply:
    """What was received."""
    return Reply(say=say("gifts-none"))


ANSWERS = {"gifts-show": show}
'''
TEAMS = '''"""Another place to talk."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp

from bot.channels import Envelope, Heard, Sent
from handlers.talk import File

NEEDS, DRAWS = ("token",), ("secret",)


class Teams:
    kind = "teams"

    def __init__(self, credentials: dict[str, str]) -> None:
        self.credentials = credentials

    def read(self, headers: dict[str, str], body: bytes) -> Sequence[Heard]:
        return ()

    async def send(self, envelope: Envelope) -> Sent:
        return Sent()

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        yield b""


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Teams:
    return Teams(credentials)
'''
OPENED = """
import asyncio
from bot import config
from bot.app import App

async def opened():
    app = App(config.read())
    channel = app.channel(app.agency("toy").id, "teams")
    await app.close_http()
    print(type(channel).__name__, channel.kind, *channel.credentials)

asyncio.run(opened())
"""
GIFT = '''"""``gift``: the gift register."""

from handlers.talk import say
from bot.commands import new, tell


def add(commands):
    parser = new(commands, "gift", say("help-menu"))
    parser.set_defaults(run=run)


def run(args, app):
    tell(say("help-menu"))
    return 0
'''
ODT = '''"""A report as a toy paper."""

from bot.words import Words
from handlers.report import Report


def write(report: Report, words: Words) -> bytes:
    """The names of its sections."""
    return " ".join(["ODT", *(section.name for section in report.sections)]).encode()
'''
LAO = """
called = ["ລາວ", "Lao"]
years_to_add = 543
months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
short_months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
weekdays = ["1", "2", "3", "4", "5", "6", "7"]
between = ", "
time = "%H:%M"

[styles]
short = "{day}/{month}/{year}"
"""
LAST = "--- the last one ---\n"
COMMANDS = f"""
import json, sys
from bot.cli import main

*first, last = json.loads(sys.argv[1])
status = max([main(words) for words in first], default=0)
print({LAST.strip()!r}, flush=True)
sys.exit(status or main(last))
"""
SPOKEN = """
from bot.reading import reader
from bot.words import LANGUAGES, words
from handlers.talk import say
print(*LANGUAGES, words("lo")(say("help-menu")), words("lo")(say("help-lost")), reader().read("ຂອງຂ້ອຍ").intent)
"""


INIT = ["init", "--agency", "toy", "--name", "กรมตัวอย่าง"]


@dataclass
class House:
    """A copy of the house, to build in."""

    folder: Path

    def add(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        assert not file.exists(), path
        file.write_text(text, encoding="utf-8")

    def after(self, path, line, more):
        """Put a line into an existing file, after the only one that reads like this."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(line) == 1, f"{line!r} is not the only one in {path}"
        file.write_text(text.replace(line, line + more), encoding="utf-8")

    def run(self, *words):
        """A command of this copy, in a process of its own."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PRONGSAI_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # each of many commands would compile all of it anew
        data = {"PRONGSAI_DATA_DIR": "var", "LANG": "th_TH.UTF-8"}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**kept, **data},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def prongsai(self, *commands):
        """Commands in their order, in one process; what the last one says."""
        status, told = self.run("-c", COMMANDS, json.dumps(commands))
        assert status == 0, told
        return told.rpartition(LAST)[2]

    def changes(self):
        """The files that are new, and how many lines changed in each that is not (tests left out)."""
        made, changed = set(), {}
        for part in PARTS[:-1]:
            for file in sorted((self.folder / part).rglob("*")):
                path = file.relative_to(self.folder)
                if file.is_dir() or "__pycache__" in path.parts or part == "tests":
                    continue
                if not (ROOT / path).exists():
                    made.add(path.as_posix())
                elif file.read_bytes() != (ROOT / path).read_bytes():
                    changed[path.as_posix()] = _lines_changed(ROOT / path, file)
        return made, changed


def _lines_changed(before, now):
    old, new = (file.read_text(encoding="utf-8").splitlines() for file in (before, now))
    kept = sum(block.size for block in difflib.SequenceMatcher(None, old, new).get_matching_blocks())
    return max(len(old), len(new)) - kept


@pytest.fixture
def house(tmp_path):
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        more = {"ignore": IGNORED} if (ROOT / part).is_dir() else {}
        copy(ROOT / part, tmp_path / part, **more)
    return House(tmp_path)


def promised(thing):
    """New files and lines in existing files, as the table of CONTRIBUTING.md gives them for a thing."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith(f"| {thing} (")]
    assert len(rows) == 1, f"the table of files to touch has no row for {thing}"
    _, new, lines = rows[0]
    files = {one for one in re.findall(r"`([^`\s]+)`", new) if not one.startswith("tests/") and "/" in one}
    return files, {path: int(count) for path, count in re.findall(r"`([^`]+)`: (\d+) line", lines)}


def assert_as_promised(house, thing):
    files, lines = promised(thing)
    made, changed = house.changes()
    assert changed == lines
    for pattern in files:
        assert any(fnmatch(one, pattern) for one in made), f"{pattern} was not needed"
    for one in made:
        assert any(fnmatch(one, pattern) for pattern in files), f"{one} stands in no row of the table"


def test_an_intent_is_a_file_its_words_and_three_lines(house):
    house.add("handlers/gifts.py", GIFTS)
    house.add("locales/th/gifts.ftl", "gifts-none = ยังไม่มีของขวัญที่รับไว้ค่ะ\n")
    house.add("locales/en/gifts.ftl", "gifts-none = No gift was received.\n")
    house.add(
        "locales/th/gifts.toml", '[gifts-show]\ncommands = ["ทะเบียนของขวัญ"]\nsentences = ["ดูทะเบียนของขวัญ"]\n'
    )
    house.add(
        "locales/en/gifts.toml", '[gifts-show]\ncommands = ["gift register"]\nsentences = ["show gifts"]\n'
    )
    house.after("handlers/__init__.py", "    floods,\n    g", "ifts,\n    g")
    house.after("handlers/__init__.py", "    signin,\n    floods,\n", "    gifts,\n")
    house.after("handlers/rights.py", '        "scores-show",\n', '        "gifts-show",\n')
    assert_as_promised(house, "an intent")
    lines = [
        {"id": name, "from": "สมชาย", "unit": "กองคลัง", "chat": "group", "addressed": True, "text": text}
        for name, text in (("sure", "ทะเบียนของขวัญ"), ("said", "ขอดูทะเบียนของขวัญหน่อย"))
    ]
    script = house.folder / "script.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    told = house.prongsai(INIT, ["chat", "--agency", "toy", "--script", str(script), "--json"])
    for answer in map(json.loads, told.splitlines()):
        assert (answer["intent"], answer["reply"]) == ("gifts-show", "ยังไม่มีของขวัญที่รับไว้ค่ะ")
    status, told = house.run(
        "-m", "pytest", "-p", "no:cacheprovider", "tests/test_architecture.py", "-k", "gifts or mess"
    )
    assert status == 0, told


def test_a_channel_is_one_file_and_is_found_by_its_name(house):
    house.add("bot/channels/teams.py", TEAMS)
    assert_as_promised(house, "a channel")
    added = house.prongsai(INIT, ["channel", "add", "teams", "--agency", "toy", "--token", "t"])
    assert "/hooks/teams/toy" in added
    assert house.run("-c", OPENED) == (0, "Teams teams token secret\n")
    _, told = house.run("-m", "bot", "check")  # a house without a backup is not yet all right
    assert "ผ่าน  teams ของ toy" in told


def test_a_report_format_is_one_file_and_its_place_in_the_order(house):
    house.add("bot/reports/odt.py", ODT)
    house.after("bot/reports/__init__.py", 'FORMATS = ("text", "json"', ', "odt"')
    assert_as_promised(house, "a report format")
    told = house.prongsai([*INIT, "--sample"], ["summary", "--agency", "toy", "--format", "odt"])
    assert told.startswith("ODT counts changes overdue")


def test_a_language_is_a_folder_and_what_it_lacks_is_listed(house):
    house.add("locales/lo/calendar.toml", LAO)
    house.add("locales/lo/help.ftl", "help-menu = ສະບາຍດີ\n")
    house.add("locales/lo/duties.toml", '[duties-mine]\ncommands = ["ຂອງຂ້ອຍ"]\n')
    assert_as_promised(house, "a language")
    status, told = house.run("-c", SPOKEN)
    assert status == 0, told
    assert told.startswith("th en lo ສະບາຍດີ")
    assert told.rstrip().endswith("duties-mine")
    assert "ค่ะ" in told  # what it lacks is said in Thai meanwhile
    status, told = house.run(
        "-m", "pytest", "-p", "no:cacheprovider", "tests/test_architecture.py", "-k", "language", "-vv"
    )
    assert status == 1
    assert "lo lacks due-none" in told
    assert "lo lacks help-menu" not in told
    assert "lo has nobody say due-list" in told
    assert "lo has nobody say duties-mine" not in told


def test_a_command_is_one_file(house):
    house.add("bot/commands/gift.py", GIFT)
    assert_as_promised(house, "a command")
    assert "โปร่งใส" in house.prongsai(["gift"])
