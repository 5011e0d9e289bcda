"""Runs the real program in a process of its own, with the toy channel among its channels."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(one) for one in found.split()]


def below(pid: int) -> list[int]:
    """Every process that this one started, and those that they started."""
    return [number for one in children(pid) for number in (one, *below(one))]


def workers_below(pid: int) -> list[int]:
    """Those that take in and answer, under the one that they are forked from."""
    forking = [one for one in children(pid) if "forkserver" in Path(f"/proc/{one}/cmdline").read_text()]
    return [number for one in forking for number in children(one)]


ROOT = Path(__file__).parent.parent
START = Path(__file__).parent / "fakes" / "start.py"


@dataclass
class Program:
    """One running `serve`; stopped kindly, or killed."""

    url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    base: str = ""
    process: subprocess.Popen | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PRONGSAI_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # started often, it must not be compiled anew each time
        mine = {"PRONGSAI_DATABASE_URL": self.url, "PRONGSAI_DATA_DIR": str(self.folder)}
        mine |= {"PRONGSAI_EVENTS_A_MINUTE": "0", **self.settings}  # no limit, unless a test is about it
        return {**kept, **mine, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """Another command of the program, to its end."""
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, *words: str) -> "Program":
        """`serve` on a free port (the same one again after a kill), until it answers."""
        self.launch(*words)
        self.until(lambda: self.get("/healthz")[0] == 200)
        return self

    def launch(self, *words: str) -> None:
        """`serve`, until it says where; it may end before it answers anything."""
        port = self.base.rpartition(":")[2] or "0"
        self.process = self.begin("serve", "--port", port, *words)
        line = self.process.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", line)
        assert found, f"it did not start: {line}{(self.folder / 'log').read_text()}"
        self.base = found[0]

    def begin(self, *words: str) -> subprocess.Popen:
        """A command of the program that goes on."""
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, str(START), *words],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text; 0 when the program is not there."""
        return self._asked(urllib.request.Request(self.base + path, headers=headers or {}))

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> int:
        """A webhook; 0 when the program is not there."""
        return self._asked(urllib.request.Request(self.base + path, body, headers or {}, method="POST"))[0]

    def _asked(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def until(self, true, seconds: float = 15.0) -> None:
        """Wait until something holds."""
        ends = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < ends, f"in vain: {(self.folder / 'log').read_text()[-3000:]}"
            time.sleep(0.02)

    def keep_up(self, *words: str) -> None:
        """Start it again when it has ended, as who keeps services does."""
        if self.process.poll() is not None:
            self._ended()
            self.launch(*words)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """Ask it to end, and its exit status."""
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self) -> int:
        status = self.process.wait(40)
        self.process.stdout.close()
        self.process = None
        return status
