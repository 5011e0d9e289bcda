"""Chat in the browser: replies as JSON for the page, and the files that were sent there.

The page reads letters from the records (they may be sent by another process), so sending a letter means
no more than giving its messages ids. What answers an event is named after the event, so that the page
that waits for this answer finds it; everything else is news for whoever looks at the place.
"""

import re
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels import Envelope, Heard, NotSent, Sent
from bot.words import Words
from handlers.talk import Card, Choice, File, Reply, Row
from storage.blobs import Blobs

KIND = "web"
ANSWER, NEWS = "re-", "to-"  # how the ids of our messages begin
KEPT_FOR = (
    24 * 3600.0
)  # seconds an upload waits to be fetched as evidence; LINE keeps content for a while too
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"(https?://|/(?!/))\S+")


def stem_of(reply_token: str, retry_key: str) -> str:
    """How the ids of a letter's messages begin."""
    return f"{ANSWER}{reply_token}" if reply_token else f"{NEWS}{retry_key}"


def first_of(stem: str) -> str:
    """The id of a letter's first message; every letter has one."""
    return f"{stem}.0"


def messages(replies: Sequence[Reply], stem: str) -> tuple[tuple[str, str], ...]:
    """The id of each message of a letter, and what it is about."""
    found: list[tuple[str, str]] = []
    for number, reply in enumerate(replies):
        first = next((card.about for card in reply.cards if card.about), "")
        found.append((f"{stem}.{number}", first))
        found += [(f"{stem}.{number}.{at}", card.about) for at, card in enumerate(reply.cards)]
    return tuple(found)


def shown(replies: Sequence[Reply], words: Words, stem: str) -> list[dict[str, Any]]:
    """Replies as the page draws them: every text said, choices with the numbers that pick them."""
    last = max((at for at, reply in enumerate(replies) if _offers(reply)), default=-1)
    parts = []
    for number, reply in enumerate(replies):
        counted = _Numbers(words, is_open=number == last)
        choices = [counted(choice) for choice in reply.choices]
        cards = [_card(card, counted, f"{stem}.{number}.{at}") for at, card in enumerate(reply.cards)]
        parts.append({"id": f"{stem}.{number}", "text": words(reply.say), "cards": cards, "choices": choices})
    return parts


def _offers(reply: Reply) -> bool:
    return bool(reply.choices or any(card.choices for card in reply.cards))


class _Numbers:
    """Shows choices, and counts those that a typed number picks, in the order the desk remembers them."""

    def __init__(self, words: Words, *, is_open: bool) -> None:
        self.words, self._is_open, self._last = words, is_open, 0

    def __call__(self, choice: Choice, *, counts: bool = True) -> dict[str, Any]:
        counts = counts and choice.numbered
        self._last += counts
        return {
            "value": choice.value,
            "label": self.words(choice.label),
            "style": choice.style,
            "picks": choice.picks,
            "link": choice.link if _ADDRESS.fullmatch(choice.link) else "",
            "number": self._last if counts and self._is_open else None,
        }


def _card(card: Card, counted: _Numbers, name: str) -> dict[str, Any]:
    words = counted.words
    kind, _, number = card.about.partition(":")
    return {
        "id": name,
        "title": words(card.title),
        "subtitle": words(card.subtitle),
        "mark": card.mark,
        "share": card.share,
        "rows": [_row(row, counted) for row in card.rows],
        "choices": [counted(choice) for choice in card.choices],
        "why": f"reasons-show:{number}" if kind == "update" else None,
    }


def _row(row: Row, counted: _Numbers) -> dict[str, Any]:
    return {
        "text": counted.words(row.say),
        "value": counted.words(row.value),
        "mark": row.mark,
        "share": row.share,
        "choice": counted(row.choice, counts=False) if row.choice else None,
    }


class Uploads:
    """What was sent on the page, until it is fetched as evidence; it stands apart from the evidence."""

    def __init__(self, data_dir: Path, agency_id: int) -> None:
        self._folder = data_dir / "uploads"
        self.blobs = Blobs(self._folder, agency_id)

    def find(self, name: str) -> Path | None:
        """Where the content is, or nothing when it was removed."""
        path = self.blobs.path(name) if _SHA256.fullmatch(name) else None
        return path if path is not None and path.exists() else None

    def remove(self, name: str) -> None:
        """Take content away (unsent, or said in ordinary chat)."""
        if _SHA256.fullmatch(name):
            self.blobs.remove(name)

    def tidy(self) -> None:
        """Remove what is older than it is kept for."""
        for path in self._folder.rglob("*"):
            if path.is_file() and path.stat().st_mtime < time.time() - KEPT_FOR:
                path.unlink(missing_ok=True)


class Webchat:
    """The chat page of one agency."""

    kind = KIND

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    def read(self, headers: dict[str, str], body: bytes) -> Sequence[Heard]:
        """Nothing comes in by webhook; the page's own addresses are in bot/web/chat.py."""
        raise PermissionError

    async def send(self, envelope: Envelope) -> Sent:
        """The page finds the letter by itself; its messages get the ids by which they are quoted."""
        return Sent(messages(envelope.replies, stem_of(envelope.reply_token, envelope.retry_key)))

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """The content of an upload, piece by piece. Raises NotSent (permanent) when it is gone."""
        path = self._uploads.find(file.id)
        if path is None:
            raise NotSent("gone", permanent=True)
        with path.open("rb") as content:
            while piece := content.read(chunk):
                yield piece


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Webchat:
    """The page of one agency; it needs no account."""
    return Webchat(Uploads(Path(details["data_dir"]), int(details["agency_id"])))
