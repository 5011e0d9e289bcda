"""Plans and lists of staff sent as files: fetched, read apart from this process, shown to who sent them."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import tables, turns
from bot.app import App
from bot.channels import Heard, NotSent
from bot.errands import Errands
from bot.holding import Held
from bot.logs import where
from handlers import stafflist
from handlers.packing import pack
from handlers.plans import JOB
from handlers.talk import File, Reply, say
from storage import agencies, drafts, forms, imports, jobs, outbox, people
from storage.agencies import Agency
from storage.base import now
from storage.calendar import fiscal_year_of
from storage.jobs import Claimed
from storage.outbox import Letter

AT_ONCE = 1
TRIES = 5
PATIENCE = 90.0  # seconds after which a file that is still being read is given up


class Papers:
    """Reads what secretaries send. ``written`` is called when letters may have been written."""

    def __init__(self, app: App, held: Held, written: Callable[[], None]) -> None:
        self._app, self._written = app, written
        self.errands: Errands[File] = Errands(app, held, JOB, AT_ONCE, _load, self._read)

    def start(self) -> None:
        """Begin to read."""
        self.errands.start()

    async def stop(self) -> None:
        """Finish what is being read."""
        await self.errands.stop()

    async def _read(self, job: Claimed, file: File) -> None:
        try:
            content = await self._content(job, file)
            asked = await asyncio.to_thread(self._asked, job, file)
            told = await read_apart(content, asked)
        except NotSent as fault:
            if fault.permanent:
                told = _refused("plans-file-gone")
            else:
                await asyncio.to_thread(self._again, job, str(fault), fault.after)
                return
        except Exception as fault:  # noqa: BLE001 - the network's or the disk's: tried again
            await asyncio.to_thread(self._again, job, where(fault), None)
            return
        await asyncio.to_thread(self._answer, job, told)
        self._written()

    async def _content(self, job: Claimed, file: File) -> bytes:
        """The file from its channel; what is too large is cut off one byte over the limit."""
        channel = await asyncio.to_thread(self._app.channel, job.agency_id, job.body["channel"])
        if channel is None:
            raise NotSent("no such channel", permanent=True)
        content = bytearray()
        async for chunk in channel.fetch(file):
            content += chunk
            if len(content) > tables.MOST_BYTES:
                break
        return bytes(content)

    def _asked(self, job: Claimed, file: File) -> dict[str, Any]:
        with self._app.database.look(job.agency_id) as records:
            agency = records.get_one(Agency, job.agency_id)
            year = fiscal_year_of(turns.local_day(agency, now()))
            known = agencies.unit_names(records)
        return {"name": file.name, "fiscal_year": None, "likely_year": year, "units": known}

    def _answer(self, job: Claimed, told: dict[str, Any]) -> None:
        with self._app.database.agency(job.agency_id) as records:
            if jobs.finish(records, job):
                answer(records, self._app, job, told)

    def _again(self, job: Claimed, fault: str, after: float | None) -> None:
        with self._app.database.agency(job.agency_id) as records:
            pause = timedelta(seconds=after) if after is not None else None
            if jobs.fail(records, job, fault, TRIES, pause):
                answer(records, self._app, job, _refused("plans-file-gone"))


def answer(records: Session, app: App, job: Claimed, told: dict[str, Any]) -> None:
    """Keep what was read and show it to who sent it, as if they had asked for it; or say why not."""
    body = job.body
    if "draft" not in told and "staff" not in told:
        letter = Letter(
            agency_id=job.agency_id,
            channel=body["channel"],
            place=body["place"],
            language=body["language"],
            replies=[told["refused"]],
            purpose="answer",
        )
        outbox.write(records, letter)
        return
    if "staff" in told:
        forms.thread(records, body["sender"], body["place"]).answers[stafflist.WAITS] = told["staff"]
        value = "stafflist-show"
    else:
        sender = people.by_address(records, body["sender"])
        value = f"plans-import:{imports.keep(records, drafts.unpack(told['draft']), sender).id}"
    heard = Heard(
        key=f"paper:{job.id}",
        kind="button",
        at=now(),
        channel=body["channel"],
        place=body["place"],
        is_private=True,
        sender=body["sender"],
        value=value,
        addressed=True,
    )
    turns.answer(records, app.reader, heard)


async def read_apart(content: bytes, asked: dict[str, Any], patience: float = PATIENCE) -> dict[str, Any]:
    """The draft of a file, read by a process of its own that is killed when it takes too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.tables",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        given = json.dumps(asked).encode() + b"\n" + content
        out, _ = await asyncio.wait_for(process.communicate(given), patience)
    except TimeoutError:
        process.kill()
        await process.wait()
        return _refused("plans-file-slow")
    if process.returncode:
        return _refused("plans-file-slow")
    told: dict[str, Any] = json.loads(out)
    return told


def _refused(why: str) -> dict[str, Any]:
    return {"refused": pack(Reply(say=say(why)))}


def _load(claimed: list[Claimed]) -> list[tuple[Claimed, File]]:
    return [(job, File(**job.body["file"])) for job in claimed]
