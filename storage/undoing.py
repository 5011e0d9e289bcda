"""Undoing what one turn began: by a savepoint, or, where many turns share a transaction, only when needed.

A savepoint costs two journeys to the database and has everything written at once that could wait for the
others' rows. Most of what is refused was refused before anything was written, so turns that are answered
together go without: should one have written something, all are undone and it is answered alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

TOGETHER = "together"  # in a session's info: the kinds of records that only one of its turns touches
TURN = "turn"


class Entangled(Exception):
    """What is to be undone was written among other turns' work: the whole transaction must be undone."""


class _Written:
    """Whether a turn has written something, told apart from what the turns before it left to be written."""

    def __init__(self, session: Session) -> None:
        self.before = {id(one): one for one in _unwritten(session)}
        self.any = False

    def see(self, records: Iterable[Any]) -> None:
        """These are being written now."""
        self.any = self.any or any(id(one) not in self.before for one in records)


@contextmanager
def undoable(session: Session) -> Iterator[None]:
    """What is done inside is undone when it ends with a fault.

    Raises:
        Entangled: it cannot be, because turns are done together (``TOGETHER``) and this one wrote something.
    """
    if session.info.get(TOGETHER):
        yield from _together(session)
        return
    session.flush()
    inner = session.begin_nested()
    try:
        yield
        session.flush()
        inner.commit()
    except BaseException:
        inner.rollback()
        raise


def _together(session: Session) -> Iterator[None]:
    if any(not isinstance(one, session.info[TOGETHER]) for one in _unwritten(session)):
        session.flush()
    written = session.info[TURN] = _Written(session)
    try:
        yield
    except SQLAlchemyError:  # nothing of the transaction stands
        raise
    except Exception as fault:
        begun = [one for one in session.dirty if id(one) not in written.before]
        if written.any or session.new or session.deleted:
            raise Entangled from fault
        for one in begun:
            session.expire(one)
        raise
    finally:
        del session.info[TURN]


def wrote(session: Session) -> None:
    """Something was written past the session, on its connection."""
    if written := session.info.get(TURN):
        written.any = True


@event.listens_for(Session, "do_orm_execute")
def _is_asked(state: ORMExecuteState) -> None:
    """What only its own turn touches need not be written before others' records are asked for: at the end
    the threads of all turns are written together. (A statement that looks at them in a part of it only, a
    condition or a count, would not see what is not written: ask for the records themselves.)"""
    together = state.session.info.get(TOGETHER)
    if not together or not state.is_select:
        return
    asked = any(issubclass(one.class_, together) for one in state.all_mappers)
    if not asked and all(isinstance(one, together) for one in _unwritten(state.session)):
        state.update_execution_options(autoflush=False)


def _unwritten(session: Session) -> list[Any]:
    return [*session.new, *session.dirty, *session.deleted]


@event.listens_for(Session, "after_flush")
def _was_flushed(session: Session, context: UOWTransaction) -> None:
    if written := session.info.get(TURN):
        written.see(_unwritten(session))


@event.listens_for(Session, "do_orm_execute")
def _was_executed(state: ORMExecuteState) -> None:
    written = state.session.info.get(TURN)
    if written and (state.is_insert or state.is_update or state.is_delete):
        written.any = True
