"""Putting in what is not there yet, by its key: whoever comes second changes nothing."""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session

from storage.base import Base, Json, Owned, new_id
from storage.undoing import wrote


def insert_new(session: Session, record: type[Base], rows: Sequence[Json]) -> set[str]:
    """Insert the rows whose ``key`` is not there yet; the keys that were new."""
    if not rows:
        return set()
    filled = [{"id": new_id(), **row} for row in rows]
    if not issubclass(record, Owned):  # no agency's record needs what the session does for those
        wrote(session)
        found = session.connection().execute(_inserting(session.get_bind().dialect.name, record), filled)
        return set(found.scalars())
    return set(session.scalars(_inserting(session.get_bind().dialect.name, record), filled))


def insert_absent(session: Session, record: type[Base], rows: Sequence[Json]) -> None:
    """Insert the rows that are not there yet, whatever it is that tells them from each other."""
    if rows:
        session.execute(_putting_in(session.get_bind().dialect.name, record), rows)


@lru_cache(maxsize=8)
def _inserting(dialect: str, record: type[Base]) -> Any:
    return _putting_in(dialect, record).returning(record.key)  # type: ignore[attr-defined]


def _putting_in(dialect: str, record: type[Base]) -> Any:
    make = import_module(f"sqlalchemy.dialects.{dialect}").insert  # the other one is never loaded
    return make(record).on_conflict_do_nothing()
