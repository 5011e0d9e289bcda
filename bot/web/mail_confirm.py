"""An e-mail address confirmed by who reads it: the link of the letter shows a button, and the button counts.

A scanner of mail that fetches every link confirms nothing.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.app import App
from bot.web import forms
from bot.web.limits import SharedTries
from bot.web.pages import Pages, a_door
from bot.web.visits import DOOR, NotTheirs, check_form, number_of
from handlers import mailing
from handlers.talk import Refused, say
from storage.agencies import Agency
from storage.base import now
from storage.people import Person

MOST, SECONDS = 20, 600.0  # confirmations from one address


def routes(app: App, pages: Pages) -> list[BaseRoute]:
    """The page behind the link, and its button."""
    made = MailConfirm(app, pages)
    path = "/mail/{slug}/{person}/{code}"
    return [Route(path, made.show, methods=["GET"]), Route(path, made.take, methods=["POST"])]


class MailConfirm:
    """Confirms addresses for those who are not signed in where they read their mail."""

    def __init__(self, app: App, pages: Pages) -> None:
        self._app, self._pages = app, pages
        self._tries = SharedTries(lambda: app.database, "mail", MOST, SECONDS)

    async def show(self, request: Request) -> Response:
        """The button; whether the code is good is told after it only."""
        return await asyncio.to_thread(self._show, request)

    def _show(self, request: Request) -> Response:
        agency_id = self._app.agency_id(request.path_params["slug"])
        if agency_id is None:
            return self._pages.closed(request, 410, say("pages-mail-code-old"))
        with self._app.database.look(agency_id) as records:
            agency = records.get_one(Agency, agency_id)
        return a_door(self._app, request, "pages/mail.html", agency)

    async def take(self, request: Request) -> Response:
        """Take the address."""
        form = await forms.taken(request)
        return await asyncio.to_thread(self._take, request, form)

    def _take(self, request: Request, form: dict[str, Any]) -> Response:
        try:
            check_form(self._app, request, request.cookies.get(DOOR, ""), form)
        except NotTheirs:
            return self._pages.closed(request, 403, say("pages-form-old"))
        address = request.client.host if request.client else ""
        self._tries.count(address)
        if self._tries.is_over(address):
            return self._pages.closed(request, 429, say("pages-link-often"))
        try:
            is_right = self._confirmed(request)
        except Refused as refused:
            return self._pages.closed(request, 409, refused.reply.say or say("pages-mail-code-old"))
        status, told = (200, "pages-told-mail") if is_right else (410, "pages-mail-code-old")
        return self._pages.closed(request, status, say(told))

    def _confirmed(self, request: Request) -> bool:
        agency_id = self._app.agency_id(request.path_params["slug"])
        number = number_of(request.path_params["person"])
        if agency_id is None or number is None:
            return False
        with self._app.database.agency(agency_id) as records:
            person = records.get(Person, number)
            if person is None or person.left_at is not None:
                return False
            agency = records.get_one(Agency, agency_id)
            return mailing.confirm(records, agency, person, request.path_params["code"], now())
