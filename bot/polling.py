"""Asks channels for what came where they cannot reach us, and sets their webhook where they can.

What came is kept before it is confirmed, so a crash in between brings it again, and its key is known.
Telegram lets only one ask at a time: of the processes of one ``serve`` the first does; those of other
machines are refused, wait and try again.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from bot.app import App
from bot.channels import Heard, NotSent, Polled
from bot.logs import where
from storage import agencies

log = logging.getLogger("prongsai.polling")
LOOK_EVERY = 30.0  # seconds until a newly added account is noticed
PAUSE, LONG_PAUSE = 3.0, 60.0

Account = tuple[int, str]  # an agency's id and the channel's kind


class Poller:
    """One task an account; they end with the process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._tasks: dict[Account, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for accounts."""
        self._watch = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """End every poll; what was not confirmed comes again."""
        tasks = [task for task in (self._watch, *self._tasks.values()) if task is not None]
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            try:
                for account, slug in (await asyncio.to_thread(self._accounts)).items():
                    if account not in self._tasks or self._tasks[account].done():
                        self._tasks[account] = asyncio.create_task(self._serve(account, slug))
            except Exception as fault:  # noqa: BLE001 - a database that is away for a while comes back
                log.warning("accounts could not be looked up", extra={"fault": where(fault)})
            await asyncio.sleep(LOOK_EVERY)

    def _accounts(self) -> dict[Account, str]:
        """The accounts that can be polled, with their agency's slug."""
        with self._app.database.shared(write=False) as session:
            slugs = agencies.agency_slugs(session)
        found: dict[Account, str] = {}
        for agency_id, slug in slugs.items():
            with self._app.database.look(agency_id) as records:
                kinds = agencies.channel_kinds(records)
            found |= {(agency_id, kind): slug for kind in kinds if self._is_polled(agency_id, kind)}
        return found

    def _is_polled(self, agency_id: int, kind: str) -> bool:
        try:
            return isinstance(self._app.channel(agency_id, kind), Polled)
        except Exception as fault:  # noqa: BLE001 - one agency's bad key must not stop the others
            log.warning("a channel cannot be opened", extra={"channel": kind, "fault": where(fault)})
            return False

    async def _serve(self, account: Account, slug: str) -> None:
        agency_id, kind = account
        channel = await asyncio.to_thread(self._app.channel, agency_id, kind)
        if not isinstance(channel, Polled):
            return
        public = self._app.settings.public_url.rstrip("/")
        try:
            await channel.learn()
            if public:
                await channel.listen(f"{public}/hooks/{kind}/{slug}")
                await asyncio.Event().wait()  # nothing more to do while the process lives
            await channel.be_polled()
            await self._poll(agency_id, channel)
        except NotSent as fault:
            log.warning("a channel cannot be asked", extra={"channel": kind, "why": str(fault)[:200]})
            await asyncio.sleep(LONG_PAUSE if fault.permanent else PAUSE)

    async def _poll(self, agency_id: int, channel: Polled) -> None:
        async def keep(heard: Sequence[Heard]) -> object:
            return await self._app.take_in(agency_id, heard)

        offset = 0
        while True:
            try:
                offset = await channel.poll(keep, offset)
            except NotSent as fault:
                if fault.permanent:
                    raise
                await asyncio.sleep(fault.after or PAUSE)
            except Exception as fault:  # noqa: BLE001 - not kept, so not confirmed: it comes again
                log.warning("what came could not be kept", extra={"fault": where(fault)})
                await asyncio.sleep(PAUSE)
