"""The program that runs: one process or several on one address, each with its share of the work."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Literal

import uvicorn
from starlette.applications import Starlette

from bot import logs
from bot.app import App
from bot.config import Settings
from bot.crew import Crew, settle
from bot.polling import Poller
from bot.web import site
from bot.web.webhooks import Webhooks
from handlers.talk import Refused, say

Role = Literal["all", "web", "worker"]
log = logging.getLogger("prongsai.serving")
LOOK_EVERY = 10.0  # seconds
READY = "bot.ready"
YOUNG = 5.0  # seconds
GRACE = 25  # seconds to finish what is begun


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run. ``polls``: this process asks channels for what came; only one of them may."""

    settings: Settings
    role: Role = "all"
    workers: int = 1
    polls: bool = True


def open_socket(host: str, port: int) -> socket.socket:
    """The address to answer on. Raises Refused when it is taken."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as fault:
        made.close()
        raise Refused(say("cli-serve-taken", host=host, port=str(port))) from fault
    made.set_inheritable(True)
    return made


def serve(plan: Plan, listener: socket.socket | None) -> int:
    """Run until told to stop."""
    if plan.workers == 1:
        work(plan, listener)
        return 0
    return _watch_over(plan, listener)


def _work_under(plan: Plan, listener: socket.socket | None, watcher: Connection) -> None:
    """One process of several, which ends with the one that watches over them: a pipe of that one's breaks."""
    above = os.getppid()

    def look() -> None:
        while os.getppid() == above and not watcher.poll(1.0):
            pass
        while True:  # until it is heard: early on nobody listens
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1.0)

    threading.Thread(target=look, name="above", daemon=True).start()
    work(plan, listener)


def work(plan: Plan, listener: socket.socket | None) -> None:
    """One process: web, workers, or both, until it is told to stop."""
    logs.set_up(plan.settings.log)
    app = App(plan.settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the server raises it again once all is finished
    try:
        if listener is None:
            asyncio.run(_only_work(app))
        else:
            _server(app, plan).run([listener])
    finally:
        app.close()


def _server(app: App, plan: Plan) -> uvicorn.Server:
    crew: list[Crew] = []

    def kept() -> None:
        for one in crew:
            one.heard()

    # a process without workers puts events where the workers of others are called from
    webhooks = Webhooks(app, kept, app.arrivals if plan.role == "all" else None)
    app.take_in = webhooks.take_in
    webhooks.calls = plan.role == "web"

    @asynccontextmanager
    async def lifespan(web: Starlette) -> AsyncIterator[None]:
        _ = app.http, app.seal, app.reader  # made here, in the loop and before the first request
        if plan.role == "all":
            crew.append(Crew(app))
            crew[0].start()
            app.ended = crew[0].ended
        poller = Poller(app)
        if plan.polls:
            poller.start()
        settle()
        yield
        await poller.stop()
        webhooks.keep.close()
        for one in crew:
            await one.stop()
        await app.close_http()

    config = uvicorn.Config(
        site(app, webhooks, lifespan),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=app.settings.trusted_proxy,
        timeout_graceful_shutdown=GRACE,
        backlog=2048,
    )
    return uvicorn.Server(config)


async def _only_work(app: App) -> None:
    """A worker without a web side."""
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    _ = app.http, app.seal, app.reader
    crew = Crew(app)
    crew.start()
    settle()
    while not over.is_set() and not crew.ended():  # ends, and is started anew, rather than work by half
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), LOOK_EVERY)
    if ended := crew.ended():
        log.error("a worker has died", extra={"ended": ",".join(ended)})
    await crew.stop()
    await app.close_http()


def _watch_over(plan: Plan, listener: socket.socket | None) -> int:
    """Start the processes, put a new one in the place of one that died, stop all when told to."""
    context, over = multiprocessing.get_context("forkserver"), threading.Event()
    context.set_forkserver_preload([READY])  # loaded once: a process in place of a dead one is there at once
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())

    watcher, lasting = context.Pipe(duplex=False)

    def begin(number: int) -> multiprocessing.process.BaseProcess:
        made = context.Process(target=_work_under, args=(replace(plan, polls=number == 0), listener, watcher))
        made.start()
        return made

    crew = [begin(number) for number in range(plan.workers)]
    born = [time.monotonic()] * len(crew)
    while not over.is_set():
        wait([one.sentinel for one in crew], timeout=0.5)
        for place in [place for place, one in enumerate(crew) if not one.is_alive()]:
            over.wait(0.5 if time.monotonic() - born[place] < YOUNG else 0.0)  # no births without end
            if not over.is_set():
                crew[place], born[place] = begin(place), time.monotonic()
    _end(crew)
    lasting.close()
    return 0


def _end(crew: Sequence[multiprocessing.process.BaseProcess]) -> None:
    """Tell all to finish what is begun; who does not is killed."""
    for one in crew:
        if one.is_alive() and one.pid:
            os.kill(one.pid, signal.SIGTERM)
    ends = time.monotonic() + GRACE + 5
    for one in crew:
        one.join(max(0.1, ends - time.monotonic()))
        if one.is_alive():
            one.kill()
