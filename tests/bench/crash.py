"""What kills, lost connections and LINE's bad moments do to events: `python -m tests.bench crash`.

Promised: nothing lost, nothing counted twice, every event answered, recovery within 6 seconds. Kills and cut
connections come in a run of their own, where nothing else delays an answer; LINE's bad moments in another,
of a fifth of the size. PRONGSAI_BENCH_CRASH gives (events, kills) another size: `300,6`. Then: a database
server of our own that is restarted, fast and as in a crash; events that end the process that answers them;
LINE out for minutes (`_outage.py`).
"""

import asyncio
import collections
import contextlib
import os
import random
import tempfile
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import aiohttp
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.app import App
from bot.config import Settings
from storage import backlog, jobs
from storage.engines import normal
from storage.outbox import Letter
from storage.progress import Update
from tests import cluster
from tests.bench import _outage
from tests.bench.engine import on_each_database, percentile
from tests.bench.line import on_line
from tests.cluster import Cluster
from tests.program import workers_below

EVENTS, KILLS = (int(one) for one in os.environ.pop("PRONGSAI_BENCH_CRASH", "3000,64").split(","))
RATE = 15  # events a second, less where the kills do not keep up: they are to happen during the load
RESTS = 16  # of so many kills one is followed by a rest
REST = 10.0  # seconds without a kill: how long the work of the dead takes then is recovery
REPORTS = 4  # every so many events is a report, which must count once
PATIENCE = 60.0  # seconds without a further answer after which the rest counts as lost
DEADLY = "ตายแน่"
TROUBLE = [429, 500, "drop", "late"]  # what LINE does now and then: refuse, fail, hang up, answer in vain


@dataclass
class Story:
    """What is to happen, and what did: when each event was acknowledged, when something was killed."""

    events: int
    kills_wanted: int
    is_troubled: bool = False
    server: Cluster | None = None
    restarts: int = 0
    deadly: int = 0
    acked: dict[int, float] = field(default_factory=dict)
    kills: list[float] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    cut: int = 0
    over: bool = False

    @property
    def ends_it(self):
        """The numbers of the events that end the process that answers them; no reports."""
        return {
            self.events * (one + 1) // (self.deadly + 2) // REPORTS * REPORTS + 1
            for one in range(self.deadly)
        }


def measure():
    yield from on_each_database(partial(_run, Story(EVENTS, KILLS)))
    yield from on_each_database(partial(_run, Story(EVENTS // 5, KILLS // 5, is_troubled=True)))
    yield from on_each_database(partial(_run, Story(EVENTS // 10, 0, deadly=3)))
    yield from _restarted()
    yield from on_each_database(_outage.run)


def _restarted():
    """With a server whose every commit reaches the disk."""
    if cluster.programs() is None:
        yield "no initdb that may be run: no server to restart"
        return
    with cluster.cluster(is_sure=True) as server, tempfile.TemporaryDirectory() as folder:
        story = Story(EVENTS // 5, 0, server=server, restarts=6)
        yield from _run(story, server.new_database(), Path(folder), "PostgreSQL")


def _run(plan, url, folder, name):
    story = replace(plan, acked={}, kills=[], rests=[])
    settings = {"PRONGSAI_TEST_DEADLY": DEADLY} if story.deadly else {}
    with on_line(url, folder, story.events, **settings) as (line, program, slug):
        count = 1 if name == "SQLite" else 3
        start = () if count == 1 else ("--workers", str(count))
        program.start(*start)
        asyncio.run(_play(program, start, line, slug, story, url))
        yield from _told(program, line, story, f"{name}, {count} process{'es' if count > 1 else ''}")
        yield _records(url, folder, slug, line, story)


async def _play(program, start, line, slug, story, url):
    path = f"{program.base}/hooks/line/{slug}"
    async with aiohttp.ClientSession() as http:
        killer = asyncio.create_task(_kill(program, start, story))
        keeper = asyncio.create_task(_keep_up(program, start, story))
        cutter = asyncio.create_task(_restart(story) if story.server else _cut(url, story))
        troubler = asyncio.create_task(_trouble(line, story))
        sending = []
        for number in range(story.events):
            while len(story.kills) < story.kills_wanted * number // story.events:  # noqa: ASYNC110 - paces only
                await asyncio.sleep(0.05)
            sending.append(asyncio.create_task(_say(http, path, line, number, story)))
            await asyncio.sleep(1 / RATE)
        await asyncio.gather(*sending)
        story.over = True
        await asyncio.gather(killer, cutter, troubler)
        answered, ends = 0, time.monotonic() + PATIENCE
        while answered < story.events and time.monotonic() < ends:
            await asyncio.sleep(0.5)
            if (count := line.answered()) > answered:
                answered, ends = count, time.monotonic() + PATIENCE
        keeper.cancel()


async def _say(http, path, line, number, story):
    """One event, sent again until it is acknowledged, and then twice more: a storm of redeliveries."""
    text = f"4.1 ทำไปแล้ว {1 + number % 99}%" if number % REPORTS == 0 else "เมนู"
    if number in story.ends_it:
        text = DEADLY
    [(body, headers)] = await asyncio.to_thread(line.webhooks, [(f"U{number}", text)])
    came = 0
    while came < 3:
        try:
            async with http.post(
                path, data=body, headers=headers, timeout=aiohttp.ClientTimeout(5)
            ) as answer:
                if answer.status == 200:
                    came += 1
                    story.acked.setdefault(number, time.time())
        except (aiohttp.ClientError, TimeoutError, OSError):
            pass
        await asyncio.sleep(random.uniform(0.05, 1.0))


async def _kill(program, start, story):
    """`kill -9` at random moments: of one worker, or (with one process) of the program itself."""
    rests = story.kills_wanted // RESTS
    pause = max(0.5, (story.events / RATE - rests * REST) / max(1, story.kills_wanted))
    while len(story.kills) < story.kills_wanted and not story.over:
        await asyncio.sleep(random.uniform(0.1, 1.2) * pause)
        story.kills.append(time.time())
        if start:
            workers = await asyncio.to_thread(workers_below, program.process.pid)
            if workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(random.choice(workers), 9)
        else:
            await asyncio.to_thread(program.kill)
            await asyncio.to_thread(program.start)
        if len(story.kills) % RESTS == 0:
            story.rests.append(story.kills[-1])
            await asyncio.sleep(REST)


async def _keep_up(program, start, story):
    """Start it again when it has ended by itself."""
    while story.deadly:
        await asyncio.sleep(0.2)
        if program.process.poll() is not None:
            story.kills.append(time.time())
            await asyncio.to_thread(program.keep_up, *start)


async def _restart(story):
    """The server goes and comes back, fast and as in a crash."""
    pause = story.events / RATE / (story.restarts + 1)
    for number in range(story.restarts):
        await asyncio.sleep(pause * random.uniform(0.7, 1.0))
        story.rests.append(time.time())
        await asyncio.to_thread(story.server.stop, ("fast", "immediate")[number % 2])
        await asyncio.to_thread(story.server.start)


async def _cut(url, story):
    """Every few seconds the database hangs up on everybody, as when it is restarted."""
    if not url.startswith("postgres"):
        return
    root = create_engine(normal(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    hang_up = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def cut():
        with root.connect() as connection:
            return connection.exec_driver_sql(hang_up).scalar()

    while not story.over:
        await asyncio.sleep(7)
        with contextlib.suppress(DBAPIError):
            story.cut += await asyncio.to_thread(cut)


async def _trouble(line, story):
    while story.is_troubled and not story.over:
        await asyncio.sleep(random.uniform(0.2, 0.8))
        await asyncio.to_thread(line.trouble, random.choices(TROUBLE, k=3))


def _told(program, line, story, name):
    said = collections.Counter(to for to, _ in line.arrived())
    at = {}
    for to, moment in line.arrived():
        at.setdefault(int(to.removeprefix("U")), moment)
    lost = [number for number in story.acked if number not in at]
    waits = [
        max(
            (at[n] - kill for n, when in story.acked.items() if kill - 10 < when <= kill and n in at),
            default=0.0,
        )
        for kill in story.rests
    ]
    waits = [max(0.0, one) for one in waits] or [0.0]
    yield (
        f"{name}{_what(story)}: {len(story.acked)} of {story.events} events taken, each 3 times; {len(story.kills)} kills, "
        f"{story.cut} connections cut; {len(lost)} lost; {sum(one > 1 for one in said.values())} answered twice; "
        f"{line.refusals()} refused; recovery p50 {percentile(waits, 50):.1f} max {max(waits):.1f} s"
    )


def _what(story):
    what = ", LINE failing" if story.is_troubled else ""
    what += f", server restarted {len(story.rests)} times" if story.server else ""
    return what + (f", {story.deadly} events that end their process" if story.deadly else "")


def _records(url, folder, slug, line, story):
    app = App(Settings(database_url=url, data_dir=folder))
    agency = app.agency(slug)
    with app.database.look(agency.id) as records:
        counted = select(func.count(), func.count(Update.message.distinct())).where(Update.message != "")
        updates, messages = records.execute(counted).one()
        states = dict(
            records.execute(select(Letter.state, func.count()).group_by(Letter.state)).tuples().all()
        )
        aside = len(backlog.in_state(records, jobs.DEAD, agency.id))
    app.close()
    wanted = sum(number % REPORTS == 0 for number in story.acked)
    return (
        f"   reports: {wanted} sent, {messages} messages gave {updates} updates "
        f"({updates - messages} doubled); letters {states}; {aside} set aside"
    )
