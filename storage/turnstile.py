"""One writer of a process at a time, and who waits to be the next (SQLite)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext


class Turnstile:
    """Lets one writer of the process in at a time; an urgent one goes before all who wait.

    The patient queue at ``_patience`` first, so at most one of them stands at ``_next`` beside the
    urgent. Without it a busy worker takes the lock again before a waiting webhook wakes up.
    """

    def __init__(self) -> None:
        self._patience, self._next, self._inside = threading.Lock(), threading.Lock(), threading.Lock()
        self._who: int | None = None

    @contextmanager
    def hold(self, *, urgent: bool) -> Iterator[None]:
        """Be the one writer. Raises RuntimeError when this thread is it already."""
        if self._who == threading.get_ident():
            raise RuntimeError("a writing session inside a writing session waits for itself")
        with nullcontext() if urgent else self._patience:
            with self._next:
                self._inside.acquire()
            self._who = threading.get_ident()
            try:
                yield
            finally:
                self._who = None
                self._inside.release()
