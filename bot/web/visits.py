"""Who visits a page: the cookie, the token every form carries, and the agency's records for one request."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from bot.app import App
from bot.channels import clean
from bot.turns import local_day
from bot.words import LANGUAGES, Words, words
from handlers.talk import Say
from storage import forms, signins
from storage.agencies import Agency
from storage.base import now
from storage.people import Person
from storage.signins import SEEN_EVERY

COOKIE = "visit"
DOOR = "door"  # the cookie of somebody who is not in yet
CHANNEL = forms.PAGE
FORM_KEY = "form_key"
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)  # beyond, a calendar has no year before or after
DIGITS = 18  # of a record's number: what every database takes
_COOKIE = re.compile(r"(\d{1,18})\.([A-Za-z0-9_-]{20,80})")


class Missing(Exception):
    """There is no such page, or it is another agency's."""


class NotIn(Exception):
    """Nobody is signed in here."""


class NotTheirs(Exception):
    """The form did not come from our own page."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a browser's cookie says: an agency and a token."""

    agency_id: int
    token: str


@dataclass(frozen=True)
class Ask:
    """One request of somebody who is signed in, with the agency's records."""

    app: App
    records: Session
    agency: Agency
    person: Person
    voice: Words
    key: str
    url: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: QueryParams = field(default_factory=QueryParams)
    form: Mapping[str, str | UploadFile] = field(default_factory=dict)
    at: datetime = field(default_factory=now)

    @property
    def today(self) -> date:
        """The day it is where the agency is."""
        return local_day(self.agency, self.at)

    def say(self, told: Say | None) -> str:
        """A message in the visitor's language."""
        return self.voice(told)

    def number(self, name: str = "id") -> int:
        """A record's number in the address. Raises Missing when it is none."""
        found = number_of(self.path.get(name, ""))
        if found is None:
            raise Missing
        return found

    def text(self, name: str, most: int = 2000) -> str:
        """A field of the form, or nothing."""
        given = self.form.get(name, "")
        return clean(given).strip()[:most] if isinstance(given, str) else ""


def own_place(ask: Ask) -> str:
    """Where a visitor's own things wait, apart from what is said in chat."""
    return forms.own_place(ask.person.id)


def number_of(text: str) -> int | None:
    """What a visitor gave as a record's number, if it can be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def key_of(request: Request) -> Key | None:
    """What the cookie says, if it is one of ours by its shape."""
    found = _COOKIE.fullmatch(request.cookies.get(COOKIE, ""))
    return Key(int(found[1]), found[2]) if found else None


def form_key(app: App, token: str) -> str:
    """What a form must carry to be taken: bound to the browser's own cookie."""
    return app.seal.sign("form", token)


def check_form(app: App, request: Request, token: str, form: Mapping[str, object]) -> None:
    """Refuse a form that another site's page sent. Raises NotTheirs."""
    origin = request.headers.get("origin", "")
    hosts = {request.headers.get("host", ""), urlsplit(app.settings.public_url).netloc} - {""}
    given = form.get(FORM_KEY)
    is_ours = isinstance(given, str) and app.seal.signed("form", token, given)
    if not token or not is_ours or (origin and urlsplit(origin).netloc not in hosts):
        raise NotTheirs


def is_in(app: App, request: Request) -> bool:
    """Whether somebody is signed in here."""
    key = key_of(request)
    if key is None:
        return False
    with app.database.look(key.agency_id) as records:
        return signins.find_visit(records, key.token, now()) is not None


@contextmanager
def visited(app: App, request: Request, *, write: bool) -> Iterator[Ask]:
    """The agency's records for one request of its visitor. Raises NotIn."""
    key = key_of(request)
    if key is None:
        raise NotIn
    at = now()
    with (app.database.agency if write else app.database.look)(key.agency_id) as records:
        visit = signins.find_visit(records, key.token, at)
        if visit is None:
            raise NotIn
        agency = records.get_one(Agency, key.agency_id)
        language = language_of(request, visit.person.language)
        yield Ask(
            app=app,
            records=records,
            agency=agency,
            person=visit.person,
            voice=words(language, agency.settings.get("digits", "arabic")),
            key=form_key(app, key.token),
            url=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            path={name: str(value) for name, value in request.path_params.items()},
            query=request.query_params,
            at=at,
        )
        was_seen = visit.seen_at
    if at - was_seen > SEEN_EVERY:
        with app.database.agency(key.agency_id) as records:
            if found := signins.find_visit(records, key.token, at):
                found.seen_at = at


def language_of(request: Request, known: str = LANGUAGES[0]) -> str:
    """The language asked for, or chosen in this browser, or the person's own."""
    wanted = request.query_params.get("lang") or request.cookies.get("language") or known
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def let_in(response: Response, app: App, agency_id: int, token: str) -> None:
    """Give the browser the cookie by which it is known from now on."""
    _set(response, app, COOKIE, f"{agency_id}.{token}", int(signins.LONGEST.total_seconds()))
    response.delete_cookie(DOOR)


def at_the_door(request: Request) -> str:
    """The token of a browser that is not in yet: its own, else a new one to give it (see ``remember``)."""
    there = request.cookies.get(DOOR, "")
    if re.fullmatch(r"[A-Za-z0-9_-]{20,80}", there):
        return there
    return secrets.token_urlsafe(24)


def remember(response: Response, app: App, token: str) -> None:
    """Keep the token of a browser that is not in yet."""
    _set(response, app, DOOR, token, int(signins.LINK_LIVES.total_seconds()) * 2)


def _set(response: Response, app: App, name: str, value: str, seconds: int) -> None:
    secure = app.settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=secure, samesite="lax", path="/")
