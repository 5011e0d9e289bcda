"""Work that meets a database which is away: it is done as soon as that is back, not when a lease ends."""

import asyncio
import time
import uuid

import pytest
from sqlalchemy.exc import OperationalError

from bot.app import App
from bot.config import Settings
from bot.errands import Errands
from bot.holding import Held
from bot.watch import Watch
from storage import jobs
from tests.accounts import url_of


@pytest.fixture
def app(database, tmp_path):
    made = App(Settings(database_url=url_of(database), data_dir=tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize("fails", ["load", "do"])
def test_what_could_not_be_loaded_or_ended_is_done_when_the_database_is_back(app, fails):
    kind, done, faults = uuid.uuid4().hex[:12], [], []

    def away(when):
        if when == fails and len(faults) < 2:
            faults.append(when)
            raise OperationalError("", None, Exception("the server hung up"), connection_invalidated=True)

    def load(claimed):
        away("load")
        return [(job, job.body["n"]) for job in claimed]

    async def do(job, found):
        away("do")
        done.append(found)
        with app.database.shared() as session:
            jobs.done(session, [job])

    async def play():
        held = Held()
        errands = Errands(app, held, kind, 4, load, do)
        watch = Watch(app.database, held)
        watch.ring_for(kind, errands.bell.ring)
        with app.database.shared() as session:
            jobs.add(session, kind, f"{kind}:1", {"n": 1})
        errands.start()
        watch.start()
        ends = time.monotonic() + 3.5  # shorter than a lease
        while not done and time.monotonic() < ends:  # noqa: ASYNC110 - a thread does it
            await asyncio.sleep(0.05)
        await errands.stop()
        await asyncio.to_thread(watch.stop)
        assert not held.all()

    asyncio.run(play())
    assert (done, len(faults)) == ([1], 2)
