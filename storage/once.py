"""Putting in what is not there yet, by its key: whoever comes second changes nothing."""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import ARRAY, JSON, Text, bindparam, cast, func, select
from sqlalchemy.orm import Session

from storage.base import Base, Json, new_id
from storage.undoing import wrote


def insert_new(session: Session, record: type[Base], rows: Sequence[Json]) -> set[str]:
    """Insert the rows (alike in their columns; of no agency's record) whose ``key`` is not there yet; the
    keys that were new."""
    if not rows:
        return set()
    filled = [{"id": new_id(), **row} for row in rows]
    wrote(session)
    connection = session.connection()  # no agency's record, which would need what the session does for those
    if connection.dialect.name == "postgresql":
        columns = {name: [_as_sent(row[name]) for row in filled] for name in filled[0]}
        return set(connection.execute(_inserting_columns(record, tuple(columns)), columns).scalars())
    return set(connection.execute(_inserting(connection.dialect.name, record), filled).scalars())


def insert_absent(session: Session, record: type[Base], rows: Sequence[Json]) -> None:
    """Insert the rows that are not there yet, whatever it is that tells them from each other."""
    if rows:
        session.execute(_putting_in(session.get_bind().dialect.name, record), rows)


@lru_cache(maxsize=8)
def _inserting(dialect: str, record: type[Base]) -> Any:
    return _putting_in(dialect, record).returning(record.key)  # type: ignore[attr-defined]


@lru_cache(maxsize=8)
def _inserting_columns(record: type[Base], names: tuple[str, ...]) -> Any:
    """The same with a list for each column (PostgreSQL): one statement whatever the number of rows, where one
    with all their values would be taken apart by the driver anew for every number."""
    kinds = {name: getattr(record, name).type for name in names}
    lists = {
        name: func.unnest(bindparam(name, type_=ARRAY(Text() if isinstance(kind, JSON) else kind)))
        for name, kind in kinds.items()
    }
    columns = [cast(one, JSON) if isinstance(kinds[name], JSON) else one for name, one in lists.items()]
    make = import_module("sqlalchemy.dialects.postgresql").insert
    made = make(record).from_select(list(names), select(*columns), include_defaults=False)
    return made.on_conflict_do_nothing().returning(record.key)  # type: ignore[attr-defined]


def _as_sent(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _putting_in(dialect: str, record: type[Base]) -> Any:
    make = import_module(f"sqlalchemy.dialects.{dialect}").insert  # the other one is never loaded
    return make(record).on_conflict_do_nothing()
