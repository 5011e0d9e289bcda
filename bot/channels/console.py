"""The terminal as a channel: a reply as plain text, its choices numbered."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp

from bot.channels import Envelope, Heard, NotSent, Sent
from handlers.talk import File


class Console:
    """The terminal. What waits for it when nobody looks is told to nobody."""

    kind = "console"

    def read(self, headers: dict[str, str], body: bytes) -> Sequence[Heard]:
        """Nothing comes in by HTTP."""
        raise PermissionError

    async def send(self, envelope: Envelope) -> Sent:
        """The one who typed has seen it already."""
        return Sent()

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """No files are sent through the terminal."""
        raise NotSent("no file", permanent=True)
        yield b""


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Console:
    """The terminal of any agency."""
    return Console()
