"""A channel of thirty lines and its platform, to try the engine with: every call can be made to fail."""

import asyncio
import hashlib
import hmac
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.channels import Envelope, Heard, NotSent, Sent
from handlers.talk import File

SECRET = "toy-secret"


class Toy:
    """Signed JSON in; a POST for each letter out."""

    kind = "toy"

    def __init__(self, credentials, http):
        self._secret, self._url, self._http = credentials["secret"], credentials["url"], http

    def read(self, headers, body):
        made = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, headers.get("x-toy-signature", "")):
            raise PermissionError
        return [self._heard(event) for event in json.loads(body)["events"] if event["type"] == "message"]

    def _heard(self, event):
        at = datetime.fromtimestamp(event["at"], UTC)
        return Heard(
            key=event["id"],
            kind="message",
            at=at,
            channel="toy",
            place=event["place"],
            is_private=event["place"] == event["sender"],
            sender=event["sender"],
            text=event.get("text", ""),
            message=event["id"],
            files=tuple(File(**file) for file in event.get("files", ())),
            addressed=event.get("addressed", True),
            reply_token=event.get("token", ""),
            reply_by=at + timedelta(seconds=50),
        )

    async def send(self, envelope: Envelope) -> Sent:
        said = "\n".join(envelope.words(reply.say) for reply in envelope.replies)
        body = {
            "place": envelope.place,
            "text": said,
            "token": envelope.reply_token,
            "key": envelope.retry_key,
        }
        async with self._http.post(f"{self._url}/send", json=body) as answer:
            told = await answer.json()
        if answer.status in (200, 409):
            return Sent(messages=((told["id"], "measure:7"),), cost=0 if envelope.reply_token else 1)
        raise NotSent(
            told["why"],
            permanent=answer.status == 400 and told["why"] != "token",
            token=told["why"] == "token",
            quota=told["why"] == "quota",
            after=told.get("after"),
        )

    async def fetch(self, file, chunk=65536):
        async with self._http.get(f"{self._url}/files/{file.id}") as answer:
            if answer.status == 410:
                raise NotSent("gone", permanent=True)
            if answer.status == 202:
                raise NotSent("not yet", after=0.2)
            async for part in answer.content.iter_chunked(chunk):
                yield part


def open_channel(credentials, details, http, api_url=""):
    return Toy(credentials, http)


@dataclass
class Platform:
    """What the platform received, and how it should behave: ``fails`` is answered before 200 again
    (None: this call as usual)."""

    sent: list[dict] = field(default_factory=list)
    fails: list[tuple[int, dict] | None] = field(default_factory=list)
    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    pause: float = 0.0
    hangs: bool = False
    forgets: bool = False  # what key a letter had, as platforms without such keys do
    stalls: float = 0.0
    times: list[float] = field(default_factory=list)
    url: str = ""

    async def _send(self, request):
        body = await request.json()
        await asyncio.sleep(self.pause)
        if self.fails and (failed := self.fails.pop(0)):
            status, told = failed
            return web.json_response(told, status=status)
        if body["token"]:
            if body["token"] in self.used:
                return web.json_response({"why": "token"}, status=400)
            self.used.add(body["token"])
        elif body["key"] in self.keys and not self.forgets:
            return web.json_response({"id": body["key"]}, status=409)
        else:
            self.keys.add(body["key"])
        self.sent.append(body)
        number = len(self.sent)
        self.times.append(time.time())
        if self.hangs:  # it arrived, but the answer never comes back
            self.hangs = False
            request.transport.abort()
        with suppress(TimeoutError):  # it arrived, and the answer is long on its way
            await asyncio.wait_for(self._end.wait(), self.stalls)
        return web.json_response({"id": f"s-{number}"})

    async def _file(self, request):
        status, content = self.files.get(request.match_info["id"], (410, b""))
        if status == 202:
            self.files[request.match_info["id"]] = (200, content)
        return web.Response(status=status, body=content)

    def texts(self, place):
        return [one["text"] for one in self.sent if one["place"] == place]

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    async def _start(self):
        self._end = asyncio.Event()
        site = web.Application(client_max_size=2**26)
        site.router.add_post("/send", self._send)
        site.router.add_get("/files/{id}", self._file)
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def __exit__(self, *rest):
        self._loop.call_soon_threadsafe(self._end.set)
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


def signed(*events) -> tuple[bytes, dict[str, str]]:
    """A webhook body and its headers."""
    body = json.dumps({"events": list(events)}).encode()
    return body, {"x-toy-signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
