"""Wakes workers the moment there is work; looks into the database once a second in case another
process put it there."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from storage import backlog, jobs
from storage.database import Database
from storage.jobs import Claimed

log = logging.getLogger("prongsai.bells")
LOOK_EVERY = 1.0  # seconds; with one statement a look this stays far below 1 % of a core


class Bell:
    """Rings for one waiting thread at a time; rings that nobody hears are kept, but only a few."""

    def __init__(self, most: int = 1) -> None:
        self._rings, self._most, self._changed = 0, most, threading.Condition()

    def ring(self) -> None:
        """Wake one."""
        with self._changed:
            self._rings = min(self._rings + 1, self._most)
            self._changed.notify()

    def wait(self) -> None:
        """Wait until it rings."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings > 0)
            self._rings -= 1


class LoopBell:
    """A bell for an asyncio loop that any thread may ring."""

    def __init__(self) -> None:
        self._loop, self._event = asyncio.get_running_loop(), asyncio.Event()

    def ring(self) -> None:
        """Wake the loop's worker."""
        self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        """Wait until it rings."""
        await self._event.wait()
        self._event.clear()


class Held:
    """The jobs this process works on, so that their leases can be renewed while it does."""

    def __init__(self) -> None:
        self._jobs: dict[int, Claimed] = {}
        self._old: set[int] = set()
        self._lock = threading.Lock()

    def take(self, claimed: Iterable[Claimed]) -> None:
        """Work on these has begun."""
        with self._lock:
            self._jobs.update((job.id, job) for job in claimed)

    def drop(self, claimed: Iterable[Claimed]) -> None:
        """Work on these has ended."""
        with self._lock:
            for job in claimed:
                self._jobs.pop(job.id, None)

    def lasting(self) -> list[Claimed]:
        """Those that were held at the last look already: most work is over before."""
        with self._lock:
            found = [job for number, job in self._jobs.items() if number in self._old]
            self._old = set(self._jobs)
        return found


class Watch(threading.Thread):
    """One thread of a process: looks for due work, renews leases, and runs what is to run regularly."""

    def __init__(self, database: Database, held: Held) -> None:
        super().__init__(name="watch", daemon=True)
        self._database, self._held = database, held
        self._bells: dict[str, Callable[[], None]] = {}
        self._chores: list[Callable[[], None]] = []
        self._over = threading.Event()

    def ring_for(self, kind: str, ring: Callable[[], None]) -> None:
        """Ring when a job of this kind is due."""
        self._bells[kind] = ring

    def also(self, chore: Callable[[], None]) -> None:
        """Run this at each look."""
        self._chores.append(chore)

    def run(self) -> None:
        """Look until stopped; a database that is away is asked again."""
        while not self._over.is_set():
            try:
                self._look_and_listen()
            except (SQLAlchemyError, psycopg.Error) as fault:
                log.warning("database does not answer", extra={"fault": type(fault).__name__})
                self._over.wait(LOOK_EVERY)
            except Exception:  # a watch that ended would leave timed work and leases to nobody
                log.exception("a look stumbled")
                self._over.wait(LOOK_EVERY)

    def _look_and_listen(self) -> None:
        """Look once a second, and ring all bells at once when another process calls."""
        looked = 0.0
        for called in self._database.woken(LOOK_EVERY):
            if self._over.is_set():
                return
            if called:
                for ring in self._bells.values():
                    ring()
            if time.monotonic() - looked >= LOOK_EVERY * 0.9:
                looked = time.monotonic()
                self._look()

    def _look(self) -> None:
        if lasting := self._held.lasting():
            with self._database.shared(urgent=True) as session:
                jobs.renew(session, lasting)
        with self._database.shared(write=False) as session:
            due = backlog.due_kinds(session, tuple(self._bells))
        for kind in due:
            self._bells[kind]()
        for chore in self._chores:
            try:
                chore()
            except SQLAlchemyError:
                raise
            except Exception:
                log.exception("a chore stumbled")

    def stop(self) -> None:
        """End it; waits for the look that goes on."""
        self._over.set()
        if self.is_alive():
            self.join(10)
