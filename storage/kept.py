"""What changes seldom, loaded once for many transactions: an agency's units, plan and rules.

Every answer needs them, and loading them anew took more than all else of an answer's time. A session that has
answered is kept with these records (``Lasting``) and with what was remembered of them (storage/memory.py),
and goes on when its agency is answered next. It may as long as the agency's stamp is the one it was filled
under: who writes such a record draws a new stamp in the same transaction, whichever process it is. All other
records (people, threads, reports) are let go with the transaction that loaded them.
"""

import threading
import time
from collections import OrderedDict

from sqlalchemy import event, update
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from storage import memory
from storage.agencies import Agency
from storage.base import Lasting, new_id
from storage.engines import AGENCY

MOST = 20_000  # records kept by a process, over all agencies: some 2 kB each
LONGEST = 30.0  # seconds; an older program that still runs during an upgrade writes without a stamp
STAMP, SINCE, AT_REST, WROTE = "stamp", "kept since", "at rest", "wrote lasting"


class AtRest(Exception):
    """A record was asked for something that is not loaded, after the transaction it came from was over."""


class Kept:
    """The sessions between two transactions; one is in nobody's hands or in those of one thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_agency: OrderedDict[int, list[Session]] = OrderedDict()
        self._size = 0

    def take(self, agency_id: int) -> Session | None:
        """A session that answered this agency not long ago."""
        with self._lock:
            mine = self._by_agency.get(agency_id)
            if not mine:
                return None
            session = mine.pop()
            if not mine:
                del self._by_agency[agency_id]
            self._size -= _size(session)
        if _is_old(session) or session.in_transaction():
            session.close()
            return None
        return session

    def give(self, agency_id: int, session: Session) -> None:
        """Keep a session whose transaction is over. Those that waited longest go where they are old or too
        much is kept."""
        memory.settle(session, (STAMP, SINCE))
        session.info[AT_REST] = True
        gone: list[Session] = []
        with self._lock:
            self._by_agency.setdefault(agency_id, []).append(session)
            self._by_agency.move_to_end(agency_id)
            self._size += _size(session)
            while self._by_agency and (
                self._size > MOST or _is_old(next(iter(self._by_agency.values()))[-1])
            ):
                _, longest = self._by_agency.popitem(last=False)
                self._size -= sum(map(_size, longest))
                gone += longest
        for one in gone:
            one.close()

    def close(self) -> None:
        """Let everything go."""
        with self._lock:
            kept, self._by_agency, self._size = self._by_agency, OrderedDict(), 0
        for session in (one for mine in kept.values() for one in mine):
            session.close()


def _size(session: Session) -> int:
    return 1 + memory.count(session)


def _is_old(session: Session) -> bool:
    return bool(time.monotonic() - session.info[SINCE] >= LONGEST)


def begin(session: Session, agency_id: int) -> None:
    """The first thing in a transaction: what was kept counts only if nobody has written it since."""
    session.info.pop(AT_REST, None)
    agency = session.get(Agency, agency_id, populate_existing=True)  # somebody may hold on to the last one
    stamp = agency.stamp if agency else None
    if session.info.get(STAMP) != stamp or SINCE not in session.info:
        session.expunge_all()
        if agency is not None:
            session.add(agency)
        memory.keep_at_hand(session)
        session.info.update({STAMP: stamp, SINCE: time.monotonic()})
    if agency is not None:
        memory.hold(session, agency)  # so that each turn finds it


def is_good(session: Session) -> bool:
    """Whether a session whose transaction is over may be kept: its agency is there, and it has not written
    what others keep (it may hold what it wrote in part)."""
    return session.info.get(STAMP) is not None and not session.info.get(WROTE)


def stamp(session: Session) -> None:
    """The last thing before a commit: whoever wrote what is kept tells all who keep it."""
    session.flush()
    if session.info.get(WROTE):
        drawn = update(Agency).where(Agency.id == session.info[AGENCY]).values(stamp=new_id())
        session.execute(drawn.execution_options(synchronize_session=False))


@event.listens_for(Session, "after_flush")
def _was_written(session: Session, context: UOWTransaction) -> None:
    changed = (one for one in session.dirty if session.is_modified(one))
    if any(isinstance(one, Lasting) for one in (*session.new, *session.deleted, *changed)):
        session.info[WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _is_asked(state: ORMExecuteState) -> None:
    """A transaction begun at rest would have no end: on a SQLite file nobody could write any more."""
    if state.session.info.get(AT_REST):
        raise AtRest(", ".join(mapper.class_.__name__ for mapper in state.all_mappers))
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and any(issubclass(mapper.class_, Lasting) for mapper in state.all_mappers):
        state.session.info[WROTE] = True
