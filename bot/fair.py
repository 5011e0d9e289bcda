"""Fairness: no agency's flood keeps another waiting, and no platform is written to faster than it bears."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Collection

from sqlalchemy.orm import Session

from storage import jobs
from storage.jobs import Claimed


class InTurn:
    """Claims jobs of a kind so that, while more wait than are taken at once, an agency that was served
    has its next turn only after the others who wait."""

    def __init__(self, kind: str) -> None:
        self._kind, self._served, self._lock = kind, set[int](), threading.Lock()

    def claim(self, session: Session, most: int, without: Collection[int] = ()) -> list[Claimed]:
        """Take up to ``most``; nothing of the agencies ``without``."""
        with self._lock:
            served = set(self._served)
        found = jobs.claim(session, self._kind, most, served | set(without))
        if not found and served:
            served = set()
            found = jobs.claim(session, self._kind, most, without)
        with self._lock:
            self._served = served | {job.agency_id for job in found} if len(found) >= most else set()
        return found


class Shares:
    """How much of the work under way each agency has."""

    def __init__(self, most: int) -> None:
        self._most, self._running = most, Counter[int]()

    def begin(self, agency_id: int) -> None:
        """One more is under way."""
        self._running[agency_id] += 1

    def end(self, agency_id: int) -> None:
        """One has ended."""
        self._running[agency_id] -= 1
        if not self._running[agency_id]:
            del self._running[agency_id]

    def full(self) -> set[int]:
        """The agencies that have as much as one may have."""
        return {agency for agency, count in self._running.copy().items() if count >= self._most}


class Pace:
    """Spreads what is sent through one account: so many a second, a second's worth at once."""

    def __init__(self, per_second: float) -> None:
        self._rate, self._tokens, self._at = per_second, per_second, time.monotonic()

    async def wait(self) -> None:
        """Until the next may go; each in the order of asking."""
        moment = time.monotonic()
        self._tokens = min(self._rate, self._tokens + (moment - self._at) * self._rate) - 1
        self._at = moment
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._rate)
