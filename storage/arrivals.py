"""What webhooks brought, safe in a file of its own beside a SQLite database until the queue takes it in.

A SQLite file has one writer at a time: a webhook would wait for the answer that is being written, for the
plan that is being imported. In its own file it waits for nobody. What was let into the queue and not dropped
here (a crash in between) is let in again and found to be there by its key (storage/inbox.py).
"""

import threading
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String, delete, exists, func, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from storage.base import Json
from storage.engines import EACH, of_file
from storage.inbox import Event

FILE = ".arrivals"  # behind the name of the database


class _Here(DeclarativeBase):
    metadata = MetaData()  # the file's own: the records' schema knows nothing of it


class Arrival(_Here):
    """One event as it came, ``at`` a moment in ms. No number is given twice: two processes may be letting in
    the same ones, and the later must not drop what came after."""

    __tablename__ = "arrival"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    agency_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(200))
    lane: Mapped[str] = mapped_column(String(200))
    order_by: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[Json] = mapped_column(JSON)


class Arrivals:
    """The file of one database, made when something is first kept. Any thread may keep and let in."""

    def __init__(self, database: URL) -> None:
        self._file = Path(f"{database.database}{FILE}")
        self._engine = of_file(database.set(database=str(self._file)), pool_size=2)
        self._writing, self._is_made = threading.Lock(), False
        self.may_have = True  # perhaps; where it is False, this process has kept nothing since it looked

    def keep(self, events: Iterable[Event]) -> None:
        """Have them safe on the disk. Raises SQLAlchemyError."""
        rows = [_row(one) for one in events]
        with self._writing:
            if not self._is_made:
                _Here.metadata.create_all(self._engine)
                self._is_made = True
            # a step in the database is a wait for the interpreter, which others hold: one needs no more
            with self._engine.execution_options(**{EACH: len(rows) == 1}).begin() as connection:
                connection.execute(insert(Arrival), rows)
        self.may_have = True

    def waiting(self, most: int, without: Collection[int] = ()) -> list[tuple[int, Event]]:
        """The oldest that were not dropped, each with its number here; a quiet file is not asked."""
        if not self.may_have:
            return []
        self.may_have = False  # what is kept from here on says so again
        oldest = select(Arrival).where(Arrival.id.not_in(without)).order_by(Arrival.id).limit(most)
        try:
            with self._look() as session:
                found = [_numbered(one) for one in session.scalars(oldest)] if self._is_there() else []
        except BaseException:
            self.may_have = True
            raise
        if len(found) == most:
            self.may_have = True
        return found

    def drop(self, numbers: Collection[int]) -> None:
        """These are in the queue. Raises SQLAlchemyError: they are let in again, then."""
        if numbers:
            with self._writing, self._engine.begin() as connection:
                connection.execute(delete(Arrival).where(Arrival.id.in_(numbers)))

    def look(self) -> bool:
        """Whether anything is here, also what another process kept."""
        if not self.may_have and self._is_there():
            with self._look() as session:
                self.may_have = bool(session.scalar(select(exists().where(Arrival.id > 0)))) or self.may_have
        return self.may_have

    def is_waiting(self, agency_id: int, key: str) -> bool:
        """Whether an event is still here, and not in the queue yet."""
        here = exists().where(Arrival.agency_id == agency_id, Arrival.key == key)
        if not self._is_there():
            return False
        with self._look() as session:
            return bool(session.scalar(select(here)))

    def oldest(self) -> float:
        """Seconds the oldest has been here; 0 when there is none."""
        if not self._is_there():
            return 0.0
        with self._look() as session:
            first: int | None = session.scalar(select(func.min(Arrival.at)))
        return 0.0 if first is None else max(0.0, time.time() - first / 1000)

    def _is_there(self) -> bool:
        """Whether anything was ever kept; the file may be there before its table is."""
        if not self._is_made and self._file.exists():
            with self._engine.connect() as connection:
                self._is_made = connection.dialect.has_table(connection, Arrival.__tablename__)
        return self._is_made

    def _look(self) -> Session:
        return Session(self._engine.execution_options(write=False))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _row(event: Event) -> Json:
    told = {"agency_id": event.agency_id, "key": event.key, "lane": event.lane}
    return {**told, "order_by": event.order_by, "body": event.body, "at": int(time.time() * 1000)}


def _numbered(one: Arrival) -> tuple[int, Event]:
    return one.id, Event(one.agency_id, one.key, one.lane, one.order_by, one.body)
