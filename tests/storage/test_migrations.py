"""An upgrade happens while the version before still runs: its statements go on working, there and back."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.types import Float

from storage import copies, migrations
from storage.agencies import Agency

FIRST = "0001"


@pytest.fixture
def old(empty):
    """A database as the first version made it, and its tables as that version knew them."""
    migrations.upgrade(empty.engine, FIRST)
    known = MetaData()
    known.reflect(empty.engine)
    known.remove(known.tables["alembic_version"])
    return empty, known


def value(column, number):
    """Something that fits a column."""
    for key in column.foreign_keys:
        return None if key.column.table is column.table else number
    kind = column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, DateTime):
        return datetime.now(UTC).replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2024, 1, 14)
    if isinstance(kind, LargeBinary):
        return b"x"
    if isinstance(kind, String):
        return f"{column.name[:6]}{number}"[: kind.length or 20]
    return float(number) if isinstance(kind, Float | Numeric) else number


def write(connection, known, number):
    """One row into every table, by the old version's columns."""
    for table in known.sorted_tables:
        row = {column.name: value(column, number) for column in table.columns}
        row |= {"agency_id": number} if "agency_id" in row else {}
        connection.execute(insert(table).values(row))


def doing(database, number):
    return database.engine.execution_options(agency=number).begin()


def test_the_version_before_goes_on_while_and_after_the_schema_is_changed(old):
    database, known = old
    with doing(database, 1) as connection:
        write(connection, known, 1)
    migrations.upgrade(database.engine)
    with doing(database, 2) as connection:  # an old worker that was not restarted yet
        write(connection, known, 2)
        for table in known.sorted_tables:
            connection.execute(select(table))
            for column in table.columns:
                if not column.primary_key and not column.foreign_keys:
                    key = next(iter(table.primary_key))
                    changed = update(table).where(key == value(key, 2))
                    connection.execute(changed.values({column.name: value(column, 3)}))
                    break
    for number in (1, 2):  # and the new version reads what the old one wrote, before and after
        with database.look(number) as records:
            for kind in copies.kinds(owned=True):
                if kind.__tablename__ in known.tables:
                    assert len(list(copies.rows(records, kind))) == 1, kind.__tablename__
    migrations.downgrade(database.engine, FIRST)
    with doing(database, 2) as connection:
        for table in known.sorted_tables:
            assert connection.execute(select(func.count()).select_from(table)).scalar() > 0
    columns = {table.name: {one.name for one in table.columns} for table in known.sorted_tables}
    there = inspect(database.engine)
    for name, wanted in columns.items():
        assert {one["name"] for one in there.get_columns(name)} == wanted
    migrations.upgrade(database.engine)
    with database.shared(write=False) as session:
        assert len(session.scalars(select(Agency)).all()) == 2


def test_a_version_that_is_put_back_runs_on_the_newer_schema_and_none_runs_on_an_older(empty):
    migrations.upgrade(empty.engine)
    assert migrations.fits(migrations.newest())
    assert migrations.fits("9999"), "made by a version that this one does not know yet"
    assert not migrations.fits(FIRST)
    assert not migrations.fits(None)


def test_a_version_is_known_by_the_name_of_its_file():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    walked = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(walked)) == migrations.revisions()
