"""Papers to take away: files behind signed links that expire, and the page that confirms a paper's code."""

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import press
from bot.app import App
from bot.layout import TooSlow
from bot.logs import where
from bot.press import Press
from bot.words import LANGUAGES, Words, words
from handlers.talk import Refused, Say, say
from storage import agencies, papers
from storage.agencies import Agency
from storage.papers import Paper

log = logging.getLogger("prongsai.web")
FOLDER = Path(__file__).parent
SECRET = {
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "referrer-policy": "no-referrer",
}
SANDBOX = {"content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


def routes(app: App) -> list[BaseRoute]:
    """The addresses of papers."""
    page = Files(app)
    return [
        Route("/files/{token}", page.file),
        Route("/verify", page.verify),
        Route("/verify/{code}", page.verify),
    ]


class Files:
    """Hands papers out and confirms them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._press = Press(app)
        self._pages = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True)

    async def file(self, request: Request) -> Response:
        """The file behind a signed link, to be saved; what is wrong with the link, in a sentence."""
        found = press.opened(self._app, request.path_params["token"])
        if found is None:
            return self._told(request, 404, say("files-unknown"))
        agency_id, paper_id, is_open = found
        if not is_open:
            return self._told(request, 410, say("files-expired"))
        try:
            pressed = await self._press.file(agency_id, paper_id)
        except Refused as refused:
            return self._told(request, 409, refused.reply.say or say("files-unknown"))
        except TooSlow as fault:
            log.exception("a paper could not be laid out", extra={"fault": where(fault)})
            return self._told(request, 503, say("files-slow"))
        if pressed is None:
            return self._told(request, 404, say("files-unknown"))
        name = f"attachment; filename*=utf-8''{quote(pressed.name)}"
        headers = {**SECRET, **SANDBOX, "content-disposition": name}
        return Response(pressed.body, media_type=pressed.media_type, headers=headers)

    async def verify(self, request: Request) -> Response:
        """Whether a code on a paper is ours, and what its file is: title, version, moment, hash."""
        if typed := request.query_params.get("code", ""):
            return RedirectResponse(f"/verify/{papers.bare(typed) or '-'}", status_code=303)
        typed = str(request.path_params.get("code", ""))
        if not typed:
            return self._page(request, 200)
        code = papers.bare(typed)
        found = await asyncio.to_thread(self._find, code) if code else None
        if found is None:
            return self._page(request, 404, unknown=typed[:20] if typed != "-" else "?")
        agency, paper = found
        return self._page(request, 200, agency=agency, paper=paper)

    def _find(self, code: str) -> tuple[Agency, Paper] | None:
        """The paper with a code, looked for in the few agencies whose codes begin like it."""
        with self._app.database.shared(write=False) as session:
            known = agencies.agency_slugs(session)
        for agency_id in known:
            if code.startswith(papers.mark_of(agency_id)):
                with self._app.database.look(agency_id) as records:
                    if paper := papers.by_code(records, code):
                        return records.get_one(Agency, agency_id), paper
        return None

    def _told(self, request: Request, status: int, told: Say) -> Response:
        return self._page(request, status, told=_voice(request)(told))

    def _page(self, request: Request, status: int, **more: Any) -> Response:
        voice = _voice(request)
        body = self._pages.get_template("verify.html").render(
            t=partial(_say, voice), day=voice.day, language=voice.language, **more
        )
        return HTMLResponse(body, status, headers=SECRET)


def _say(voice: Words, name: str, **args: Any) -> str:
    return voice(Say(name, args))


def _voice(request: Request) -> Words:
    wanted = request.query_params.get("lang") or request.cookies.get("language")
    return words(wanted if wanted in LANGUAGES else LANGUAGES[0])
