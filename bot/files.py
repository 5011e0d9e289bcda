"""Fetches evidence from the channels as soon as it is named (they keep it for a while only), and deletes
what its sender took back."""

import asyncio
import errno
import logging
from dataclasses import dataclass
from datetime import timedelta

import filetype
from sqlalchemy.orm import Session

from bot import meters, previews
from bot.app import App
from bot.channels import NotSent
from bot.errands import Errands
from bot.holding import Held
from bot.logs import where
from handlers.talk import File
from storage import files, jobs
from storage.blobs import TooLarge
from storage.evidence import FORGET
from storage.jobs import Claimed

log = logging.getLogger("prongsai.files")
CAP = 20_000_000  # bytes of one file
AT_ONCE = 4
TRIES = 12  # with the growing pauses about half an hour
NO_ROOM_PAUSE = timedelta(seconds=20)
OUR_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


@dataclass(frozen=True, slots=True)
class Kept:
    """Content in the folder, not yet written down."""

    sha256: str
    size: int
    media_type: str


class Files:
    """Fetches, keeps under the content's hash, and writes both into the evidence's record."""

    def __init__(self, app: App, held: Held) -> None:
        self._app = app
        self.errands: Errands[File] = Errands(app, held, files.KIND, AT_ONCE, _load, self._fetch)
        self.taken_back: Errands[str] = Errands(app, held, FORGET, AT_ONCE, _content, self._forget)

    def start(self) -> None:
        """Begin to fetch."""
        self.errands.start()
        self.taken_back.start()

    async def stop(self) -> None:
        """Finish what is being fetched."""
        await self.errands.stop()
        await self.taken_back.stop()

    async def _fetch(self, job: Claimed, file: File) -> None:
        try:
            kept = await self._stream(job, file)
        except NotSent as fault:
            if fault.permanent:
                await asyncio.to_thread(self._gone, job)
            else:
                await asyncio.to_thread(self._again, job, str(fault), fault.after)
        except TooLarge:
            await asyncio.to_thread(self._gone, job)
        except Exception as fault:  # noqa: BLE001 - the network's or the disk's: tried again
            await asyncio.to_thread(self._again, job, where(fault), None, is_ours=_is_our_disk(fault))
        else:
            await asyncio.to_thread(self._keep, job, kept)

    async def _stream(self, job: Claimed, file: File) -> Kept:
        """Content into the agency's folder, chunk by chunk. Raises NotSent, TooLarge."""
        channel = await asyncio.to_thread(self._app.channel, job.agency_id, job.body["channel"])
        if channel is None:
            raise NotSent("no such channel", permanent=True)
        if file.size is not None and file.size > CAP:
            raise TooLarge
        blobs, content, size = self._app.blobs(job.agency_id), bytearray(), 0
        with blobs.taking(CAP) as part:
            async for chunk in channel.fetch(file):
                size += len(chunk)
                if len(content) < 8192:
                    content += chunk[: 8192 - len(content)]
                await asyncio.to_thread(part.write, chunk)
            sha256 = await asyncio.to_thread(part.end)
        return Kept(sha256, size, _media_type(bytes(content), file.name))

    def _keep(self, job: Claimed, kept: Kept) -> None:
        with self._app.database.agency(job.agency_id) as records:
            if not jobs.finish(records, job):
                return
            wanted = files.kept(records, job.body["evidence"], kept.sha256, kept.size, kept.media_type)
            if not wanted and not files.is_kept(records, kept.sha256):
                self._app.blobs(job.agency_id).remove(kept.sha256)
        meters.FILES.labels("kept").inc()

    async def _forget(self, job: Claimed, sha256: str) -> None:
        """Delete content its sender took back, unless other evidence shows the same."""
        await asyncio.to_thread(self._delete, job, sha256)

    def _delete(self, job: Claimed, sha256: str) -> None:
        with self._app.database.agency(job.agency_id) as records:
            if not files.is_kept(records, sha256):
                self._app.blobs(job.agency_id).remove(sha256)
                previews.forget(self._app, job.agency_id, sha256)
            jobs.finish(records, job)

    def _gone(self, job: Claimed) -> None:
        with self._app.database.agency(job.agency_id) as records:
            self._give_up(records, job)

    def _give_up(self, records: Session, job: Claimed) -> None:
        if jobs.finish(records, job):
            files.gone(records, job.body["evidence"])
            meters.FILES.labels("gone").inc()

    def _again(self, job: Claimed, fault: str, after: float | None, *, is_ours: bool = False) -> None:
        """Try again later; what our own disk does not take is not given up while its channel keeps it."""
        with self._app.database.agency(job.agency_id) as records:
            pause = timedelta(seconds=after) if after is not None else NO_ROOM_PAUSE if is_ours else None
            if jobs.fail(records, job, fault, job.attempts + 1 if is_ours else TRIES, pause):
                files.gone(records, job.body["evidence"])
        meters.FILES.labels("tried again").inc()


def _is_our_disk(fault: Exception) -> bool:
    return isinstance(fault, OSError) and fault.errno in OUR_DISK


def _load(claimed: list[Claimed]) -> list[tuple[Claimed, File]]:
    return [(job, File(**job.body["file"])) for job in claimed]


def _content(claimed: list[Claimed]) -> list[tuple[Claimed, str]]:
    return [(job, str(job.body["sha256"])) for job in claimed]


def _media_type(head: bytes, name: str) -> str:
    """What the content is, by its own first bytes; a name alone proves nothing."""
    found = filetype.guess(head)
    return str(found.mime) if found else "application/octet-stream"
