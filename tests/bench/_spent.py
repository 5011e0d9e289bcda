"""Whose CPU an event takes: ours, PostgreSQL's, or that of those who measure; and what the cores bear then."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.program import below

TICKS = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU. PostgreSQL's are those of all its processes on this machine."""

    ours: float
    postgres: float
    harness: float

    def each(self, before, count):
        """What each of so many events took since then."""
        return Spent(
            (self.ours - before.ours) / count,
            (self.postgres - before.postgres) / count,
            (self.harness - before.harness) / count,
        )

    def ceiling(self, workers):
        """How many times as much as one process so many can do here, at such a cost for each event: one is
        bound by its own core, all of them by the cores that PostgreSQL and the harness have their share of."""
        return min(workers, CORES * self.ours / (self.ours + self.postgres + self.harness))

    def __str__(self):
        parts = [f"{self.ours * 1e6:.0f} µs of CPU each"]
        parts += [f"PostgreSQL {self.postgres * 1e6:.0f}"] if self.postgres else []
        return ", ".join([*parts, f"the harness {self.harness * 1e6:.0f}"])


def spent(program, *, on_postgres=False):
    """What was spent so far."""
    ours = {program.process.pid, *below(program.process.pid)}
    harness = {os.getpid(), *below(os.getpid())} - ours
    return Spent(_seconds(ours), _seconds(_postgres()) if on_postgres else 0.0, _seconds(harness))


def _postgres():
    found = [one for one in Path("/proc").iterdir() if one.name.isdigit()]
    return [int(one.name) for one in found if _read(one / "comm").strip() == "postgres"]


def _seconds(pids):
    """Of these processes and of those they started that have ended."""
    parts = [_read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split() for pid in pids]
    return sum(int(ticks) for one in parts for ticks in one[11:15]) / TICKS


def _read(file):
    try:
        return file.read_text()
    except OSError:  # it has ended meanwhile
        return ""
