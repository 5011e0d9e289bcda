"""Real questions and reports to the sample agency, from LINE's signed webhook to the validated answer.

Promised: kept within 50 ms at the 99th percentile at 50 events/s, answered within a second.
"""

import asyncio
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import aiohttp
from sqlalchemy import select

from bot import samples
from bot.app import App
from bot.config import Settings
from storage import migrations
from storage.agencies import Agency, Unit
from storage.people import Identity, Person
from tests.bench._apart import Apart
from tests.bench.engine import on_each_database, percentile, resident
from tests.program import Program

RATE, SECONDS, WARM = 50, 10, 100
PEOPLE = WARM + RATE * SECONDS
TEXTS = ("ของฉัน", "เดือนนี้เหลืออะไร", "4.1 ทำไปแล้ว 50%", "รับกระเช้าได้ไหม", "เมนู")


def measure():
    yield from on_each_database(_on)


@contextmanager
def on_line(url, folder, people, **settings):
    """A LINE of its own, the program (not started yet) with an account there, and the sample agency's name."""
    with Apart() as apart:
        line = apart.Line(limit=None)
        address, secret, token = line.begin()
        slug = _fill(url, folder, people)
        program = Program(url, folder, {"PRONGSAI_LINE_API_URL": address, **settings})
        words = ("--agency", slug, "--secret", secret, "--token", token)
        assert program.run("channel", "add", "line", *words).returncode == 0
        try:
            yield line, program, slug
        finally:
            program.stop()


def _on(url, folder, name):
    with on_line(url, folder, PEOPLE) as (line, program, slug):
        program.start()
        path = f"{program.base}/hooks/line/{slug}"
        asyncio.run(_load(path, line, range(WARM)))
        acks, answers = asyncio.run(_load(path, line, range(WARM, PEOPLE)))
        yield (
            f"{name}, {RATE}/s to the sample agency: kept p50 {percentile(acks, 50):.1f} "
            f"p99 {percentile(acks, 99):.1f} ms; answered p50 {percentile(answers, 50):.0f} "
            f"p99 {percentile(answers, 99):.0f} max {max(answers):.0f} ms; "
            f"{line.refusals()} refused; {resident(program):.0f} MB"
        )


def _fill(url, folder, people):
    app = App(Settings(database_url=url, data_dir=folder))
    migrations.upgrade(app.database.engine)
    agency_id = samples.make(app, datetime.now(UTC).date())
    with app.database.agency(agency_id) as records:
        units = records.scalars(select(Unit)).all()
        for number in range(people):
            person = Person(name=f"คนที่ {number}", unit_id=units[number % len(units)].id)
            person.identities.append(Identity(agency_id=agency_id, address=f"line:U{number}"))
            records.add(person)
        slug = records.get_one(Agency, agency_id).slug
    app.close()
    return slug


async def _load(path, line, people):
    """Each person says one thing; milliseconds until it was kept, and until it was answered."""
    webhooks = line.webhooks([(f"U{number}", TEXTS[number % len(TEXTS)]) for number in people])
    acks, began_at, before = [], {}, line.count()
    async with aiohttp.ClientSession() as http:

        async def one(number, body, headers):
            began = began_at[f"U{number}"] = time.time()
            async with http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            acks.append((time.time() - began) * 1000)

        began, tasks = time.monotonic(), []
        for at, (number, (body, headers)) in enumerate(zip(people, webhooks, strict=True)):
            await asyncio.sleep(max(0.0, began + at / RATE - time.monotonic()))
            tasks.append(asyncio.create_task(one(number, body, headers)))
        await asyncio.gather(*tasks)
        ends = time.monotonic() + 120
        while line.count() < before + len(people) and time.monotonic() < ends:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    return acks, [(at - began_at[to]) * 1000 for to, at in line.arrived()[before:]]
