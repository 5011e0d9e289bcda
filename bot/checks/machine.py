"""The machine: the data folder, the disk, the key, the fonts, the newest backup."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bot import backup
from bot.app import App
from bot.checks import Found
from bot.sealing import KEY_FILE
from handlers.talk import say
from storage.base import now

ROOM = 500_000_000  # bytes of disk that evidence and backups soon need
SMALL = 200_000  # bytes
OLD = 7  # days after which a backup is too old to help
PROBE = b"prongsai check"
FONT = "fontpkg_sarabun"


def look(app: App) -> Iterator[Found]:
    """Everything on this machine."""
    folder = app.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    yield os.access(folder, os.W_OK), say("cli-check-folder", folder=str(folder))
    free = shutil.disk_usage(folder).free
    yield free > ROOM, say("cli-check-room", free=f"{free / 1e9:.1f}")
    yield _takes(folder), say("check-writes", folder=str(folder))
    key = folder / KEY_FILE
    private = not key.exists() or key.stat().st_mode & 0o077 == 0
    yield private, say("cli-check-key", file=str(key))
    yield _has_font(), say("check-font")
    if app.settings.files_url:
        yield _reaches_store(app), say("check-store", address=app.settings.files_url)
    yield _backup(app)


def _takes(folder: Path) -> bool:
    """Whether as much as a small file can be written."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(SMALL))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return False
    return True


def _reaches_store(app: App) -> bool:
    """Whether evidence can be written to the store, read and deleted there."""
    blobs = app.blobs(0)
    try:
        sha256, _ = blobs.keep([PROBE], len(PROBE))
        is_there = blobs.read(sha256) == PROBE
        blobs.remove(sha256)
    except OSError:
        return False
    return is_there


def _has_font() -> bool:
    """Whether the Thai font of papers and charts is there."""
    found = find_spec(FONT)
    folder = Path(found.origin).parent if found and found.origin else None
    return bool(folder and next(folder.rglob("Sarabun-Regular.ttf"), None))


def _backup(app: App) -> Found:
    """The newest backup taken here; a deployment without an agency needs none."""
    taken = backup.last_taken(app)
    if taken is None:
        return not app.has_agencies(), say("check-backup-none")
    days = (now() - taken).days
    return days <= OLD, say("check-backup", days=days)
