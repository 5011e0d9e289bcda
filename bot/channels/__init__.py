"""What a channel is: it reads what comes in, shows a reply in its own way, and sends it.

A channel is one file here, found by its name (``teams.py``; parts of its own begin with it,
``teams_cards.py``). It has ``open_channel(credentials, details, http, api_url) -> Channel`` and, where
an agency needs an account, ``NEEDS``: the credentials its platform gives out; ``DRAWS``: those we choose.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, Self, runtime_checkable

from bot.words import Words
from handlers.talk import File, Reply

Kind = Literal[
    "message",
    "edited",
    "unsent",
    "button",
    "followed",
    "unfollowed",
    "group-joined",
    "group-left",
    "group-moved",
    "member-joined",
    "member-left",
    "flooded",
    "day-full",
]


class NotSent(Exception):
    """A letter did not go out. ``permanent``: trying again would not help.

    ``quota``: the month's messages are used up. ``after``: seconds to wait where the channel said so.
    ``token``: the reply token was refused (used already, or too old); the outbox then pushes.
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        quota: bool = False,
        after: float | None = None,
        token: bool = False,
    ) -> None:
        super().__init__(why)
        self.permanent, self.quota, self.after, self.token = permanent, quota, after, token


def clean(text: str) -> str:
    """A text without zero bytes and halves of signs, which PostgreSQL and UTF-8 refuse."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a channel in our words. ``key`` is unique within agency and channel.

    ``place`` and ``sender`` are addresses (``line:C…``, ``line:U…``); ``sender`` is empty where the
    channel does not tell. ``addressed``: the assistant was mentioned, replied to, commanded, or it
    is a 1:1 talk. ``value`` is what a button carries, ``quoted`` the id of the message replied to.
    """

    key: str
    kind: Kind
    at: datetime
    channel: str
    place: str
    is_private: bool
    sender: str = ""
    text: str = ""
    value: str = ""
    message: str = ""
    quoted: str = ""
    files: tuple[File, ...] = ()
    addressed: bool = False
    reply_token: str = ""
    reply_by: datetime | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def pack(self) -> dict[str, Any]:
        """As JSON, to wait in the inbox; without signs that no database keeps."""
        said = ((name, getattr(self, name)) for name in self.__slots__)
        body: dict[str, Any] = {
            name: clean(value) if isinstance(value, str) else value for name, value in said
        }
        body["files"] = [{**asdict(file), "name": clean(file.name)} for file in self.files]
        body["at"] = self.at.isoformat()
        body["reply_by"] = self.reply_by.isoformat() if self.reply_by else None
        return body

    @classmethod
    def unpack(cls, body: dict[str, Any]) -> Self:
        """What ``pack`` made, as it was."""
        by = body["reply_by"]
        return cls(
            **{
                **body,
                "at": datetime.fromisoformat(body["at"]),
                "reply_by": datetime.fromisoformat(by) if by else None,
                "files": tuple(File(**file) for file in body["files"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A file of ours that goes along with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a channel needs to send a letter: where, in whose words, and how to answer for free.

    ``documents`` are given only to a channel with ``gives_files``; others have links in the replies.
    """

    place: str
    replies: tuple[Reply, ...]
    words: Words
    reply_token: str = ""
    retry_key: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter went out: the channel's ids of its messages, each with what it was about."""

    messages: tuple[tuple[str, str], ...] = ()
    cost: int = 0


class Channel(Protocol):
    """One agency's account in one channel."""

    kind: str

    def read(self, headers: dict[str, str], body: bytes) -> Sequence[Heard]:
        """The events of one webhook body. Raises PermissionError when it is not from the channel."""

    async def send(self, envelope: Envelope) -> Sent:
        """Send a letter. Raises NotSent."""

    def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """Stream a file's content. Raises NotSent (permanent when it is gone)."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the month's messages, and what a letter to one place would cost of them."""

    limit: int
    used: int
    cost: int

    def is_short(self, reserve: float) -> bool:
        """Whether sending would reach into the reserve (a share of the limit) kept for what cannot wait."""
        return self.limit - self.used - self.cost < self.limit * reserve


@runtime_checkable
class Metered(Protocol):
    """A channel where messages that answer nobody are counted against the month."""

    async def room(self, place: str) -> Room | None:
        """What is left now, asked for anew only now and then; nothing where there is no limit."""


@runtime_checkable
class Polled(Protocol):
    """A channel that is asked for what came, where it cannot reach us by webhook."""

    async def learn(self) -> str:
        """Ask for our own name there. Raises NotSent."""

    async def listen(self, url: str) -> None:
        """Have what comes sent to a webhook. Raises NotSent."""

    async def be_polled(self) -> None:
        """Give the webhook up. Raises NotSent."""

    async def poll(self, keep: Callable[[Sequence[Heard]], Awaitable[object]], offset: int = 0) -> int:
        """One long poll from an offset; the offset for the next. Raises NotSent."""
