"""Telegram: updates in, HTML text and buttons out, by webhook or long polling."""

import hmac
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels import Document, Envelope, Heard, NotSent, Sent, telegram_cards, telegram_events
from bot.channels.telegram_cards import Page
from bot.channels.telegram_http import Transport
from handlers.talk import Choice, File

log = logging.getLogger("prongsai.telegram")
NEEDS, DRAWS = ("token",), ("secret",)  # Telegram proves a webhook with a secret of our choice
API = "https://api.telegram.org"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 25
MOST_BUTTONS = 100  # Telegram's limit for one message
TALL, SHORT = 6, 18  # more buttons than this are paired, when their labels have at most so many letters
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Telegram:
    """One agency's bot."""

    kind = "telegram"
    per_second = 25.0  # Bot API FAQ: about 30 messages a second over all chats
    gives_files = True  # a paper goes out as the file itself

    def __init__(
        self, credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str
    ) -> None:
        token, base = credentials["token"], api_url or API
        self._secret = credentials.get("secret", "").encode()
        self._id = int(token.partition(":")[0]) if token.partition(":")[0].isdecimal() else 0
        self._username = str(details.get("bot_username", ""))
        self._begun: dict[str, list[tuple[str, str]]] = {}
        self._http, self._files = http, f"{base}/file/bot{token}"
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=Transport(http),
            get_updates_request=Transport(http, POLL_SECONDS + 5),
        )

    def read(self, headers: dict[str, str], body: bytes) -> list[Heard]:
        """The event of a webhook. Raises PermissionError (secret), ValueError (not Telegram's JSON)."""
        given = headers.get("x-telegram-bot-api-secret-token", "").encode("utf-8", "replace")
        if not self._secret or not hmac.compare_digest(self._secret, given):
            raise PermissionError("wrong secret")
        try:
            update = json.loads(body)
        except (UnicodeDecodeError, RecursionError) as fault:
            raise ValueError("not JSON") from fault
        if not isinstance(update, dict):
            raise ValueError("not an update")  # noqa: TRY004 - the door answers 400 to a ValueError
        return self._heard([update])

    def _heard(self, updates: Sequence[Any]) -> list[Heard]:
        read = (telegram_events.read(update, self._id, self._username) for update in updates)
        return [heard for heard in read if heard is not None]

    async def send(self, envelope: Envelope) -> Sent:
        """Send a letter, one message a card; the tap that asked for it is answered first. Raises NotSent."""
        chat = envelope.place.removeprefix("telegram:")
        if envelope.reply_token:
            with suppress(TelegramError):  # only stops the button's spinner; old taps are refused
                await self._bot.answer_callback_query(envelope.reply_token)
        pages = telegram_cards.pages(envelope.replies, envelope.words)
        sent = self._begun.pop(envelope.retry_key, [])  # of an earlier try that broke off in the middle
        parts: list[Page | Document] = [*pages, *envelope.documents]
        for part in parts[len(sent) :]:
            try:
                number = await self._part(chat, part)
            except NotSent as fault:
                if sent and not fault.permanent:
                    self._begun[envelope.retry_key] = sent
                raise
            sent.append((f"telegram:{chat}:{number}", part.about if isinstance(part, Page) else ""))
        return Sent(tuple(sent))

    async def _part(self, chat: str, part: Page | Document) -> int:
        try:
            if isinstance(part, Page):
                made = await self._bot.send_message(
                    chat,
                    part.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_keyboard(part),
                    link_preview_options=NO_PREVIEW,
                )
            else:
                made = await self._bot.send_document(chat, InputFile(part.content, part.name))
        except RetryAfter as fault:
            raise NotSent("too many", after=_seconds(fault)) from fault
        except (TimedOut, NetworkError) as fault:
            if isinstance(fault, BadRequest):
                raise NotSent(fault.message, permanent=True) from fault
            raise NotSent(type(fault).__name__) from fault
        except (Forbidden, InvalidToken, TelegramError) as fault:
            raise NotSent(str(fault), permanent=True) from fault
        return int(made.message_id)

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """Stream a file's content (Telegram gives bots up to 20 MB). Raises NotSent."""
        try:
            found = await self._bot.get_file(file.id)
        except BadRequest as fault:
            raise NotSent(fault.message, permanent=True) from fault
        except TelegramError as fault:
            raise NotSent(type(fault).__name__) from fault
        path = (found.file_path or "").partition(f"{self._files}/")[2] or found.file_path or ""
        try:
            async with self._http.get(f"{self._files}/{path}") as answer:
                if answer.status != 200:
                    raise NotSent(f"content {answer.status}", permanent=answer.status in (404, 410))
                async for part in answer.content.iter_chunked(chunk):
                    yield part
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise NotSent(type(fault).__name__) from fault

    async def learn(self) -> str:
        """Ask Telegram for our own name, so that mentions are known. Raises NotSent."""
        try:
            me = await self._bot.get_me()
        except TelegramError as fault:
            raise NotSent(str(fault), permanent=isinstance(fault, InvalidToken | Forbidden)) from fault
        self._id, self._username = me.id, me.username or ""
        return self._username

    async def listen(self, url: str) -> None:
        """Have updates sent to a webhook. Raises NotSent."""
        try:
            await self._bot.set_webhook(url, secret_token=self._secret.decode(), allowed_updates=WANTED)
        except TelegramError as fault:
            raise NotSent(str(fault)) from fault

    async def poll(self, keep: Callable[[Sequence[Heard]], Awaitable[object]], offset: int = 0) -> int:
        """One long poll: what came is kept first, and only then confirmed by the next one's offset.

        Returns the offset for the next call. Raises NotSent, and whatever ``keep`` raises.
        """
        try:
            updates = await self._bot.get_updates(offset, timeout=POLL_SECONDS, allowed_updates=WANTED)
        except RetryAfter as fault:
            raise NotSent("too many", after=_seconds(fault)) from fault
        except TelegramError as fault:
            raise NotSent(str(fault), permanent=isinstance(fault, InvalidToken | Forbidden)) from fault
        if not updates:
            return offset
        heard = self._heard([update.to_dict() for update in updates])
        if heard:
            await keep(heard)
        return int(updates[-1].update_id) + 1

    async def be_polled(self) -> None:
        """Give a webhook up, so that polling is allowed. Raises NotSent."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as fault:
            raise NotSent(str(fault), permanent=isinstance(fault, InvalidToken | Forbidden)) from fault


def _keyboard(page: Page) -> InlineKeyboardMarkup | None:
    """One button a row; of many, two short ones side by side, so that all of them fit a phone."""
    if not page.buttons:
        return None
    rows: list[list[InlineKeyboardButton]] = []
    has_room = False
    for choice, label in page.buttons[:MOST_BUTTONS]:
        is_short = len(page.buttons) > TALL and len(label) <= SHORT
        if is_short and has_room:
            rows[-1].append(_button(choice, label))
        else:
            rows.append([_button(choice, label)])
        has_room = is_short and len(rows[-1]) == 1
    return InlineKeyboardMarkup(rows)


def _button(choice: Choice, label: str) -> InlineKeyboardButton:
    if choice.link:
        return InlineKeyboardButton(label, url=choice.link)
    return InlineKeyboardButton(label, callback_data=choice.value)


def _seconds(fault: RetryAfter) -> float:
    after = fault.retry_after
    return float(after if isinstance(after, int | float) else after.total_seconds())


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Telegram:
    """An agency's bot; ``api_url`` stands for Telegram's host (proxies, the fake)."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming way to tell a pause
    return Telegram(credentials, details, http, api_url.rstrip("/"))
