"""Sarabun for the pages, out of the font's own package: nothing is asked of another site."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from bot.reports import fonts

FACES = ("Regular", "SemiBold", "Bold")
HEADERS = {"cache-control": "public, max-age=31536000, immutable"}


def routes() -> list[BaseRoute]:
    """One address for each face."""
    return [Route("/fonts/Sarabun-{face}.ttf", face)]


async def face(request: Request) -> Response:
    """A face of the font."""
    asked = request.path_params["face"]
    if asked not in FACES:
        return Response(status_code=404)
    return FileResponse(fonts.folder() / f"Sarabun-{asked}.ttf", media_type="font/ttf", headers=HEADERS)
