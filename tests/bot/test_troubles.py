"""A full disk, a clock that jumps, a platform that fails for long, storms and races: the same promises."""

import json
import random
import resource
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.inbox import event_of
from handlers.packing import pack
from handlers.talk import Reply, say
from storage import evidence, files, inbox, jobs, migrations, outbox
from storage.database import Database
from storage.evidence import Evidence
from storage.jobs import Job
from storage.outbox import Letter
from tests.accounts import add_toy, an_agency, event, hook, url_of, waiting
from tests.disks import fill, small_disk
from tests.fakes.toy import Toy
from tests.program import Program


def leave(program, size):
    """Let no file of the running program grow beyond a size; None: as before."""
    _, most = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


def test_a_disk_without_room_is_told_nothing_is_lost_and_it_goes_on_by_itself(program, stage, platform):
    """Files may not grow, as on a full disk; the records of SQLite and the evidence lie there."""
    program.settings["PRONGSAI_TEST_NO_ROOM_PAUSE"] = "0.3"
    program.start()
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
    platform.files = {"1": (200, b"\x89PNG\r\n\x1a\n" + bytes(300_000))}
    with stage.database.agency(stage.agency.id) as records:
        photo = Evidence(kind="photo", name="a.png", state=evidence.WAITING)
        records.add(photo)
        records.flush()
        leave(program, 4096)
        files.want(records, photo, "toy", {"id": "1", "kind": "photo"})
    said = [event(sender=f"toy:{number}") for number in range(6)]
    taken = [hook(program, stage, one) for one in said]
    if stage.database.is_sqlite:
        assert set(taken) == {503}, "what cannot be kept is refused, and the platform sends it again"
        status, told = program.get("/readyz")
        assert (status, json.loads(told)["keeps"]) == (503, False)
    time.sleep(1)  # all that waits is tried in vain
    leave(program, None)
    for one in said:
        program.until(lambda one=one: hook(program, stage, one) == 200)
    program.until(lambda: not waiting(stage), 30)
    assert Counter(sent["token"] for sent in platform.sent).keys() >= {one["token"] for one in said}
    assert len(platform.sent) == 1 + len(said)
    with stage.database.look(stage.agency.id) as records:
        assert records.get(Evidence, photo.id).state == evidence.KEPT
    assert hook(program, stage, event()) == 200
    program.until(lambda: program.get("/readyz")[0] == 200)


@pytest.fixture
def small(tmp_path):
    """A real small disk; only root has one to give away."""
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, "8m") as is_there:
        if not is_there:
            pytest.skip("a small disk of its own needs the right to mount one")
        yield folder


@pytest.mark.once
def test_a_really_full_disk_is_told_by_check_and_left_as_it_was(small, platform):
    database = Database(f"sqlite:///{small}/prongsai.db")
    migrations.upgrade(database.engine)
    stage = an_agency(database, platform, small)
    program = Program(url_of(database), small)
    (small.parent / "log").touch()
    program.start()
    try:
        assert hook(program, stage, event()) == 200
        program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
        fill(small / "filler")
        said = [event(sender=f"toy:{number}") for number in range(20)]
        taken = [one for one in said if hook(program, stage, one) == 200]
        assert len(taken) < len(said), "it was full"
        assert program.get("/readyz")[0] == 503
        told = [json.loads(line) for line in program.run("check", "--json").stdout.splitlines()]
        assert [one["what"] for one in told if not one["good"] and one["what"] in ("room", "check-writes")]
        (small / "filler").unlink()
        for one in said:
            program.until(lambda one=one: hook(program, stage, one) == 200)
        program.until(lambda: len(platform.sent) == 1 + len(said) and not waiting(stage), 30)
        assert program.get("/readyz")[0] == 200
    finally:
        program.stop()
        database.close()


def test_an_event_that_ends_its_process_is_set_aside_and_all_others_are_answered(stage, platform, tmp_path):
    """As a fault in a library or a lack of memory does, every time; others come with it and after it."""
    add_toy(stage, platform, tmp_path)
    settings = {"PRONGSAI_TEST_DEADLY": "ตายแน่", "PRONGSAI_TEST_TRIES": "3"}
    program = Program(url_of(stage.database), tmp_path, settings)
    words = () if stage.database.is_sqlite else ("--workers", "2")
    deadly = event(sender="toy:9", text="ตายแน่")
    said = [event(sender=f"toy:{number}") for number in range(6)]
    with stage.database.shared() as session:
        heard = [Toy({"secret": "", "url": ""}, None)._heard(one) for one in (*said[:3], deadly, *said[3:])]
        inbox.keep(session, [event_of(stage.agency.id, one) for one in heard])
        for one in session.scalars(select(Job).where(Job.agency_id == stage.agency.id)):
            one.attempts = 1  # a process has died already
    program.launch(*words)
    watcher = program.process.pid

    def is_set_aside():
        program.keep_up(*words)
        return [one.state for one in waiting(stage)] == [jobs.DEAD]

    try:
        program.until(is_set_aside, 90)
        [job] = waiting(stage)
        assert job.attempts == 3 + 1
        assert "ProcessEnded" in job.fault
        if words:
            assert program.process.pid == watcher, "who watches over the workers lives"
        said += [event(sender="toy:9"), event(sender="toy:1")]
        assert hook(program, stage, *said[-2:]) == 200
        program.until(lambda: len(platform.sent) == len(said) + 1 and len(waiting(stage)) == 1, 40)
        places = Counter(sent["place"] for sent in platform.sent)
        expected = Counter(one["place"] for one in (*said, deadly))
        assert places == expected, "each once, and an apology for the one"
    finally:
        program.stop()


AHEAD = (
    "CREATE SCHEMA moved",
    "CREATE TABLE moved.ahead (seconds float)",
    "INSERT INTO moved.ahead VALUES (0)",
    (
        "CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        "'SELECT pg_catalog.clock_timestamp() + (SELECT seconds FROM moved.ahead) * interval ''1 second'''"
    ),
)


@pytest.fixture
def clocks(empty, tmp_path):
    """Sets the clock of the programs and, on PostgreSQL, that of the server as many seconds ahead."""
    file = tmp_path / "ahead"
    file.write_text("0", encoding="ascii")
    migrations.upgrade(empty.engine)
    if not empty.is_sqlite:
        with empty.engine.begin() as connection:
            for statement in AHEAD:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(
                f"ALTER DATABASE {empty.url.database} SET search_path = moved, public, pg_catalog"
            )
        empty.engine.dispose()

    def set_ahead(seconds):
        file.write_text(str(seconds), encoding="ascii")
        if not empty.is_sqlite:
            with empty.engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE moved.ahead SET seconds = {int(seconds)}")

    return file, set_ahead


def test_a_clock_that_jumps_holds_up_nothing_and_doubles_nothing(empty, clocks, platform, tmp_path):
    """An hour on (SQLite) or back (PostgreSQL) while one letter waits out a pause, one is being sent and others
    come."""
    file, set_ahead = clocks
    jump = 3600 if empty.is_sqlite else -3600
    stage = an_agency(empty, platform, tmp_path)
    program = Program(url_of(empty), tmp_path, {"PRONGSAI_TEST_CLOCK": str(file)})
    program.start()
    try:
        paused = event(sender="toy:0")
        platform.used.add(paused["token"])
        platform.fails = [None, *[(500, {"why": "later"})] * 3]  # pushed in vain: it pauses for seconds
        assert hook(program, stage, paused) == 200
        program.until(lambda: not platform.fails)
        platform.stalls = 2.0
        said = [event(sender=f"toy:{number}") for number in range(1, 6)]
        assert hook(program, stage, *said[:3]) == 200
        program.until(lambda: len(platform.sent) >= 1)
        set_ahead(jump)
        assert hook(program, stage, *said[3:]) == 200
        program.until(lambda: not waiting(stage), 25)
        set_ahead(0)
        platform.stalls = 0
        assert hook(program, stage, event(sender="toy:9")) == 200
        program.until(lambda: len(platform.sent) == 7 and not waiting(stage), 25)
        assert set(Counter(sent["key"] for sent in platform.sent).values()) == {1}
    finally:
        program.stop()


def test_a_storm_of_redeliveries_is_answered_once(program, stage, platform):
    """Every event three times, out of order, from several sides at the same time, to two processes."""
    words = () if stage.database.is_sqlite else ("--workers", "2")
    program.start(*words)
    dice, at = random.Random(3), time.time() - 6
    said = [event(sender=f"toy:{number % 8}", at=at + number / 10) for number in range(48)]
    storm = said * 3
    dice.shuffle(storm)
    with ThreadPoolExecutor(6) as hands:
        taken = list(hands.map(lambda one: hook(program, stage, one), storm))
    assert set(taken) == {200}
    program.until(lambda: len(platform.sent) >= len(said) and not waiting(stage), 40)
    assert Counter(sent["token"] for sent in platform.sent if sent["token"]).most_common(1)[0][1] == 1
    assert len(platform.sent) == len(said)
    assert program.stop() == 0


def test_workers_that_race_for_every_letter_and_event_do_each_once(program, stage, platform):
    """Three processes (two on SQLite) and a backlog that all of them see at once."""
    count = 2 if stage.database.is_sqlite else 3
    others = [Program(program.url, program.folder) for _ in range(count - 1)]
    platform.pause = 0.02
    program.start("--role", "web")
    said = [event(sender=f"toy:{number}") for number in range(60)]
    assert hook(program, stage, *said) == 200
    with stage.database.agency(stage.agency.id) as records:
        for number in range(60):
            letter = Letter(channel="toy", place=f"toy:p{number}", replies=[pack(Reply(say("help-menu")))])
            outbox.write(records, letter)
    for one in others:
        one.process = one.begin("serve", "--role", "worker")
    try:
        program.until(lambda: not waiting(stage), 60)
    finally:
        for one in others:
            assert one.stop() == 0
    keys = Counter(sent["key"] for sent in platform.sent)
    assert len(platform.sent) == len(said) + 60
    assert set(keys.values()) == {1}


@pytest.mark.once
def test_what_the_platform_answers_for_long_is_waited_out_and_each_said_once(program, stage, platform):
    """429, 500, an answer that never comes, 409 and as usual, in any order, for every letter."""
    program.start()
    dice = random.Random(7)
    trouble = [(429, {"why": "rate", "after": 0.3}), (500, {"why": "later"}), (503, {"why": "busy"}), None]
    platform.fails = dice.choices(trouble, k=60)
    said = [event(sender=f"toy:{number % 12}") for number in range(24)]
    for number, one in enumerate(said):
        platform.hangs = number % 5 == 0
        assert hook(program, stage, one) == 200
    program.until(lambda: not waiting(stage), 60)
    assert len(platform.sent) == len(said)
    tokens = Counter(sent["token"] for sent in platform.sent if sent["token"])
    assert set(tokens.values()) == {1}
