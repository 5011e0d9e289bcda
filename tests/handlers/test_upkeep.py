"""What administrators hear of: work set aside, a month that runs short; each once, nobody else."""

from datetime import date

from sqlalchemy import select

from bot import clock
from handlers.timed import Errand
from handlers.upkeep import daily, forecast
from storage import agencies, jobs, schedules
from storage.agencies import Channel
from storage.jobs import Job
from storage.outbox import Letter
from storage.people import Person, Role
from tests.conftest import bangkok


def told(stage):
    with stage.database.agency(stage.agency.id) as records:
        agency = records.get_one(agencies.Agency, stage.agency.id)
        at = bangkok(2024, 1, 18)
        return daily(Errand(records, agency, at, at.date()))


def test_nothing_is_said_while_all_is_well(stage):
    assert told(stage) == []


def test_work_set_aside_is_told_with_its_number(stage):
    with stage.database.shared() as session:
        jobs.add(session, "event", f"upkeep-{stage.agency.slug}", {}, agency_id=stage.agency.id)
        job = session.scalars(select(Job).where(Job.agency_id == stage.agency.id)).one()
        job.state = jobs.DEAD
    (post,) = told(stage)
    assert post.place == "test:malee"  # the secretary, while there is no administrator
    assert post.reply.cards[0].rows[0].say.args["number"] == f"{job.id % 1_000_000:06d}"
    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Person).where(Person.name == "สุดา")).one().role = Role.ADMINISTRATOR
    assert [one.place for one in told(stage)] == ["test:suda"]


def test_a_month_that_will_run_short_is_told_before_it_does(stage):
    assert forecast(100, date(2024, 1, 10)) == 310
    assert forecast(20, date(2024, 1, 1)) == round(20 * 31 / 7)
    with stage.database.agency(stage.agency.id) as records:
        records.add(Channel(kind="line", sealed=b"", details={}))
        records.flush()
        agencies.note_quota(records, "line", {"limit": 300, "used": 150, "at": "2024-01-18T10:00:00+07:00"})
    assert told(stage) == []
    with stage.database.agency(stage.agency.id) as records:
        agencies.note_quota(records, "line", {"limit": 300, "used": 200, "at": "2024-01-18T10:00:00+07:00"})
    (post,) = told(stage)
    assert post.reply.cards[0].rows[0].say.args["likely"] == round(200 * 31 / 18)


def test_every_run_of_the_clock_is_remembered(stage):
    body = {"name": "upkeep", "at": bangkok(2024, 1, 18, 8, 45).isoformat(), "since": ""}
    job = jobs.Claimed(1, stage.agency.id, clock.KIND, "k", 0, body, 1, "t")
    with stage.database.agency(stage.agency.id) as records:
        clock.run(records, job)
        assert not records.scalars(select(Letter)).all()
    with stage.database.look(stage.agency.id) as records:
        (one,) = schedules.runs(records)
    assert (one.name, one.due_at, one.letters) == ("upkeep", bangkok(2024, 1, 18, 8, 45), 0)
