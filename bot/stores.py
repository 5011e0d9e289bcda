"""Evidence in an S3-compatible store instead of a folder: the same content, under the same hashes.

What comes in is written beside first, in a file of this machine, and sent up once it is whole. Whatever
the store refuses is a fault like a full disk: the fetch is tried again later.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from storage.blobs import PIECE, Blobs

if TYPE_CHECKING:
    from obstore.store import S3Store

COMING = "coming"  # in the data folder: what is not yet sent up


@lru_cache(maxsize=4)
def opened(url: str) -> "S3Store":
    """The store behind ``s3://bucket/prefix``; keys, region and endpoint are those of ``AWS_…``."""
    from obstore.store import S3Store  # noqa: PLC0415 - only where it is set

    parts = urlsplit(url)
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    options: dict[str, Any] = {"timeout": "30s", "connect_timeout": "5s"}
    if is_plain:
        options["allow_http"] = True
    retry: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
    prefix = parts.path.strip("/") or None
    return S3Store(parts.netloc, prefix=prefix, client_options=options, retry_config=retry)  # type: ignore[arg-type]


@contextlib.contextmanager
def _as_a_disk() -> Iterator[None]:
    """What the store refuses is an OSError, like a disk's. Raises FileNotFoundError for what is not there."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as fault:
        raise OSError(type(fault).__name__) from fault


class Stored(Blobs):
    """One agency's files in the store."""

    def __init__(self, url: str, data_dir: Path, agency_id: int) -> None:
        super().__init__(data_dir / COMING, agency_id)
        self._store, self._prefix = opened(url), f"{agency_id}/"

    def settle(self, part: Path, sha256: str) -> None:
        """Send it up."""
        import obstore  # noqa: PLC0415

        with part.open("rb") as content, _as_a_disk():
            obstore.put(self._store, self._key(sha256), content)

    def names(self) -> list[str]:
        """The hash of everything that is kept."""
        return sorted(name.rpartition("/")[2] for name, _ in self._listed())

    def used(self) -> int:
        """How many bytes are kept."""
        return sum(size for _, size in self._listed())

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The content with this hash, piece by piece. Raises FileNotFoundError when it was removed."""
        import obstore  # noqa: PLC0415

        with _as_a_disk():
            for piece in obstore.get(self._store, self._key(sha256)).stream(min_chunk_size=PIECE):
                yield bytes(piece)

    def read(self, sha256: str) -> bytes:
        """The content with this hash. Raises FileNotFoundError when it was removed."""
        return b"".join(self.pieces(sha256))

    def remove(self, sha256: str) -> None:
        """Delete the content for good."""
        import obstore  # noqa: PLC0415

        with contextlib.suppress(FileNotFoundError), _as_a_disk():
            obstore.delete(self._store, self._key(sha256))

    def clear(self) -> int:
        """Delete everything for good; how many pieces of content that were."""
        found = self.names()
        for sha256 in found:
            self.remove(sha256)
        super().clear()
        return len(found)

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    def _listed(self) -> Iterator[tuple[str, int]]:
        import obstore  # noqa: PLC0415

        with _as_a_disk():
            for some in obstore.list(self._store, prefix=self._prefix):
                for one in some:
                    yield str(one["path"]), int(one["size"])
