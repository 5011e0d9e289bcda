"""In by a one-time link from chat, out by a button. No passwords.

The link's page only shows a button: a preview that a chat fetches does not use the link up.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.app import App
from bot.web import forms
from bot.web.limits import SharedTries
from bot.web.pages import HEADERS, Pages, a_door
from bot.web.visits import (
    COOKIE,
    DOOR,
    NotIn,
    NotTheirs,
    check_form,
    key_of,
    let_in,
    visited,
)
from bot.words import LANGUAGES
from handlers.talk import say
from storage import history, signins
from storage.agencies import Agency
from storage.base import now

WRONG_MOST, WRONG_SECONDS = 20, 600.0  # links that are none, from one address


def routes(app: App, pages: Pages) -> list[BaseRoute]:
    """The ways in and out."""
    login = Login(app, pages)
    return [
        Route("/in/{slug}/{token}", login.show, methods=["GET"]),
        Route("/in/{slug}/{token}", login.enter, methods=["POST"]),
        Route("/out", login.leave, methods=["POST"]),
        Route("/language/{language}", login.language, methods=["GET"]),
    ]


class Login:
    """Opens and closes visits."""

    def __init__(self, app: App, pages: Pages) -> None:
        self._app, self._pages = app, pages
        self._wrong = SharedTries(lambda: app.database, "sign-in", WRONG_MOST, WRONG_SECONDS)

    async def show(self, request: Request) -> Response:
        """Who is let in where, and the button that does it."""
        return await asyncio.to_thread(self._show, request)

    def _show(self, request: Request) -> Response:
        agency, state = self._look(request)
        if agency is None or state != "open":
            return self._refused(request, state)
        return a_door(self._app, request, "pages/in.html", agency)

    async def enter(self, request: Request) -> Response:
        """Use the link up."""
        form = await forms.taken(request)
        return await asyncio.to_thread(self._enter, request, form)

    def _enter(self, request: Request, form: dict[str, Any]) -> Response:
        try:
            check_form(self._app, request, request.cookies.get(DOOR, ""), form)
        except NotTheirs:
            return self._pages.closed(request, 403, say("pages-form-old"))
        agency, state = self._look(request)
        if agency is None or state != "open":
            return self._refused(request, state)
        with self._app.database.agency(agency.id) as records:
            link = signins.find_link(records, request.path_params["token"])
            token = signins.open_visit(records, link, now()) if link else ""
            if link and token:
                history.note(records, "signed-in", f"person:{link.person_id}", by=link.person, channel="web")
        if not token:
            return self._refused(request, "used")
        response = RedirectResponse("/board", 303, headers=HEADERS)
        let_in(response, self._app, agency.id, token)
        return response

    def _look(self, request: Request) -> tuple[Agency | None, str]:
        """The agency and the state of a link, without using it; wrong ones are counted."""
        address = request.client.host if request.client else ""
        if self._wrong.is_over(address):
            return None, "often"
        agency_id = self._app.agency_id(request.path_params["slug"])
        if agency_id is not None:
            with self._app.database.look(agency_id) as records:
                link = signins.find_link(records, request.path_params["token"])
                if link is not None:
                    return records.get_one(Agency, agency_id), link.state(now())
        self._wrong.count(address)
        return None, "unknown"

    def _refused(self, request: Request, state: str) -> Response:
        status = 429 if state == "often" else 410
        return self._pages.closed(request, status, say(f"pages-link-{state}"))

    async def leave(self, request: Request) -> Response:
        """Close this browser's visit."""
        form = await forms.taken(request)
        return await asyncio.to_thread(self._leave, request, form)

    def _leave(self, request: Request, form: dict[str, Any]) -> Response:
        key = key_of(request)
        try:
            check_form(self._app, request, key.token if key else "", form)
            with visited(self._app, request, write=True) as ask:
                visit = signins.find_visit(ask.records, key.token if key else "", ask.at)
                if visit is not None:
                    visit.ended_at = ask.at
        except NotTheirs:
            return self._pages.closed(request, 403, say("pages-form-old"))
        except NotIn:
            pass
        response = self._pages.closed(request, 200, say("pages-left"))
        response.delete_cookie(COOKIE)
        return response

    async def language(self, request: Request) -> Response:
        """Remember the language chosen in this browser."""
        chosen = request.path_params["language"]
        back = request.query_params.get("back", "/board")
        is_ours = back.startswith("/") and not back.startswith("//") and "\\" not in back
        response = RedirectResponse(back if is_ours else "/board", 303, headers=HEADERS)
        if chosen in LANGUAGES:
            response.set_cookie("language", chosen, max_age=365 * 86400, samesite="lax", httponly=True)
        return response
