"""Puts the parts together: settings, database, seals, words, channels. The only place that does."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import aiohttp

from bot import sealing
from bot.channels import Channel, Heard
from bot.config import Settings
from bot.reading import Reader, reader
from bot.sealing import CannotOpen, Seal
from handlers.talk import Refused, say
from storage import agencies, migrations, records
from storage.agencies import Agency
from storage.arrivals import Arrivals
from storage.blobs import Blobs
from storage.database import Database

BUILT_IN = {"web": "webchat", "console": "console", "mail": "mail"}  # channels that need no account
RECORDS = records.metadata  # every kind of record is known once the parts are put together
LOOK_AGAIN = 10.0  # seconds after which a channel's row is looked at for changed credentials

TakeIn = Callable[[int, Sequence[Heard]], Awaitable[int]]  # keeps events; how many were for us


@dataclass(slots=True)
class _Open:
    channel: Channel | None
    changed: Any
    looked: float


async def _nobody_listens(agency_id: int, heard: Sequence[Heard]) -> int:
    raise RuntimeError("events are taken in by a process that serves the web")


class App:
    """The parts one process needs, each made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data_dir: Path = settings.data_dir
        self._http: aiohttp.ClientSession | None = None
        self._channels: dict[tuple[int, str], _Open] = {}
        self._slugs: dict[str, tuple[int, float]] = {}
        self.take_in: TakeIn = _nobody_listens
        self.refused_at: float | None = None  # when the database last kept nothing, until it does again
        self.ended: Callable[[], list[str]] = list  # the workers of this process that have died

    @cached_property
    def database(self) -> Database:
        """The database; its folder is made, its schema is not."""
        settings = self.settings
        return Database(settings.database_url, pepper=self.seal.peppers(), site=settings.public_url)

    @cached_property
    def arrivals(self) -> Arrivals | None:
        """Where a SQLite database's webhooks are kept until they are in its queue; PostgreSQL needs none."""
        is_file = self.database.is_sqlite and self.database.url.database not in (None, "", ":memory:")
        return Arrivals(self.database.url) if is_file else None

    @cached_property
    def seal(self) -> Seal:
        """Seals credentials and signs links."""
        return Seal(sealing.key_of(self.settings.secret_key, self.data_dir))

    @cached_property
    def reader(self) -> Reader:
        """What understands a message."""
        return reader()

    def blobs(self, agency_id: int) -> Blobs:
        """The files of one agency, in the data folder or in the store that was set."""
        if not self.settings.files_url:
            return Blobs(self.data_dir, agency_id)
        from bot.stores import Stored  # noqa: PLC0415 - only where a store is set

        return Stored(self.settings.files_url, self.data_dir, agency_id)

    def agency(self, slug: str) -> Agency:
        """The agency with this slug. Raises Refused with what to do when there is none."""
        self.check_schema()
        with self.database.shared(write=False) as session:
            found = agencies.find_agency(session, slug)
        if found is None:
            raise Refused(say("cli-agency-unknown", slug=slug))
        return found

    def has_agencies(self) -> bool:
        """Whether there is an agency beside the sample."""
        with self.database.shared(write=False) as session:
            return any(not one.sample for one in agencies.every(session))

    def check_schema(self) -> None:
        """Refuse a database whose schema lacks what this program needs."""
        found = migrations.current(self.database.engine)
        if not migrations.fits(found):
            raise Refused(say("cli-schema-old" if found else "cli-schema-none"))

    @property
    def http(self) -> aiohttp.ClientSession:
        """The one outgoing connection pool; made inside the running loop, closed by ``close``."""
        if self._http is None or self._http.closed:
            limits = aiohttp.TCPConnector(limit=256, keepalive_timeout=60)
            self._http = aiohttp.ClientSession(connector=limits, timeout=aiohttp.ClientTimeout(total=30))
        return self._http

    def agency_id(self, slug: str) -> int | None:
        """The id behind a slug, remembered for a short while."""
        known = self._slugs.get(slug)
        if known and time.monotonic() - known[1] < LOOK_AGAIN:
            return known[0]
        with self.database.shared(write=False) as session:
            found = agencies.find_agency(session, slug)
        if found is None:
            return None
        self._slugs[slug] = (found.id, time.monotonic())
        return found.id

    def known_channel(self, slug: str, kind: str) -> tuple[int, Channel] | None:
        """An agency's id and its channel when both are remembered and need no look at the database."""
        known = self._slugs.get(slug)
        kept = self._channels.get((known[0], kind)) if known else None
        early = time.monotonic() - LOOK_AGAIN
        if known is None or kept is None or kept.channel is None or min(known[1], kept.looked) < early:
            return None
        return known[0], kept.channel

    def channel(self, agency_id: int, kind: str) -> Channel | None:
        """An agency's account in a channel, opened once; opened anew when its credentials changed."""
        key = (agency_id, kind)
        kept = self._channels.get(key)
        if kept is not None and time.monotonic() - kept.looked < LOOK_AGAIN:
            return kept.channel
        with self.database.look(agency_id) as session:
            row = agencies.find_channel(session, kind)
        changed = row.changed_at if row else None
        if kept is None or kept.changed != changed:
            kept = _Open(self._opened(agency_id, kind, row), changed, 0.0)
        kept.looked = time.monotonic()
        if kept.channel is not None:
            self._channels[key] = kept
        return kept.channel

    def _opened(self, agency_id: int, kind: str, row: agencies.Channel | None) -> Channel | None:
        if row is None and kind not in BUILT_IN:
            return None
        details = {
            **(row.details if row else {}),
            "agency_id": agency_id,
            "data_dir": str(self.data_dir),
            "mail_from": self.settings.mail_from,
        }
        credentials = self.opened(row.sealed) if row else {}
        module = import_module(f"bot.channels.{BUILT_IN.get(kind, kind)}")
        opened = module.open_channel(credentials, details, self.http, self.api_url(kind))
        return cast("Channel", opened)

    def opened(self, sealed: bytes) -> dict[str, str]:
        """What was sealed, also under a key that was put in since the start. Raises CannotOpen."""
        try:
            return self.seal.open(sealed)
        except CannotOpen:
            del self.seal
            return self.seal.open(sealed)

    def api_url(self, kind: str) -> str:
        """Where a channel's platform is reached; empty for the real one."""
        own = self.settings
        known = {"line": own.line_api_url, "telegram": own.telegram_api_url, "mail": own.smtp_url}
        return known.get(kind, "")

    async def close_http(self) -> None:
        """Close the outgoing connections and forget the channels that used them."""
        self._channels.clear()
        if self._http is not None:
            await self._http.close()

    def close(self) -> None:
        """Give the database's connections back."""
        if arrivals := self.__dict__.get("arrivals"):
            arrivals.close()
        if "database" in self.__dict__:
            self.database.close()
