"""The chat page: one plays the sample agency's people; what they say goes the way every message goes.

Only an agency marked as a sample can be played. Ordinary chat is neither answered nor kept: the page
keeps its own transcript in the browser.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.app import App
from bot.channels import Heard, Kind, clean
from bot.channels.webchat import ANSWER, KIND, NEWS, Uploads, first_of, shown, stem_of
from bot.deliveries import Links
from bot.inbox import key_of
from bot.web import chat_stage
from bot.web.limits import Tries
from bot.web.visits import EARLIEST, LATEST
from bot.web.webhooks import Arrived, Webhooks
from bot.words import LANGUAGES, Words, words
from handlers.packing import unpack_reply
from handlers.talk import File, Say, say
from storage import inbox, outbox
from storage.agencies import Agency
from storage.base import now
from storage.blobs import TooLarge
from storage.outbox import Letter

FOLDER = Path(__file__).parent
CAP = 20_000_000  # bytes of one upload
LONGEST = 5_000  # characters of one line, as in LINE
LARGEST = 100_000  # bytes of what is said, as JSON
FREE_FOR = timedelta(seconds=60)  # an answer this late comes as news
PATIENCE = 12.0  # seconds the page is kept waiting for an answer; after that it asks again
OVERLAP = timedelta(seconds=5)  # letters marked as sent meanwhile; the page knows those it has
_KEY = re.compile(r"[A-Za-z0-9-]{8,60}")
_FILE_KINDS = ("photo", "file", "video", "audio")


class Refusal(Exception):
    """The page asked for what cannot be: an HTTP status and a sentence."""

    def __init__(self, status: int, what: Say) -> None:
        super().__init__(what.id)
        self.status, self.what = status, what


@dataclass(frozen=True, slots=True)
class Said:
    """What the page sent: the event in our words, and the language of the page."""

    heard: Heard
    words: Words


def routes(app: App, webhooks: Webhooks) -> list[BaseRoute]:
    """The page and what it talks to."""
    page = ChatPage(app, webhooks)
    return [
        Route("/", page.home),
        Route("/chat/state", page.guarded(page.state)),
        Route("/chat/news", page.guarded(page.news)),
        Route("/chat/say", page.guarded(page.say), methods=["POST"]),
        Route("/chat/tap", page.guarded(page.say), methods=["POST"]),
        Route("/chat/upload", page.guarded(page.upload), methods=["POST"]),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]


class ChatPage:
    """The addresses of the page."""

    def __init__(self, app: App, webhooks: Webhooks) -> None:
        self._app, self._webhooks = app, webhooks
        self._often = Tries(app.settings.events_a_minute, 60.0)
        self._pages = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True)

    def guarded(
        self, answer: Callable[[Request, Agency], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Only for the sample agency, and what changes anything only from the page itself."""

        async def guard(request: Request) -> Response:
            try:
                if request.method != "GET" and not _is_from_page(request, self._app.settings.public_url):
                    raise Refusal(403, say("web-refused-origin"))
                self._count(request)
                agency = await asyncio.to_thread(chat_stage.sample, self._app)
                if agency is None:
                    raise Refusal(404, say("web-refused-no-sample"))
                return await answer(request, agency)
            except Refusal as refused:
                text = words(_language(request))(refused.what)
                return JSONResponse({"error": text}, status_code=refused.status)
            except ClientDisconnect:
                return Response(status_code=400)

        return guard

    def _count(self, request: Request) -> None:
        """Raises Refusal when one address changes things too often."""
        address = request.client.host if request.client else ""
        if request.method == "GET" or not self._app.settings.events_a_minute:
            return
        if self._often.is_over(address):
            raise Refusal(429, say("web-refused-often"))
        self._often.count(address)

    async def home(self, request: Request) -> Response:
        """The chat page, or how to connect where there is nothing to play."""
        language = _language(request)
        if request.query_params.get("lang") in LANGUAGES:
            gone = RedirectResponse("/", status_code=303)
            gone.set_cookie("language", language, max_age=365 * 86400, samesite="lax", httponly=True)
            return gone
        agency = await asyncio.to_thread(chat_stage.sample, self._app)
        template = self._pages.get_template("chat.html" if agency else "signin.html")
        voice = words(language)
        body = template.render(
            t=lambda name: voice(Say(name)),
            language=language,
            agency=agency,
            public_url=self._public(request),
        )
        return HTMLResponse(body, headers={"cache-control": "no-store"})

    def _public(self, request: Request) -> str:
        return self._app.settings.public_url or str(request.base_url).rstrip("/")

    async def state(self, request: Request, agency: Agency) -> Response:
        """Who can be played, where, and the page's words."""
        voice = _voice(request, agency)

        def look() -> dict[str, Any]:
            with self._app.database.look(agency.id) as records:
                return chat_stage.as_json(records, agency, voice)

        return _json(await asyncio.to_thread(look))

    async def news(self, request: Request, agency: Agency) -> Response:
        """Letters that no event of this page waits for: the weekly summary, reminders, late answers."""
        voice, after = _voice(request, agency), request.query_params.get("after", "")
        began = now()
        try:
            since = _moment(after, agency) - OVERLAP if after else began - timedelta(days=7)
        except ValueError:
            raise Refusal(400, say("web-refused-shape")) from None

        links = Links(self._app, agency.id)

        def look() -> list[dict[str, Any]]:
            with self._app.database.look(agency.id) as records:
                return [_letter(found, stem, voice, links) for found, stem in _unasked(records, since)]

        return _json({"letters": await asyncio.to_thread(look), "until": began.isoformat()})

    async def upload(self, request: Request, agency: Agency) -> Response:
        """A file's bytes; what comes back is the id by which a line names it."""
        uploads = Uploads(self._app.data_dir, agency.id)
        try:
            await asyncio.to_thread(uploads.tidy)
            with uploads.blobs.taking(CAP) as part:
                async for chunk in request.stream():
                    await asyncio.to_thread(part.write, chunk)
                if not part.size:
                    raise Refusal(400, say("web-refused-empty"))
                name = await asyncio.to_thread(part.end)
        except TooLarge:
            raise Refusal(413, say("web-too-large")) from None
        return _json({"id": name, "size": part.size})

    async def say(self, request: Request, agency: Agency) -> Response:
        """A line, a tap, a correction or an unsending; back come the letters that answer it."""
        body = await _body(request)
        uploads = Uploads(self._app.data_dir, agency.id)
        heard = await asyncio.to_thread(self._heard, body, agency, uploads)
        kept = await self._webhooks.keep(Arrived(agency.id, (heard,)))
        if heard.kind == "unsent" or not kept:
            await asyncio.to_thread(_drop, uploads, _uploaded(body))
        found = await self._answer(agency, heard, _voice(request, agency)) if kept else []
        return _json({"heeded": bool(kept), "done": found is not None, "letters": found or []})

    def _heard(self, body: dict[str, Any], agency: Agency, uploads: Uploads) -> Heard:
        with self._app.database.look(agency.id) as records:
            stage = chat_stage.stage(records)
        try:
            heard = heard_of(body, agency)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise Refusal(400, say("web-refused-shape")) from None
        if not (stage.has_person(heard.sender) and stage.has_place(heard.place, heard.sender)):
            raise Refusal(403, say("web-refused-cast"))
        if any(uploads.find(file.id) is None for file in heard.files):
            raise Refusal(410, say("web-file-gone"))
        return heard

    async def _answer(self, agency: Agency, heard: Heard, voice: Words) -> list[dict[str, Any]] | None:
        """The letters that answer an event, as soon as it is done with; None when that takes too long."""
        links = Links(self._app, agency.id)

        def look() -> list[dict[str, Any]] | None:
            if self._app.arrivals and self._app.arrivals.is_waiting(agency.id, key_of(heard)):
                return None
            with self._app.database.look(agency.id) as records:
                if _is_waiting(records, agency, heard):
                    return None
                stem = f"{ANSWER}{heard.reply_token}"
                return [_letter(one, stem, voice, links) for one in outbox.sent_as(records, first_of(stem))]

        ends, pause = asyncio.get_running_loop().time() + PATIENCE, 0.02
        while (found := await asyncio.to_thread(look)) is None:
            if asyncio.get_running_loop().time() > ends:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        return found


def _drop(uploads: Uploads, names: list[str]) -> None:
    """Ordinary chat is not kept, nor is what was unsent."""
    for name in names:
        uploads.remove(name)


def _is_waiting(records: Session, agency: Agency, heard: Heard) -> bool:
    return inbox.is_waiting(records, agency.id, key_of(heard)) or outbox.is_waiting(
        records, heard.place, heard.reply_token
    )


def _unasked(records: Session, since: datetime) -> list[tuple[Letter, str]]:
    """Letters that answered no event of the page, with how their messages' ids begin."""
    stems = {stem_of("", one.retry_key): one for one in outbox.sent_since(records, KIND, since)}
    ours = outbox.known(records, map(first_of, stems))
    return [(letter, stem) for stem, letter in stems.items() if first_of(stem) in ours]


def heard_of(body: dict[str, Any], agency: Agency) -> Heard:
    """What the page sent, in our words. Raises KeyError, TypeError or ValueError when it is not that."""
    sender, place = str(body["who"]), str(body["place"])
    text, private = str(body.get("text") or ""), place == sender
    kind = _kind(body.get("kind", "message"))
    if len(text) > LONGEST or not all(map(_KEY.fullmatch, (body["key"], body["message"]))):
        raise ValueError
    mentioned, plain = _mention(text)
    quoted = clean(str(body.get("quoted") or ""))[:160]
    is_called = mentioned or plain.startswith("/") or quoted.startswith((ANSWER, NEWS))
    return Heard(
        key=body["key"],
        kind=kind,
        at=_moment(body["at"], agency),
        channel=KIND,
        place=place,
        is_private=private,
        sender=sender,
        text=plain,
        value=_value(body) if kind == "button" else "",
        message=body["message"],
        quoted=quoted,
        files=() if kind == "unsent" else tuple(_file(one) for one in body.get("files") or ()),
        addressed=private or is_called or kind not in ("message", "edited"),
        reply_token=body["key"],
        reply_by=now() + FREE_FOR,
    )


def _kind(given: Any) -> Kind:
    found: dict[str, Kind] = {
        "message": "message",
        "edited": "edited",
        "unsent": "unsent",
        "button": "button",
        "group-joined": "group-joined",
        "followed": "followed",
    }
    return found[given]


def _value(body: dict[str, Any]) -> str:
    value = str(body["value"])
    if not value.isascii() or len(value) > 90:  # a choice's 60 bytes and a picked day
        raise ValueError
    return value


def _moment(given: Any, agency: Agency) -> datetime:
    """A moment of the page's day. Raises ValueError where it is none that every calendar has."""
    made = datetime.fromisoformat(str(given))
    if not EARLIEST <= made.date() <= LATEST:
        raise ValueError
    zone = ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok"))
    return made if made.tzinfo else made.replace(tzinfo=zone)


def _file(one: dict[str, Any]) -> File:
    if one["kind"] not in _FILE_KINDS:
        raise ValueError
    return File(
        id=str(one["id"]),
        kind=one["kind"],
        name=str(one.get("name") or "")[:200],
        size=int(one["size"]) if one.get("size") is not None else None,
        set_size=max(1, min(20, int(one.get("set_size") or 1))),
    )


def _uploaded(body: dict[str, Any]) -> list[str]:
    return [str(one["id"]) for one in body.get("files") or () if isinstance(one, dict) and "id" in one]


def _mention(text: str) -> tuple[bool, str]:
    """Whether the assistant is mentioned by any of its names, and the text without that."""
    names = "|".join(map(re.escape, chat_stage.mentions()))
    rest, count = re.subn(rf"(?i)(?:{names})[\s,:]*", " ", text)
    return bool(count), " ".join(rest.split(" ")).strip() if count else text


def _letter(letter: Letter, stem: str, voice: Words, links: Links) -> dict[str, Any]:
    """A letter as the page draws it: in the page's language, unless its reader chose another."""
    chosen = voice if letter.language == LANGUAGES[0] else words(letter.language)
    replies = [links(unpack_reply(body)) for body in letter.replies]
    return {
        "id": str(letter.id),
        "place": letter.place,
        "purpose": letter.purpose,
        "sent": letter.sent_at.isoformat() if letter.sent_at else None,
        "parts": shown(replies, chosen, stem),
    }


def _voice(request: Request, agency: Agency) -> Words:
    return words(_language(request), agency.settings.get("digits", "arabic"))


def _language(request: Request) -> str:
    wanted = request.query_params.get("lang") or request.cookies.get("language")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _is_from_page(request: Request, public_url: str) -> bool:
    """A browser names the page a request comes from; another site's page is refused, and so is no name."""
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "")
    return bool(origin) and (urlsplit(origin).netloc == host or origin == public_url)


async def _body(request: Request) -> dict[str, Any]:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise Refusal(413, say("web-refused-shape"))
        parts.append(part)
    try:
        body = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, say("web-refused-shape"))
    return body


def _json(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"cache-control": "no-store"})
