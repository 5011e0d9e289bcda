"""Evidence in an S3-compatible store behaves like evidence in a folder, over real HTTP."""

import pytest

from bot import backup, moving
from bot.app import App
from bot.config import Settings
from storage.blobs import TooLarge
from tests.fakes.s3 import FakeS3


@pytest.fixture
def store(monkeypatch):
    with FakeS3() as made:
        for name, value in {
            "AWS_ENDPOINT_URL": made.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "local",
        }.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def app(stage, store, tmp_path):
    from bot import stores

    stores.opened.cache_clear()
    url = stage.database.url.render_as_string(hide_password=False)
    made = App(Settings(database_url=url, data_dir=tmp_path, files_url=f"s3://{store.bucket}/dgp"))
    yield made
    made.close()


def test_content_goes_up_once_whole_comes_back_and_is_deleted(app, store, stage, tmp_path):
    blobs = app.blobs(stage.agency.id)
    sha256, size = blobs.keep([b"a photo ", b"of a meeting"], cap=100)
    assert (size, blobs.read(sha256)) == (20, b"a photo of a meeting")
    assert list(store.objects) == [f"dgp/{stage.agency.id}/{sha256[:2]}/{sha256}"]
    assert (blobs.names(), blobs.used()) == ([sha256], 20)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()], "nothing stays on this machine"
    blobs.remove(sha256)
    blobs.remove(sha256)
    assert not store.objects
    with pytest.raises(FileNotFoundError):
        blobs.read(sha256)


def test_what_is_too_large_or_refused_by_the_store_leaves_nothing(app, store, stage, tmp_path):
    blobs = app.blobs(stage.agency.id)
    with pytest.raises(TooLarge):
        blobs.keep([b"x" * 101], cap=100)
    store.faults = [403]
    with pytest.raises(OSError, match="PermissionDenied"):
        blobs.keep([b"photo"], cap=100)
    assert not store.objects
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    blobs.keep([b"photo"], cap=100)
    assert len(store.objects) == 1, "and the next try goes well"


def test_check_tells_whether_the_store_can_be_used(app, store):
    from bot.checks import machine

    def told():
        return next(good for good, said in machine.look(app) if said.id == "check-store")

    assert told()
    assert not store.objects, "it leaves nothing behind"
    store.faults = [403]
    assert not told()


def test_an_agency_sees_and_clears_only_its_own(app, store, stage, noise):
    mine, other = app.blobs(stage.agency.id), app.blobs(noise.id)
    mine.keep([b"mine"], cap=100)
    kept, _ = other.keep([b"other"], cap=100)
    assert mine.clear() == 1
    assert other.names() == [kept]


def test_a_backup_and_an_agencys_file_hold_what_is_in_the_store(app, store, stage, empty, tmp_path):
    sha256, _ = app.blobs(stage.agency.id).keep([b"photo"], cap=100)
    told = moving.export(app, stage.agency, tmp_path / "one.zip")
    assert told.files == 1
    backup.take(app, tmp_path / "all.zip")
    url = empty.url.render_as_string(hide_password=False)
    folder = App(Settings(database_url=url, data_dir=tmp_path / "two"))
    backup.restore(folder, tmp_path / "all.zip")
    assert folder.blobs(stage.agency.id).read(sha256) == b"photo", "from a store into a folder"
    folder.close()
