"""Which worker processes live, so that what a dead one held is taken over at once, not when its lease ends.

On PostgreSQL the connection a worker listens on holds a lock of its own: it goes with the connection, and so
with the process. On SQLite every worker holds a file beside the database open together with the others; one
that has it to itself when it starts is the only worker, and whatever is held was held by the dead. The lease
stays behind both, for a worker that lives but is cut off.
"""

import fcntl
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    ScalarSelect,
    cast,
    column,
    func,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session

from storage.changing import change
from storage.jobs import BEFORE_ALL, WAITING, Job
from storage.lease_clock import clock

CLASS = 7_701_177  # of the advisory locks that are workers
LETTER, DIGITS = "w", 7  # a token of a worker that can be missed begins with its letter and number
FILE = ".workers"  # behind the name of a SQLite database


def new_number() -> int:
    """A number for one process."""
    return secrets.randbelow(16**DIGITS)


def mark(number: int) -> str:
    """A worker's number as its tokens begin."""
    return f"{LETTER}{number:0{DIGITS}x}"


def enlist(connection: Connection, number: int) -> bool:
    """Hold a worker's lock for as long as this connection lives; False while an older one has it still."""
    return bool(connection.scalar(select(func.pg_try_advisory_lock(CLASS, number))))


def alone(database: str) -> tuple[IO[bytes] | None, bool]:
    """Hold the file of a SQLite database's workers; whether nobody else does. Closing it lets it go."""
    if not database or database == ":memory:":
        return None, False
    try:
        held = Path(database + FILE).open("ab")  # noqa: SIM115 - held until the worker ends
    except OSError:
        return None, False
    first = False
    with suppress(OSError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        first = True
    return held, first


def settle_in(held: IO[bytes]) -> None:
    """Let further workers in beside this one."""
    with suppress(OSError):  # where files know no locks the leases alone tell
        fcntl.flock(held, fcntl.LOCK_SH)


def present() -> ScalarSelect[list[int]]:
    """The numbers of the workers that live, as a part of another question (PostgreSQL)."""
    locks = table("pg_locks", *(column(one) for one in ("locktype", "database", "classid", "objid")))
    base = table("pg_database", column("oid"), column("datname"))
    here = select(base.c.oid).where(base.c.datname == func.current_database()).scalar_subquery()
    number, kind = cast(locks.c.objid, BigInteger), cast(locks.c.classid, BigInteger)
    ours = (locks.c.locktype == "advisory", locks.c.database == here, kind == CLASS)
    return select(func.array_agg(number)).where(*ours).scalar_subquery()


def holding(session: Session) -> set[int]:
    """The numbers of the workers that hold something."""
    marks = select(_mark()).where(*_held(session), Job.token.startswith(LETTER)).distinct()
    return {int(one.removeprefix(LETTER), 16) for one in session.scalars(marks)}


def free(session: Session, numbers: Collection[int] | None = None) -> int:
    """Have what these workers hold (all of them, unless told) taken over at once; how much it was."""
    dead = [] if numbers is None else [_mark().in_([mark(one) for one in numbers])]
    freed = update(Job).where(*_held(session), *dead).values(run_at=BEFORE_ALL)
    return change(session, freed)


def _mark() -> ColumnElement[str]:
    return func.substr(Job.token, 1, len(LETTER) + DIGITS)


def _held(session: Session) -> tuple[ColumnElement[bool], ...]:
    return Job.state == WAITING, Job.token.is_not(None), Job.run_at > clock(session)


class Roll:
    """Notices who was there and is not any more. Absent at two looks in a row is gone: who was only cut off
    from the database is back by then."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._missed: set[int] = set()

    def expect(self, numbers: Collection[int]) -> None:
        """These must be somewhere."""
        self._known |= set(numbers)

    def call(self, there: Collection[int]) -> set[int]:
        """Compare with who is there now; who is gone, once."""
        missing = self._known - set(there)
        gone = missing & self._missed
        self._missed = missing - gone
        self._known = (self._known | set(there)) - gone
        return gone
