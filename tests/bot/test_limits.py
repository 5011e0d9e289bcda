"""Limits hold over all processes, and for visitors of what is open to everybody."""

from collections import Counter

import pytest

from bot.web.limits import SharedTries
from tests.accounts import add_toy, event, hook, url_of, waiting
from tests.fakes.toy import Platform
from tests.program import Program


def test_what_several_processes_count_adds_up(database):
    """Two processes stand for any number; the share each does not tell of is an eighth of the limit."""
    if database.is_sqlite:
        pytest.skip("one process takes everything in")
    one, other = (SharedTries(lambda: database, "test-adds-up", 16, 3600.0) for _ in range(2))
    took = 0
    for _ in range(20):
        for tries in (one, other):
            if not tries.is_over("somebody"):
                tries.count("somebody")
                took += 1
    assert 16 <= took <= 16 + 2 * 2
    assert one.is_over("somebody")
    assert other.is_over("somebody")
    assert not other.is_over("somebody else")
    third = SharedTries(lambda: database, "test-adds-up", 16, 3600.0)
    for _ in range(4):
        third.count("somebody")
    assert third.is_over("somebody"), "who came to a process that knew nothing of it is found out soon"


def test_who_sends_too_fast_to_several_processes_is_told_once(stage, tmp_path):
    workers = () if stage.database.is_sqlite else ("--workers", "2")
    with Platform() as platform:
        add_toy(stage, platform, tmp_path)
        program = Program(url_of(stage.database), tmp_path, {"PRONGSAI_EVENTS_A_MINUTE": "8"})
        program.start(*workers)
        try:
            for _ in range(40):
                assert hook(program, stage, event()) == 200
            program.until(lambda: not waiting(stage))
        finally:
            program.stop()
    texts = Counter(platform.texts("toy:somchai"))
    (_, answers), (hint, told) = texts.most_common(2)
    assert told == 1
    assert "นาที" in hint
    assert 8 <= answers <= 10 + 8, "at most a share more, and what a new minute lets through"


def test_a_visitor_of_open_pages_is_slowed_down_by_address_that_a_trusted_proxy_tells(stage, tmp_path):
    settings = {"PRONGSAI_VISITS_A_MINUTE": "12", "PRONGSAI_TRUSTED_PROXY": "127.0.0.0/8"}
    program = Program(url_of(stage.database), tmp_path, settings).start()
    try:
        for path in (
            f"/open/{stage.agency.slug}/2567/O1",
            "/verify/abc",
            "/feeds/a/1-x.ics",
            "/in/a/b",
            "/mail/a/1/code",
        ):
            many = [visit(program, path, f"192.0.2.{len(path)}") for _ in range(40)]
            assert many[-1] == 429
            assert many[0] != 429
            assert visit(program, path, "198.51.100.7") != 429, "another address is not held up"
        assert visit(program, "/healthz", "192.0.2.1") == 200
    finally:
        program.stop()
    other = Program(url_of(stage.database), tmp_path, settings | {"PRONGSAI_TRUSTED_PROXY": "192.0.2.200"})
    other.start()
    try:
        told = [visit(other, "/verify/abc", f"192.0.2.{number}") for number in range(40)]
        assert told[-1] == 429, "what anybody writes about their address is not believed"
    finally:
        other.stop()


def visit(program, path, address):
    return program.get(path, {"X-Forwarded-For": address})[0]
