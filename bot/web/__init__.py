"""The web side: webhooks, health, the chat page, the working group's pages; safe headers on every answer."""

import logging
import re
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import App
from bot.logs import REQUEST
from bot.web import (
    board,
    board_account,
    board_actions,
    board_calendar,
    board_documents,
    board_doubts,
    board_items,
    board_measure,
    board_measures,
    board_papers,
    board_rounds,
    board_units,
    chat,
    evidence,
    files,
    fonts,
    health,
    login,
    mail_confirm,
    open_items,
)
from bot.web.pages import Pages
from bot.web.visitors import Visitors
from bot.web.webhooks import Webhooks

log = logging.getLogger("prongsai.web")
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Numbered:
    """Gives every request an id (the proxy's, where it sent one), for the log and for the answer's header.

    What fails is logged with it; never an address's query or its later parts, which may be secret.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"]:  # no address of ours has one, and no database takes it
            await Response(status_code=404)(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        REQUEST.set(number)
        where = "/" + str(scope["path"])[1:].partition("/")[0]

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("x-request-id", number)
                if message["status"] >= 500:
                    log.warning("a request failed", extra={"status": message["status"], "path": where})
            await send(message)

        await self._app(scope, receive, add)


class SafeHeaders:
    """Adds the security headers that a page did not set itself."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if https:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)


def site(app: App, webhooks: Webhooks, lifespan: Lifespan) -> Starlette:
    """The application that answers HTTP."""
    pages = Pages(app)
    routes: list[BaseRoute] = [
        Route("/hooks/{kind}/{slug}", webhooks.take, methods=["POST"]),
        *health.routes(app),
        *login.routes(app, pages),
        *board.routes(pages),
        *board_measures.routes(pages),
        *board_measure.routes(pages),
        *board_units.routes(pages),
        *board_rounds.routes(pages),
        *board_papers.routes(pages),
        *board_items.routes(pages),
        *open_items.routes(app),
        *board_calendar.routes(app, pages),
        *board_account.routes(pages),
        *mail_confirm.routes(app, pages),
        *board_actions.routes(pages),
        *board_documents.routes(pages),
        *board_doubts.routes(pages),
        *fonts.routes(),
        *evidence.routes(pages),
        *files.routes(app),
        *chat.routes(app, webhooks),
    ]
    https = app.settings.public_url.startswith("https://")
    middle = [
        Middleware(Numbered),
        Middleware(SafeHeaders, https=https),
        Middleware(Visitors, prongsai=app),
    ]
    return Starlette(routes=routes, middleware=middle, lifespan=lifespan)
