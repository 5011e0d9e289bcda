"""Lays papers out in a process beside this one (``bot.reports``), started when needed and kept a while."""

import asyncio
import atexit
import socket
import subprocess
import sys
from threading import Lock

HEAD = 8  # bytes that tell how long the file is
PATIENCE = 60.0  # seconds after which a paper that is still being laid out is given up
TRIES = 2  # the process may have ended itself just now


class TooSlow(Exception):
    """A paper could not be laid out."""


class Layout:
    """The process and the socket over which reports are handed to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def is_cold(self) -> bool:
        """Whether the next paper has to wait for the process."""
        return self._control is None

    def warm(self) -> None:
        """Start the process where there is none, without waiting for it."""
        with self._lock:
            self._reach()

    async def lay(self, asked: bytes) -> bytes:
        """The file that a child of the process makes of a packed report. Raises TooSlow."""
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(PATIENCE):
                    body = await self._ask(asked)
            except TimeoutError as fault:
                raise TooSlow from fault
            if body is not None:
                return body
        raise TooSlow

    async def _ask(self, asked: bytes) -> bytes | None:
        """The file; None where none came."""
        mine, its = socket.socketpair()
        with its:
            await asyncio.to_thread(self._hand_over, its)
        mine.setblocking(False)
        reads, writes = await asyncio.open_unix_connection(sock=mine)
        try:
            writes.write(asked)
            writes.write_eof()
            size = int.from_bytes(await reads.readexactly(HEAD), "big")
            return await reads.readexactly(size) or None
        except (asyncio.IncompleteReadError, OSError):
            return None
        finally:
            writes.close()

    def _hand_over(self, its: socket.socket) -> None:
        with self._lock:
            try:
                socket.send_fds(self._reach(), [b"r"], [its.fileno()])
            except OSError:
                self._end()
                socket.send_fds(self._reach(), [b"r"], [its.fileno()])

    def _reach(self) -> socket.socket:
        """The socket to the process, which is started where it does not run."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._control is None:
            self._control, its = socket.socketpair()
            with its:
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-m", "bot.reports", str(its.fileno())],
                    pass_fds=[its.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
        return self._control

    def close(self) -> None:
        """End the process; what its children are at is finished."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait()
        self._control = self._process = None


LAYOUT = Layout()  # one for each process of ours
atexit.register(LAYOUT.close)
