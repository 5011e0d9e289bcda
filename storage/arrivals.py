"""What webhooks brought, safe in a file of its own beside a SQLite database until the queue takes it in.

A SQLite file has one writer at a time: a webhook would wait for the answer that is being written, for the
plan that is being imported. In its own file it waits for nobody. What was let into the queue and not dropped
here (a crash in between) is let in again and found to be there by its key (storage/inbox.py).
"""

from collections.abc import Collection, Iterable
from datetime import datetime

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
    """One event as it came."""

    __tablename__ = "arrival"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(200))
    lane: Mapped[str] = mapped_column(String(200))
    order_by: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[Json] = mapped_column(JSON)


class Arrivals:
    """The file of one database. Any thread may keep; one lets in."""

    def __init__(self, database: URL) -> None:
        name = f"{database.database}{FILE}"
        self._engine = of_file(database.set(database=name), pool_size=2)
        _Here.metadata.create_all(self._engine)
        self.may_have = True  # perhaps; surely not where it is False

    def keep(self, events: Iterable[Event]) -> None:
        """Have them safe on the disk."""
        rows = [
            {"agency_id": e.agency_id, "key": e.key, "lane": e.lane, "order_by": e.order_by, "body": e.body}
            for e in events
        ]
        # a step in the database is a wait for the interpreter, which others hold: one statement needs no more
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
            with Session(self._engine.execution_options(write=False)) as session:
                found = [_numbered(one) for one in session.scalars(oldest)]
        except BaseException:
            self.again()
            raise
        self.may_have = self.may_have or len(found) == most
        return found

    def again(self) -> None:
        """What was waiting could not be let in, and still waits."""
        self.may_have = True

    def drop(self, numbers: Collection[int]) -> None:
        """These are in the queue."""
        if numbers:
            with self._engine.begin() as connection:
                connection.execute(delete(Arrival).where(Arrival.id.in_(numbers)))

    def is_waiting(self, agency_id: int, key: str) -> bool:
        """Whether an event is still here, and not in the queue yet."""
        here = exists().where(Arrival.agency_id == agency_id, Arrival.key == key)
        with Session(self._engine.execution_options(write=False)) as session:
            return bool(session.scalar(select(here)))

    def oldest(self, at: datetime) -> float:
        """Seconds the oldest has been here; 0 when there is none."""
        with Session(self._engine.execution_options(write=False)) as session:
            first: int | None = session.scalar(select(func.min(Arrival.order_by)))
        return 0.0 if first is None else max(0.0, at.timestamp() - first / 1000)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _numbered(one: Arrival) -> tuple[int, Event]:
    return one.id, Event(one.agency_id, one.key, one.lane, one.order_by, one.body)
