"""Wakes workers of this process the moment there is work."""

import asyncio
import threading


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
