"""A thousand agencies in one PostgreSQL: what one of them feels of the others, and what the clock needs.

Each has 60 measures that 20 units owe, so 1,200 things to report. `full` of them have lived a whole year
(12 reports on each, 14,400 in all), the others have begun (one report on each), to keep the disk small.
PRONGSAI_BENCH_GROWTH="agencies,full" changes both numbers ("1000,1000" is the whole year for everybody).

Promised: what is due for a unit within 5 ms, a weekly summary within 50 ms, the clock's Monday for all
agencies within 60 s, an event's cost the same (within a fifth) in one agency alone and among a thousand.
"""

import os
import statistics
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

import handlers
from bot import clock, turns
from bot import inbox as inboxes
from bot.app import App
from bot.channels import Heard
from bot.config import Settings
from bot.holding import Held
from bot.reading import reader
from handlers import summary
from handlers.timed import Errand
from storage import inbox, jobs, migrations, outbox, plans, rounds
from storage.agencies import Agency, Unit
from storage.database import Database
from storage.engines import normal
from storage.jobs import Job
from storage.measures import Duty, Measure, Responsibility, Step
from storage.people import Group, Identity, Person, Role
from storage.plans import ACTIVE, Plan, Topic
from storage.progress import Update
from storage.rounds import Occurrence
from storage.schedules import Schedule
from tests.fakes.post import Quiet

POSTGRES = os.environ.get("PRONGSAI_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
AGENCIES, FULL = map(int, os.environ.pop("PRONGSAI_BENCH_GROWTH", "1000,20").split(","))
MEASURES, UNITS, UPDATES = 60, 20, 12
TODAY = date(2024, 1, 15)  # a Monday
NOW = datetime(2024, 1, 15, 2, 0, tzinfo=UTC)  # 09:00 in Bangkok
STEP = 1 << 42  # between the ids of one agency and those of its copy
BATCH, BATCHES = 25, 12
COPIED = (
    "unit", "person", "identity", "chat_group", "plan", "topic", "measure", "step", "responsibility",
    "occurrence", "progress_update", "history",
)  # fmt: skip


def measure():
    with _databases() as found:
        if found is None:
            yield "no PostgreSQL to measure on"
        else:
            yield from _on(*found)


@contextmanager
def _databases():
    """Two empty databases: one for an agency alone, one for all."""
    root = create_engine(normal(POSTGRES), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    names = [f"prongsai_bench_{uuid.uuid4().hex[:8]}" for _ in range(2)]
    try:
        with root.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError:
        yield None
        return
    urls = [make_url(POSTGRES).set(database=name).render_as_string(hide_password=False) for name in names]
    made = [Database(url) for url in urls]
    try:
        yield made
    finally:
        for database in made:
            database.close()
        with root.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _on(small, large):
    for database in (small, large):
        migrations.upgrade(database.engine)
        first = _agency(database)
    began = time.monotonic()
    _copy(large, first)
    for database in (small, large):
        _analyse(database)
    with large.shared(write=False) as session:
        every = list(session.scalars(select(Agency.id).order_by(Agency.id)))
        size = session.scalar(select(func.pg_database_size(func.current_database())))
    rows, took = _count(large, Update), time.monotonic() - began
    yield f"{len(every)} agencies, {rows:,} reports, {size / 1e9:.2f} GB, copied in {took:.0f} s"
    yield _judged("what is due for my unit", _times(large, every, _due), 5)
    yield _judged("weekly summary", _times(large, every, _summary), 50)
    yield _ratio(small, large, first, every)
    yield from _clock(large)


def _ratio(small, large, first, every):
    """Turn by turn in both databases, so that whatever else the machine does meets both alike. An agency's
    first event in a process has its plan's words looked up, which are kept for the next ones."""
    alone, new, among = [], [], []
    for turn in range(BATCHES + 1):
        spread = every[turn :: max(1, len(every) // BATCH)][:BATCH]
        times = [_events(small, [first] * BATCH), _events(large, spread), _events(large, spread)]
        if turn:  # the first one warms up
            for into, seconds in zip((alone, new, among), times, strict=True):
                into.append(seconds)
    one, first_ones, many = (statistics.median(times) * 1000 for times in (alone, new, among))
    ratio = statistics.median(b / a for a, b in zip(alone, among, strict=True))
    kept = "kept" if ratio <= 1.2 else "BROKEN"
    return (
        f"an event: {one:.1f} ms in one agency alone, {many:.1f} ms among {len(every)} (x {ratio:.2f}, median of "
        f"pairs) [{kept}: at most 1.20]; an agency's first in a process {first_ones:.1f} ms"
    )


def _judged(what, found, promised):
    times, own = sorted(wall for wall, _ in found), statistics.median(cpu for _, cpu in found) * 1000
    median, late = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
    kept = "kept" if median <= promised else "BROKEN"
    return (
        f"{what}: median {median:.1f} ms ({own:.1f} ms of it our own CPU), quickest {times[0] * 1000:.1f} ms,"
        f" 95th percentile {late:.1f} ms [{kept}: {promised} ms]"
    )


def _agency(database):
    """One agency that has lived a year; the others are copies of it."""
    with database.shared() as session:
        agency = Agency(id=STEP, slug="a0", name="กรมตัวอย่าง", settings={})
        session.add(agency)
    numbers = iter(range(STEP + 1, STEP + 1_000_000))  # ids in one block, so that a copy is a shift
    with database.agency(agency.id) as records:
        found = [Unit(id=next(numbers), name=f"กองที่ {no}", short_name=f"ก{no}") for no in range(UNITS)]
        plan = Plan(id=next(numbers), fiscal_year=2567, assessed_year=2566, status=ACTIVE)
        records.add_all([*found, plan])
        records.flush()
        _people(records, found, numbers)
        for no in range(MEASURES):
            _measure(records, plan, found, no, numbers)
        records.flush()
        _reports(records, numbers)
    return agency.id


def _people(records, found, numbers):
    for no, unit in enumerate(found):
        person = Person(id=next(numbers), name=f"คนที่ {no}", unit_id=unit.id, role=Role.OFFICER)
        address = f"bench:{no}"
        person.identities.append(Identity(id=next(numbers), agency_id=STEP, address=address))
        records.add(person)
        records.add(Group(id=next(numbers), address=f"bench:group-{no}", unit_id=unit.id))
    records.add(Group(id=next(numbers), address="bench:board", working_group=True))


def _measure(records, plan, found, no, numbers):
    topic = Topic(id=next(numbers), plan_id=plan.id, no=str(no // 6 + 1), title="", position=no // 6)
    if no % 6 == 0:
        records.add(topic)
        records.info["topic"] = topic
    code = f"{no // 6 + 1}.{no % 6 + 1}"
    title = f"มาตรการที่ {code} ปรับปรุงแนวทางการให้บริการเรื่องที่ {no}"
    one = Measure(
        id=next(numbers),
        plan_id=plan.id,
        topic_id=records.info["topic"].id,
        code=code,
        title=title,
        position=no,
    )
    one.steps = [Step(id=next(numbers), no=1, text="ประชุมชี้แจง")]
    one.responsibilities = [Responsibility(id=next(numbers), unit_id=None, role=Duty.ALL_UNITS)]
    records.add(one)
    records.flush()
    for at, unit in enumerate(found):
        due = date(2023, 12, 31) + timedelta(days=(no * 7 + at) % 270)
        records.add(
            Occurrence(
                id=next(numbers),
                plan_id=plan.id,
                measure_id=one.id,
                unit_id=unit.id,
                role=Duty.ALL_UNITS,
                starts_on=date(2023, 10, 1),
                due_on=due,
                status="in_progress",
                version=UPDATES,
                reported_at=NOW - timedelta(days=3),
            )
        )


def _reports(records, numbers):
    person = records.scalars(select(Person.id)).first()
    for place, owed in enumerate(records.scalars(select(Occurrence)).all()):
        for version in range(1, UPDATES + 1):
            records.add(
                Update(
                    id=next(numbers),
                    occurrence_id=owed.id,
                    measure_id=owed.measure_id,
                    unit_id=owed.unit_id,
                    person_id=person,
                    version=version,
                    status="in_progress",
                    percent=version * 5.0,
                    percent_kind="progress",
                    said_at=NOW - timedelta(days=place % 30 + 30 * (UPDATES - version), hours=5),
                    source_text="ประชุมชี้แจงแล้ว คนเข้า 45 คน",
                    channel="bench",
                )
            )
        records.flush()


def _copy(database, first):
    """The others, by the server itself: every id shifted by the same step."""
    with database.engine.begin() as connection:
        # what is copied is whole: checking every reference again would take most of the time
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO agency (id, slug, name, sample, settings, created_at) "
            f"SELECT id + k * {STEP}, 'a' || k, name, sample, settings, created_at "
            f"FROM agency, generate_series(1, {AGENCIES - 1}) k WHERE id = {first}"
        )
        for table in COPIED:
            names = list(
                connection.exec_driver_sql(
                    "SELECT column_name, column_name = 'id' OR column_name LIKE '%%_id' "
                    f"FROM information_schema.columns WHERE table_name = '{table}'"
                )
            )
            into = ", ".join(f'"{name}"' for name, _ in names)
            made = ", ".join(f"{name} + k * {STEP}" if shifted else f'"{name}"' for name, shifted in names)
            thin = f"AND (k < {FULL} OR version = {UPDATES})" if table == "progress_update" else ""
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({into}) SELECT {made} "
                f"FROM {table}, generate_series(1, {AGENCIES - 1}) k WHERE agency_id = {first} {thin} "
                "ORDER BY k, id"  # an agency's rows lie together, as when a plan is brought in
            )


def _analyse(database):
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _count(database, record):
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {record.__tablename__}").scalar()


def _some(every):
    """Agencies spread over all of them; the first ones have lived the whole year."""
    return [*every[: min(FULL, 10)], *every[:: max(1, len(every) // 30)]]


def _times(database, every, work):
    """Seconds and seconds of CPU of each look, warm, over agencies old and young."""
    times = []
    for agency_id in _some(every) * 2:
        with database.look(agency_id) as records:
            agency = records.get_one(Agency, agency_id)
            began, spent = time.perf_counter(), time.thread_time()
            work(records, agency)
            times.append((time.perf_counter() - began, time.thread_time() - spent))
    return times[len(times) // 2 :]


def _due(records, agency):
    unit = records.info["agency"] + 1
    assert rounds.due_between(
        records, plans.active_plan(records, TODAY), TODAY, TODAY + timedelta(days=30), unit
    )


def _summary(records, agency):
    assert summary.WEEKLY.run(Errand(records, agency, NOW, TODAY, TODAY - timedelta(days=7)))


def _events(database, agencies):
    """Seconds that one report costs, from keeping the event to the commit of its answer; one in each."""
    known = reader()
    began = time.perf_counter()
    for number, agency_id in enumerate(agencies):
        who = f"bench:{number % UNITS}"
        heard = Heard(
            key=uuid.uuid4().hex, kind="message", at=NOW, channel="bench", place=who, is_private=True, sender=who,
            text=f"{number % 10 + 1}.{number % 6 + 1} ประชุมชี้แจงแล้ว คนเข้า {number} คน", addressed=True,
            message=uuid.uuid4().hex,
        )  # fmt: skip
        with database.shared() as session:
            inbox.keep(session, [inboxes.event_of(agency_id, heard)])
        with database.shared() as session:
            (job,) = jobs.claim(session, inbox.KIND, 10)
        with database.agency(agency_id) as records:
            turns.answer(records, known, Heard.unpack(job.body))
            jobs.done(records, [job])
    return (time.perf_counter() - began) / len(agencies)


def _clock(database):
    """Monday at nine: every agency's summary and reminders, by one worker as it runs in the program."""
    watch = clock.Clock(database, lambda: None)
    while watch.look(NOW - timedelta(days=4)):
        pass
    while True:
        with database.shared(write=False) as session:
            planned = session.scalar(select(func.count()).select_from(Schedule))
        if planned >= AGENCIES * len(handlers.TIMED):
            break
        watch.look(NOW - timedelta(days=4))
    with tempfile.TemporaryDirectory() as folder:
        app = App(
            Settings(database_url=database.url.render_as_string(hide_password=False), data_dir=Path(folder))
        )
        worker = inboxes.Inbox(app, Held(), Quiet(), 1)
        before, began = _resident(), time.monotonic()
        while watch.look(NOW):
            pass
        fired, middle = time.monotonic() - began, 0.0
        worker.ring_timed()
        while worker.round():
            if not middle and worker.count >= AGENCIES * len(handlers.TIMED) // 2:
                middle = _resident()
        took, after = time.monotonic() - began, _resident()
        app.close()
    with database.shared(write=False) as session:
        letters = session.scalar(select(func.count()).where(Job.kind == outbox.KIND))
    kept = "kept" if took <= 60 else "BROKEN"
    yield (
        f"the clock's Monday: {worker.count} runs, {letters} letters in {took:.1f} s "
        f"({fired:.1f} s to fire them) [{kept}: 60 s]"
    )
    yield f"memory of that worker: {before:.0f} MB before, {middle:.0f} MB half way, {after:.0f} MB after"


def _resident():
    """MB in memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
