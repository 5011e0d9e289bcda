"""Side by side with an echo bot on the official SDK: `python -m tests.bench echo`.

The same fake LINE, the same load, one process each. The echo bot keeps nothing: it verifies, parses with
the SDK and replies. Ours stores, reads, handles, writes and replies; where its time goes is told by layer.
Promised: half as many events a second, and at half of that load 99 of 100 webhooks kept within 20 ms,
counted from the moment the request is made, however late the load itself is (which is told); two processes
do 1.6 times as much as one where cores allow: whose CPU an event takes, and what follows of it, is told.
PRONGSAI_BENCH_ECHO: events of a run.
"""

import asyncio
import gc
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.bench import _profile
from tests.bench._apart import Apart
from tests.bench._spent import CORES, spent
from tests.bench.engine import on_each_database, percentile
from tests.bench.line import TEXTS, on_line

EVENTS = int(os.environ.pop("PRONGSAI_BENCH_ECHO", "1000"))
ECHO = Path(__file__).parent / "_echo_bot.py"
AT_ONCE, SECONDS = 64, 8
LOADS = (("the menu", ["เมนู"]), ("real questions and reports", TEXTS))


class Echo:
    """The echo bot in a process of its own; shaped like a Program for the measuring."""

    def __init__(self, url, secret, token):
        command = [sys.executable, str(ECHO), url, secret, token]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().strip()
        while True:
            try:
                urllib.request.urlopen(self.base, timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def measure():
    with Apart() as apart:
        line = apart.Line(limit=None)
        echo = Echo(*line.begin())
        try:
            asyncio.run(_flat_out(f"{echo.base}/callback", line, ["เมนู"], 100))
            base = _run(echo, f"{echo.base}/callback", line, ["เมนู"])
            yield f"echo bot on the SDK: {base[0]:.0f} events/s, {base[1]}"
        finally:
            echo.stop()
    yield from on_each_database(lambda url, folder, name: _ours(url, folder, name, base))


def _ours(url, folder, name, base):
    with on_line(url, folder, EVENTS) as (line, program, slug):
        alone = {}
        for workers in (1,) if name == "SQLite" else (1, 2):
            program.start(*(() if workers == 1 else ("--workers", str(workers))))
            path = f"{program.base}/hooks/line/{slug}"
            try:
                asyncio.run(_flat_out(path, line, ["เมนู"], 100))
                for what, texts in LOADS:
                    speed, cost = _run(program, path, line, texts, on_postgres=name != "SQLite")
                    so = f"{name}, {workers} process(es), {what}"
                    yield f"{so}: {speed:.0f} events/s; {cost}; {speed / base[0]:.2f} × the echo bot"
                    if workers > 1:
                        yield f"{so}: {_factor(speed, workers, *alone[what])}"
                    alone.setdefault(what, (speed, cost))
                    acks, late = asyncio.run(_paced(path, line, texts, speed / 2))
                    yield (
                        f"{so}, half of that: kept p50 {percentile(acks, 50):.1f} p99 "
                        f"{percentile(acks, 99):.1f} ms (promised ≤ 20; the load came p99 "
                        f"{percentile(late, 99):.1f} ms late)"
                    )
            finally:
                program.stop()
        for what, texts in LOADS:
            yield f"{name}, {what}, the program's CPU: {_profiled(program, line, slug, texts)}"


def _factor(speed, workers, one, cost):
    """What more processes reached beside what the cores bear at what an event costs a lone one."""
    return (
        f"{speed / one:.2f} × one process; {CORES} cores bear at most {cost.ceiling(workers):.2f} × "
        f"(promised ≥ 1.6 where cores allow)"
    )


def _profiled(program, line, slug, texts):
    """The shares of the layers, in a run of its own: looking on costs time."""
    file = program.folder / "profile.json"
    program.settings["PRONGSAI_TEST_PROFILE"] = str(file)
    program.start()
    try:
        path = f"{program.base}/hooks/line/{slug}"
        asyncio.run(_flat_out(path, line, texts, 100))
        _profile.begin_of(file).touch()
        program.until(lambda: not _profile.begin_of(file).exists())
        asyncio.run(_flat_out(path, line, texts, EVENTS // 2))
    finally:
        program.stop()
        del program.settings["PRONGSAI_TEST_PROFILE"]
    return _profile.told(file)


def _run(program, path, line, texts, *, on_postgres=False):
    before, began = spent(program, on_postgres=on_postgres), time.monotonic()
    asyncio.run(_flat_out(path, line, texts, EVENTS))
    lasted = time.monotonic() - began
    return EVENTS / lasted, spent(program, on_postgres=on_postgres).each(before, EVENTS)


async def _paced(path, line, texts, rate):
    """At a rate for some seconds; milliseconds until each webhook was answered, and that each came late."""
    said = [(f"U{number % EVENTS}", texts[number % len(texts)]) for number in range(int(rate * SECONDS))]
    webhooks, before, acks, tasks = line.webhooks(said), line.count(), [], []
    late = []
    async with aiohttp.ClientSession() as http, _nothing_but_the_load():

        async def one(due, body, headers):
            began = time.monotonic()
            late.append((began - due) * 1000)
            async with http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            acks.append((time.monotonic() - began) * 1000)

        began = time.monotonic()
        for at, webhook in enumerate(webhooks):
            due = began + at / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(one(due, *webhook)))
        await asyncio.gather(*tasks)
        await _all_arrive(line, before + len(said))
    return acks, late


@asynccontextmanager
async def _nothing_but_the_load():
    """Who measures does not stop to look for garbage: that counted as the program's time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _all_arrive(line, count):
    ends = time.monotonic() + 300
    while line.count() < count and time.monotonic() < ends:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)


async def _flat_out(path, line, texts, count):
    """As fast as it goes, until everybody has an answer."""
    said = [(f"U{number % EVENTS}", texts[number % len(texts)]) for number in range(count)]
    webhooks, before = line.webhooks(said), line.count()
    limit = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:

        async def one(body, headers):
            async with limit, http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status

        await asyncio.gather(*(one(*webhook) for webhook in webhooks))
        await _all_arrive(line, before + count)
