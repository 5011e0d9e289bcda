"""What is backed up comes back whole, into either database; what is damaged does not come back at all."""

import json
import zipfile

import pytest
from sqlalchemy import select

from bot import backup
from bot.app import App
from bot.config import Settings
from handlers.talk import Refused
from storage import agencies, copies, migrations, outbox
from storage.agencies import Agency, Channel, Unit
from storage.outbox import Letter
from storage.records import metadata


def app_of(database, folder):
    url = database.url.render_as_string(hide_password=False)
    return App(Settings(database_url=url, data_dir=folder))


@pytest.fixture
def full(stage, noise, tmp_path):
    """A deployment with two agencies, a sealed channel, a letter that waits, and a file."""
    app = app_of(stage.database, tmp_path / "one")
    stage.chat("somchai", "ช่วย")
    with stage.database.agency(stage.agency.id) as records:
        parent = records.scalars(select(Unit)).first()
        records.add(Unit(name="ฝ่ายการเงิน", parent_id=parent.id))
        records.add(Channel(kind="line", sealed=app.seal.close({"token": "secret"}), details={"a": "ก"}))
        outbox.write(records, Letter(channel="line", place="line:C1", replies=[]))
    sha256, _ = app.blobs(stage.agency.id).keep([b"photo"], cap=100)
    yield app, stage, sha256
    app.close()


def counted(database):
    """How many rows of each kind there are."""
    with database.shared(write=False) as session:
        numbers = {kind.__tablename__: copies.count(session, kind) for kind in copies.kinds(owned=False)}
        ids = session.scalars(select(Agency.id)).all()
    for agency_id in ids:
        with database.look(agency_id) as records:
            for kind in copies.kinds(owned=True):
                key = f"{agency_id} {kind.__tablename__}"
                numbers[key] = copies.count(records, kind)
    return numbers


@pytest.mark.parametrize("where", ["same kind", "sqlite"])
def test_a_backup_comes_back_whole(full, empty, tmp_path, where):
    app, stage, sha256 = full
    file = tmp_path / "backup.zip"
    told = backup.take(app, file)
    url = "" if where == "same kind" else f"sqlite:///{tmp_path}/moved.db"
    other = app_of(empty, tmp_path / "two")
    if url:
        other = App(Settings(database_url=url, data_dir=tmp_path / "two"))
    assert backup.restore(other, file) == told
    assert counted(other.database) == counted(app.database)
    with other.database.look(stage.agency.id) as records:
        assert other.seal.open(agencies.find_channel(records, "line").sealed) == {"token": "secret"}
        child = agencies.find_unit(records, "ฝ่ายการเงิน")
        assert records.get(Unit, child.parent_id) is not None
    assert other.blobs(stage.agency.id).read(sha256) == b"photo"
    assert told.files == 2
    other.close()


def test_every_table_is_in_a_backup():
    kinds = [*copies.kinds(owned=True), *copies.kinds(owned=False)]
    assert {kind.__tablename__ for kind in kinds} == {table.name for table in metadata.sorted_tables}


def test_a_damaged_backup_is_refused_and_nothing_is_written(full, empty, tmp_path):
    app, _, _ = full
    file, damaged = tmp_path / "backup.zip", tmp_path / "damaged.zip"
    backup.take(app, file)
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            body = good.read(name)
            bad.writestr(name, body[:-1] if name == "shared/agency.jsonl" else body)
    other = app_of(empty, tmp_path / "two")
    with pytest.raises(Refused):
        backup.restore(other, damaged)
    (tmp_path / "no.zip").write_bytes(b"no zip at all")
    with pytest.raises(Refused):
        backup.restore(other, tmp_path / "no.zip")
    assert not (tmp_path / "two" / "blobs").exists()


def test_a_backup_is_never_restored_over_records(full, tmp_path):
    app, _, _ = full
    file = tmp_path / "backup.zip"
    backup.take(app, file)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(Refused) as refused:
        backup.restore(app, file)
    assert refused.value.reply.say.id == "cli-restore-not-empty"
    assert json.loads(zipfile.ZipFile(file).read("manifest.json"))["schema"] == migrations.newest()
