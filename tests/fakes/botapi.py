"""A strict Telegram Bot API over real HTTP: tags balanced, 4,096 letters, 64-byte buttons, floods, blocks,
long polling that confirms by offset, webhooks with their secret header."""

import asyncio
import json
import re
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

from aiohttp import web

from bot.graphemes import units

TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "span",
    "tg-spoiler",
    "blockquote",
}


class _Html(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            raise ValueError(f'Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"Unexpected end tag: {tag}")

    def handle_data(self, data):
        self.text.append(data)


@dataclass
class Said:
    """A message our program sent."""

    chat: int
    text: str
    buttons: list
    number: int


@dataclass
class FakeTelegram:
    """One Telegram with one bot on it."""

    token: str = "4242:telegram-token"
    username: str = "ProngsaiBot"
    sent: list[Said] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    faults: list = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[tuple[int, str, bytes]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: list[dict] = field(default_factory=list)
    webhook: dict = field(default_factory=dict)
    url: str = ""
    conflicts: int = 0

    def __post_init__(self):
        self._number, self._update = 100, 5000
        self._asking = False

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
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await self._end.wait()
        await runner.cleanup()

    # -- what Telegram answers ---------------------------------------------------------------

    async def _call(self, request):
        if request.match_info["token"] != self.token:
            return _no(401, "Unauthorized")
        method = request.match_info["method"]
        if method == "sendDocument":
            return await self._document(request)
        body = json.loads(await request.read() or b"{}")
        if method == "getMe":
            return _yes({"id": 4242, "is_bot": True, "first_name": "โปร่งใส", "username": self.username})
        if method == "sendMessage":
            return self._send(request, body)
        if method == "answerCallbackQuery":
            self.answered.append(body["callback_query_id"])
            return _yes(result=True)
        if method == "getFile":
            if body["file_id"] not in self.files:
                return _no(400, "Bad Request: invalid file_id")
            return _yes(
                {
                    "file_id": body["file_id"],
                    "file_unique_id": "u",
                    "file_path": f"documents/{body['file_id']}",
                }
            )
        if method == "setWebhook":
            self.webhook = {"url": body["url"], "secret": body.get("secret_token", "")}
            return _yes(result=True)
        if method == "deleteWebhook":
            self.webhook = {}
            return _yes(result=True)
        if method == "getUpdates":
            return await self._updates(body)
        return _no(404, "Not Found: method not found")

    async def _document(self, request):
        if not request.content_type.startswith("multipart/"):
            return _no(400, "Bad Request: there is no document in the request")
        form = await request.post()
        chat, file = int(form["chat_id"]), form["document"]
        content = file.file.read()
        self._number += 1
        self.documents.append((chat, file.filename, content))
        told = {"file_id": "D", "file_unique_id": "u", "file_name": file.filename, "file_size": len(content)}
        chat_told = {"id": chat, "type": "private" if chat > 0 else "group"}
        made = {"message_id": self._number, "date": int(time.time()), "chat": chat_told, "document": told}
        return _yes(made)

    async def _updates(self, body):
        if self.webhook:
            return _no(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
            )
        if self._asking:
            self.conflicts += 1
            return _no(409, "Conflict: terminated by other getUpdates request; only one may run")
        self._asking = True
        try:
            return await self._what_came(body)
        finally:
            self._asking = False

    async def _what_came(self, body):
        offset = body.get("offset", 0)
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        for _ in range(100 if body.get("timeout") else 0):
            if self.waiting:
                break
            await asyncio.sleep(0.02)
        return _yes(self.waiting[:100])

    def _send(self, request, body):
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            if fault == "drop":
                request.transport.close()
                return web.Response(status=500)
            if fault == 429:
                parameters = {"retry_after": 1}
                return _no(429, "Too Many Requests: retry after 1", parameters=parameters)
            return _no(fault, "Internal Server Error")
        chat = int(body["chat_id"])
        if chat in self.unknown:
            return _no(400, "Bad Request: chat not found")
        if chat in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        try:
            text, buttons = _checked(body)
        except ValueError as fault:
            self.refused.append(str(fault))
            return _no(400, f"Bad Request: can't parse entities: {fault}")
        self._number += 1
        self.sent.append(Said(chat, text, buttons, self._number))
        chat_told = {"id": chat, "type": "private" if chat > 0 else "group"}
        return _yes({"message_id": self._number, "date": int(time.time()), "chat": chat_told, "text": text})

    async def _file(self, request):
        name = request.match_info["path"].rpartition("/")[2]
        if request.match_info["token"] != self.token or name not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[name])

    # -- what Telegram tells us --------------------------------------------------------------

    def update(self, **told):
        """An update with the next number."""
        self._update += 1
        return {"update_id": self._update, **told}

    def message(self, user, *, chat=0, **told):
        """A message of a user, 1:1 or in a chat."""
        self._number += 1
        kind = "supergroup" if chat else "private"
        return {
            "message_id": self._number,
            "date": int(time.time()),
            "from": {"id": user, "is_bot": False, "first_name": "คน"},
            "chat": {"id": chat or user, "type": kind},
            **told,
        }

    def says(self, user, text, *, chat=0, mention=False, **told):
        """A text, with our name before it where it is meant for us."""
        entities = [
            {"type": "bot_command", "offset": 0, "length": len(found[0])}
            for found in [re.match(r"/\S+", text)]
            if found
        ]
        if mention:
            text = f"@{self.username} {text}"
            entities = [{"type": "mention", "offset": 0, "length": len(self.username) + 1}]
        return self.update(message=self.message(user, chat=chat, text=text, entities=entities, **told))

    def shows(self, user, body, *, chat=0, name=""):
        """A photo, or a file when it has a name."""
        key = f"F{self._number}"
        self.files[key] = body
        if name:
            part = {
                "document": {"file_id": key, "file_unique_id": key, "file_name": name, "file_size": len(body)}
            }
        else:
            sizes = [{"file_id": "small", "file_unique_id": "s", "width": 90, "height": 90}]
            sizes.append(
                {"file_id": key, "file_unique_id": key, "width": 900, "height": 900, "file_size": len(body)}
            )
            part = {"photo": sizes}
        return self.update(message=self.message(user, chat=chat, **part))

    def taps(self, user, data, *, chat=0):
        """A tapped button under one of our messages."""
        card = self.message(user, chat=chat, text="card")
        who = {"id": user, "is_bot": False, "first_name": "คน"}
        return self.update(
            callback_query={
                "id": f"q{self._update}",
                "from": who,
                "message": card,
                "chat_instance": "1",
                "data": data,
            }
        )

    def post(self, url, update, secret):
        """Send a webhook; the status that came back."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, data=body, headers=headers), timeout=10
            ) as answer:
                return answer.status
        except urllib.error.HTTPError as fault:
            return fault.code


def _checked(body):
    page = _Html()
    page.feed(body["text"])
    page.close()
    if page.open:
        raise ValueError(f"Can't find end tag corresponding to start tag {page.open[-1]}")
    text = "".join(page.text)
    if not text.strip():
        raise ValueError("message text is empty")
    if units(text) > 4096:
        raise ValueError("message is too long")
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    for row in rows:
        for button in row:
            if not button["text"] or ("callback_data" in button) == ("url" in button):
                raise ValueError("BUTTON_INVALID")
            if len(button.get("callback_data", "").encode()) > 64:
                raise ValueError("BUTTON_DATA_INVALID")
    return text, [button for row in rows for button in row]


def _yes(result):
    return web.json_response({"ok": True, "result": result})


def _no(status, description, **more):
    return web.json_response(
        {"ok": False, "error_code": status, "description": description, **more}, status=status
    )
