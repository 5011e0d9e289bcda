"""The jobs a process works on, held by their leases until each has an end in the database."""

import threading
from collections.abc import Iterable

from storage.jobs import Claimed


class Held:
    """The jobs this process works on, so that their leases can be renewed while it does; and those it
    could not end because the database was away, to be given back."""

    def __init__(self) -> None:
        self._jobs: dict[int, Claimed] = {}
        self._old: set[int] = set()
        self._left: list[tuple[Claimed, bool]] = []
        self._lock = threading.Lock()

    def take(self, claimed: Iterable[Claimed]) -> list[Claimed]:
        """Work on these has begun; those that were not worked on already. A clock that jumped ahead ends
        leases early, and a process may claim what it holds."""
        claimed = list(claimed)
        with self._lock:
            new = [job for job in claimed if job.id not in self._jobs]
            self._jobs.update((job.id, job) for job in claimed)
        return new

    def drop(self, claimed: Iterable[Claimed]) -> None:
        """Work on these has ended."""
        with self._lock:
            for job in claimed:
                self._jobs.pop(job.id, None)

    def leave(self, claimed: Iterable[Claimed], *, begun: bool) -> None:
        """Work on these has ended without an end in the database; those that were not ``begun`` were not
        tried either."""
        left = list(claimed)
        self.drop(left)
        with self._lock:
            self._left += [(job, begun) for job in left]

    def lasting(self) -> list[Claimed]:
        """Those that were held at the last look already: most work is over before."""
        with self._lock:
            found = [job for number, job in self._jobs.items() if number in self._old]
            self._old = set(self._jobs)
        return found

    def left(self) -> list[tuple[Claimed, bool]]:
        """What is to be given back, each with whether it was begun; it is the caller's then."""
        with self._lock:
            found, self._left = self._left, []
        return found

    def all(self) -> list[Claimed]:
        """Everything this process works on."""
        with self._lock:
            return list(self._jobs.values())
