"""LINE: signature, sending, content, and the small calls around them.

The official SDK is not on this path: its webhook models lose a whole message when one value is new to
them, its sending models drop fields they do not know without a word, a client of its own costs 17 ms
and its import 65 MB. We send and read plain JSON; the tests hold it against LINE's description.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from bot.channels import Envelope, Heard, NotSent, Room, Sent, line_cards, line_events, line_probe
from handlers.talk import File, Say
from storage.base import now

log = logging.getLogger("prongsai.line")
NEEDS = ("secret", "token")
API, DATA_API = "https://api.line.me", "https://api-data.line.me"
LIMIT = aiohttp.ClientTimeout(total=15, connect=5)
COUNT_KEPT = 3600.0  # seconds for which a group's member count is believed
QUOTA_KEPT = 300.0  # seconds for which the month's figures are; what we push meanwhile is added
NETWORK = (aiohttp.ClientError, TimeoutError, UnicodeDecodeError, OSError)
MONTH = "monthly limit"  # of "You have reached your monthly limit."
GONE = frozenset({401, 403, 404, 410, 413, 415})


@dataclass(frozen=True, slots=True)
class Answered:
    """What LINE said to one call."""

    status: int
    body: dict[str, Any]
    request_id: str = ""

    @property
    def why(self) -> str:
        """LINE's own words, with its request id for a question to its support."""
        details = "; ".join(str(one.get("message")) for one in self.body.get("details", []) if one)
        return f"{self.status} {self.body.get('message', '')} {details} [{self.request_id}]".strip()


@dataclass(frozen=True, slots=True)
class Quota:
    """The month's messages: ``limit`` is empty where there is none."""

    limit: int | None
    used: int

    @property
    def left(self) -> int | None:
        """How many may still be pushed this month; empty where there is no limit."""
        return None if self.limit is None else max(0, self.limit - self.used)


class Line:
    """One agency's official account."""

    kind = "line"
    per_second = 500.0  # of LINE's 2,000 for replies, and as many for pushes (API reference, rate limits)

    def __init__(
        self, credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str
    ) -> None:
        self._secret = credentials["secret"].encode()
        self._headers = {
            "Authorization": f"Bearer {credentials['token']}",
            "Content-Type": "application/json",
        }
        self._http, self._api, self._data = http, api_url or API, api_url or DATA_API
        self._counts: dict[str, tuple[int, float]] = {}
        self._quota: tuple[Quota, float] | None = None
        self.details = details

    def read(self, headers: dict[str, str], body: bytes) -> list[Heard]:
        """The events of a webhook. Raises PermissionError (signature), ValueError (not LINE's JSON)."""
        made = base64.b64encode(hmac.new(self._secret, body, hashlib.sha256).digest())
        given = headers.get("x-line-signature", "").encode("utf-8", "replace")
        if not hmac.compare_digest(made, given):
            raise PermissionError("wrong signature")
        return line_events.read(body, now())

    async def send(self, envelope: Envelope) -> Sent:
        """Send a letter in one request: by reply token when there is one, else pushed.

        Raises:
            NotSent: with ``token`` when only the reply token was refused.
        """
        messages, about = line_cards.messages(envelope.replies, envelope.words)
        if not messages:
            return Sent()
        if envelope.reply_token:
            told = await self._post("reply", {"replyToken": envelope.reply_token, "messages": messages})
            if told.status == 400 and "reply token" in str(told.body.get("message", "")).lower():
                raise NotSent(told.why, token=True)
            return Sent(_ids(told, about)) if told.status == 200 else await self._refused(told)
        to = envelope.place.removeprefix("line:")
        told = await self._post("push", {"to": to, "messages": messages}, envelope.retry_key)
        if told.status in (200, 409):  # 409: this retry key was accepted before, so it went out
            cost = await self._cost(to)
            if self._quota is not None:
                self._quota = (replace(self._quota[0], used=self._quota[0].used + cost), self._quota[1])
            return Sent(_ids(told, about), cost)
        return await self._refused(told, to)

    async def _post(self, name: str, body: dict[str, Any], retry_key: str = "") -> Answered:
        headers = {**self._headers, **({"X-Line-Retry-Key": retry_key} if retry_key else {})}
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        url = f"{self._api}/v2/bot/message/{name}"
        try:
            async with self._http.post(url, data=data, headers=headers, timeout=LIMIT) as answer:
                return Answered(
                    answer.status, await _json(answer), answer.headers.get("x-line-request-id", "")
                )
        except NETWORK as fault:
            raise NotSent(type(fault).__name__) from fault

    async def _refused(self, told: Answered, pushed_to: str = "") -> Sent:
        """Raise what a refusal means; a reply is free, so only a push can be short of messages."""
        if told.status == 429:
            self._quota = None
            if pushed_to and await self._is_short(told, pushed_to):
                raise NotSent(told.why, quota=True)
            raise NotSent(told.why, after=3.0)
        if told.status == 400 or told.status in GONE:
            raise NotSent(told.why, permanent=True)
        raise NotSent(told.why)

    async def _is_short(self, told: Answered, to: str) -> bool:
        """Whether a 429 is the month's limit rather than a busy moment.

        LINE refuses a push as a whole when fewer messages are left than the group has members, while
        its consumption still is below the limit. Its error texts are not promised, so the figures
        are asked where the text does not say it.
        """
        if MONTH in str(told.body.get("message", "")).lower():
            return True
        quota = await self.quota()
        return quota is not None and quota.left is not None and quota.left < await self._cost(to)

    async def _cost(self, to: str) -> int:
        """What a push costs: one message a member; a person is one. Unknown counts as one."""
        if not to.startswith(("C", "R")):
            return 1
        known = self._counts.get(to)
        if known is None or time.monotonic() - known[1] > COUNT_KEPT:
            known = (await self.member_count(to) or 1, time.monotonic())
            self._counts[to] = known
        return known[0]

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """Stream a file's content, never the whole of it in memory.

        Raises:
            NotSent: ``after`` while LINE still prepares it, ``permanent`` when it is gone.
        """
        url = f"{self._data}/v2/bot/message/{file.id}/content"
        limit = aiohttp.ClientTimeout(total=300, connect=5, sock_read=30)
        try:
            async with self._http.get(url, headers=self._headers, timeout=limit) as answer:
                if answer.status == 202:
                    raise NotSent("not ready", after=1.0)
                if answer.status != 200:
                    raise NotSent(
                        f"content {answer.status}", permanent=answer.status in GONE or answer.status == 400
                    )
                async for part in answer.content.iter_chunked(chunk):
                    yield part
        except NETWORK as fault:
            raise NotSent(type(fault).__name__) from fault

    async def room(self, place: str) -> Room | None:
        """What is left of the month, and what a push to a place costs; nothing where there is no limit."""
        if self._quota is None or time.monotonic() - self._quota[1] > QUOTA_KEPT:
            asked = await self.quota()
            self._quota = (asked, time.monotonic()) if asked else None
        known = self._quota[0] if self._quota else None
        if known is None or known.limit is None:
            return None
        return Room(known.limit, known.used, await self._cost(place.removeprefix("line:")))

    async def quota(self) -> Quota | None:
        """The month's limit and use as LINE tells them; nothing when it cannot be asked."""
        limit = await self._get("/v2/bot/message/quota")
        used = await self._get("/v2/bot/message/quota/consumption")
        if limit is None or used is None:
            return None
        value = limit.get("value") if limit.get("type") == "limited" else None
        return Quota(int(value) if value is not None else None, int(used.get("totalUsage", 0)))

    async def member_count(self, place: str) -> int | None:
        """How many people are in a group or room, the account itself not counted."""
        kind = "group" if place.startswith("C") else "room"
        told = await self._get(f"/v2/bot/{kind}/{place}/members/count")
        return int(told["count"]) if told and "count" in told else None

    async def who_am_i(self) -> dict[str, Any] | None:
        """The account itself (userId, basicId, displayName, chatMode); nothing when the token is bad."""
        return await self._get("/v2/bot/info")

    async def look_over(self, address: str) -> list[tuple[bool, Say]]:
        """What ``check`` tells about the account; ``address`` is where LINE should call us."""
        caller = line_probe.Caller(self._http, self._api, self._headers)
        quota = await self.quota() or Quota(None, 0)
        return await line_probe.look_over(caller, address, quota.used, quota.limit)

    async def leave(self, place: str) -> None:
        """Leave a group or room."""
        kind = "group" if place.startswith("C") else "room"
        try:
            async with self._http.post(
                f"{self._api}/v2/bot/{kind}/{place}/leave", headers=self._headers, timeout=LIMIT
            ):
                return
        except NETWORK as fault:
            log.warning("could not leave a group", extra={"fault": type(fault).__name__})

    async def _get(self, path: str) -> dict[str, Any] | None:
        try:
            async with self._http.get(self._api + path, headers=self._headers, timeout=LIMIT) as answer:
                return await _json(answer) if answer.status == 200 else None
        except NETWORK as fault:
            log.warning("LINE did not answer", extra={"fault": type(fault).__name__})
            return None


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = json.loads(await answer.read() or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _ids(told: Answered, about: list[str]) -> tuple[tuple[str, str], ...]:
    sent = told.body.get("sentMessages") or []
    return tuple((f"line:{one.get('id')}", what) for one, what in zip(sent, about, strict=False))


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Line:
    """An agency's account; ``api_url`` stands for both of LINE's hosts (proxies, the fake)."""
    return Line(credentials, details, http, api_url.rstrip("/"))
