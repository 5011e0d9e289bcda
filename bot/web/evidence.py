"""Evidence on the working group's pages: the content as a download, photos small and safe to look at."""

from itertools import chain
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from bot import previews
from bot.web.board_evidence import is_theirs
from bot.web.pages import Pages
from bot.web.visits import Ask, Missing
from storage.evidence import KEPT, Evidence

INTENT = "measures-show"  # who may see a measure may see what was shown for it
SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=3600",
}


def routes(pages: Pages) -> list[BaseRoute]:
    """A piece of evidence, and its small picture."""
    return [
        pages.get("/evidence/{number:int}", content, INTENT),
        pages.get("/evidence/{number:int}/preview", preview, INTENT),
    ]


def content(ask: Ask) -> Response:
    """The file itself, always as a download: what people send is never run in the page's name."""
    shown = _shown(ask)
    try:
        pieces = ask.app.blobs(ask.agency.id).pieces(shown.sha256)
        first = next(pieces, b"")
    except FileNotFoundError as fault:
        raise Missing from fault

    name = quote(shown.name or f"{shown.id}", safe="")
    headers = {**SAFE, "content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return StreamingResponse(chain((first,), pieces), media_type="application/octet-stream", headers=headers)


def preview(ask: Ask) -> Response:
    """A photo as a small JPEG made anew, without what the camera wrote into it."""
    shown = _shown(ask)
    made = previews.preview(ask.app, ask.agency.id, shown.sha256, shown.media_type)
    if made is None:
        raise Missing
    return Response(made, media_type="image/jpeg", headers=SAFE)


def _shown(ask: Ask) -> Evidence:
    """The piece that was asked for. Raises Missing when this agency has none or no longer its content."""
    number = int(ask.path["number"])
    found = ask.records.get(Evidence, number) if number < 2**63 else None
    if found is None or found.state != KEPT or not found.sha256 or not is_theirs(ask, found):
        raise Missing
    return found
