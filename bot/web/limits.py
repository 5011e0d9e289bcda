"""How often one address or person may try: guessing is slow work. Counted in this process only."""

import time
from collections import OrderedDict
from collections.abc import Callable

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

    def _lately(self, address: str) -> list[float]:
        since = self._clock() - self._seconds
        return [at for at in self._known.get(address, ()) if at > since]
