"""One door for all channels: verify, drop what is not for us, keep the rest, then answer 200."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot import door, meters
from bot.app import BUILT_IN, App
from bot.channels import Channel, Heard
from bot.floods import Floods
from bot.inbox import event_of
from bot.logs import where
from bot.sealing import CannotOpen
from bot.together import Overload, Together
from bot.web.limits import SharedTries
from storage import inbox
from storage.arrivals import Arrivals
from storage.base import now
from storage.database import wake

log = logging.getLogger("prongsai.webhooks")
LARGEST = 1_000_000  # bytes of one body; LINE's and Telegram's are far smaller
PATIENCE = 10 * LARGEST
GATHER = (0.0, 0.005)  # seconds between two commits of webhooks
STALE = inbox.REMEMBERED - timedelta(days=1)  # older events could come a second time unseen
WRONG_MOST, WRONG_SECONDS = 30, 60.0  # webhooks with wrong signatures from one address
WRONG_LARGEST = 64_000  # bytes that are still read from an address that goes on so


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one webhook brought for one agency."""

    agency_id: int
    heard: tuple[Heard, ...]


class TooLarge(Exception):
    """A body over the limit."""


class Guessing(Exception):
    """Wrong signatures again and again; what is signed well is taken from the same address all the same."""


class Unknown(Exception):
    """No such agency, or it has no such channel."""


STATUS: dict[type[Exception], int] = {
    Unknown: 404,
    TooLarge: 413,
    Guessing: 429,
    PermissionError: 401,
    RecursionError: 400,
    ValueError: 400,
    ClientDisconnect: 400,
    Overload: 503,
    DataError: 400,
    SQLAlchemyError: 503,
    CannotOpen: 503,
}


class Webhooks:
    """Takes webhooks in; many that come at once are committed together. ``kept`` rings for new events."""

    def __init__(self, app: App, kept: Callable[[], None], arrivals: Arrivals | None = None) -> None:
        self._app, self._kept, self._arrivals = app, kept, arrivals
        self.calls = False  # whether the work is done by other processes, which must be called
        self.keep: Together[Arrived, int] = Together(self._keep_surely, apart=GATHER)
        self._floods = Floods(app)
        self._wrong = SharedTries(lambda: app.database, "signature", WRONG_MOST, WRONG_SECONDS)

    async def take(self, request: Request) -> Response:
        """One webhook: 200 once everything in it that is for us is committed."""
        began, kind = time.monotonic(), request.path_params["kind"]
        try:
            await self._accept(kind, request)
        except tuple(STATUS) as fault:
            status = next(status for kinds, status in STATUS.items() if isinstance(fault, kinds))
            if status not in (404, 429):  # guesses are told of once, when they begin to be many
                extra = {"channel": kind, "status": status, "fault": where(fault)}
                log.warning("a webhook was refused", extra=extra)
            after = {503: "2", 429: str(int(WRONG_SECONDS))}.get(status)
            return Response(status_code=status, headers={"retry-after": after} if after else None)
        meters.KEPT.observe(time.monotonic() - began)
        return Response(status_code=200)

    async def _accept(self, kind: str, request: Request) -> None:
        if kind in BUILT_IN:  # these do not come by webhook
            raise Unknown
        address = request.client.host if request.client else ""
        is_guessing = self._wrong.is_over(address)
        body = await _body(request, WRONG_LARGEST if is_guessing else LARGEST)
        found = await self._find(request.path_params["slug"], kind)
        if found is None:
            raise Unknown
        agency_id, channel = found
        try:
            read = channel.read({k.lower(): v for k, v in request.headers.items()}, body)
        except PermissionError as fault:
            raise await asyncio.to_thread(self._counted, address, fault) from fault
        oldest = now() - STALE
        heard = tuple(one for one in read if one.at > oldest)
        if heard:
            await self.take_in(agency_id, heard)

    def _counted(self, address: str, fault: PermissionError) -> Exception:
        if self._wrong.is_over(address):
            return Guessing()
        self._wrong.count(address)
        if self._wrong.is_over(address):
            log.warning("many webhooks with wrong signatures from one address")
        return fault

    async def take_in(self, agency_id: int, heard: Sequence[Heard]) -> int:
        """Keep what is for us of some events; how many are. Raises Overload, SQLAlchemyError."""
        return await self.keep(Arrived(agency_id, tuple(heard)))

    async def _find(self, slug: str, kind: str) -> tuple[int, Channel] | None:
        if known := self._app.known_channel(slug, kind):
            return known
        return await asyncio.to_thread(self._look_up, slug, kind)

    def _look_up(self, slug: str, kind: str) -> tuple[int, Channel] | None:
        agency_id = self._app.agency_id(slug)
        channel = self._app.channel(agency_id, kind) if agency_id is not None else None
        return (agency_id, channel) if agency_id is not None and channel is not None else None

    def _keep_surely(self, arrived: list[Arrived]) -> list[int | Exception]:
        """Keep them, once more when the database hung up in the midst: what was kept is known by its key.

        What no database keeps is told to who sent it, and holds up nobody else's.
        """
        try:
            try:
                kept = self._keep(arrived)
            except DBAPIError as fault:
                if not fault.connection_invalidated:
                    raise
                kept = self._keep(arrived)
        except Exception as fault:
            if not _is_of_one(fault):
                self._app.refused_at = time.monotonic()
                raise
            if len(arrived) == 1:
                return [fault]
            return [self._keep_surely([one])[0] for one in arrived]
        self._app.refused_at = None
        return [*kept]

    def _keep(self, arrived: list[Arrived]) -> list[int]:
        """Commit what is for us of many webhooks at once; how many events of each were for us."""
        heeded = self._heeded(arrived)
        pairs = zip(arrived, heeded, strict=True)
        if events := [event_of(one.agency_id, heard) for one, mine in pairs for heard in mine]:
            self._commit(events)
            self._kept()
        dropped = sum(len(one.heard) for one in arrived) - len(events)
        if dropped:
            meters.EVENTS.labels(arrived[0].heard[0].channel, "dropped").inc(dropped)
        return [len(mine) for mine in heeded]

    def _commit(self, events: list[inbox.Event]) -> None:
        if self._arrivals:
            self._arrivals.keep(events)
            return
        with self._app.database.shared(urgent=True, each=True) as session:
            new = inbox.keep(session, events)
            if self.calls:
                wake(session)
        meters.EVENTS.labels(events[0].body["channel"], "kept").inc(new)

    def _heeded(self, arrived: list[Arrived]) -> list[list[Heard]]:
        """The events that are for us; the records are looked at only where they must decide."""
        doubtful: dict[int, list[Heard]] = defaultdict(list)
        for one in arrived:
            doubtful[one.agency_id] += [heard for heard in one.heard if not door.is_ours(heard)]
        good: set[int] = set()
        for agency_id, unclear in doubtful.items():
            if unclear:
                with self._app.database.look(agency_id) as records:
                    good |= {id(heard) for heard in unclear if door.heeds(records, self._app.reader, heard)}
        ours = [[heard for heard in one.heard if door.is_ours(heard) or id(heard) in good] for one in arrived]
        return [self._floods.pass_on(one.agency_id, mine) for one, mine in zip(arrived, ours, strict=True)]


def _is_of_one(fault: Exception) -> bool:
    """Whether what was sent is at fault, and not the database."""
    return isinstance(fault, DataError) or not isinstance(fault, DBAPIError | NoneFree)


async def _body(request: Request, largest: int) -> bytes:
    """The raw bytes. Of a body over the limit some more is read and thrown away, because a sender
    whose connection is cut while it still sends never sees the answer."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= largest:
            parts.append(part)
        elif size > (PATIENCE if largest == LARGEST else largest):
            break
    if size > largest:
        raise TooLarge
    return b"".join(parts)
