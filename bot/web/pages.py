"""What every page of the working group shares: who may open it, its frame, its answers, its headers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.web import forms
from bot.web.limits import Tries
from bot.web.visits import (
    Ask,
    Missing,
    NotIn,
    NotTheirs,
    at_the_door,
    check_form,
    form_key,
    is_in,
    key_of,
    language_of,
    remember,
    visited,
)
from bot.words import LANGUAGES, Words, words
from handlers import rights
from handlers.talk import Refused, Reply, Say, say
from storage.agencies import Agency

FOLDER = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# With "no-referrer" browsers send our own forms from an origin "null", as they do for a page in a sandbox.
HEADERS = {"cache-control": "no-store", "content-security-policy": POLICY, "referrer-policy": "same-origin"}
LARGEST = 21_000_000  # bytes of one form with its file
PASSED = 5 * LARGEST  # bytes of a form that is too large, up to which its sender is told so
TOLD: dict[str, str] = {}  # what a page says after a form was taken: its word in the address, its message


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its template and what stands in it."""

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Gone:
    """Done: the browser goes on to another page (``at`` a place in it), which says so (one of TOLD)."""

    address: str
    told: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """First something that takes its time, with no transaction open; it gives the page that answers then."""

    work: Callable[[], "Awaitable[Page]"]


Answer = Shown | Gone | Later | Response
Page = Callable[[Ask], Answer]


class Stop(Exception):
    """A page that cannot be shown: a status and what to say."""

    def __init__(self, status: int, what: Say) -> None:
        super().__init__(what.id)
        self.status, self.what = status, what


class Pages:
    """Turns what a page knows into an answer."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._posts = Tries(120, 60)

    def get(self, path: str, page: Page, intent: str) -> Route:
        """A page that shows something to those who may ask for it in chat (``intent``)."""
        return Route(path, self._guarded(page, intent), methods=["GET"])

    def post(self, path: str, page: Page, intent: str) -> Route:
        """A form that changes something."""
        return Route(path, self._guarded(page, intent), methods=["POST"])

    def _guarded(self, page: Page, intent: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                form = await self._form(request) if request.method == "POST" else {}
            except (ClientDisconnect, HTTPException):
                return Response(status_code=400)
            except Stop as stop:
                return await asyncio.to_thread(self._refused, request, stop)
            found = await asyncio.to_thread(self._answer, request, form, page, intent)
            while isinstance(found, Later):
                found = await asyncio.to_thread(self._answer, request, form, await found.work(), intent)
            return found

        return answer

    async def _form(self, request: Request) -> dict[str, str | UploadFile]:
        if not await asyncio.to_thread(is_in, self._app, request):
            await _let_pass(request)  # nothing is taken in
            raise Stop(401, say("pages-signed-out"))
        if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
            await _let_pass(request)
            raise Stop(413, say("plans-file-large", most=str(LARGEST // 2**20)))
        return await forms.taken(request, files=1)

    def _refused(self, request: Request, stop: Stop) -> Response:
        """A form that is not even read, in the frame of the pages where somebody is signed in."""
        try:
            with visited(self._app, request, write=False) as ask:
                return self._stopped(request, [ask], stop)
        except NotIn:
            return self.closed(request, 401, say("pages-signed-out"))

    def _answer(self, request: Request, form: Mapping[str, Any], page: Page, intent: str) -> Response | Later:
        write = request.method == "POST"
        seen: list[Ask] = []
        try:
            if write:
                self._take(request, form)
            with visited(self._app, request, write=write) as found:
                ask = replace(found, form=form)
                seen.append(ask)
                if not rights.may(ask.person, intent):
                    raise Stop(403, say("pages-not-yours"))
                return self._made(ask, page(ask))
        except NotIn:
            return self.closed(request, 401, say("pages-signed-out"))
        except NotTheirs:
            return self.closed(request, 403, say("pages-form-old"))
        except Missing:
            return self._stopped(request, seen, Stop(404, say("pages-missing")))
        except Refused as refused:
            return self._stopped(request, seen, Stop(409, _said(refused.reply)))
        except Stop as stop:
            return self._stopped(request, seen, stop)

    def _take(self, request: Request, form: Mapping[str, Any]) -> None:
        """Only our own forms, and not too many. Raises NotTheirs, Stop, NotIn."""
        address = request.client.host if request.client else ""
        self._posts.count(address)
        if self._posts.is_over(address):
            raise Stop(429, say("pages-too-often"))
        key = key_of(request)
        if key is None:
            raise NotIn
        check_form(self._app, request, key.token, form)

    def _made(self, ask: Ask, answer: Answer) -> Response | Later:
        match answer:
            case Later():
                return answer
            case Shown():
                return self._page(ask, answer)
            case Gone():
                told = f"{'&' if '?' in answer.address else '?'}told={answer.told}" if answer.told else ""
                at = f"#{answer.at}" if answer.at else ""
                return RedirectResponse(answer.address + told + at, 303, headers=HEADERS)
            case _:
                answer.headers.setdefault("cache-control", "no-store")
                return answer

    def _page(self, ask: Ask, shown: Shown) -> Response:
        told = ask.query.get("told", "")
        frame = {
            "ask": ask,
            "person": ask.person,
            "agency": ask.agency,
            "key": ask.key,
            "here": ask.url,
            "told": TOLD.get(told, ""),
            "leads": ask.person.role in rights.LEADERS,
            "may_bring": rights.may(ask.person, "plans-import"),
        }
        return rendered(shown.template, ask.voice, {**frame, **shown.data}, shown.status)

    def _stopped(self, request: Request, seen: list[Ask], stop: Stop) -> Response:
        """What went wrong, in the frame of the pages where somebody is signed in."""
        if not seen:
            return self.closed(request, stop.status, stop.what)
        ask = seen[0]
        data = {"what": ask.say(stop.what), "back": back_of(request)}
        with visited(self._app, request, write=False) as again:
            return self._page(again, Shown("pages/stopped.html", data, stop.status))

    def closed(self, request: Request, status: int, what: Say) -> Response:
        """A page for somebody who is not signed in: what to do."""
        voice = words(language_of(request))
        return rendered("pages/closed.html", voice, {"what": voice(what), "person": None}, status)


async def _let_pass(request: Request) -> None:
    """Take what is too large and throw it away: a browser reads our answer only when it has sent all."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > PASSED:
            return


def back_of(request: Request) -> str:
    """Where the visitor came from, if that is a page of ours."""
    parts = urlsplit(request.headers.get("referer", ""))
    return parts.path if parts.netloc == request.headers.get("host") and parts.path else "/board"


def place_of(ask: Ask, default: str) -> str:
    """The page a form was sent from, as the form names it."""
    given = ask.text("back", 300)
    return given if given.startswith("/board") and "\\" not in given and "//" not in given else default


def _said(reply: Reply) -> Say:
    return reply.say or say("pages-missing")


def rendered(template: str, voice: Words, data: Mapping[str, Any], status: int = 200) -> Response:
    """A template in a language, with the headers every page has."""
    other = next((one for one in LANGUAGES if one != voice.language), voice.language)
    frame = {
        "t": lambda key, /, **args: voice(Say(key, args)),
        "language": voice.language,
        "other": other,
    }
    body = _templates().get_template(template).render(frame | dict(data))
    return HTMLResponse(body, status, headers=HEADERS)


def a_door(app: App, request: Request, template: str, agency: Agency) -> Response:
    """A page with one button for somebody who is not in yet, with the form's own key."""
    token = at_the_door(request)
    data = {"agency": agency, "person": None, "key": form_key(app, token), "here": request.url.path}
    made = rendered(template, words(language_of(request)), data)
    remember(made, app, token)
    return made


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
