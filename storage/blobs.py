"""Files by the hash of their content, in a folder for each agency."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PIECE = 1 << 20


class TooLarge(Exception):
    """The content went over the cap; nothing was kept."""


class Blobs:
    """Content kept once under its SHA-256; written beside its place and moved there whole."""

    def __init__(self, folder: Path, agency_id: int) -> None:
        self._folder = folder / "blobs" / str(agency_id)

    def path(self, sha256: str) -> Path:
        """Where the content with this hash is, or would be."""
        return self._folder / sha256[:2] / sha256

    def keep(self, chunks: Iterable[bytes], cap: int) -> tuple[str, int]:
        """Store content and give back its SHA-256 and its size in bytes.

        Raises:
            TooLarge: more than ``cap`` bytes came.
        """
        with self.taking(cap) as part:
            for chunk in chunks:
                part.write(chunk)
            return part.end(), part.size

    @contextmanager
    def taking(self, cap: int) -> Iterator["Part"]:
        """Content that comes in pieces; what was not ended leaves nothing behind."""
        self._folder.mkdir(parents=True, exist_ok=True)
        part = Part(self, self._folder, cap)
        try:
            yield part
        finally:
            part.close()

    def settle(self, part: Path, sha256: str) -> None:
        """Give a whole file its place."""
        place = self.path(sha256)
        place.parent.mkdir(exist_ok=True)
        part.replace(place)

    def read(self, sha256: str) -> bytes:
        """The content with this hash. Raises FileNotFoundError when it was removed."""
        return self.path(sha256).read_bytes()

    def names(self) -> list[str]:
        """The hash of everything that is kept."""
        return sorted(path.name for path in self._folder.glob("??/*"))

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The content with this hash, piece by piece. Raises FileNotFoundError when it was removed."""
        with self.path(sha256).open("rb") as opened:
            while piece := opened.read(PIECE):
                yield piece

    def used(self) -> int:
        """How many bytes are kept."""
        return sum(path.stat().st_size for path in self._folder.glob("??/*"))

    def clear(self) -> int:
        """Delete everything for good (the agency is deleted); how many pieces of content that were."""
        count = len(self.names())
        shutil.rmtree(self._folder, ignore_errors=True)
        return count

    def remove(self, sha256: str) -> None:
        """Delete the content for good (LINE's unsend, a person's erasure)."""
        self.path(sha256).unlink(missing_ok=True)


class Part:
    """Content on its way in, in a file beside its place."""

    def __init__(self, blobs: Blobs, folder: Path, cap: int) -> None:
        self._blobs, self._cap = blobs, cap
        self._digest, self.size = hashlib.sha256(), 0
        number, name = tempfile.mkstemp(dir=folder)
        self._file, self._path = os.fdopen(number, "wb"), Path(name)

    def write(self, chunk: bytes) -> None:
        """One piece more. Raises TooLarge when it goes over the cap."""
        self.size += len(chunk)
        if self.size > self._cap:
            raise TooLarge
        self._digest.update(chunk)
        self._file.write(chunk)

    def end(self) -> str:
        """It is whole: safe on the disk, moved to its place. Its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._blobs.settle(self._path, self._digest.hexdigest())
        return self._digest.hexdigest()

    def close(self) -> None:
        """Leave nothing behind but what was ended."""
        self._file.close()
        self._path.unlink(missing_ok=True)
