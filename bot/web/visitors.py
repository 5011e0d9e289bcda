"""How often one address may look at what is open to everybody: published pages, papers, feeds, and the doors
of sign-in and of e-mail."""

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import App
from bot.web.limits import SharedTries

OPEN = ("/open/", "/verify", "/feeds/", "/in/", "/mail/", "/files/")
SECONDS = 60.0


class Visitors:
    """Lets so many requests a minute and address through to those pages; 0: any number."""

    def __init__(self, app: ASGIApp, prongsai: App) -> None:
        self._app, self._most = app, prongsai.settings.visits_a_minute
        self._often = SharedTries(lambda: prongsai.database, "visit", self._most, SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and self._most and scope["path"].startswith(OPEN):
            who = scope["client"][0] if scope.get("client") else ""
            if self._often.is_over(who):
                again = {"retry-after": str(int(SECONDS))}
                await Response(status_code=429, headers=again)(scope, receive, send)
                return
            await asyncio.to_thread(self._often.count, who)
        await self._app(scope, receive, send)
