"""Files out: one report, many looks. The formats offered, in the order in which they are offered."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from bot.words import Words
from handlers.report import Report
from handlers.talk import Refused, say

FORMATS = ("text", "json", "docx", "xlsx", "pdf", "html", "png")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "png": "image/png",
    "json": "application/json",
}
UNKNOWN = "application/octet-stream"
PAGES = frozenset(FORMATS) - {"text", "json"}  # those that show charts and tables too, and go into a file


class Format(Protocol):
    """A look: one file of this folder with a ``write``."""

    def write(self, report: Report, words: Words) -> bytes:
        """The report in this format, in a language's words."""


def load(name: str) -> Format:
    """A format by its name; its libraries are imported only now."""
    return cast("Format", import_module(f"bot.reports.{name}"))


def save(file: Path, body: bytes) -> None:
    """Write a paper where it was asked for. Raises Refused with what stands in the way."""
    try:
        file.write_bytes(body)
    except OSError as fault:
        raise Refused(say("cli-backup-failed", file=str(file), why=fault.strerror or "")) from fault
