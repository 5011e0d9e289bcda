"""Photos and files through the page: pictures are shown, small ones in lists; the rest is handed over."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from bot import previews
from bot.app import App
from bot.web.pages import Pages
from bot.web.visits import Ask, Missing
from handlers import rights
from storage.evidence import KEPT, Evidence
from storage.people import Role
from storage.rounds import Occurrence

PICTURES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}
FILES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
}
UNKNOWN = "application/octet-stream"
SEALED = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}
KEPT_AN_HOUR = "private, max-age=3600"  # a small picture never changes
OWN_ONLY = frozenset({Role.OFFICER, Role.COORDINATOR})


def routes(pages: Pages) -> list[BaseRoute]:
    """The content of one piece and its small picture, for those who may see the measure."""
    return [
        pages.get("/board/evidence/{id}", content, "measures-show"),
        pages.get("/board/evidence/{id}/preview", preview, "measures-show"),
    ]


def may_open(ask: Ask, unit_id: int) -> bool:
    """Staff of a unit open what their unit showed; the working group opens everything."""
    return ask.person.role not in OWN_ONLY or ask.person.unit_id == unit_id


def views(ask: Ask, pieces: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Pieces as the pages show them."""
    return [
        {
            "piece": one,
            "is_picture": one.state == KEPT and one.media_type in PICTURES,
            "is_file": one.state == KEPT and bool(one.sha256),
            "link": one.url if one.url.startswith(("https://", "http://")) else "",
            "kilobytes": max(1, round((one.size or 0) / 1000)),
        }
        for one in pieces
    ]


def content(ask: Ask) -> Response:
    """The bytes of a photo or file. Raises Missing where it is not here, or not for this visitor."""
    piece = _piece(ask)
    first, pieces, kind = opened(ask.app, ask.agency.id, piece.sha256)
    inline = kind in PICTURES and "save" not in ask.query
    name = quote(_name(piece, kind), safe="")
    headers = {
        **SEALED,
        "content-disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{name}",
    }
    return StreamingResponse(chain((first,), pieces), media_type=kind, headers=headers)


def opened(app: App, agency_id: int, sha256: str) -> tuple[bytes, Iterator[bytes], str]:
    """A content's first piece, the others, and what it is by its own bytes. Raises Missing."""
    try:
        pieces = app.blobs(agency_id).pieces(sha256)
        first = next(pieces, b"")
    except FileNotFoundError as fault:
        raise Missing from fault
    return first, pieces, _kind_of(first)


def preview(ask: Ask) -> Response:
    """A photo as a small JPEG made anew, without what the camera wrote into it."""
    piece = _piece(ask)
    made = previews.preview(ask.app, ask.agency.id, piece.sha256, piece.media_type)
    if made is None:
        raise Missing
    return Response(made, media_type="image/jpeg", headers={**SEALED, "cache-control": KEPT_AN_HOUR})


def _piece(ask: Ask) -> Evidence:
    """What was asked for. Raises Missing where it is not here any more, or not for this visitor."""
    piece = ask.records.get(Evidence, ask.number())
    if piece is None or piece.state != KEPT or not piece.sha256 or not _is_theirs(ask, piece):
        raise Missing
    return piece


def _is_theirs(ask: Ask, piece: Evidence) -> bool:
    """Whether this visitor may open a piece; what belongs to no report yet is the secretariat's."""
    owed = ask.records.get(Occurrence, piece.occurrence_id) if piece.occurrence_id else None
    if owed is None:
        return ask.person.role in rights.LEADERS
    return may_open(ask, owed.unit_id)


def _kind_of(first: bytes) -> str:
    """What the content is by its own bytes; what we do not know is only handed over."""
    import filetype  # noqa: PLC0415 - only for files that are opened

    found = filetype.guess(first[:8192])
    kind = str(found.mime) if found else UNKNOWN
    return kind if kind in PICTURES or kind in FILES else UNKNOWN


def _name(piece: Evidence, kind: str) -> str:
    """The name it came with, else its number."""
    return named(piece.name, kind) or named(f"{piece.kind}-{piece.added_at:%Y%m%d}-{piece.id % 10000}", kind)


def named(title: str, kind: str) -> str:
    """A title as a file's name, with an ending that says what it is; empty when nothing is left of it."""
    ending = PICTURES.get(kind) or FILES.get(kind) or ""
    name = "".join(one for one in title if one.isprintable() and one not in '/\\:*?"<>|').strip(". ")
    ends = (".jpg", ".jpeg") if ending == ".jpg" else (ending,)
    return name if not name or name.lower().endswith(ends) else name + ending
