"""LINE out for minutes under load: refusing, failing, hanging up, never answering, taking pushes unsaid.

Everybody reports several times meanwhile: nothing is lost or doubled, each hears their answers in order, and
all is told soon after LINE is back. PRONGSAI_BENCH_OUTAGE gives another number of seconds.
"""

import asyncio
import collections
import os
import re
import time

import aiohttp

from tests.bench.engine import percentile
from tests.bench.line import on_line

SECONDS = int(os.environ.pop("PRONGSAI_BENCH_OUTAGE", "180"))
RATE, PEOPLE = 4, 60
PATIENCE = 120.0  # seconds after LINE is back
FIGURE = re.compile(r"(\d+)%")


def run(url, folder, name):
    """The whole outage on one database."""
    count = RATE * SECONDS
    with on_line(url, folder, PEOPLE) as (line, program, slug):
        program.start()
        acks, back = asyncio.run(_play(program, line, slug, count))
        yield _told(line, name, count, acks, back)


async def _play(program, line, slug, count):
    """How long each event took to be kept, and when LINE was back."""
    path, acks = f"{program.base}/hooks/line/{slug}", []
    line.go_out(SECONDS)
    back = time.time() + SECONDS
    async with aiohttp.ClientSession() as http:
        for number in range(count):
            text = f"4.1 ทำไปแล้ว {1 + number // PEOPLE}%"
            [(body, headers)] = await asyncio.to_thread(line.webhooks, [(f"U{number % PEOPLE}", text)])
            began = time.monotonic()
            async with http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            acks.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(1 / RATE)
    while line.count() < count and time.time() < back + PATIENCE:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.5)
    await asyncio.sleep(30)  # what would come twice
    return acks, back


def _told(line, name, count, acks, back):
    heard = collections.defaultdict(list)
    for to, text in line.said():
        heard[to].append(int(FIGURE.search(text)[1]))
    told = sum(len(set(ones)) for ones in heard.values())
    twice = sum(len(ones) - len(set(ones)) for ones in heard.values())
    wrong = sum(ones != sorted(ones) for ones in heard.values())
    last = max(at for _, at in line.arrived()) - back
    return (
        f"{name}, LINE out for {SECONDS} s: {count} reports kept (p99 {percentile(acks, 99):.0f} ms), "
        f"{line.met_out()} sends failed; {count - told} lost, {twice} twice, {wrong} of {PEOPLE} people out of order; "
        f"all told {last:.0f} s after it was back"
    )
