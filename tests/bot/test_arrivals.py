"""On SQLite webhooks are kept in a file of their own: they wait for nobody, nothing is lost or doubled."""

import json
import sqlite3
import time
from collections import Counter

import pytest

from bot.inbox import event_of
from storage.arrivals import FILE, Arrivals
from tests.accounts import arrived, event, hook, waiting
from tests.fakes.toy import Toy


@pytest.fixture(autouse=True)
def only_on_sqlite(stage):
    if not stage.database.is_sqlite:
        pytest.skip("webhooks wait for nobody there")


def heard(stage, said):
    return event_of(stage.agency.id, Toy({"secret": "", "url": ""}, None)._heard(said))


def put_in(stage, *said):
    arrivals = Arrivals(stage.database.url)
    arrivals.keep([heard(stage, one) for one in said])
    arrivals.close()


def test_webhooks_are_kept_while_somebody_writes_for_long_and_answered_after(program, stage, platform):
    program.start()
    said = [event(sender=f"toy:{number}") for number in range(5)]
    with stage.database.shared() as session:
        session.connection()  # the one writer from here on
        for one in (*said, said[0]):
            assert hook(program, stage, one) == 200
        assert len(arrived(stage)) == len(said) + 1, "the file asks nobody what came before"
        time.sleep(0.3)
        assert not platform.sent
    program.until(lambda: len(platform.sent) == len(said) and not waiting(stage))
    assert Counter(sent["token"] for sent in platform.sent) == Counter(one["token"] for one in said)


def test_what_was_kept_by_a_process_that_died_is_answered_by_the_next(program, stage, platform):
    program.start()
    said = [event(sender=f"toy:{number}") for number in range(3)]
    with stage.database.shared() as session:
        session.connection()  # the one writer from here on
        assert hook(program, stage, *said) == 200
        program.kill()
    assert len(arrived(stage)) == len(said)
    program.start()
    program.until(lambda: len(platform.sent) == len(said) and not waiting(stage))
    assert not arrived(stage)


def test_what_was_let_in_before_the_process_died_is_not_answered_again(program, stage, platform):
    program.start()
    said = event()
    assert hook(program, stage, said) == 200
    program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
    program.kill()
    put_in(stage, said)  # in the queue and answered, and not taken out of the file any more
    program.start()
    program.until(lambda: not arrived(stage))
    after = event(sender="toy:2")
    assert hook(program, stage, after) == 200
    program.until(lambda: len(platform.sent) == 2 and not waiting(stage))
    assert platform.sent[-1]["token"] == after["token"]


def test_what_a_process_kept_that_ended_is_answered_by_one_that_goes_on(program, stage, platform):
    program.start()
    program.until(lambda: program.get("/readyz")[0] == 200)
    said = [event(sender=f"toy:{number}") for number in range(3)]
    put_in(stage, *said)  # nobody rings in the running one
    program.until(lambda: len(platform.sent) == len(said) and not waiting(stage))


def test_numbers_are_given_once_so_that_who_is_late_drops_nothing_new(stage):
    first, second = Arrivals(stage.database.url), Arrivals(stage.database.url)
    first.keep([heard(stage, event())])
    late = [number for number, _ in second.waiting(10)]
    first.drop([number for number, _ in first.waiting(10)])
    first.keep([heard(stage, event())])
    second.drop(late)
    assert len(arrived(stage)) == 1
    first.drop([number for number, _ in first.waiting(10)])
    assert not first.look()
    for one in (first, second):
        one.close()


def test_what_cannot_be_dropped_is_answered_all_the_same_and_once(program, stage, platform):
    program.start()
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
    file = sqlite3.connect(f"{stage.database.url.database}{FILE}")
    with file:
        file.execute("CREATE TRIGGER stay BEFORE DELETE ON arrival BEGIN SELECT RAISE(ABORT, 'stay'); END")
    said = [event(sender=f"toy:{number}") for number in range(4)]
    try:
        for one in said:
            assert hook(program, stage, one) == 200
        program.until(lambda: len(platform.sent) == 1 + len(said))
        time.sleep(1.5)  # they are let in again and again
    finally:
        with file:
            file.execute("DROP TRIGGER stay")
        file.close()
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 1 + len(said)


def test_a_backup_holds_what_has_just_arrived(program, stage, platform):
    put_in(stage, event(), event(sender="toy:2"))
    assert program.run("backup", "now.zip").returncode == 0
    assert not arrived(stage)
    assert [one.state for one in waiting(stage)] == ["waiting"] * 2


def test_what_an_erased_person_has_just_said_stays_nowhere(program, stage, platform):
    said = event(text="ถ้อยคำที่เพิ่งพิมพ์")
    put_in(stage, said, event(sender="toy:2"))
    words = ("person", "erase", "--agency", stage.agency.slug, "สมชาย", "--sure", "สมชาย")
    done = program.run(*words)
    assert done.returncode == 0, done.stderr
    assert not arrived(stage)
    assert said["text"] not in json.dumps([one.body for one in waiting(stage)], ensure_ascii=False)
    with sqlite3.connect(f"{stage.database.url.database}{FILE}") as file:
        assert file.execute("SELECT count(*) FROM arrival").fetchone() == (0,)


def test_what_waits_beside_the_queue_counts_for_the_figures(program, stage, platform):
    def age():
        lines = program.get("/metrics")[1].splitlines()
        (told,) = [one for one in lines if one.startswith('prongsai_queue_age_seconds{kind="event"}')]
        return float(told.split()[-1])

    program.start()
    with stage.database.shared() as session:
        session.connection()  # the one writer from here on: nothing is let in
        assert hook(program, stage, event()) == 200
        with sqlite3.connect(f"{stage.database.url.database}{FILE}") as file:
            file.execute("UPDATE arrival SET at = at - 300000")
        assert age() > 250
    program.until(lambda: len(platform.sent) == 1 and not waiting(stage))
    assert age() < 250


def test_what_the_queue_does_not_take_holds_up_nothing_else(program, stage, platform):
    odd, good = event(), event(sender="toy:2")
    refuse = (
        "CREATE TRIGGER odd BEFORE INSERT ON job "
        f"WHEN new.key LIKE '%{odd['id']}%' BEGIN SELECT RAISE(ABORT, 'odd'); END"
    )
    with stage.database.engine.begin() as connection:
        connection.exec_driver_sql(refuse)
    try:
        put_in(stage, odd, good)
        program.start()
        program.until(lambda: len(platform.sent) == 1)
        later = event(sender="toy:3")
        assert hook(program, stage, later) == 200
        program.until(lambda: len(platform.sent) == 2)
        assert len(arrived(stage)) == 1, "it is still there, and told of in the log"
        assert "stays outside the queue" in (program.folder / "log").read_text()
        with sqlite3.connect(f"{stage.database.url.database}{FILE}") as file:
            file.execute("UPDATE arrival SET at = at - 300000")
        told = [json.loads(line) for line in program.run("check", "--json").stdout.splitlines()]
        [waits] = [one for one in told if one["what"] == "waiting"]
        assert not waits["good"], "and by check: it has waited for minutes"
        assert program.get("/readyz")[0] == 503
    finally:
        with stage.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER odd")
    program.stop()
    program.start()
    program.until(lambda: len(platform.sent) == 3 and not waiting(stage))
