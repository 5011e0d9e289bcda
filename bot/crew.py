"""All that works in one process beside the web: watch, inbox, outbox, files, papers, clock."""

import asyncio
import gc
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from bot import clock
from bot.app import App
from bot.chaining import Chaining
from bot.clock import Clock
from bot.errands import Errands
from bot.files import Files
from bot.holding import Held
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.papers import Papers
from bot.watch import Watch
from handlers import plans
from storage import backlog, evidence, files, inbox, outbox, tallies
from storage.base import Json
from storage.outbox import Carried

TIDY_EVERY = 3600.0
SELDOM = 50  # looks at the young for one at everything kept, for which all wait (10 unless set)
FILLED = 50  # answers after which a process has loaded and compiled nearly all it will
ON_POSTGRESQL = 1  # threads that answer: more only share one interpreter; more processes do scale


class Crew:
    """Starts and stops the workers of one process; made inside the running loop."""

    def __init__(self, app: App) -> None:
        self._app = app
        held = Held()
        self._watch = Watch(app.database, held)
        self.outbox, self.files = Outbox(app, held), Files(app, held)
        self.inbox = Inbox(app, held, self, 1 if app.database.is_sqlite else ON_POSTGRESQL)
        self.papers = Papers(app, held, self.outbox.errands.bell.ring)
        self._bells: dict[str, Callable[[], None]] = {
            inbox.KIND: self.inbox.bell.ring,
            clock.KIND: self.inbox.ring_timed,
            outbox.KIND: self.outbox.errands.bell.ring,
            files.KIND: self.files.errands.bell.ring,
            evidence.FORGET: self.files.taken_back.bell.ring,
            plans.JOB: self.papers.errands.bell.ring,
        }
        for kind, ring in self._bells.items():
            self._watch.ring_for(kind, ring)
        self._watch.also(Clock(app.database, self.inbox.ring_timed).tick)
        self._watch.also(self._ring_for_arrivals)
        self._watch.also(self._tidy)
        self._watch.also(Chaining(app.database, app.data_dir).tick)
        self._watch.also(self._settle_once)
        self._tidied, self._is_settled = time.monotonic(), False

    def ended(self) -> list[str]:
        """Those who should work and do not any more: the process is to be started anew."""
        loops: dict[str, Errands[Any]] = {
            "outbox": self.outbox.errands,
            "files": self.files.errands,
            "forget": self.files.taken_back,
            "papers": self.papers.errands,
        }
        found = [name for name, one in loops.items() if not one.is_alive()]
        return [*found, *self.inbox.ended(), *([] if self._watch.is_alive() else ["watch"])]

    def has_room(self) -> bool:
        """Whether letters may be given to the outbox directly."""
        return self.outbox.errands.has_room()

    def carry(self, carried: Carried, settings: Json) -> None:
        """Letters that are claimed already, of an agency with such settings."""
        if carried:
            self.outbox.carry(carried, settings)

    def ring_all(self, kinds: Iterable[str]) -> None:
        """Jobs of these kinds were put in."""
        for kind in kinds:
            if ring := self._bells.get(kind):
                ring()

    def _tidy(self) -> None:
        """Once an hour, forget what need not be remembered."""
        if time.monotonic() - self._tidied > TIDY_EVERY:
            self._tidied = time.monotonic()
            with self._app.database.shared() as session:
                inbox.forget(session)
                tallies.forget(session, time.time())
                freed = backlog.let_go(session, outbox.KIND)  # a new month may have begun
            if freed:
                self.outbox.errands.bell.ring()

    def _ring_for_arrivals(self) -> None:
        """What could not be let in when it came, or was kept by a process that ended."""
        if self.inbox.admission.look():
            self.inbox.bell.ring()

    def _settle_once(self) -> None:
        """The first answers fill what is kept from then on (statements, words, plans): look at it no more."""
        if not self._is_settled and self.inbox.count >= FILLED:
            self._is_settled = True
            settle()

    def heard(self) -> None:
        """New events are in."""
        self.inbox.bell.ring()

    def start(self) -> None:
        """Begin to work."""
        self._watch.start_first()
        self.outbox.start()
        self.files.start()
        self.papers.start()
        self.inbox.start()

    async def stop(self) -> None:
        """Finish what is begun, in the order in which it flows."""
        await asyncio.to_thread(self.inbox.stop)
        await self.files.stop()
        await self.papers.stop()
        await self.outbox.stop()
        await asyncio.to_thread(self._watch.stop)


def settle() -> None:
    """Make a long-lived process quick: short turns between threads, and no look at start-up's objects."""
    sys.setswitchinterval(0.001)  # an arriving webhook waits less for a thread that answers
    gc.set_threshold(700, 10, SELDOM)
    gc.collect()
    gc.freeze()
