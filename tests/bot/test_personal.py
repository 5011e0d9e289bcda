"""A person gets what is kept about them, is erased on asking with proof, and nothing is kept too long."""

import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.cli import main
from bot.config import Settings
from handlers import keeping
from handlers.talk import File
from handlers.timed import Errand
from storage import chain, copies, erasure, evidence, jobs, moving, outbox
from storage.agencies import Agency
from storage.base import now
from storage.evidence import Evidence
from storage.forms import Thread
from storage.history import Entry, note
from storage.inbox import Event, keep
from storage.outbox import Letter, SentMessage
from storage.people import Identity, Person
from storage.progress import Update
from tests.builders import a_plan

NAME = "สมชาย ใจดี"


@pytest.fixture
def lived(stage, tmp_path, monkeypatch, capsys):
    """Somchai, with a full name, has reported, shown a photo, got letters; and a way to run commands."""
    a_plan(stage)
    app = App(
        Settings(database_url=stage.database.url.render_as_string(hide_password=False), data_dir=tmp_path)
    )
    with stage.database.agency(stage.agency.id) as records:
        person = records.scalars(select(Person).where(Person.name == "สมชาย")).one()
        person.name = NAME
    stage.chat("somchai", f"4.1 เวียนหนังสือแล้ว 50% ผู้รายงาน {NAME}")
    stage.chat("somchai", files=(File(id="p1", kind="photo", name=f"{NAME}.jpg", size=5),))
    sha256, _ = app.blobs(stage.agency.id).keep([b"photo"], cap=100)
    with stage.database.agency(stage.agency.id) as records:
        shown = records.scalars(select(Evidence)).one()
        shown.state, shown.sha256 = "kept", sha256
        note(records, "code-given", f"person:{person.id}", person, name=NAME)
        letter = Letter(channel="test", place="test:somchai", replies=[{"text": NAME}], state="sent")
        records.add(letter)
        records.add(
            Letter(channel="test", place="test:board", replies=[{"text": f"{NAME} รายงาน"}], state="sent")
        )
        records.flush()
        records.add(SentMessage(message="m1", letter_id=letter.id))
        chain.extend(records)
    with stage.database.shared() as session:
        body = {"sender": "test:somchai", "text": "ความลับ"}
        keep(session, [Event(stage.agency.id, "x1", "test:somchai", 1, body)])
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", app.settings.database_url)
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(*words):
        status = main([*words, "--agency", stage.agency.slug])
        told = capsys.readouterr()
        return status, told.out, told.err

    yield app, stage, run
    app.close()


def everything(stage):
    """All an agency's rows as one text."""
    with stage.database.look(stage.agency.id) as records:
        rows = [list(copies.rows(records, kind)) for kind in copies.kinds(owned=True)]
        rows += [
            list(copies.rows(records, kind, moving.mine(kind, stage.agency.id))) for kind in moving.shared()
        ]
    return json.dumps(rows, ensure_ascii=False)


def test_a_person_gets_everything_about_them_and_nothing_of_others(lived, tmp_path):
    _, stage, run = lived
    file = tmp_path / "somchai.zip"
    stage.chat("suda", "5.1 ประชุมแล้ว 20%")
    status, out, told = run("person", "export", NAME, "-o", str(file))
    assert (status, "1 files" in out) == (0, True), told
    with zipfile.ZipFile(file) as archive:
        kept = json.loads(archive.read("person.json"))
        files = [archive.read(name) for name in archive.namelist() if name.startswith("files/")]
    assert files == [b"photo"]
    records = kept["records"]
    assert {"person", "identity", "progress_update", "evidence", "letter", "history", "thread"} <= set(
        records
    )
    assert NAME in records["progress_update"][0]["source_text"]
    assert len(records["progress_update"]) == 1
    assert "suda" not in json.dumps(kept)
    assert "retry_key" not in json.dumps(kept)
    assert run("person", "export", "ใครก็ไม่รู้", "-o", str(file))[0] == 1


def test_an_erased_person_is_found_nowhere_and_the_units_report_stays(lived):
    _, stage, run = lived
    status, _, told = run("person", "erase", NAME)
    assert (status, NAME in told) == (1, True), "not without the name a second time"
    before = everything(stage)
    assert NAME in before
    assert "test:somchai" in before
    status, out, told = run("person", "erase", NAME, "--sure", NAME, "--json")
    assert status == 0, told
    found = json.loads(out)
    assert found["left"] == []
    assert found["alias"] == "ผู้ที่ลบข้อมูลแล้ว 1"
    assert found["changed"]["identity"] == 1
    after = everything(stage)
    for trace in (NAME, "test:somchai", "ความลับ"):
        assert trace not in after
    with stage.database.look(stage.agency.id) as records:
        (report,) = records.scalars(select(Update)).all()
        assert (report.percent, report.source_text, report.person.name) == (50.0, "", found["alias"])
        assert records.scalars(select(Evidence)).one().state == "kept"
        assert not records.scalars(select(Identity).where(Identity.address == "test:somchai")).all()
        assert chain.verify(records).why == "", "the history still holds"
        (proof,) = records.scalars(select(Entry).where(Entry.action == erasure.ACT)).all()
        assert proof.details["identity"] == 1
    answer = stage.chat("somchai", "เดือนนี้เหลืออะไร")
    assert "4.1" not in answer


def test_files_go_too_when_that_is_asked_for(lived):
    _, stage, run = lived
    assert run("person", "erase", NAME, "--sure", NAME, "--with-files")[0] == 0
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Evidence)).one().state == evidence.REMOVED
    with stage.database.shared(write=False) as session:
        kinds = session.scalars(select(jobs.Job.kind).where(jobs.Job.agency_id == stage.agency.id)).all()
    assert evidence.FORGET in kinds


def test_of_two_with_one_name_the_number_tells_which(lived):
    _, stage, run = lived
    with stage.database.agency(stage.agency.id) as records:
        other = Person(name=NAME)
        records.add(other)
    status, _, told = run("person", "erase", NAME, "--sure", NAME)
    assert (status, str(other.id) in told) == (1, True)
    ids = [one["id"] for one in json.loads(run("person", "list", "--json")[1]) if one["name"] == NAME]
    assert str(other.id) in ids
    status, out, _ = run("person", "erase", "--id", str(other.id), "--sure", NAME, "--json")
    assert json.loads(out)["id"] == str(other.id)


def night(stage, at):
    with stage.database.agency(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        keeping.nightly(Errand(records, agency, at, at.date()))


def test_what_is_kept_no_longer_is_removed_at_night_and_told(lived):
    _, stage, run = lived
    assert "kept for good" in run("agency", "retention")[1]
    assert run("agency", "retention", "--texts", "30", "--letters", "30", "--evidence", "30")[0] == 0
    at = now()
    with stage.database.agency(stage.agency.id) as records:
        records.execute(update(Update).values(said_at=at))
        records.execute(update(Evidence).values(added_at=at))
        letters = len(records.scalars(select(Letter).where(Letter.state == outbox.SENT)).all())
        records.execute(
            update(Thread).values(touched_at=at, answers={Thread.TALK: {"text": "ถามไว้"}, "n": 1})
        )
    night(stage, at + timedelta(days=29))
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Update.source_text)).one() != ""
        assert all(Thread.TALK in one.answers for one in records.scalars(select(Thread)).all())
    night(stage, at + timedelta(days=31))
    night(stage, at + timedelta(days=32))
    with stage.database.look(stage.agency.id) as records:
        report = records.scalars(select(Update)).one()
        assert (report.source_text, report.percent) == ("", 50.0)
        assert {str(one.answers) for one in records.scalars(select(Thread)).all()} == {"{'n': 1}"}
        assert not records.scalars(select(Letter).where(Letter.state == outbox.SENT)).all()
        assert "m1" not in records.scalars(select(SentMessage.message)).all()
        shown = records.scalars(select(Evidence)).one()
        assert (shown.state, len(shown.sha256)) == (evidence.EXPIRED, 64)
        told = records.scalars(select(Entry).where(Entry.action == "retention-applied")).all()
        assert [one.details for one in told] == [{"texts": 1, "letters": letters, "evidence": 1}]
    assert f"1 texts, {letters} letters, 1 files" in run("agency", "retention")[1]
    assert run("agency", "retention", "--texts", "-1")[0] == 1
