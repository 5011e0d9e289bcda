"""Every record as plain rows and back: for backups, and for moving an agency to another database."""

import base64
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, LargeBinary, func, insert, select, update
from sqlalchemy.orm import Mapper, Session

from storage.base import Base, Json, Moment, Owned
from storage.records import metadata

AT_A_TIME = 500


def kinds(*, owned: bool) -> list[type[Base]]:
    """The kinds of record of agencies, or the shared ones; those pointed at come first."""
    place = {table.name: number for number, table in enumerate(metadata.sorted_tables)}
    found = [
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned) is owned and mapper.local_table.name in place  # type: ignore[attr-defined]
    ]
    return sorted(found, key=lambda kind: place[kind.__tablename__])


def rows(session: Session, kind: type[Base], *only: ColumnElement[bool]) -> Iterator[Json]:
    """Every row of a kind that the session sees, as JSON; ``only`` those for which this holds."""
    names = _columns(kind)
    asked = select(*(getattr(kind, name) for name in names)).order_by(*kind.__mapper__.primary_key)
    asked = asked.where(*only)
    for found in session.execute(asked, execution_options={"yield_per": AT_A_TIME}):
        yield {name: _plain(value) for name, value in zip(names, found, strict=True)}


def load(session: Session, kind: type[Base], given: Iterable[Json]) -> int:
    """Insert rows that ``rows`` made; how many. A row may name another of its kind that comes later."""
    backward = _points_at_own_kind(kind)
    later: list[Json] = []
    count, batch = 0, []
    for row in given:
        made = {name: _typed(kind, name, value) for name, value in row.items()}
        if any(made.get(name) is not None for name in backward):
            later.append({"id": made["id"], **{name: made.pop(name) for name in backward}})
            made.update(dict.fromkeys(backward))
        batch.append(made)
        count += 1
        if len(batch) == AT_A_TIME:
            session.execute(insert(kind), batch)
            batch = []
    if batch:
        session.execute(insert(kind), batch)
    if later:
        session.execute(update(kind), later)
    return count


def count(session: Session, kind: type[Base]) -> int:
    """How many rows of a kind the session sees."""
    return session.scalar(select(func.count()).select_from(kind)) or 0


def _columns(kind: type[Base]) -> list[str]:
    mapper: Mapper[Any] = kind.__mapper__
    return [attribute.key for attribute in mapper.column_attrs]


def _points_at_own_kind(kind: type[Base]) -> list[str]:
    mapper: Mapper[Any] = kind.__mapper__
    return [
        attribute.key
        for attribute in mapper.column_attrs
        for key in attribute.columns[0].foreign_keys
        if key.column.table is mapper.local_table
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(kind: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    column = kind.__mapper__.column_attrs[name].columns[0].type
    if isinstance(column, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column, Moment | DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column, Date) else value
