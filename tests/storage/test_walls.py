"""No agency ever sees another's records: the session filters, and PostgreSQL itself refuses."""

import subprocess
import sys

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from storage.agencies import Unit
from storage.database import WrongAgency
from storage.migrations import owned_tables
from storage.people import Person
from tests.accounts import url_of
from tests.program import ROOT


def test_a_session_sees_only_its_own_agency(stage, noise):
    with stage.database.look(stage.agency.id) as records:
        assert {unit.agency_id for unit in records.scalars(select(Unit))} == {stage.agency.id}
        assert records.scalar(select(func.count()).select_from(Person)) == 4
        theirs = stage.database
    with theirs.look(noise.id) as records:
        other = records.scalars(select(Unit)).first()
    with stage.database.look(stage.agency.id) as records:
        assert records.get(Unit, other.id) is None
        assert records.scalar(select(Unit.name).where(Unit.id == other.id)) is None


MADE_UP_FIRST = """
import sys
from tests.accounts import url_of
from tests.program import ROOT
from sqlalchemy import select
from storage.agencies import Unit
from storage.database import Database
database = Database(sys.argv[1])
for agency in (1, int(sys.argv[2])):
    with database.look(agency) as records:
        print(len(records.scalars(select(Unit)).all()))
"""


def test_a_made_up_number_of_an_agency_first_spoils_no_question_after(stage):
    """As a cookie that somebody made up may give it to a process that has just begun."""
    words = ("-c", MADE_UP_FIRST, url_of(stage.database), str(stage.agency.id))
    asked = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, cwd=ROOT)
    none, ours = map(int, asked.stdout.split())
    assert none == 0
    assert ours > 0


def test_a_session_changes_only_its_own_agency(stage, noise):
    with stage.database.agency(stage.agency.id) as records:
        records.execute(update(Unit).values(short_name="ใหม่"))
    with stage.database.look(noise.id) as records:
        assert "ใหม่" not in set(records.scalars(select(Unit.short_name)))
    with pytest.raises(WrongAgency), stage.database.agency(stage.agency.id) as records:
        records.add(Unit(agency_id=noise.id, name="ลอบเข้า"))
    with pytest.raises(WrongAgency), stage.database.agency(stage.agency.id) as records:
        records.execute(insert(Unit), [{"agency_id": noise.id, "name": "ลอบเข้า"}])


@pytest.fixture
def postgres(stage, noise):
    if stage.database.is_sqlite:
        pytest.skip("SQLite has no row security; one file serves agencies that trust one operator")
    return stage.database


@pytest.mark.parametrize("table", owned_tables())
def test_raw_sql_without_an_agency_sees_nothing(postgres, table):
    with postgres.engine.connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_raw_sql_of_one_agency_sees_nothing_of_another(postgres, stage, noise):
    with postgres.look(stage.agency.id) as records:
        seen = set(records.execute(text("SELECT agency_id FROM unit")).scalars())
        assert seen == {stage.agency.id}
        assert (
            records.execute(
                text("SELECT count(*) FROM person WHERE agency_id = :it"), {"it": noise.id}
            ).scalar()
            == 0
        )


def test_raw_sql_cannot_write_into_another_agency(postgres, stage, noise):
    with postgres.agency(stage.agency.id) as records:
        changed = records.execute(text("UPDATE unit SET name = 'x' WHERE agency_id = :it"), {"it": noise.id})
        assert changed.rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            records.execute(
                text(
                    "INSERT INTO unit (id, agency_id, name, short_name, position) VALUES (1, :it, 'x', '', 0)"
                ),
                {"it": noise.id},
            )
        records.rollback()
