"""A real small disk, and how to fill one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """A real small disk at a folder; False where nobody may mount one (root may)."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_there = subprocess.run(words, capture_output=True, check=False).returncode == 0
    yield is_there
    if is_there:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Leave no room: by ever smaller pieces."""
    piece = 1 << 20
    with file.open("ab", buffering=0) as opened:
        while piece:
            try:
                opened.write(bytes(piece))
            except OSError:
                piece //= 2
