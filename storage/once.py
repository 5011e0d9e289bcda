"""Putting in what is not there yet, by its key: whoever comes second changes nothing."""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import ARRAY, JSON, Select, Text, bindparam, cast, func, select
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
        columns = _as_columns(filled)
        return set(connection.execute(_inserting_columns(record, tuple(columns)), columns).scalars())
    return set(connection.execute(_inserting(connection.dialect.name, record), filled).scalars())


def insert_absent(session: Session, record: type[Base], rows: Sequence[Json]) -> None:
    """Insert the rows that are not there yet, whatever it is that tells them from each other."""
    if rows:
        session.execute(_putting_in(session.get_bind().dialect.name, record), rows)


@lru_cache(maxsize=8)
def _inserting(dialect: str, record: type[Base]) -> Any:
    return _putting_in(dialect, record).returning(record.key)  # type: ignore[attr-defined]


def insert_pairs(
    session: Session, first: tuple[type[Base], Sequence[Json]], second: tuple[type[Base], Sequence[Json]]
) -> set[str]:
    """Insert those rows of the first whose ``key`` is not there yet, and of the second those of the same
    keys, all in one statement (PostgreSQL); the keys that were new."""
    given: Json = {}
    for name, (_, rows) in zip("ab", (first, second), strict=True):
        given |= _as_columns([{"id": new_id(), **row} for row in rows], name)
    wrote(session)
    statement = _inserting_pairs(first[0], second[0], tuple(given))
    return set(session.connection().execute(statement, given).scalars())


@lru_cache(maxsize=8)
def _inserting_pairs(first: type[Base], second: type[Base], names: tuple[str, ...]) -> Any:
    new = _from_columns(first, [name[1:] for name in names if name[0] == "a"], "a").cte("new")
    follow = _from_columns(second, [name[1:] for name in names if name[0] == "b"], "b", select(new.c.key))
    return select(new.c.key).add_cte(follow.cte("follow"))


def _as_columns(rows: Sequence[Json], prefix: str = "") -> Json:
    return {f"{prefix}{name}": [_as_sent(row[name]) for row in rows] for name in rows[0]}


@lru_cache(maxsize=8)
def _inserting_columns(record: type[Base], names: tuple[str, ...]) -> Any:
    """The same with a list for each column (PostgreSQL): one statement whatever the number of rows, where one
    with all their values would be taken apart by the driver anew for every number."""
    return _from_columns(record, names)


def _from_columns(
    record: type[Base], names: Sequence[str], prefix: str = "", only: Select[Any] | None = None
) -> Any:
    kinds = {name: getattr(record, name).type for name in names}
    lists = {
        name: func.unnest(
            bindparam(f"{prefix}{name}", type_=ARRAY(Text() if isinstance(kind, JSON) else kind))
        )
        for name, kind in kinds.items()
    }
    rows = select(*(one.label(name) for name, one in lists.items())).subquery()
    columns = [cast(rows.c[name], JSON) if isinstance(kinds[name], JSON) else rows.c[name] for name in names]
    chosen = select(*columns)
    if only is not None:
        chosen = chosen.where(rows.c.key.in_(only))
    make = import_module("sqlalchemy.dialects.postgresql").insert
    made = make(record).from_select(list(names), chosen, include_defaults=False)
    return made.on_conflict_do_nothing().returning(record.key)  # type: ignore[attr-defined]


def _as_sent(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _putting_in(dialect: str, record: type[Base]) -> Any:
    make = import_module(f"sqlalchemy.dialects.{dialect}").insert  # the other one is never loaded
    return make(record).on_conflict_do_nothing()
