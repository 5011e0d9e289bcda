"""What every record shares: its table base, its id, its moments, its agency."""

import os
import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
EPOCH_MS = 1_704_067_200_000  # 2024-01-01 UTC: 40 bits of milliseconds last until 2058


class Moment(TypeDecorator[datetime]):
    """An instant: always aware and in UTC in Python, without a zone in the database.

    SQLite keeps no zone, so none is stored on either database and both compare alike.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The one declarative base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: Moment(),
        int: BigInteger(),
    }


class _Ids:
    """Ids that grow with time and never clash between processes or databases.

    40 bits of milliseconds, 15 bits drawn per process, 8 bits of counter: an agency can be moved to
    another database without renumbering, and a row's id is known before it is written.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._node = int.from_bytes(os.urandom(2), "big") & 0x7FFF
        self._last = 0

    def __call__(self) -> int:
        with self._lock:
            slot = max(int(time.time() * 1000) - EPOCH_MS, self._last >> 8) << 8
            self._last = max(slot, self._last + 1)
            return (self._last >> 8) << 23 | self._node << 8 | self._last & 0xFF


new_id = _Ids()


def moment_of(number: int) -> datetime:
    """When an id was drawn."""
    return datetime.fromtimestamp((EPOCH_MS + (number >> 23)) / 1000, UTC)


class Identified:
    """A record with an id of its own."""

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, default=new_id)


class Owned(Identified):
    """A record of one agency. Its session fills ``agency_id`` in and shows no other agency's rows."""

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)


class Lasting(Owned):
    """A record that seldom changes and that every answer needs: kept between transactions (storage/kept.py).

    What it refers to lasts as well, so that nothing that changes often is kept with it.
    """


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def padded(values: Collection[Any]) -> list[Any]:
    """Values to look for, the last repeated up to the next power of two: the database sees few forms of
    the statement, and plans each but once."""
    found = list(values)
    size = 1 << max(0, len(found) - 1).bit_length()
    return found + found[-1:] * (size - len(found))


Json = dict[str, Any]
