"""One agency in one file: its records as JSON lines, its documents as files; into another database, or
out of this one for good.

Ids are drawn so that they never clash between databases, so they are kept. Sealed credentials travel
sealed: where the key is another, the channels are added again.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import backup, previews
from bot.admission import let_in
from bot.app import App
from bot.backup import MANIFEST, Progress, lines, write
from bot.chaining import FOLDER
from bot.sealing import CannotOpen
from handlers.talk import Refused, say
from storage import agencies, chain, copies, exports, migrations, moving, plans
from storage.agencies import Agency, Channel
from storage.base import Base, Json, now
from storage.evidence import Evidence

FORMAT = "prongsai-agency-1"
FILES = "documents/files/"


@dataclass(frozen=True, slots=True)
class Told:
    """What a file holds, or what was deleted: rows of each table, and files."""

    rows: dict[str, int]
    files: int
    head: str

    @property
    def count(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def export(app: App, agency: Agency, file: Path, progress: Progress = lambda name: None) -> Told:
    """Write an agency's file; it takes its name once it is whole. Only its owner may read it."""
    let_in(app)
    hashes: dict[str, str] = {}
    rows: dict[str, int] = {}
    with backup.whole(file) as archive, app.database.snapshot() as of:
        records = of(agency.id)
        for name, chunks in _members(app, records, agency.id):
            progress(name)
            hashes[name], count = write(archive, name, chunks)
            if name.endswith(".jsonl") and count:
                rows[Path(name).stem] = count
        told = Told(rows, sum(name.startswith(FILES) for name in hashes), chain.head(records).digest)
        manifest = {
            "format": FORMAT,
            "schema": migrations.current(app.database.engine),
            "made_at": now().isoformat(),
            "agency": {"id": agency.id, "slug": agency.slug, "name": agency.name},
            "rows": told.rows,
            "files": told.files,
            "history": told.head,
            "sha256": hashes,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return told


def _members(app: App, records: Session, agency_id: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Records and the queue as JSON lines; plans as workbooks; evidence with a list of what it shows."""
    yield "records/agency.jsonl", lines(copies.rows(records, Agency, Agency.id == agency_id))
    for kind in copies.kinds(owned=True):
        yield f"records/{kind.__tablename__}.jsonl", lines(copies.rows(records, kind))
    for kind in moving.shared():
        only = moving.mine(kind, agency_id)
        yield f"queue/{kind.__tablename__}.jsonl", lines(copies.rows(records, kind, only))
    yield from _workbooks(records)
    shown = [_shown(one) for one in records.scalars(select(Evidence).order_by(Evidence.id))]
    yield "documents/evidence.json", [json.dumps(shown, ensure_ascii=False, indent=1).encode()]
    blobs = app.blobs(agency_id)
    for sha256 in blobs.names():
        yield f"{FILES}{sha256}", blobs.pieces(sha256)


def _workbooks(records: Session) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Every plan as the workbook that it can be brought in from again."""
    from bot.tables import plan_sheets  # noqa: PLC0415 - brings a workbook library along

    for plan in records.scalars(select(plans.Plan).order_by(plans.Plan.id)):
        name = f"documents/plan-{plan.fiscal_year}-{plan.version}-{plan.status}.xlsx"
        yield name, [plan_sheets.write(exports.as_draft(records, plan))]


def _shown(one: Evidence) -> Json:
    return {
        "file": f"files/{one.sha256}" if one.sha256 else None,
        "name": one.name,
        "kind": one.kind,
        "media_type": one.media_type,
        "url": one.url,
        "added_at": one.added_at.isoformat(),
        "occurrence": one.occurrence_id,
        "state": one.state,
    }


def bring_in(app: App, file: Path, slug: str = "", progress: Progress = lambda name: None) -> Agency:
    """Put an exported agency into this database, under its own short name or the one given.

    Raises:
        Refused: the file is damaged, of another schema, or the agency or its name is there already.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest.get("format") != FORMAT:
                raise Refused(say("agency-file-bad", file=str(file)))
            if manifest["schema"] != migrations.newest():
                raise Refused(say("cli-restore-schema", schema=str(manifest["schema"])))
            backup.check(archive, manifest, file)
            return _load(app, archive, manifest, slug, progress)
    except IntegrityError as fault:
        raise Refused(say("agency-there", slug=slug)) from fault
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise Refused(say("agency-file-bad", file=str(file))) from fault


def _load(app: App, archive: zipfile.ZipFile, manifest: Json, slug: str, progress: Progress) -> Agency:
    agency_id = int(manifest["agency"]["id"])
    slug = slug or str(manifest["agency"]["slug"])
    with app.database.shared(write=False) as session:
        if agencies.find_agency(session, slug) or session.get(Agency, agency_id):
            raise Refused(say("agency-there", slug=slug))
    blobs = app.blobs(agency_id)
    try:
        for name in manifest["sha256"]:
            if name.startswith(FILES):
                progress(name)
                _bring_file(archive, name, blobs)
        with app.database.agency(agency_id) as session:
            for folder, kind in _in_order():
                progress(kind.__tablename__)
                _fill(session, archive, f"{folder}/{kind.__tablename__}.jsonl", kind, agency_id)
            made = session.get_one(Agency, agency_id)
            made.slug = slug
    except BaseException:
        blobs.clear()
        raise
    return made


def _in_order() -> Iterator[tuple[str, type[Base]]]:
    """Records first, the queue last: nothing is begun before all is there."""
    yield "records", Agency
    yield from (("records", kind) for kind in copies.kinds(owned=True))
    yield from (("queue", kind) for kind in moving.shared())


def _bring_file(archive: zipfile.ZipFile, name: str, blobs: Any) -> None:
    sha256 = name.removeprefix(FILES)
    with archive.open(name) as member:
        kept, _ = blobs.keep(iter(lambda: member.read(backup.CHUNK), b""), archive.getinfo(name).file_size)
    if kept != sha256:
        raise ValueError(name)


def _fill(session: Session, archive: zipfile.ZipFile, name: str, kind: type[Base], agency_id: int) -> None:
    with archive.open(name) as member:
        copies.load(session, kind, (_own(json.loads(line), kind, agency_id) for line in member))


def _own(row: Json, kind: type[Base], agency_id: int) -> Json:
    """A row, which must be of this agency and of no other. Raises ValueError."""
    if kind is Agency:
        is_own = row["id"] == agency_id
    elif "agency_id" in row:
        is_own = row["agency_id"] == agency_id
    else:
        is_own = row["key"].split(":")[1] == str(agency_id)
    if not is_own:
        raise ValueError(kind.__tablename__)
    return row


def delete(app: App, agency: Agency) -> Told:
    """Take an agency out for good, files too; what that was."""
    let_in(app)
    with app.database.agency(agency.id) as session:
        told = Told(moving.rows_of(session, agency.id), 0, chain.head(session).digest)
        moving.delete_all(session, agency.id)
    files = app.blobs(agency.id).clear()
    previews.clear(app, agency.id)
    (app.data_dir / FOLDER / str(agency.id)).unlink(missing_ok=True)
    return Told(told.rows, files, told.head)


def left(app: App, agency_id: int) -> Told:
    """What is still there of an agency: nothing, once it was deleted."""
    with app.database.look(agency_id) as session:
        rows = moving.rows_of(session, agency_id)
    return Told(rows, len(app.blobs(agency_id).names()), "")


def closed_channels(app: App, agency_id: int) -> list[str]:
    """The agency's channels whose secrets another deployment's key sealed."""
    with app.database.look(agency_id) as records:
        rows = records.scalars(select(Channel).order_by(Channel.kind)).all()
    return [row.kind for row in rows if not _opens(app, row.sealed)]


def _opens(app: App, sealed: bytes) -> bool:
    try:
        app.seal.open(sealed)
    except CannotOpen:
        return False
    return True
