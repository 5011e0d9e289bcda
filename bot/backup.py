"""Everything in one file, taken while the program runs: records as JSON lines, evidence, the key.

The same format for both databases, so a backup of SQLite can be restored into PostgreSQL.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.admission import let_in
from bot.app import App
from bot.sealing import KEY_FILE
from handlers.talk import Refused, say
from storage import copies, migrations
from storage.agencies import Agency
from storage.base import Base, Json, now
from storage.blobs import Blobs
from storage.database import Database

FORMAT = 1
MANIFEST = "manifest.json"
LAST = "backup.taken"  # when a backup was last taken, for `check`
CHUNK = 1 << 20
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What a backup holds."""

    agencies: int
    rows: int
    files: int


def take(app: App, file: Path, progress: Progress = lambda name: None) -> Told:
    """Write a backup; it takes its name once it is whole. Only its owner may read it."""
    let_in(app)
    hashes: dict[str, str] = {}
    told: dict[str, int] = {"agencies": 0, "rows": 0, "files": 0}
    with whole(file) as archive:
        for name, chunks, kind in _members(app):
            progress(name)
            hashes[name], count = write(archive, name, chunks)
            told[kind] += count if kind == "rows" else 1
        told["agencies"] = len({name.split("/")[1] for name in hashes if name.startswith("agencies/")})
        archive.writestr(MANIFEST, json.dumps(_manifest(app, hashes, told)))
    (app.data_dir / LAST).write_text(now().isoformat(), encoding="ascii")
    return Told(**told)


def last_taken(app: App) -> datetime | None:
    """When a backup was last taken from here."""
    try:
        return datetime.fromisoformat((app.data_dir / LAST).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


@contextmanager
def whole(file: Path) -> Iterator[zipfile.ZipFile]:
    """A zip that takes its name once it is whole, and that only its owner may read."""
    part = file.with_name(f".{file.name}.part")
    try:
        with (
            os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as opened,
            zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive,
        ):
            yield archive
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _manifest(app: App, hashes: dict[str, str], told: dict[str, int]) -> Json:
    schema = migrations.current(app.database.engine)
    return {"format": FORMAT, "schema": schema, "made_at": now().isoformat(), "told": told, "sha256": hashes}


def _members(app: App) -> Iterator[tuple[str, Iterator[bytes], str]]:
    """Every member's name, its bytes, and what it counts as. Records first: files never change."""
    with app.database.snapshot() as of:
        shared = of(0)
        for kind in copies.kinds(owned=False):
            yield f"shared/{kind.__tablename__}.jsonl", lines(copies.rows(shared, kind)), "rows"
        known = shared.scalars(select(Agency.id).order_by(Agency.id)).all()
        for agency_id in known:
            records = of(agency_id)
            for kind in copies.kinds(owned=True):
                name = f"agencies/{agency_id}/{kind.__tablename__}.jsonl"
                yield name, lines(copies.rows(records, kind)), "rows"
    for agency_id in known:
        blobs = app.blobs(agency_id)
        for sha256 in blobs.names():
            if (content := _still_there(blobs, sha256)) is not None:
                yield f"blobs/{agency_id}/{sha256[:2]}/{sha256}", content, "files"
    if (key := app.data_dir / KEY_FILE).exists():
        yield KEY_FILE, pieces(key), "files"


def _still_there(blobs: Blobs, sha256: str) -> Iterator[bytes] | None:
    """A file's pieces; nothing when its sender took it back meanwhile."""
    found = blobs.pieces(sha256)
    try:
        first = next(found, b"")
    except FileNotFoundError:
        return None
    return chain((first,), found)


def lines(rows: Iterable[Json]) -> Iterator[bytes]:
    """Rows as JSON lines."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def pieces(path: Path) -> Iterator[bytes]:
    """A file piece by piece."""
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def write(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
    """One member; its SHA-256, and of how many chunks it is."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as member:
        for chunk in chunks:
            digest.update(chunk)
            member.write(chunk)
            count += 1
    return digest.hexdigest(), count


def restore(app: App, file: Path, progress: Progress = lambda name: None) -> Told:
    """Fill an empty database and data folder from a backup that is whole.

    Raises:
        Refused: it is not a backup, is damaged, is of another schema, or there is something already.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            check(archive, manifest, file)
            database = Database(app.settings.database_url)  # its own: the app's would make a key
            try:
                _make_ready(app, database, manifest)
                _load(app, database, archive, manifest["sha256"], progress)
            finally:
                database.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise Refused(say("cli-restore-bad", file=str(file))) from fault
    return Told(**manifest["told"])


def check(archive: zipfile.ZipFile, manifest: dict[str, Any], file: Path) -> None:
    """Every member is there and is what was written."""
    for name, expected in manifest["sha256"].items():
        digest = hashlib.sha256()
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != expected or ".." in Path(name).parts or name.startswith("/"):
            raise Refused(say("cli-restore-bad", file=str(file)))


def _make_ready(app: App, database: Database, manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT or manifest["schema"] != migrations.newest():
        raise Refused(say("cli-restore-schema", schema=str(manifest["schema"])))
    migrations.upgrade(database.engine)
    with database.shared(write=False) as session:
        is_empty = session.scalar(select(Agency.id).limit(1)) is None
    if not is_empty or any((app.data_dir / "blobs").glob("*/??/*")):
        raise Refused(say("cli-restore-not-empty"))


def _load(
    app: App, database: Database, archive: zipfile.ZipFile, names: dict[str, str], progress: Progress
) -> None:
    """Records of agencies first, then the jobs: nothing is sent before all is there."""
    shared = copies.kinds(owned=False)
    _fill(database, archive, 0, "shared", [Agency], progress)
    for agency_id in sorted({int(name.split("/")[1]) for name in names if name.startswith("agencies/")}):
        _fill(database, archive, agency_id, f"agencies/{agency_id}", copies.kinds(owned=True), progress)
    for name in names:
        if name == KEY_FILE:
            extract(archive, name, app.data_dir / name)
        elif name.startswith("blobs/"):
            progress(name)
            _bring(app, archive, name)
    _fill(database, archive, 0, "shared", [kind for kind in shared if kind is not Agency], progress)


def _bring(app: App, archive: zipfile.ZipFile, name: str) -> None:
    """One agency's file into its place. Raises ValueError when it is not what its name says."""
    _, agency_id, _, sha256 = name.split("/")
    with archive.open(name) as member:
        content = iter(lambda: member.read(CHUNK), b"")
        kept, _ = app.blobs(int(agency_id)).keep(content, archive.getinfo(name).file_size)
    if kept != sha256:
        raise ValueError(name)


def _fill(
    database: Database,
    archive: zipfile.ZipFile,
    agency_id: int,
    folder: str,
    kinds: list[type[Base]],
    progress: Progress,
) -> None:
    with database.agency(agency_id) if agency_id else database.shared() as session:
        for kind in kinds:
            name = f"{folder}/{kind.__tablename__}.jsonl"
            progress(name)
            with archive.open(name) as member:
                copies.load(session, kind, (json.loads(line) for line in member))


def extract(archive: zipfile.ZipFile, name: str, place: Path) -> None:
    """Write one member into a file that only its owner may read."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.open(name) as member,
        os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened,
    ):
        while chunk := member.read(CHUNK):
            opened.write(chunk)
