"""Timed work: on working days, in the agency's zone, once over all workers, caught up by rule."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from bot import clock
from bot.app import App
from bot.clock import Clock, next_run, workdays_of, zone_of
from bot.config import Settings
from bot.holding import Held
from bot.inbox import AT_A_TIME, Inbox
from handlers.talk import Reply, say
from handlers.timed import Post, Timed
from storage import jobs
from storage.agencies import Agency
from storage.jobs import Job
from storage.outbox import Letter
from storage.schedules import Schedule
from tests.fakes.post import Quiet

ZONE = ZoneInfo("Asia/Bangkok")


def run(errand):
    return [Post("line:C1", Reply(say=say("help-menu")), "summary", f"summary:{errand.today}")]


MONDAY = Timed("weekly", time(9), run, weekday=0)
DAILY = Timed("daily", time(8, 30), run, catch_up="none")


def moment(*parts):
    return datetime(*parts, tzinfo=ZONE)


def after(timed, agency, *parts):
    return next_run(timed, moment(*parts), zone_of(agency), workdays_of(agency))


def test_a_weekly_run_is_on_its_day_at_the_agencys_time():
    here, abroad = Agency(settings={}), Agency(settings={"timezone": "Europe/Brussels"})
    assert after(MONDAY, here, 2024, 1, 18, 10) == moment(2024, 1, 22, 9)
    assert after(MONDAY, here, 2024, 1, 22, 8, 59) == moment(2024, 1, 22, 9)
    assert after(MONDAY, here, 2024, 1, 22, 9) == moment(2024, 1, 29, 9)
    assert after(MONDAY, abroad, 2024, 1, 18, 10) == datetime(
        2024, 1, 22, 9, tzinfo=ZoneInfo("Europe/Brussels")
    )


def test_a_weekly_run_on_a_holiday_moves_to_the_next_working_day():
    agency = Agency(settings={})
    # Monday 26 February 2024 stands in for Makha Bucha; 15 and 16 April are Songkran
    assert after(MONDAY, agency, 2024, 2, 20, 10) == moment(2024, 2, 27, 9)
    assert after(MONDAY, agency, 2024, 2, 26, 12) == moment(2024, 2, 27, 9)
    assert after(MONDAY, agency, 2024, 4, 10, 10) == moment(2024, 4, 17, 9)
    assert after(MONDAY, agency, 2024, 4, 17, 9) == moment(2024, 4, 22, 9)


def test_a_daily_run_leaves_out_days_off_and_the_agency_has_its_own():
    plain = Agency(settings={})
    own = Agency(settings={"days_off": ["2024-01-19"], "days_on": ["2024-01-20"]})
    assert after(DAILY, plain, 2024, 1, 18, 10) == moment(2024, 1, 19, 8, 30)
    assert after(DAILY, plain, 2024, 1, 19, 10) == moment(2024, 1, 22, 8, 30)
    assert after(DAILY, own, 2024, 1, 18, 10) == moment(2024, 1, 20, 8, 30)
    assert not workdays_of(plain)(date(2024, 12, 5))


@pytest.fixture
def hands(database, agency):
    """The clocks of three workers, and a way to see what they fired for the test's agency."""
    with database.shared() as session:
        session.execute(delete(Schedule))
    clocks = [Clock(database, lambda: None, (MONDAY, DAILY)) for _ in range(3)]
    yield clocks
    with database.shared() as session:
        session.execute(delete(Job).where(Job.kind == clock.KIND))
        session.execute(delete(Schedule))


def fired(database, agency):
    with database.shared(write=False) as session:
        found = session.scalars(select(Job).where(Job.kind == clock.KIND, Job.agency_id == agency.id))
        return sorted((job.body["name"], job.body["at"][:10]) for job in found)


def test_each_run_is_fired_once_over_all_workers(database, agency, hands):
    hands[0].look(moment(2024, 1, 18, 10))
    assert fired(database, agency) == []
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.look(moment(2024, 1, 22, 9, 1)), hands))
        list(pool.map(lambda one: one.look(moment(2024, 1, 22, 9, 2)), hands))
    assert fired(database, agency) == [("weekly", "2024-01-22")], (
        "the daily runs were missed: by rule left out"
    )


def test_workers_that_plan_at_the_same_time_plan_each_once(database, agency, hands):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.look(moment(2024, 1, 18, 10)), hands))
    with database.shared(write=False) as session:
        mine = list(session.scalars(select(Schedule.name).where(Schedule.agency_id == agency.id)))
    assert sorted(mine) == [f"daily:{agency.id}", f"weekly:{agency.id}"]


def test_after_standing_still_only_the_latest_run_is_caught_up(database, agency, hands):
    hands[0].look(moment(2024, 1, 18, 10))
    hands[1].look(moment(2024, 3, 1, 8, 40))
    assert fired(database, agency) == [("daily", "2024-03-01"), ("weekly", "2024-02-27")]


def test_a_run_writes_its_letters_once_for_ever(database, agency, hands):
    hands[0].look(moment(2024, 1, 18, 10))
    for week in (0, 1):
        hands[0].look(moment(2024, 1, 22, 9, 1) + timedelta(days=7 * week))
    with database.shared() as session:
        claimed = [job for job in jobs.claim(session, clock.KIND, 100) if job.agency_id == agency.id]
    for job in [*claimed, claimed[0]]:
        with database.agency(agency.id) as records:
            clock.run(records, job, (MONDAY, DAILY))
            jobs.finish(records, job)
    with database.look(agency.id) as records:
        letters = records.scalars(select(Letter)).all()
        assert [(one.place, one.channel, one.purpose) for one in letters] == [
            ("line:C1", "line", "summary")
        ] * 2


def test_one_ring_has_all_runs_done_an_agency_at_a_time(database, agency, tmp_path):
    url = database.url.render_as_string(hide_password=False)
    app = App(Settings(database_url=url, data_dir=tmp_path))
    worker, count = Inbox(app, Held(), Quiet(), 1), 3 * AT_A_TIME
    body = {"name": "upkeep", "at": moment(2024, 1, 22, 9).isoformat(), "since": ""}
    with database.shared() as session:
        for number in range(count):
            jobs.add(session, clock.KIND, f"{clock.KIND}:{number}", body, agency_id=agency.id)
    worker.ring_timed()
    while worker.round():
        pass
    assert (worker.count, fired(database, agency)) == (count, [])
    app.close()


def test_a_missed_run_is_made_up_when_the_office_opens(database, agency, hands):
    hands[0].look(moment(2024, 1, 18, 10))  # plans the run of Monday the 22nd, 9 o'clock
    for night in (moment(2024, 1, 22, 22), moment(2024, 1, 23, 7)):
        hands[0].look(night)
        assert fired(database, agency) == []
    hands[0].look(moment(2024, 1, 23, 9))
    assert ("weekly", "2024-01-22") in fired(database, agency)
