"""How often one address or person may try: guessing is slow work. ``Tries`` counts in this process,
``SharedTries`` over all of them."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from storage import tallies
from storage.database import Database

log = logging.getLogger("prongsai.limits")

KNOWN_MOST = 20_000  # addresses remembered; the one not heard of for longest is forgotten


class Tries:
    """At most ``most`` tries in ``seconds`` from one address."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._known: OrderedDict[str, list[float]] = OrderedDict()

    def is_over(self, address: str) -> bool:
        """Whether this address has tried too often."""
        return len(self._lately(address)) >= self._most

    def count(self, address: str) -> None:
        """Another try."""
        self._known[address] = [*self._lately(address), self._clock()][-self._most :]
        self._known.move_to_end(address)
        if len(self._known) > KNOWN_MOST:
            self._known.popitem(last=False)

    def lately(self, address: str) -> int:
        """How many tries there were lately, up to the most there may be."""
        return len(self._lately(address))

    def _lately(self, address: str) -> list[float]:
        since = self._clock() - self._seconds
        return [at for at in self._known.get(address, ()) if at > since]


class SharedTries:
    """The same over all processes that answer: from a quarter of ``most`` on, what this one counted is added
    up in the database, every so many tries, so that who does little costs nothing.

    On SQLite one process takes everything in, and its own count is the whole.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        name: str,
        most: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = Tries(most, seconds, clock)
        self._database, self._name, self._most, self._seconds = database, name, most, seconds
        self._near, self._step = max(1, most // 4), max(1, most // 8)
        self._added: OrderedDict[str, tuple[int, int, int]] = OrderedDict()  # span, not added yet, sum of all

    def is_over(self, who: str) -> bool:
        """Whether this one has tried too often, as far as is known here."""
        span, _, total = self._added.get(who, (-1, 0, 0))
        return self._own.is_over(who) or (span == self._span() and total >= self._most)

    def count(self, who: str) -> int:
        """Another try; how many are known of. Now and then it waits for the database: not for the loop."""
        self._own.count(who)
        if self._database().is_sqlite:
            return self._own.lately(who)
        span = self._span()
        before, loose, total = self._added.pop(who, (span, 0, 0))
        loose, total = (loose + 1, total) if before == span else (1, 0)
        if total + loose >= self._near and loose >= (self._step if total else self._near):
            loose, total = self._add_up(who, span, loose, total)
        self._added[who] = (span, loose, total)
        if len(self._added) > KNOWN_MOST:
            self._added.popitem(last=False)
        return max(total + loose, self._own.lately(who))

    def _add_up(self, who: str, span: int, loose: int, total: int) -> tuple[int, int]:
        ends = int((span + 1) * self._seconds)
        try:
            with self._database().shared() as session:
                return 0, tallies.add(session, f"{self._name} {who}", span, ends, loose)
        except SQLAlchemyError:
            log.warning("tries could not be added up")
            return loose, total

    def _span(self) -> int:
        return int(time.time() // self._seconds)
