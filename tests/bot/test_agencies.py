"""An agency leaves as one file, comes into another database identical, or is gone without a trace."""

import json
import uuid
import zipfile

import pytest
from sqlalchemy import select

from bot import moving
from bot.app import App
from bot.cli import main
from bot.config import Settings
from handlers.talk import File, Refused
from storage import copies, migrations
from storage import moving as rows
from storage.agencies import Agency, Channel, Unit
from storage.base import now
from storage.database import Database
from storage.schedules import Schedule
from tests.builders import a_plan


def app_of(database, folder):
    return App(Settings(database_url=database.url.render_as_string(hide_password=False), data_dir=folder))


@pytest.fixture
def lived(stage, noise, tmp_path):
    """An agency that has lived: a plan, reports, a photo, a sealed channel, work that waits; one beside it."""
    app = app_of(stage.database, tmp_path / "one")
    a_plan(stage)
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว 50%")
    sha256, _ = app.blobs(stage.agency.id).keep([b"photo"], cap=100)
    stage.chat("somchai", files=(File(id="p1", kind="photo", name="../../x.jpg", size=5),))
    with stage.database.agency(stage.agency.id) as records:
        parent = records.scalars(select(Unit)).first()
        records.add(Unit(name="ฝ่ายการเงิน", parent_id=parent.id))
        records.add(Channel(kind="line", sealed=app.seal.close({"token": "secret"}), details={"a": "ก"}))
    with stage.database.shared() as session:
        session.add(Schedule(name=f"summary:{stage.agency.id}", agency_id=stage.agency.id, next_at=now()))
    app.blobs(noise.id).keep([b"photo"], cap=100)
    yield app, stage, sha256
    app.close()


def everything(app, agency_id):
    """Every row of an agency as plain values."""
    with app.database.look(agency_id) as records:
        found = {kind.__tablename__: list(copies.rows(records, kind)) for kind in copies.kinds(owned=True)}
        for kind in rows.shared():
            found[kind.__tablename__] = list(copies.rows(records, kind, rows.mine(kind, agency_id)))
        (agency,) = copies.rows(records, Agency, Agency.id == agency_id)
        del agency["stamp"]  # says when it was written here
        found["agency"] = [agency]
    return found


@pytest.fixture
def other(empty, tmp_path, request):
    """An empty deployment: on the other kind of database where there is one."""
    database = empty
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/moved.db")
    migrations.upgrade(database.engine)
    made = app_of(database, tmp_path / "two")
    yield made
    made.close()
    database.close()


@pytest.mark.parametrize("other", ["same kind", "sqlite"], indirect=True)
def test_an_agency_moves_and_is_identical_there(lived, other, tmp_path):
    app, stage, sha256 = lived
    file = tmp_path / "moved.zip"
    told = moving.export(app, stage.agency, file)
    assert moving.bring_in(other, file).slug == stage.agency.slug
    assert everything(other, stage.agency.id) == everything(app, stage.agency.id)
    assert other.blobs(stage.agency.id).read(sha256) == b"photo"
    assert moving.left(other, stage.agency.id).rows == told.rows
    assert moving.closed_channels(other, stage.agency.id) == ["line"], (
        "another key cannot open what is sealed"
    )
    back = tmp_path / "back.zip"
    with other.database.shared(write=False) as session:
        moving.export(other, session.get_one(Agency, stage.agency.id), back)
    moving.delete(app, stage.agency)
    moving.bring_in(app, back)
    assert everything(app, stage.agency.id) == everything(other, stage.agency.id)


def test_its_file_holds_documents_that_people_can_open(lived, tmp_path):
    app, stage, sha256 = lived
    file = tmp_path / "moved.zip"
    moving.export(app, stage.agency, file)
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        shown = json.loads(archive.read("documents/evidence.json"))
    assert f"documents/files/{sha256}" in names
    assert any(name.startswith("documents/plan-") and name.endswith(".xlsx") for name in names)
    assert shown[0]["name"] == "../../x.jpg"
    assert not [name for name in names if ".." in name]


@pytest.mark.parametrize("other", ["same kind"], indirect=True)
def test_a_file_with_rows_of_another_agency_brings_nothing(lived, other, noise, tmp_path):
    app, stage, _ = lived
    file, forged = tmp_path / "moved.zip", tmp_path / "forged.zip"
    moving.export(app, stage.agency, file)
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(forged, "w") as bad:
        manifest = json.loads(good.read("manifest.json"))
        for name in good.namelist():
            body = good.read(name)
            if name == "records/unit.jsonl":
                from hashlib import sha256

                body = body.replace(str(stage.agency.id).encode(), str(noise.id).encode(), 1)
                manifest["sha256"][name] = sha256(body).hexdigest()
            if name != "manifest.json":
                bad.writestr(name, body)
        bad.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Refused):
        moving.bring_in(other, forged)
    assert moving.left(other, stage.agency.id).count == 0
    assert moving.left(other, stage.agency.id).files == 0
    with pytest.raises(Refused):
        moving.bring_in(app, file)
    assert moving.left(app, stage.agency.id).files == 1, "what is here already keeps its files"


@pytest.fixture
def prongsai(lived, monkeypatch, capsys):
    """Run a command on the agency's deployment: exit status, output, what was said on standard error."""
    app, stage, _ = lived
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(app.data_dir))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr("bot.commands.agency.HOLD", 0.0)

    def run(*words):
        status = main(list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_a_deleted_agency_leaves_no_row_and_no_file_and_the_one_beside_it_stays(lived, prongsai, noise):
    app, stage, _ = lived
    beside = moving.left(app, noise.id)
    slug = stage.agency.slug
    status, _, told = prongsai("agency", "delete", "--agency", slug)
    assert (status, f"--sure {slug}" in told) == (1, True)
    assert moving.left(app, stage.agency.id).count > 20
    status, out, told = prongsai("agency", "delete", "--agency", slug, "--sure", slug, "--json")
    assert status == 0, told
    proof = json.loads(out)
    assert proof["left"] == {"rows": 0, "files": 0}
    assert proof["rows"]["progress_update"] == 1
    assert proof["files"] == 1
    assert moving.left(app, stage.agency.id) == moving.Told({}, 0, "")
    assert not (app.data_dir / "blobs" / str(stage.agency.id)).exists()
    assert moving.left(app, noise.id) == beside
    assert prongsai("agency", "delete", "--agency", slug, "--sure", slug)[0] == 1


def test_agencies_are_added_listed_exported_and_imported_by_command(lived, prongsai, tmp_path):
    _, stage, _ = lived
    slug = f"b{uuid.uuid4().hex[:10]}"
    assert prongsai("agency", "add", slug, "--name", "กรมใหม่")[0] == 0
    assert prongsai("agency", "add", slug, "--name", "กรมใหม่")[0] == 1
    assert prongsai("agency", "add", "Not good", "--name", "x")[0] == 1
    assert f"{stage.agency.slug} · กรมตัวอย่าง · 4 people · 0.0 MB" in prongsai("agency", "list")[1]
    file = str(tmp_path / "b.zip")
    assert prongsai("agency", "export", file, "--agency", slug)[0] == 0
    assert prongsai("agency", "delete", "--agency", slug, "--sure", slug)[0] == 0
    assert prongsai("agency", "import", file, "--slug", f"{slug}-2")[0] == 0
    assert prongsai("agency", "import", file)[0] == 1
    (tmp_path / "c.zip").write_bytes(b"nothing")
    status, _, told = prongsai("agency", "import", str(tmp_path / "c.zip"))
    assert (status, "export it again" in told) == (1, True)


def test_limits_are_said_clearly_to_whom_they_meet(lived, prongsai):
    _, stage, _ = lived
    agency = ("--agency", stage.agency.slug)
    assert (
        prongsai("agency", "limits", *agency, "--people", "4", "--megabytes", "1", "--events", "-1")[0] == 1
    )
    _, out, _ = prongsai("agency", "limits", *agency, "--people", "4", "--megabytes", "1")
    assert "At most 4 people" in out
    assert "No limit of events" in out
    status, _, told = prongsai("person", "add", *agency, "--name", "ใหม่")
    assert (status, "at most 4 people" in told) == (1, True)
    large = stage.chat("somchai", files=(File(id="p2", kind="photo", name="b.jpg", size=2_000_000),))
    assert "พื้นที่เก็บไฟล์" in large
    assert prongsai("agency", "limits", *agency, "--people", "0")[0] == 0
    assert prongsai("person", "add", *agency, "--name", "ใหม่")[0] == 0


def test_every_shared_table_is_known_to_moving():
    for kind in rows.shared():
        assert rows.mine(kind, 1) is not None
