"""The database: its schema, its clock, its server's settings, its queue, every agency's history."""

from collections.abc import Iterator

from bot.admission import queue_age
from bot.app import App
from bot.chaining import FOLDER, kept_head
from bot.checks import Found
from handlers.talk import say
from storage import backlog, chain, jobs, migrations
from storage.agencies import agency_slugs
from storage.base import now

SKEW = 2.0  # seconds between this machine's clock and the database's
SLOW = 60.0  # seconds an event may wait before something is wrong
UNICODE = ("utf-8", "utf8")


def schema(app: App) -> Found:
    """Whether the schema is the one that this program needs."""
    found, newest = migrations.current(app.database.engine), migrations.newest()
    return migrations.fits(found), say("cli-check-schema", schema=found or "-", newest=newest)


def look(app: App) -> Iterator[Found]:
    """Everything else about a database whose schema is right."""
    skew = abs((app.database.now() - now()).total_seconds())
    yield skew < SKEW, say("cli-check-clock", seconds=f"{skew:.1f}")
    if (server := app.database.server()) is not None:
        told = {"encoding": server.encoding, "ctype": server.ctype}
        good = server.encoding.lower() in UNICODE and server.ctype.lower().endswith(UNICODE)
        yield good, say("check-encoding", **told)
        yield server.is_bound, say("check-role", role=server.role)
    yield from _queue(app)
    yield from _histories(app)


def _queue(app: App) -> Iterator[Found]:
    with app.database.shared(write=False) as session:
        dead = sum(count for (_, state), count in backlog.counts(session).items() if state == jobs.DEAD)
        age = queue_age(app, session)
    yield dead == 0, say("cli-check-set-aside", count=dead)
    yield age < SLOW, say("cli-check-waiting", seconds=f"{age:.0f}")


def _histories(app: App) -> Iterator[Found]:
    """Walk every agency's chain of acts, which must also hold the end that was written down outside."""
    with app.database.shared(write=False) as session:
        known = agency_slugs(session)
    for agency_id, slug in sorted(known.items()):
        with app.database.look(agency_id) as records:
            found = chain.verify(records, kept_head(app.data_dir / FOLDER / str(agency_id)))
        if found.why:
            yield False, say(f"check-history-{found.why}", agency=slug, number=found.wrong)
        else:
            end = {"digest": found.head.digest[:16], "loose": found.unchained}
            yield True, say("check-history", agency=slug, count=found.head.number, **end)
