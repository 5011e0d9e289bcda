"""An asyncio loop that claims jobs of one kind and does many of them at the same time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.bells import LoopBell
from bot.fair import InTurn, Shares
from bot.holding import Held
from bot.logs import where
from storage import backlog, jobs
from storage.away import is_away
from storage.jobs import Claimed

log = logging.getLogger("prongsai.errands")
Loaded = TypeVar("Loaded")
GATHER = 0.02  # seconds after a look that found nothing


class Errands(Generic[Loaded]):
    """Claims up to ``most`` jobs, has ``load`` fetch what they need (in a thread), and does each.

    ``do`` must end the job itself (done, failed); one that fails is done again: at once where only the
    database was away, else after a growing pause, and set aside after its last try.
    """

    def __init__(
        self,
        app: App,
        held: Held,
        kind: str,
        most: int,
        load: Callable[[list[Claimed]], list[tuple[Claimed, Loaded]]],
        do: Callable[[Claimed, Loaded], Awaitable[None]],
    ) -> None:
        self._app, self._held, self._kind, self._most = app, held, kind, most
        self._load, self._do = load, do
        self.bell, self._asyncio = LoopBell(), asyncio.get_running_loop()
        self._running: set[asyncio.Task[None]] = set()
        self._in_turn, self._shares = InTurn(kind), Shares(max(1, most // 2))
        self._over = False
        self._loop_task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to claim."""
        self._loop_task = asyncio.create_task(self._loop())
        self.bell.ring()

    def is_alive(self) -> bool:
        """Whether it still claims."""
        return self._loop_task is not None and not self._loop_task.done()

    async def stop(self, patience: float = 15.0) -> None:
        """Claim nothing more; finish what is begun."""
        self._over = True
        self.bell.ring()
        if self._loop_task:
            await self._loop_task
        if self._running:
            await asyncio.wait(self._running, timeout=patience)

    async def _loop(self) -> None:
        while True:
            await self.bell.wait()
            if self._over:
                return
            free = self._most - len(self._running)
            if free <= 0:
                continue  # each that ends rings
            try:
                loaded = await asyncio.to_thread(self._claim, free)
            except SQLAlchemyError as fault:
                log.warning("could not claim", extra={"kind": self._kind, "fault": where(fault)})
                await asyncio.sleep(0.5)
                continue
            except Exception:  # a loop that ended would leave every agency's work undone
                log.exception("a round of errands stumbled", extra={"kind": self._kind})
                await asyncio.sleep(0.5)
                continue
            self._begin(loaded)
            if not loaded:  # each that ends rings: together they are one look
                await asyncio.sleep(GATHER)

    def carry(self, loaded: list[tuple[Claimed, Loaded]]) -> None:
        """Do these too, which the caller has claimed; from any thread."""
        self._held.take(job for job, _ in loaded)
        self._asyncio.call_soon_threadsafe(self._begin, loaded)

    def has_room(self) -> bool:
        """Whether more may be carried: a platform that hangs must not pile them up here."""
        return len(self._running) < 2 * self._most and not self._over

    def _begin(self, loaded: list[tuple[Claimed, Loaded]]) -> None:
        for job, found in loaded:
            task = asyncio.create_task(self._one(job, found))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _claim(self, most: int) -> list[tuple[Claimed, Loaded]]:
        """Claim and load; a mere look costs no write lock when there is nothing."""
        with self._app.database.shared(write=False) as session:
            if not backlog.due_kinds(session, (self._kind,)):
                return []
        with self._app.database.shared() as session:
            claimed = self._in_turn.claim(session, most, self._shares.full())
        claimed = self._held.take(claimed)
        if not claimed:
            return []
        try:
            return self._load(claimed)
        except SQLAlchemyError:
            self._held.leave(claimed, begun=False)
            raise
        except Exception:  # noqa: BLE001 - the one at fault is found and told below
            return self._load_each(claimed)

    def _load_each(self, claimed: list[Claimed]) -> list[tuple[Claimed, Loaded]]:
        found: list[tuple[Claimed, Loaded]] = []
        for number, job in enumerate(claimed):
            try:
                found += self._load_alone(job)
            except SQLAlchemyError:
                self._held.leave(claimed[number:], begun=False)
                self._held.leave([one for one, _ in found], begun=False)
                raise
        return found

    def _load_alone(self, job: Claimed) -> list[tuple[Claimed, Loaded]]:
        """Load one job; what goes wrong sets only this one back."""
        try:
            return self._load([job])
        except SQLAlchemyError:
            raise
        except Exception as fault:
            log.exception("a job cannot be read", extra={"kind": self._kind})
            self._held.drop([job])
            with self._app.database.shared() as session:
                jobs.fail(session, job, where(fault))
            return []

    async def _one(self, job: Claimed, found: Loaded) -> None:
        self._shares.begin(job.agency_id)
        try:
            await self._do(job, found)
        except Exception as fault:
            if is_away(fault):
                log.warning("an errand could not be ended", extra={"kind": self._kind, "fault": where(fault)})
                self._held.leave([job], begun=True)
            else:
                log.exception("an errand was left undone", extra={"kind": self._kind})
                await asyncio.to_thread(self._set_back, job, where(fault))
        finally:
            self._shares.end(job.agency_id)
            self._held.drop([job])

    def _set_back(self, job: Claimed, fault: str) -> None:
        with suppress(SQLAlchemyError), self._app.database.shared() as session:
            jobs.fail(session, job, fault)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        self.bell.ring()  # the next one of its lane may go
