"""Statements that change rows in place, and how many they met."""

from sqlalchemy import Delete, Update
from sqlalchemy.orm import Session


def change(session: Session, statement: Update | Delete) -> int:
    """How many rows it met. What the session holds of them is not brought up to date."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]  # there is one for every UPDATE and DELETE
