"""Kills, lost connections and several processes: nothing lost, nothing said twice."""

import contextlib
import os
import random
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from storage import outbox
from storage.outbox import Letter
from tests.accounts import event, hook, waiting
from tests.program import Program, below, workers_below


def test_a_reply_that_arrived_before_a_kill_is_not_pushed_as_well(program, stage, platform):
    """The try before it was refused for sure; of the one that was cut off nobody knows."""
    program.start()
    platform.fails, platform.stalls = [(429, {"why": "rate", "after": 0.1})], 4
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)
    program.kill()
    platform.stalls = 0
    program.start()
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 1


def test_a_database_that_hangs_up_on_everybody_loses_nothing(program, stage, platform):
    if stage.database.is_sqlite:
        pytest.skip("SQLite has no connection to lose")
    program.start()
    said = []
    for number in range(4):
        said.append(event(sender=f"toy:{number}"))
        assert hook(program, stage, said[-1]) == 200
        hang_up(stage)
        said.append(event(sender=f"toy:{number}"))
        assert hook(program, stage, said[-1]) == 200
    program.until(lambda: len(platform.sent) == len(said), 30)
    program.until(lambda: not waiting(stage), 30)
    assert {one["token"] for one in platform.sent} == {one["token"] for one in said}


def test_a_killed_program_loses_nothing_and_says_nothing_twice(program, stage, platform):
    workers = 1 if stage.database.is_sqlite else 2
    words = () if workers == 1 else ("--workers", "2")
    dice, said = random.Random(workers), []
    platform.pause = 0.01
    for _ in range(2):
        program.start(*words)
        life = len(said) + dice.randrange(12, 40)
        while len(said) < life:
            one = event(sender=f"toy:{dice.randrange(20)}")
            if hook(program, stage, one) == 200:
                said.append(one)
        kill_all(program)
    program.start(*words)
    program.until(lambda: not waiting(stage), 30)
    answered = [sent["token"] for sent in platform.sent if sent["token"]]
    assert len(answered) == len(set(answered))
    assert len(platform.sent) >= len(said) > 20
    with stage.database.look(stage.agency.id) as records:
        letters = records.scalars(select(Letter)).all()
    keys = [sent["key"] for sent in platform.sent]
    assert {letter.state for letter in letters} == {outbox.SENT}
    assert {letter.retry_key for letter in letters} == set(keys)
    assert len(keys) == len(set(keys)), "no letter was said twice"
    assert program.stop() == 0


def test_what_a_killed_worker_held_is_taken_over_at_once(program, stage, platform):
    """The other sees that it is gone, or the one that is started next sees that it is alone: no lease is
    waited for (4 seconds, and up to another for the look)."""
    others = not stage.database.is_sqlite
    other = Program(program.url, program.folder)
    program.start()
    platform.stalls = 30
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)
    platform.stalls = 0
    try:
        if others:
            other.start("--role", "all")
            time.sleep(1.5)  # it has looked around by now
        program.kill()
        if not others:
            program.start()
        began = time.monotonic()
        other.until(lambda: not waiting(stage))
        assert time.monotonic() - began < (3.0 if others else 2.0)
        assert len(platform.sent) == 1, "what had arrived was not said again"
    finally:
        other.stop()


def test_a_worker_that_is_killed_is_replaced_and_none_outlives_who_watches(program, stage, platform):
    if stage.database.is_sqlite:
        pytest.skip("several processes need PostgreSQL")
    program.start("--workers", "2")
    first = workers_below(program.process.pid)
    assert len(first) == 2
    began = time.monotonic()
    os.kill(first[0], 9)
    program.until(lambda: len(set(workers_below(program.process.pid)) - set(first)) == 1)
    assert time.monotonic() - began < 2.5, "half a second more for one that dies young"
    later = workers_below(program.process.pid)
    program.kill()
    program.until(lambda: not [pid for pid in later if Path(f"/proc/{pid}").exists()], 30)
    assert hook(program.start("--workers", "2"), stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)


def test_what_was_sent_is_written_down_when_the_database_is_back(program, stage, platform):
    """It hung up between the sending and the note of it: nothing is sent again, key or no key."""
    if stage.database.is_sqlite:
        pytest.skip("SQLite has no connection to lose")
    program.start()
    platform.stalls = 1.5
    platform.forgets = True
    one = event()
    platform.used.add(one["token"])
    assert hook(program, stage, one) == 200
    program.until(lambda: len(platform.sent) == 1)
    hang_up(stage)
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 1


def hang_up(stage):
    """As when the server is restarted: every connection but ours ends."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with create_engine(stage.database.url, poolclass=NullPool).connect() as root:
        root.exec_driver_sql(f"{others} AND pid <> pg_backend_pid() AND usename = current_user")


def kill_all(program):
    """The whole tree at once: a parent alone would leave its workers answering."""
    for pid in below(program.process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
    program.kill()


def test_a_worker_of_its_own_is_called_by_the_one_that_takes_in(program, stage, platform):
    program.start("--role", "web")
    worker = Program(program.url, program.folder)
    worker.process = worker.begin("serve", "--role", "worker")
    try:
        assert hook(program, stage, event()) == 200
        program.until(lambda: len(platform.sent) == 1)
        began = time.time()
        assert hook(program, stage, event()) == 200
        program.until(lambda: len(platform.sent) == 2)
        if not stage.database.is_sqlite:  # there the worker looks once a second
            assert platform.times[-1] - began < 0.5
    finally:
        assert worker.stop() == 0
