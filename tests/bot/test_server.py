"""A database server of the test's own that is restarted, and whose disk is full: the same promises."""

import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from storage import migrations
from storage.database import Database
from tests import cluster
from tests.accounts import an_agency, event, hook, waiting
from tests.disks import fill, small_disk
from tests.program import Program

pytestmark = pytest.mark.xdist_group("server")  # one for both tests


@pytest.fixture(scope="module")
def disk():
    """A small disk for the server's data; a plain folder where nobody may mount one."""
    if cluster.programs() is None:
        pytest.skip("no initdb of PostgreSQL that may be run here: no server to stop")
    with (
        tempfile.TemporaryDirectory(prefix="disk") as folder,
        small_disk(Path(folder), "80m") as is_small,
    ):
        yield Path(folder), is_small


@pytest.fixture(scope="module")
def server(disk):
    with cluster.cluster(disk[0]) as made:
        yield made


@pytest.fixture
def stage(server, platform, tmp_path):
    """An agency in a database of that server."""
    database = Database(server.new_database())
    migrations.upgrade(database.engine)
    yield an_agency(database, platform, tmp_path)
    database.close()


@pytest.fixture
def program(stage, tmp_path):
    made = Program(stage.database.url.render_as_string(), tmp_path)
    yield made
    made.stop()


def test_a_server_that_is_restarted_loses_nothing(program, stage, server, platform):
    """Twice in the midst of load: once all are hung up on, once as in a crash."""
    program.start("--workers", "2")
    said, over = [], threading.Event()

    def talk():
        while not over.is_set():
            one = event(sender=f"toy:{len(said) % 10}")
            while hook(program, stage, one) != 200:
                time.sleep(0.1)
            said.append(one)

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        for mode in ("fast", "immediate"):
            before = len(said)
            program.until(lambda before=before: len(said) > before + 15, 40)
            server.stop(mode)
            time.sleep(0.5)
            server.start()
            before = len(platform.sent)
            program.until(lambda before=before: len(platform.sent) > before + 5, 40)
    finally:
        over.set()
        talker.join()
    program.until(lambda: not waiting(stage), 30)
    told, asked = (Counter(one["place"] for one in some) for some in (platform.sent, said))
    assert told == asked, "nothing lost, nothing twice"
    assert program.stop() == 0


def test_a_server_whose_disk_is_full_takes_nothing_it_cannot_keep(program, stage, server, disk, platform):
    """Perhaps it cannot even go on, and is started again when there is room."""
    folder, is_small = disk
    if not is_small:
        pytest.skip("a small disk of its own needs the right to mount one")
    program.start()
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
    fill(folder / "filler")
    said = [event(text="ช่วย" * 500)]
    while hook(program, stage, said[-1]) == 200:
        assert len(said) < 500, "it was full"
        said.append(event(sender=f"toy:{len(said) % 20}", text="ช่วย" * 500))
    assert program.get("/readyz")[0] == 503
    time.sleep(1)  # what waits is tried in vain
    (folder / "filler").unlink()
    if not server.is_running:
        server.start()
    for one in said:
        program.until(lambda one=one: hook(program, stage, one) == 200)
    program.until(lambda: len(platform.sent) >= 1 + len(said) and not waiting(stage), 30)
    assert set(Counter(one["key"] for one in platform.sent).values()) == {1}
    assert len(platform.sent) == 1 + len(said)
    program.until(lambda: program.get("/readyz")[0] == 200)
