"""The thread of a process that watches the queue: what is due, what is held, what dead workers held."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.holding import Held
from bot.logs import where
from storage import backlog, jobs, workers
from storage.database import Database
from storage.workers import Roll

log = logging.getLogger("prongsai.watch")
LOOK_EVERY = 1.0  # seconds; with one statement a look this stays far below 1 % of a core
AWAY_AT_FIRST = 0.2  # seconds: a database that merely hung up is back at once
SET_BACK = 2.0  # seconds that a clock must jump back to have been set


class Watch(threading.Thread):
    """One thread of a process: looks for due work, renews leases, takes over what dead workers held, and
    runs what is to run regularly."""

    def __init__(self, database: Database, held: Held) -> None:
        super().__init__(name="watch", daemon=True)
        self._database, self._held = database, held
        self._bells: dict[str, Callable[[], None]] = {}
        self._chores: list[Callable[[], None]] = []
        self._over = threading.Event()
        self._roll, self._ahead = Roll(), 0.0
        self._is_ready = threading.Event()

    def ring_for(self, kind: str, ring: Callable[[], None]) -> None:
        """Ring when a job of this kind is due."""
        self._bells[kind] = ring

    def also(self, chore: Callable[[], None]) -> None:
        """Run this at each look."""
        self._chores.append(chore)

    def start_first(self) -> None:
        """Start, and be known as a worker before anything is claimed; a database that is away is not
        waited for."""
        self.start()
        self._is_ready.wait(LOOK_EVERY)

    def run(self) -> None:
        """Look until stopped; a database that is away is asked again."""
        is_begun, pause = False, AWAY_AT_FIRST
        while not self._over.is_set():
            began = time.monotonic()
            try:
                is_begun = is_begun or self._begin()
                self._look_and_listen()
            except (SQLAlchemyError, self._database.driver_error) as fault:
                log.warning("database does not answer", extra={"fault": where(fault)})
            except Exception:  # a watch that ended would leave timed work and leases to nobody
                log.exception("a look stumbled")
            is_again = time.monotonic() - began < LOOK_EVERY
            pause = LOOK_EVERY if is_again else AWAY_AT_FIRST
            self._over.wait(pause)

    def _begin(self) -> bool:
        """Take over what was held when all who worked died."""
        with self._database.enlisting() as is_first:
            if is_first:
                with self._database.shared() as session:
                    self._told("worker gone", workers.free(session))
                for ring in self._bells.values():
                    ring()
        if not self._database.is_sqlite:
            with self._database.shared(write=False) as session:
                self._roll.expect(workers.holding(session))
        return True

    def _look_and_listen(self) -> None:
        """Look once a second, and ring all bells at once when another process calls."""
        looked = 0.0
        for called in self._database.woken(LOOK_EVERY):
            self._is_ready.set()
            if self._over.is_set():
                return
            if called:
                for ring in self._bells.values():
                    ring()
            if time.monotonic() - looked >= LOOK_EVERY * 0.9:
                looked = time.monotonic()
                self._look()

    def _look(self) -> None:
        self._give_back()
        if lasting := self._held.lasting():
            with self._database.shared(urgent=True) as session:
                jobs.renew(session, lasting)
        with self._database.shared(write=False, each=True) as session:
            found = backlog.look(session, tuple(self._bells))
        due = found.due
        if self._has_freed(found):
            due = frozenset(self._bells)
        for kind in due:
            self._bells[kind]()
        for chore in self._chores:
            try:
                chore()
            except SQLAlchemyError:
                raise
            except Exception:
                log.exception("a chore stumbled")

    def _has_freed(self, found: backlog.Looked) -> bool:
        """Free what dead workers hold or a clock put off, and let it go first; whether there was any."""
        gone = self._roll.call(found.workers) if self._database.worker else set()
        is_set_back = self._was_set_back(found.moment.timestamp())
        if not (gone or is_set_back or found.is_late):
            return False
        with self._database.shared() as session:
            if gone:
                self._told("worker gone", workers.free(session, gone))
            if is_set_back:  # what is worked on stays held; what others hold is theirs to renew
                self._told("clock set back", backlog.hurry(session))
                jobs.renew(session, self._held.all())
            if found.is_late:
                backlog.put_first(session)
        return True

    def _give_back(self) -> None:
        left = self._held.left()
        try:
            for begun in (True, False):
                if some := [job for job, was_begun in left if was_begun is begun]:
                    with self._database.shared() as session:
                        jobs.release(session, some, begun=begun)
        except SQLAlchemyError:
            for begun in (True, False):
                self._held.leave([job for job, was_begun in left if was_begun is begun], begun=begun)
            raise

    def _was_set_back(self, moment: float) -> bool:
        """Whether the clock that leases are measured by was set back since the last look."""
        ahead = moment - time.monotonic()
        before, self._ahead = self._ahead, ahead
        return bool(before) and before - ahead > SET_BACK

    def _told(self, what: str, count: int) -> None:
        if count:
            log.warning("jobs are free again", extra={"why": what, "count": count})

    def stop(self) -> None:
        """End it; waits for the look that goes on."""
        self._over.set()
        if self.is_alive():
            self.join(10)
