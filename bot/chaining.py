"""Links each agency's history into its chain soon after it grew, and keeps the chain's end outside the
database, where who can only write there cannot reach it."""

import logging
import os
import time
from pathlib import Path

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage import agencies, chain
from storage.chain import Head
from storage.database import Database

log = logging.getLogger("prongsai.chaining")
EVERY = 5.0  # seconds
FOLDER = "heads"


class Chaining:
    """One process's share: the agencies whose history it wrote itself; the night's round does the rest."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database, self._folder = database, data_dir / FOLDER
        self._looked = 0.0

    def tick(self) -> None:
        """Called every second; links every five."""
        if time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        for agency_id in list(self._database.noted):
            self._database.noted.discard(agency_id)
            try:
                self.one(agency_id)
            except (OSError, SQLAlchemyError):  # no room, or away: at the next look
                self._database.noted.add(agency_id)
                raise

    def one(self, agency_id: int) -> int:
        """Link what is loose of one agency; how many acts that were."""
        before, end, more = -1, Head(0, chain.START), True
        while more:
            try:
                with self._database.agency(agency_id) as records:
                    if before < 0:
                        before = chain.head(records).number
                    end, more = chain.extend(records)
            except IntegrityError:  # another worker was first; what it left comes with the next act
                return 0
        if end.number > before:
            keep_head(self._folder / str(agency_id), end)
            log.info("history linked", extra={"agency": agency_id, "to": end.number, "head": end.digest})
        return end.number - before

    def everything(self) -> int:
        """Link what is loose anywhere, as after an upgrade; how many acts that were."""
        with self._database.shared(write=False) as session:
            known = list(agencies.agency_slugs(session))
        return sum(map(self.one, known))


def keep_head(file: Path, end: Head) -> None:
    """Write down how far a chain goes; a newer one that stands there already stays."""
    if (known := kept_head(file)) and known.number >= end.number:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_text(f"{end.number} {end.digest}\n", encoding="ascii")
    part.replace(file)


def kept_head(file: Path) -> Head | None:
    """The end that was written down last, if one was."""
    try:
        number, digest = file.read_text(encoding="ascii").split()
        return Head(int(number), digest)
    except (OSError, ValueError):
        return None
