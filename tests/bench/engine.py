"""The whole way of a message through the running program: signed webhook in, answer out.

Promised: kept within 50 ms at the 99th percentile at 50 events/s, answered within a second, and at
most 250 MB of memory after 10,000 events; idle at most 1 % of a core and 5 statements/s. PRONGSAI_BENCH_EVENTS shortens the burst.
"""

import asyncio
import os
import tempfile
import time
import uuid
from pathlib import Path

import aiohttp
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.app import App
from bot.config import Settings
from storage import migrations
from storage.agencies import Agency, Channel, Unit
from storage.engines import normal
from storage.people import Identity, Person
from tests.bench._apart import Apart
from tests.fakes.toy import SECRET, signed
from tests.program import Program, below

POSTGRES = os.environ.get("PRONGSAI_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
EVENTS = int(os.environ.pop("PRONGSAI_BENCH_EVENTS", "10000"))
PEOPLE = 100
IDLE = 30  # seconds


def measure():
    yield from on_each_database(_on)


def on_each_database(on):
    """Run `on(url, folder, name)` on a fresh database of each kind, and yield its lines."""
    with tempfile.TemporaryDirectory() as folder:
        yield from on(f"sqlite:///{folder}/bench.db", Path(folder), "SQLite")
    root = create_engine(normal(POSTGRES), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"prongsai_bench_{uuid.uuid4().hex[:8]}"
    try:
        with root.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError:
        yield "no PostgreSQL to measure on"
        return
    try:
        url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
        with tempfile.TemporaryDirectory() as folder:
            yield from on(url, Path(folder), "PostgreSQL")
    finally:
        with root.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _on(url, folder, name):
    with Apart() as apart:
        platform = apart.Toy()
        _fill(url, folder, platform.begin())
        program = Program(url, folder).start()
        try:
            yield from _through(program, platform, name)
        finally:
            program.stop()
        yield _idle(url, folder, name)


def _fill(url, folder, address):
    app = App(Settings(database_url=url, data_dir=folder))
    migrations.upgrade(app.database.engine)
    with app.database.shared() as session:
        agency = Agency(slug="bench", name="กรมตัวอย่าง", settings={})
        session.add(agency)
    with app.database.agency(agency.id) as records:
        unit = Unit(name="กองคลัง", short_name="กค.")
        records.add(unit)
        records.flush()
        for number in range(PEOPLE):
            person = Person(name=f"คนที่ {number}", unit_id=unit.id)
            person.identities.append(Identity(agency_id=agency.id, address=f"toy:{number}"))
            records.add(person)
        records.add(
            Channel(kind="toy", sealed=app.seal.close({"secret": SECRET, "url": address}), details={})
        )
    app.close()


def _through(program, platform, name):
    asyncio.run(_load(program, platform, count=100, rate=100))  # warm
    for rate in (50, 200):
        acks, answers = asyncio.run(_load(program, platform, count=rate * 10, rate=rate))
        yield (
            f"{name}, {rate}/s: kept p50 {percentile(acks, 50):.1f} p99 {percentile(acks, 99):.1f} ms; "
            f"answered p50 {percentile(answers, 50):.0f} p99 {percentile(answers, 99):.0f} max {max(answers):.0f} ms"
        )
    began, cpu = time.monotonic(), _cpu(program)
    asyncio.run(_load(program, platform, count=EVENTS, rate=None))
    lasted, used = time.monotonic() - began, _cpu(program) - cpu
    yield (
        f"{name}, {EVENTS} events at once: {EVENTS / lasted:.0f} answered/s, "
        f"{used / EVENTS * 1e6:.0f} µs of CPU each, {resident(program):.0f} MB resident after"
    )


def _idle(url, folder, name):
    """What a program costs that nobody talks to: its clock and its looks into the queue."""
    counted = folder / "statements"
    program = Program(url, folder, {"PRONGSAI_TEST_STATEMENTS": str(counted)}).start()
    try:
        time.sleep(5)  # it has settled in
        cpu, before = _cpu(program), counted.stat().st_size
        time.sleep(IDLE)
        share, count = (_cpu(program) - cpu) / IDLE, (counted.stat().st_size - before) / IDLE
    finally:
        program.stop()
    kept = "kept" if share <= 0.01 and count <= 5 else "BROKEN"
    return f"{name}, idle: {share:.2%} of a core, {count:.1f} statements/s [{kept}: 1 %, 5/s]"


async def _load(program, platform, count, rate):
    """Send events, wait for every answer; milliseconds until each was kept, and until answered."""
    path = f"{program.base}/hooks/toy/bench"
    acks, sent_at = [], {}
    platform.forget()
    limit = asyncio.Semaphore(64)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as http:

        async def one(number):
            token, who = uuid.uuid4().hex, f"toy:{number % PEOPLE}"
            body, headers = signed(
                {
                    "type": "message",
                    "id": token,
                    "at": time.time(),
                    "sender": who,
                    "place": who,
                    "text": "ช่วย",
                    "token": token,
                }
            )
            began = sent_at[token] = time.time()
            async with limit, http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            acks.append((time.time() - began) * 1000)

        began, tasks = time.monotonic(), []
        for number in range(count):
            if rate:
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            tasks.append(asyncio.create_task(one(number)))
        await asyncio.gather(*tasks)
        while platform.count() < count:  # noqa: ASYNC110 - the platform lives in another process
            await asyncio.sleep(0.05)
    return acks, [(at - sent_at[token]) * 1000 for token, at in platform.arrived() if token in sent_at]


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _cpu(program):
    """Seconds of CPU of all its processes."""
    parts = [(one / "stat").read_text().rpartition(")")[2].split() for one in _processes(program)]
    return sum(int(one[11]) + int(one[12]) for one in parts) / os.sysconf("SC_CLK_TCK")


def resident(program):
    """MB in memory of all its processes; what they share is counted once for each."""
    found = [(one / "status").read_text().partition("VmRSS:")[2] for one in _processes(program)]
    return sum(int(one.split()[0]) for one in found) / 1024


def _processes(program):
    first = Path(f"/proc/{program.process.pid}")
    return [first, *(Path(f"/proc/{one}") for one in below(program.process.pid))]
