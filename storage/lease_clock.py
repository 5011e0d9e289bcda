"""The clock that leases and pauses are measured by: the database's on PostgreSQL, where workers of several
machines compare them; the process's on SQLite, which never leaves its machine."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from storage.base import Moment, now


def moment(session: Session) -> datetime:
    """The present moment by that clock."""
    if session.get_bind().dialect.name != "postgresql":
        return now()
    found: datetime = session.connection().execute(_at_the_moment()).scalar_one()
    return found


@cache
def _at_the_moment() -> Select[datetime]:
    return select(type_coerce(postgres_clock(), Moment()))


def clock(session: Session) -> Any:
    """The same for a statement to compare with."""
    return postgres_clock() if session.get_bind().dialect.name == "postgresql" else now()


def postgres_clock() -> Any:
    """The moment at which PostgreSQL runs a statement, not at which its transaction began."""
    return type_coerce(func.timezone("utc", func.clock_timestamp()), DateTime())
