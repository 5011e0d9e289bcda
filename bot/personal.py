"""A person's own data in one file, to be handed to them: records as JSON, the files they showed."""

import json
from pathlib import Path

from bot import backup
from bot.admission import let_in
from bot.app import App
from handlers.talk import Say, say
from storage import erasure
from storage.agencies import Agency
from storage.base import Json, now
from storage.people import Person

PART = 1 << 20


def export(app: App, agency: Agency, person: Person, file: Path) -> tuple[int, int]:
    """Write it; how many records and files it holds."""
    let_in(app)
    rows: dict[str, list[Json]] = {}
    with app.database.snapshot() as of:
        for table, row in erasure.about(of(agency.id), erasure.traces(person)):
            rows.setdefault(table, []).append(row)
    blobs, files = app.blobs(agency.id), 0
    with backup.whole(file) as archive:
        told = {"agency": agency.name, "person": person.name, "made_at": now().isoformat(), "records": rows}
        archive.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1))
        for sha256 in {one["sha256"] for one in rows.get("evidence", []) if one["sha256"]}:
            try:
                backup.write(archive, f"files/{sha256}", blobs.pieces(sha256))
            except FileNotFoundError:  # removed or expired meanwhile: the record says so
                continue
            files += 1
    return sum(map(len, rows.values())), files


def alias(number: int) -> Say:
    """What stands where the name of an erased person stood."""
    return say("person-alias", number=number)
