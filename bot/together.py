"""Group commit: what many ask to be written at the same time is written in one transaction."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Overload(Exception):
    """More waits to be written than will be in good time; the caller should come again."""


def breath(lasted: float, least: float, most: float) -> float:
    """Seconds to wait after work that lasted so many, so that what comes meanwhile shares the next: the
    dearer a round is, the more shall share it, and others get the processor in between."""
    return min(most, max(least, 2 * lasted))


class Together(Generic[Item, Result]):
    """One writer that takes all that waits, writes it at once, and tells each its result.

    ``write`` gives one result for each item, in order, or the fault of one that could not be written; when it
    fails all of them fail. Two writes are ``apart`` by so many seconds, in which more may come to be written
    with them: the first at least, and where there were several at once twice as long as they took, but never
    more than the second.
    """

    def __init__(
        self,
        write: Callable[[list[Item]], Sequence[Result | Exception]],
        most: int = 200,
        waiting: int = 5000,
        apart: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self._write, self._most, self._limit, self._apart = write, most, waiting, apart
        self._next = 0.0  # not before this moment
        self._items: list[tuple[Item, Future[Result]]] = []
        self._lock = threading.Lock()
        self._busy = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    def __call__(self, item: Item) -> "asyncio.Future[Result]":
        """Have an item written. Raises Overload at once when too many wait."""
        return asyncio.wrap_future(self.put(item))

    def put(self, item: Item) -> "Future[Result]":
        """The same for threads."""
        told: Future[Result] = Future()
        with self._lock:
            if len(self._items) >= self._limit:
                raise Overload
            self._items.append((item, told))
            if not self._busy:
                self._busy = True
                self._thread.submit(self._run)
        return told

    def _run(self) -> None:
        while True:
            if (pause := self._next - time.monotonic()) > 0:
                time.sleep(pause)
            with self._lock:
                taken, self._items = self._items[: self._most], self._items[self._most :]
                if not taken:
                    self._busy = False
                    return
            began = time.monotonic()
            try:
                results = self._write([item for item, _ in taken])
            except Exception as fault:  # noqa: BLE001 - whoever asked is told, and decides
                for _, told in taken:
                    _tell(told, fault)
            else:
                for (_, told), result in zip(taken, results, strict=True):
                    _tell(told, result)
            ended = time.monotonic()
            self._next = ended + (breath(ended - began, *self._apart) if len(taken) > 1 else self._apart[0])

    def close(self) -> None:
        """Write what waits, then stop."""
        self._thread.shutdown(wait=True)


def _tell(told: "Future[Result]", result: Result | Exception) -> None:
    if not told.set_running_or_notify_cancel():
        return  # who asked has gone away; what was written stays written
    if isinstance(result, Exception):
        told.set_exception(result)
    else:
        told.set_result(result)
