"""Engines and sessions: one agency a session; SQLite and PostgreSQL made to behave alike."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any

from sqlalchemy import (
    BigInteger,
    column,
    event,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)

from storage import engines, kept, workers
from storage.base import Owned, now
from storage.engines import AGENCY
from storage.jobs import WORKER
from storage.kept import Kept
from storage.turnstile import Turnstile

BELL = "prongsai"
NOTED = "noted"  # set in a session's info by storage/history.py


class WrongAgency(Exception):
    """A record of another agency was about to be written."""


class Database:
    """The one way in: a session that sees one agency, or one that sees only the shared tables.

    On SQLite every writing transaction begins IMMEDIATE and takes one lock of the process, because
    several writers on one file only wait for each other; reading ones run beside it.
    """

    def __init__(self, url: str, pool_size: int = 8, pepper: str = "", site: str = "") -> None:
        self.url = engines.normal(url)
        self._site = site  # where the pages can be reached, for links that are said
        self._pepper = pepper  # under which storage/codes.py keeps digests
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writing = Turnstile()
        self.engine = engines.engine(self.url, pool_size)
        self._each = self.engine if self.is_sqlite else engines.committing_each(self.url)
        self.driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error  # of a bare connection
        self.number, self.worker = workers.new_number(), ""  # which worker this is, while it can be missed
        self._place: IO[bytes] | None = None
        self._kept = Kept()
        self.noted: set[int] = set()  # agencies whose history grew here and waits for its chain

    @contextmanager
    def agency(self, agency_id: int, *, urgent: bool = False) -> Iterator[Session]:
        """A session of one agency that commits at the end, or undoes everything on a fault."""
        with self._session({AGENCY: agency_id, "write": True}, urgent=urgent) as session:
            yield session

    @contextmanager
    def answering(self, agency_id: int) -> Iterator[Session]:
        """Like ``agency``, for one event after the other: what seldom changes is at hand from the last."""
        options = {AGENCY: agency_id, "write": True}
        with self._alone(options):
            session = self._kept.take(agency_id) or self._new(options)
            try:
                session.info.update(self._info(options))
                kept.begin(session, agency_id)
                yield session
                self._commit(session)
            except BaseException:
                session.close()
                raise
            if kept.is_good(session):
                self._kept.give(agency_id, session)
            else:
                session.close()

    @contextmanager
    def look(self, agency_id: int) -> Iterator[Session]:
        """A session of one agency for reading only; what it changes is never kept."""
        with self._session({AGENCY: agency_id, "write": False}) as session:
            yield session

    @contextmanager
    def shared(self, *, write: bool = True, urgent: bool = False, each: bool = False) -> Iterator[Session]:
        """A session for agencies, jobs and schedules; it sees no agency's own records.

        An ``urgent`` writer waits for the one who writes now and for nobody else (SQLite). With ``each``
        statement committed by itself, one alone needs no journeys to the server to begin and to commit.
        """
        with self._session({AGENCY: 0, "write": write}, urgent=urgent, each=each) as session:
            yield session

    @contextmanager
    def _session(
        self, options: dict[str, Any], *, urgent: bool = False, each: bool = False
    ) -> Iterator[Session]:
        with self._alone(options, urgent=urgent), self._new(options, each=each) as session:
            yield session
            if options["write"]:
                self._commit(session)

    def _alone(self, options: dict[str, Any], *, urgent: bool = False) -> AbstractContextManager[None]:
        """The turn of who writes, where only one can."""
        return self._writing.hold(urgent=urgent) if options["write"] and self.is_sqlite else nullcontext()

    def _new(self, options: dict[str, Any], *, each: bool = False) -> Session:
        connectable = (self._each if each else self.engine).execution_options(**options)
        return Session(connectable, info=self._info(options), expire_on_commit=False)

    def _info(self, options: dict[str, Any]) -> dict[Any, Any]:
        return {**options, "pepper": self._pepper, "site": self._site, WORKER: self.worker}

    def _commit(self, session: Session) -> None:
        kept.stamp(session)
        session.commit()
        if session.info.get(NOTED):
            self.noted.add(int(session.info[AGENCY]))

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[int], Session]]:
        """Everything as it stood at one moment: gives a reading session for each agency (0: shared)."""
        options: dict[str, Any] = {"write": False}
        if not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect().execution_options(**options) as connection, connection.begin():

            def of(agency_id: int) -> Session:
                if not self.is_sqlite:
                    connection.exec_driver_sql(f"SET LOCAL prongsai.agency = '{int(agency_id)}'")
                info = {AGENCY: agency_id, "write": False}
                return Session(connection, info=info, join_transaction_mode="rollback_only")

            yield of

    def now(self) -> datetime:
        """The moment by the database's clock (the process's own on SQLite)."""
        with self.shared(write=False) as session:
            found = session.scalar(select(func.now()))
        return found if isinstance(found, datetime) and found.tzinfo else now()

    def server(self) -> "Server | None":
        """How the server keeps text and whom it takes us for; nothing on SQLite."""
        if self.is_sqlite:
            return None
        base = table("pg_database", column("datname"), column("encoding"), column("datctype"))
        roles = table("pg_roles", *(column(name) for name in ("rolname", "rolsuper", "rolbypassrls")))
        text = select(func.pg_encoding_to_char(base.c.encoding), base.c.datctype)
        role = select(roles.c.rolname, or_(roles.c.rolsuper, roles.c.rolbypassrls))
        with self.shared(write=False) as session:
            encoding, ctype = session.execute(text.where(base.c.datname == func.current_database())).one()
            name, is_free = session.execute(role.where(roles.c.rolname == func.current_user())).one()
        return Server(str(encoding), str(ctype), str(name), not is_free)

    def woken(self, seconds: float) -> Iterator[bool]:
        """On PostgreSQL: True whenever another process calls ``wake``, False at first and each so many
        seconds; while it goes on, the others know that this worker lives.

        Raises OperationalError when the connection is lost. On SQLite it says False only.
        """
        if self.is_sqlite:
            yield False
            while True:
                time.sleep(seconds)
                yield False
        with self.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", **{AGENCY: 0}
        ) as connection:
            driver: Any = connection.connection.driver_connection
            connection.detach()  # what it holds ends with it
            connection.exec_driver_sql(f"LISTEN {BELL}")
            if not workers.enlist(connection, self.number):
                self.number = workers.new_number()
                workers.enlist(connection, self.number)
            self.worker = workers.mark(self.number)
            yield False
            while True:
                yield any(True for _ in driver.notifies(timeout=seconds, stop_after=1))

    @contextmanager
    def enlisting(self) -> Iterator[bool]:
        """Count this process as a worker on a SQLite file; True when no other one is."""
        self._place, is_first = workers.alone(self.url.database or "") if self.is_sqlite else (None, False)
        yield is_first
        if self._place:
            workers.settle_in(self._place)

    def close(self) -> None:
        """Give every connection back."""
        if self._place:
            self._place.close()
        self._kept.close()
        self.engine.dispose()
        self._each.dispose()


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database's encoding and LC_CTYPE, and our role there; row security binds it or not."""

    encoding: str
    ctype: str
    role: str
    is_bound: bool


def wake(session: Session) -> None:
    """Tell the other processes, once the transaction is committed, that there is work (PostgreSQL)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(BELL, "")))


@event.listens_for(Session, "do_orm_execute")
def _only_this_agency(state: ORMExecuteState) -> None:
    if AGENCY not in state.session.info or state.is_column_load or state.is_relationship_load:
        return
    agency = state.session.info[AGENCY]
    if state.is_insert:
        _refuse_others(state, agency)
    state.statement = state.statement.options(_of_agency(agency))


@lru_cache(maxsize=4096)
def _of_agency(agency: int) -> LoaderCriteriaOption:
    """The condition of every statement, made once: making it costs as much as a small statement.

    The number says its own type: the first one that a process meets would set it for all, and a small one (of
    a cookie that somebody made up) would make of it a type that real numbers do not fit.
    """
    number = literal(agency, BigInteger())
    return with_loader_criteria(
        Owned,
        lambda record: record.agency_id == number,
        include_aliases=True,
        track_closure_variables=True,
    )


def _refuse_others(state: ORMExecuteState, agency: int) -> None:
    """Rows put in by the statement, not by the session, are looked at here."""
    mapper, rows = state.bind_mapper, state.parameters
    if mapper is None or not issubclass(mapper.class_, Owned):
        return
    given = [rows] if isinstance(rows, Mapping) else rows or []
    if any(row.get("agency_id", agency) != agency for row in given):
        raise WrongAgency(mapper.class_.__name__)


@event.listens_for(Session, "before_flush")
def _stamp_agency(session: Session, context: UOWTransaction, instances: Any) -> None:
    if AGENCY not in session.info:
        return
    agency = session.info[AGENCY]
    for record in session.new:
        if isinstance(record, Owned) and record.agency_id is None:
            record.agency_id = agency
    for record in (*session.new, *session.dirty, *session.deleted):
        if isinstance(record, Owned) and record.agency_id != agency:
            raise WrongAgency(type(record).__name__)
