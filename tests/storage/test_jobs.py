"""The queue: once, in order, by lease, and never twice."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import DataError, SQLAlchemyError

from bot.fair import InTurn, Shares
from storage import inbox, jobs
from storage.away import is_away
from storage.base import now
from storage.inbox import Event
from storage.jobs import Job


@pytest.fixture
def kind() -> str:
    """A kind of job of the test's own, because the database is shared."""
    return uuid.uuid4().hex[:12]


def put(database, kind, *names, lane="", **more):
    with database.shared() as session:
        return [jobs.add(session, kind, f"{kind}:{name}", {"n": name}, lane=lane, **more) for name in names]


def take(database, kind, most=10):
    with database.shared() as session:
        return jobs.claim(session, kind, most)


def lapse(database, job):
    """As if the lease had run out."""
    with database.shared() as session:
        session.execute(update(Job).where(Job.id == job.id).values(run_at=now() - timedelta(seconds=1)))


def test_a_job_is_claimed_once_and_gone_when_done(database, kind):
    assert put(database, kind, "a") == [True]
    [job] = take(database, kind)
    assert take(database, kind) == []
    with database.shared() as session:
        jobs.done(session, [job])
    lapse(database, job)
    assert take(database, kind) == []


def test_the_same_key_waits_only_once(database, kind):
    assert put(database, kind, "a", "a", "b") == [True, False, True]


def test_a_lane_keeps_its_order_and_does_not_hold_up_others(database, kind):
    put(database, kind, "second", lane="x", order_by=2)
    put(database, kind, "first", lane="x", order_by=1)
    put(database, kind, "other", lane="y", order_by=3)
    got = take(database, kind)
    assert [job.body["n"] for job in got] == ["first", "other"]
    assert take(database, kind) == [], "the second waits while the first is being done"
    with database.shared() as session:
        jobs.done(session, [got[0]])
    assert [job.body["n"] for job in take(database, kind)] == ["second"]


def test_a_lost_lease_undoes_the_slower_worker(database, kind):
    put(database, kind, "a")
    [slow] = take(database, kind)
    lapse(database, slow)
    [quick] = take(database, kind)
    assert quick.attempts == 2
    with pytest.raises(jobs.LeaseLost), database.shared() as session:
        jobs.done(session, [slow])
    with database.shared() as session:
        jobs.done(session, [quick])


def test_a_renewed_lease_holds(database, kind):
    put(database, kind, "a")
    [job] = take(database, kind)
    lapse(database, job)
    with database.shared() as session:
        jobs.renew(session, [job])
    assert take(database, kind) == []


def test_a_released_job_is_due_at_once_and_has_not_been_tried(database, kind):
    put(database, kind, "a")
    with database.shared() as session:
        jobs.release(session, jobs.claim(session, kind, 1))
    assert [job.attempts for job in take(database, kind)] == [1]


def test_a_failing_job_waits_and_is_set_aside_with_its_fault_after_its_last_try(database, kind):
    put(database, kind, "a")
    for attempt in (1, 2):
        [job] = take(database, kind)
        with database.shared() as session:
            assert jobs.fail(session, job, "no luck", tries=2) is (attempt == 2)
        assert take(database, kind) == [], "not before its pause is over"
        if attempt == 1:
            lapse(database, job)
    with database.shared() as session:
        kept = session.scalars(select(Job).where(Job.id == job.id)).one()
        assert (kept.state, kept.fault) == (jobs.DEAD, "no luck")
        session.delete(kept)


def test_a_job_set_aside_does_not_block_its_lane(database, kind):
    put(database, kind, "a", "b", lane="x")
    [first] = take(database, kind)
    with database.shared() as session:
        jobs.fail(session, first, "no luck", tries=1)
    assert [job.body["n"] for job in take(database, kind)] == ["b"]


def test_an_event_is_kept_once_for_each_agency(database, agency, noise):
    def event(agency_id, key):
        return Event(agency_id, f"line:{key}", "place:sender", 1, {"text": key})

    with database.shared() as session:
        assert inbox.keep(session, [event(agency.id, "A"), event(agency.id, "A"), event(agency.id, "B")]) == 2
    with database.shared() as session:
        assert inbox.keep(session, [event(agency.id, "A"), event(noise.id, "A")]) == 1


def test_an_event_that_cannot_be_kept_is_not_remembered_either(database, agency):
    if database.is_sqlite:
        pytest.skip("it keeps nearly everything")
    bad, good = (
        Event(agency.id, "line:A", "place:sender", 1, {"text": text}) for text in (float("nan"), "A")
    )
    with pytest.raises(DataError), database.shared(urgent=True, each=True) as session:
        inbox.keep(session, [bad])
    with database.shared(urgent=True, each=True) as session:
        assert inbox.keep(session, [good]) == 1
    with database.shared(urgent=True, each=True) as session:
        assert inbox.keep(session, [good]) == 0
    with database.shared() as session:
        waiting = session.scalars(select(Job).where(Job.agency_id == agency.id, Job.kind == inbox.KIND)).all()
    assert [job.body for job in waiting] == [{"text": "A"}]


def test_workers_racing_for_jobs_never_share_one(database, kind):
    from concurrent.futures import ThreadPoolExecutor

    put(database, kind, *map(str, range(60)))
    with ThreadPoolExecutor(4) as pool:
        got = [job.id for taken in pool.map(lambda _: take(database, kind, 15), range(8)) for job in taken]
    assert len(got) == len(set(got)) == 60


def test_an_agency_that_floods_the_queue_keeps_nobody_waiting(database, kind):
    """Fifty of one agency were there first; a single one of another is in the second handful."""
    fair = InTurn(kind)
    with database.shared() as session:
        for number in range(50):
            jobs.add(session, kind, f"{kind}:noisy:{number}", {}, agency_id=1)
        for number in range(2):
            jobs.add(session, kind, f"{kind}:quiet:{number}", {}, agency_id=2 + number)
    served = []
    while len(served) < 52:
        with database.shared() as session:
            taken = fair.claim(session, 10)
            jobs.done(session, taken)
        served += [job.agency_id for job in taken]
    assert served[10:12] == [2, 3]
    assert served.count(1) == 50


def test_an_agency_that_has_its_share_under_way_gets_no_more(database, kind):
    shares = Shares(2)
    for _ in range(2):
        shares.begin(1)
    with database.shared() as session:
        jobs.add(session, kind, f"{kind}:1", {}, agency_id=1)
        jobs.add(session, kind, f"{kind}:2", {}, agency_id=2)
        assert [job.agency_id for job in InTurn(kind).claim(session, 10, shares.full())] == [2]
        shares.end(1)
        assert [job.agency_id for job in InTurn(kind).claim(session, 10, shares.full())] == [1]


def test_a_database_that_is_away_is_told_from_one_that_was_asked_too_much(database):
    with pytest.raises(SQLAlchemyError) as asked, database.shared() as session:
        session.scalars(select(Job).where(Job.id.in_(range(300_000)))).all()
    assert not is_away(asked.value)
    url = "sqlite:////proc/none/a.db" if database.is_sqlite else database.url.set(port=1)
    with pytest.raises(SQLAlchemyError) as gone, create_engine(url).connect():
        pass
    assert is_away(gone.value)
