"""Small pictures of photos shown as evidence, made in a process of its own that can be killed.

A picture may be made to break what reads it: the child has little memory, little time and no way to the
records; whatever goes wrong there means "no preview". They are kept in the data folder and can be made anew.
"""

import logging
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from bot.app import App
from storage.blobs import Blobs

log = logging.getLogger("prongsai.previews")
FOLDER = "previews"
LONGEST = 10.0  # seconds
NONE = ".none"  # ends the name that notes that none can be made
TRIED_AGAIN = 3600.0  # seconds; a page that anybody may open must not cost a process each time
KINDS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_one_at_a_time = threading.Semaphore(2)  # a page of photos must not take all of a small machine


def preview(app: App, agency_id: int, sha256: str, media_type: str) -> bytes | None:
    """A JPEG of at most 480 pixels a side; nothing where none can be made."""
    if media_type not in KINDS:
        return None
    place = _place(app, agency_id, sha256)
    if place.exists():
        return place.read_bytes()
    if _is_none(place):
        return None
    try:
        content = app.blobs(agency_id).read(sha256)
    except OSError:
        return None
    made = _made(content)
    place.parent.mkdir(parents=True, exist_ok=True)
    if made:
        part = place.with_name(f".{place.name}.{threading.get_ident()}")
        part.write_bytes(made)
        part.replace(place)
    else:
        _none(place).touch()
    return made


def _none(place: Path) -> Path:
    return place.with_name(place.name + NONE)


def _is_none(place: Path) -> bool:
    try:
        return time.time() - _none(place).stat().st_mtime < TRIED_AGAIN
    except FileNotFoundError:
        return False


def forget(app: App, agency_id: int, sha256: str) -> None:
    """Delete the preview with its photo."""
    place = _place(app, agency_id, sha256)
    place.unlink(missing_ok=True)
    _none(place).unlink(missing_ok=True)


def clear(app: App, agency_id: int) -> None:
    """Delete all of an agency's."""
    shutil.rmtree(app.data_dir / FOLDER / "blobs" / str(agency_id), ignore_errors=True)


def _place(app: App, agency_id: int, sha256: str) -> Path:
    return Blobs(app.data_dir / FOLDER, agency_id).path(sha256)


def _made(content: bytes) -> bytes | None:
    command = [sys.executable, "-m", "bot.previewing"]
    root = Path(__file__).parent.parent
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own file, nothing of anybody's in the command
                command, input=content, capture_output=True, timeout=LONGEST, cwd=root, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            log.warning("a preview took too long")
            return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(b"\xff\xd8") else None
