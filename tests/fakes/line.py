"""A strict LINE over real HTTP: it enforces what the real one does, and makes its webhooks.

Reply tokens work once and for a minute; a retry key answers 409 the second time; a push into a group
costs one message a member and is refused when the month is used up; content is prepared, kept, gone.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import MISSING, dataclass, field, fields

from aiohttp import web

from bot.graphemes import units
from tests.fakes import line_rules

TOKEN_SECONDS = 60
BOT = "Ubot"


@dataclass
class Said:
    """What our program sent: by reply or push, to whom."""

    how: str
    to: str
    messages: list
    key: str = ""
    at: float = field(default_factory=time.time)

    @property
    def text(self) -> str:
        """Everything a person would read."""
        return "\n".join(_words(self.messages))


def _words(part):
    if isinstance(part, list):
        for one in part:
            yield from _words(one)
    elif isinstance(part, dict):
        for name in ("text", "label"):
            if isinstance(part.get(name), str):
                yield part[name]
        for value in part.values():
            if isinstance(value, dict | list):
                yield from _words(value)


@dataclass
class FakeLine:
    """One LINE platform with one official account on it."""

    token: str = "line-token"
    secret: str = "line-secret"
    limit: int | None = 300
    used: int = 0
    now: object = time.time
    members: dict[str, set[str]] = field(default_factory=dict)
    friends: set[str] = field(default_factory=set)
    sent: list[Said] = field(default_factory=list)
    faults: list = field(default_factory=list)
    content: dict[str, bytes] = field(default_factory=dict)
    preparing: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    month_is_up: str = "You have reached your monthly limit."
    url: str = ""
    webhook: str = ""
    is_active: bool = True
    tried: dict = field(default_factory=lambda: {"success": True, "statusCode": 200, "reason": "OK"})

    def __post_init__(self):
        self._tokens: dict[str, tuple[str, float]] = {}
        self._keys: dict[str, dict] = {}
        self._number = 1000
        self._lock = threading.Lock()

    def anew(self):
        """Forget everything, as on the first day."""
        for one in fields(self):
            if one.name not in ("url", "now"):
                setattr(
                    self, one.name, one.default if one.default_factory is MISSING else one.default_factory()
                )
        self.__post_init__()

    def __enter__(self):
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *fault):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _serve(self, ready):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run(ready))
        self._loop.close()

    async def _run(self, ready):
        self._end = asyncio.Event()
        app = web.Application(client_max_size=4_000_000)
        app.router.add_route("*", "/v2/bot/{path:.*}", self._call)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await self._end.wait()
        await runner.cleanup()

    # -- what LINE answers ------------------------------------------------------------------

    async def _call(self, request):
        path, body = request.match_info["path"], await request.read()
        self.calls.append(path)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "Authentication failed. Confirm that the access token is valid.")
        if self.faults and path in ("message/reply", "message/push"):
            fault = self.faults.pop(0)
            if fault == "drop":
                request.transport.close()
                return web.Response(status=500)
            if fault == "late":
                answer = self._answer(request, path, body)
                request.transport.close()
                return answer
            if isinstance(fault, int):
                return _error(
                    fault,
                    "The API rate limit has been exceeded. Try again later." if fault == 429 else "fault",
                )
        return self._answer(request, path, body)

    def _answer(self, request, path, body):
        with self._lock:
            if path == "message/reply":
                return self._reply(request, json.loads(body))
            if path == "message/push":
                return self._push(request, json.loads(body))
            if path == "message/quota":
                known = {"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit}
                return web.json_response(known)
            if path == "message/quota/consumption":
                return web.json_response({"totalUsage": self.used})
            if path == "channel/webhook/endpoint":
                if not self.webhook:
                    return _error(404, "webhook endpoint not found")
                return web.json_response({"endpoint": self.webhook, "active": self.is_active})
            if path == "channel/webhook/test":
                return web.json_response(self.tried)
            if path == "info":
                told = {
                    "userId": BOT,
                    "basicId": "@prongsai",
                    "displayName": "โปร่งใส",
                    "chatMode": "bot",
                    "markAsReadMode": "auto",
                }
                return web.json_response(told)
            words = path.split("/")
            if words[0] == "message" and words[-1] == "content":
                return self._content(words[1])
            if words[0] in ("group", "room") and words[-1] == "count":
                return self._count(words[1])
            if words[0] in ("group", "room") and words[-1] == "leave":
                self.members.pop(words[1], None)
                return web.json_response({})
        return _error(404, "Not found")

    def _checked(self, messages):
        try:
            line_rules.check(messages)
        except line_rules.Wrong as fault:
            self.refused.append(str(fault))
            return _error(400, f"The request body has 1 error(s): {fault}")
        return None

    def _reply(self, request, body):
        if "X-Line-Retry-Key" in request.headers:
            return _error(400, "The retry key is not allowed for this API")
        if wrong := self._checked(body.get("messages")):
            return wrong
        place, until = self._tokens.pop(body.get("replyToken"), ("", 0.0))
        if not place or self.now() > until:
            return _error(400, "Invalid reply token")
        return self._taken("reply", place, body["messages"])

    def _push(self, request, body):
        key = request.headers.get("X-Line-Retry-Key", "")
        if key:
            try:
                uuid.UUID(key)
            except ValueError:
                return _error(400, "The retry key is not a UUID")
            if key in self._keys:
                told = {"message": "The retry key is already accepted", **self._keys[key]}
                headers = {"x-line-accepted-request-id": str(uuid.uuid4())}
                return web.json_response(told, status=409, headers=headers)
        if wrong := self._checked(body.get("messages")):
            return wrong
        to = str(body.get("to", ""))
        if to.startswith(("C", "R")) and to not in self.members:
            return _error(400, "Failed to send messages")
        cost = len(self.members[to]) if to in self.members else int(to in self.friends)
        if self.limit is not None and self.used + cost > self.limit:
            return _error(429, self.month_is_up)
        self.used += cost
        arrives = to in self.members or to in self.friends
        answer = self._taken("push", to, body["messages"], key, arrives=arrives)
        if key:
            self._keys[key] = json.loads(answer.body)
        return answer

    def _taken(self, how, to, messages, key="", *, arrives=True):
        if arrives:
            self.sent.append(Said(how, to, messages, key))
        ids = []
        for _ in messages:
            self._number += 1
            ids.append({"id": str(self._number), "quoteToken": f"q{self._number}"})
        return web.json_response({"sentMessages": ids}, headers={"x-line-request-id": str(uuid.uuid4())})

    def _content(self, message):
        if message in self.gone:
            return _error(410, "The content is gone")
        if self.preparing.get(message, 0) > 0:
            self.preparing[message] -= 1
            return web.Response(status=202)
        if message not in self.content:
            return _error(404, "Not found")
        return web.Response(body=self.content[message], content_type="image/jpeg")

    def _count(self, place):
        if place not in self.members:
            return _error(404, "The bot is not a member of the group")
        return web.json_response({"count": len(self.members[place])})

    # -- what LINE tells us -----------------------------------------------------------------

    def group(self, place, count=9):
        """A group the account is in, with so many members beside it."""
        self.members[place] = {f"U{place}{number}" for number in range(count)}
        return place

    def event(self, kind, *, user="", place="", at=None, token=True, **more):
        """One webhook event, with a reply token that works once and for a minute."""
        source = {"type": "user", "userId": user}
        if place:
            source = {"type": "group", "groupId": place, **({"userId": user} if user else {})}
        made = {
            "type": kind,
            "mode": "active",
            "timestamp": int((at or self.now()) * 1000),
            "source": source,
            "webhookEventId": f"01{uuid.uuid4().hex[:24].upper()}",
            "deliveryContext": {"isRedelivery": False},
            **more,
        }
        if token:
            made["replyToken"] = uuid.uuid4().hex
            self._tokens[made["replyToken"]] = (place or user, self.now() + TOKEN_SECONDS)
        if user and not place:
            self.friends.add(user)
        return made

    def says(self, user, text, *, place="", mention=False, quoted="", **more):
        """A text message; ``mention`` puts our name before it."""
        self._number += 1
        message = {"id": str(self._number), "type": "text", "text": text, "quoteToken": "q"}
        if mention:
            name = "@โปร่งใส"
            message["text"] = f"{name} {text}"
            one = {"index": 0, "length": len(name), "type": "user", "userId": BOT, "isSelf": True}
            message["mention"] = {"mentionees": [one]}
        if quoted:
            message["quotedMessageId"] = quoted
        return self.event("message", user=user, place=place, message=message, **more)

    def names(self, user, text, *who, place="", **more):
        """A text message that mentions people in its midst: ("@โปร่งใส", BOT), ("@สุดา", "Usuda") …"""
        self._number += 1
        mentionees = [
            {
                "index": units(text[: text.index(name)]),
                "length": units(name),
                "type": "user",
                "userId": one,
                "isSelf": one == BOT,
            }
            for name, one in who
        ]
        message = {"id": str(self._number), "type": "text", "text": text, "quoteToken": "q"}
        return self.event(
            "message",
            user=user,
            place=place,
            message={**message, "mention": {"mentionees": mentionees}},
            **more,
        )

    def edits(self, event, text, *who, **more):
        """The same message with another text, as LINE Labs tells it: a new reply token, the same id."""
        source = event["source"]
        user, place = source.get("userId", ""), source.get("groupId", "")
        made = self.names(user, text, *who, place=place, **more)
        return {**made, "type": "messageEdited", "message": {**made["message"], "id": event["message"]["id"]}}

    def sticks(self, user, *, place="", quoted="", **more):
        """A sticker."""
        self._number += 1
        message = {"id": str(self._number), "type": "sticker", "packageId": "446", "stickerId": "1988"}
        if quoted:
            message["quotedMessageId"] = quoted
        return self.event("message", user=user, place=place, message=message, **more)

    def again(self, event):
        """The event as LINE sends it once more: its reply token lives anew if it was never used."""
        token = event.get("replyToken")
        if token in self._tokens:
            self._tokens[token] = (self._tokens[token][0], self.now() + TOKEN_SECONDS)
        return {**event, "deliveryContext": {"isRedelivery": True}}

    def shows(self, user, *, place="", body=b"\xff\xd8\xff\xe0 a photo", kind="image", together=None, **more):
        """A photo or file, its content ready to be fetched."""
        self._number += 1
        message = {
            "id": str(self._number),
            "type": kind,
            "contentProvider": {"type": "line"},
            "quoteToken": "q",
        }
        if kind == "file":
            message = {
                "id": str(self._number),
                "type": "file",
                "fileName": "รายงาน.pdf",
                "fileSize": len(body),
            }
        if together:
            message["imageSet"] = {"id": "set", "index": together[0], "total": together[1]}
        self.content[str(self._number)] = body
        return self.event("message", user=user, place=place, message=message, **more)

    def taps(self, user, data, *, place="", **params):
        """A tapped button."""
        postback = {"data": data, **({"params": params} if params else {})}
        return self.event("postback", user=user, place=place, postback=postback)

    def unsends(self, user, message, *, place=""):
        """A message taken back: its content is gone too."""
        self.gone.add(message)
        return self.event("unsend", user=user, place=place, token=False, unsend={"messageId": message})

    def signed(self, *events, body=None):
        """A webhook's body and headers."""
        body = json.dumps({"destination": BOT, "events": list(events)}).encode() if body is None else body
        made = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        return body, {"Content-Type": "application/json", "x-line-signature": base64.b64encode(made).decode()}

    def post(self, url, *events, body=None, headers=None):
        """Send a webhook; the status that came back."""
        body, mine = self.signed(*events, body=body)
        request = urllib.request.Request(url, data=body, headers={**mine, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as fault:
            return fault.code


def _error(status, message):
    return web.json_response(
        {"message": message}, status=status, headers={"x-line-request-id": str(uuid.uuid4())}
    )
