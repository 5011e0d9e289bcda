"""Whether the process lives (``/healthz``), can work (``/readyz``), and how it does (``/metrics``)."""

import asyncio
import shutil
import time
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.admission import queue_age
from bot.app import App
from storage import backlog, inbox, migrations, outbox

FORWARDED = {"x-forwarded-for", "x-forwarded-host", "forwarded", "via"}
FORGIVEN = 30.0  # seconds
ROOM = 1_000_000  # bytes of disk without which hardly an event is kept
OLD = 60.0  # seconds after which a waiting event means that nobody answers
WAITING = Gauge("prongsai_jobs", "Jobs in the queue", ["kind", "state"])
AGE = Gauge("prongsai_queue_age_seconds", "Age of the oldest due job", ["kind"])


def routes(app: App) -> list[Route]:
    """The three addresses."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        found = await asyncio.to_thread(_ready, app)
        return JSONResponse(found, status_code=200 if found["ready"] else 503)

    async def metrics(request: Request) -> Response:
        if FORWARDED & set(request.headers):  # came through the proxy: from outside
            return Response(status_code=404)
        await asyncio.to_thread(_gauges, app)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _ready(app: App) -> dict[str, Any]:
    try:
        schema = migrations.current(app.database.engine)
        with app.database.shared(write=False) as session:
            age = queue_age(app, session)
    except SQLAlchemyError:
        return {"ready": False, "database": False}
    ended, keeps, room = app.ended(), _keeps(app), _has_room(app)
    good = migrations.fits(schema) and age < OLD and not ended and keeps and room
    told = {"ready": good, "database": True, "schema": schema, "queue_age": round(age, 1)}
    told |= {"keeps": keeps, "room": room}
    return {**told, "ended": ended} if ended else told


def _keeps(app: App) -> bool:
    """Whether what came last could be kept; tried again after a while, or nobody would send it any more."""
    return app.refused_at is None or time.monotonic() - app.refused_at > FORGIVEN


def _has_room(app: App) -> bool:
    try:
        return shutil.disk_usage(app.data_dir).free >= ROOM
    except OSError:
        return True  # nothing was kept there yet


def _gauges(app: App) -> None:
    try:
        with app.database.shared(write=False) as session:
            counts = backlog.counts(session)
            ages = {inbox.KIND: queue_age(app, session), outbox.KIND: backlog.oldest(session, outbox.KIND)}
    except SQLAlchemyError:
        return
    WAITING.clear()
    for (kind, state), count in counts.items():
        WAITING.labels(kind, state).set(count)
    for kind, age in ages.items():
        AGE.labels(kind).set(age)
