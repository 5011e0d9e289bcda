"""Connections: to a file of SQLite, to a PostgreSQL server."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

EACH = "each"  # statements are committed by themselves: an option of the connection
AGENCY = "agency"  # whose records are seen: an option of the connection


def engine(url: URL, pool_size: int) -> Engine:
    """Connections of transactions; the folder of a file is made."""
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return of_file(url, pool_size)
    made = create_engine(url, pool_size=pool_size, max_overflow=8, pool_pre_ping=True)
    event.listen(made, "begin", _say_agency)
    return made


def committing_each(url: URL) -> Engine:
    """Connections to a server that commit each statement by itself.

    They are not asked whether they live before they are used, and nothing is undone after: each journey to
    the server costs the webhooks that wait as much as their statement does.
    """
    return create_engine(
        url, isolation_level="AUTOCOMMIT", pool_size=2, max_overflow=0, pool_reset_on_return=None
    )


def of_file(url: URL, pool_size: int) -> Engine:
    """Connections to one file: what is committed is on the disk, and who writes says so from the start."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=8,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the begin event below says BEGIN itself
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(EACH):
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write", True) else "BEGIN")


def _say_agency(connection: Connection) -> None:
    agency = int(connection.get_execution_options().get(AGENCY, 0))
    if agency:  # unset, the policies show no row at all
        connection.exec_driver_sql(f"SET LOCAL prongsai.agency = '{agency}'")


def normal(url: str) -> URL:
    """The address with the drivers we use: psycopg for PostgreSQL, the built-in one for SQLite."""
    made = make_url(url)
    if made.get_backend_name() in ("postgresql", "postgres"):
        return made.set(drivername="postgresql+psycopg")
    return made
