"""The public pages of O items: what the secretary chose, for anybody, under an address that stays.

``/open/dgp/2567/O12`` is readable because it is printed and typed; nothing can be found by guessing
that was not published. No person is named: titles are the secretary's, photos are made anew without
what the camera wrote into them, files leave under their public title.
"""

import asyncio
from itertools import chain
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot import previews
from bot.app import App
from bot.web.evidence import PICTURES, SEALED, named, opened
from bot.web.pages import rendered
from bot.web.visits import Missing, language_of, number_of
from bot.words import words
from storage import disclosures
from storage.agencies import Agency
from storage.disclosures import Disclosure

YEARS = 10_000
KEPT_A_WHILE = "public, max-age=300"


def routes(app: App) -> list[BaseRoute]:
    """The page of an item, and its pieces."""
    page = OpenItems(app)
    return [
        Route("/open/{slug}/{year}/{item}", page.item),
        Route("/open/{slug}/{year}/{item}/{no}", page.piece),
    ]


class OpenItems:
    """Shows what is published, and nothing else."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def item(self, request: Request) -> Response:
        """The page of one item."""
        return await asyncio.to_thread(self._item, request)

    async def piece(self, request: Request) -> Response:
        """One of its files or photos, by its place on the page."""
        return await asyncio.to_thread(self._piece, request)

    def _item(self, request: Request) -> Response:
        agency_id, voice = self._app.agency_id(request.path_params["slug"]), words(language_of(request))
        if agency_id is not None:
            with self._app.database.look(agency_id) as records:
                page = _open(records, request)
                if page is not None:
                    data = {
                        "agency": records.get_one(Agency, agency_id),
                        "page": page,
                        "pieces": [
                            (title, one, disclosures.is_link(one), one.media_type in PICTURES)
                            for title, one in disclosures.shown(records, page)
                        ],
                        "here": request.url.path,
                    }
                    answer = rendered("pages/open.html", voice, data)
                    answer.headers["cache-control"] = KEPT_A_WHILE
                    answer.headers["vary"] = "cookie"  # which holds the language
                    return answer
        return _nothing(request)

    def _piece(self, request: Request) -> Response:
        agency_id = self._app.agency_id(request.path_params["slug"])
        if agency_id is None:
            return _nothing(request)
        with self._app.database.look(agency_id) as records:
            page = _open(records, request)
            found = disclosures.shown(records, page) if page else []
            number = number_of(request.path_params["no"]) or 0
            if not 1 <= number <= len(found) or not found[number - 1][1].sha256:
                return _nothing(request)
            title, piece = found[number - 1]
        headers = {**SEALED, "cache-control": KEPT_A_WHILE}
        if piece.media_type in PICTURES:
            small = previews.preview(self._app, agency_id, piece.sha256, piece.media_type)
            return Response(small, media_type="image/jpeg", headers=headers) if small else _nothing(request)
        try:
            first, pieces, kind = opened(self._app, agency_id, piece.sha256)
        except Missing:
            return _nothing(request)
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(named(title, kind), safe='')}"
        return StreamingResponse(chain((first,), pieces), media_type=kind, headers=headers)


def _open(records: Session, request: Request) -> Disclosure | None:
    """The page that is asked for, if it is open."""
    year = number_of(request.path_params["year"]) or 0
    page = disclosures.find(records, year, request.path_params["item"]) if year < YEARS else None
    return page if page is not None and page.ended_at is None else None


def _nothing(request: Request) -> Response:
    voice = words(language_of(request))
    return rendered("pages/open.html", voice, {"page": None, "here": request.url.path}, 404)
