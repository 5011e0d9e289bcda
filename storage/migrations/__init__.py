"""The schema's versions (Alembic), and the row security that PostgreSQL adds to each table.

Alembic is loaded only where the schema is changed: a program that merely starts asks which version there
is, and knows its own by the names of the version files (``0007_…`` follows ``0006_…``; a test holds it).
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table

from storage.base import Base, Owned

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.operations import Operations

VERSIONS = Path(__file__).parent / "versions"


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - loaded only where the schema is changed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision, in one transaction."""
    from alembic import command  # noqa: PLC0415 - loaded only where the schema is changed

    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to an older revision, in one transaction."""
    from alembic import command  # noqa: PLC0415 - loaded only where the schema is changed

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


@cache
def revisions() -> tuple[str, ...]:
    """The revisions this program knows, oldest first."""
    return tuple(sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py")))


def newest() -> str:
    """The revision this program expects."""
    return revisions()[-1]


def fits(found: str | None) -> bool:
    """Whether this program runs on a schema: its own, or a newer program's, because a change only adds."""
    return found == newest() or (found is not None and found not in revisions())


def current(engine: Engine) -> str | None:
    """The revision the database is at; nothing when it is empty."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))


def secure(op: "Operations", tables: list[str]) -> None:
    """On PostgreSQL, let a connection see only the rows of the agency its transaction names.

    The second wall behind the session's own filter; it binds the tables' owner too.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in tables:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY one_agency ON {name} USING "
            "(agency_id = nullif(current_setting('prongsai.agency', true), '')::bigint)"
        )


def owned_tables() -> list[str]:
    """The tables whose every row belongs to one agency."""
    return sorted(
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned)
    )
