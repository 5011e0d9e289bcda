"""What one session need not ask twice: answers remembered until a record they rest on is written.

Several events of an agency are answered in one transaction and ask the same questions: the plan, its
measures, the units, the rules. Nothing here outlives the session.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from storage.base import Base

REMEMBERED, AT_HAND = "remembered", "at hand"
Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")
Ask = Callable[Concatenate[Session, Arguments], Found]


def rests_on(*records: type[Base]) -> Callable[[Ask[Arguments, Found]], Ask[Arguments, Found]]:
    """Ask once a session, and again after one of these records was written; lists are given as copies.

    The arguments must be hashable; a record among them counts as itself.
    """

    def make(ask: Ask[Arguments, Found]) -> Ask[Arguments, Found]:
        @wraps(ask)
        def asked(session: Session, *args: Arguments.args, **more: Arguments.kwargs) -> Found:
            known = _known(session, records)
            name = (ask.__qualname__, args, tuple(more.items()))
            if name not in known:
                known[name] = ask(session, *args, **more)
            found = known[name]
            return cast("Found", list(found) if isinstance(found, list) else found)

        return cast("Ask[Arguments, Found]", asked)

    return make


def remember(
    session: Session, ask: Callable[..., Any], args: Sequence[Any], found: Any, *records: type[Base]
) -> None:
    """Put in what many sessions' worth of one question found at once (``rests_on`` the same records)."""
    _known(session, records)[ask.__qualname__, tuple(args), ()] = found


def keep_at_hand(session: Session, *records: type[Base]) -> None:
    """Have the session hold on to what it loads of these, so that it need not load it again."""
    session.info[AT_HAND] = (records, [])


@event.listens_for(Session, "loaded_as_persistent")
def _was_loaded(session: Session, instance: object) -> None:
    if at_hand := session.info.get(AT_HAND):
        records, kept = at_hand
        if isinstance(instance, records):
            kept.append(instance)


def _known(session: Session, records: tuple[type[Base], ...]) -> dict[Any, Any]:
    kept: dict[tuple[type[Base], ...], dict[Any, Any]] = session.info.setdefault(REMEMBERED, {})
    known = kept.setdefault(records, {})
    if known and records and any(isinstance(one, records) for one in _unwritten(session)):
        session.flush()
        known = session.info[REMEMBERED].setdefault(records, {})
    return known


def _unwritten(session: Session) -> Iterable[Any]:
    yield from session.new
    yield from session.dirty
    yield from session.deleted


def _forget(session: Session, written: set[type[Any]]) -> None:
    kept: dict[tuple[type[Base], ...], dict[Any, Any]] = session.info.get(REMEMBERED, {})
    for records in [one for one in kept if any(issubclass(kind, one) for kind in written)]:
        del kept[records]


@event.listens_for(Session, "after_flush")
def _was_written(session: Session, context: UOWTransaction) -> None:
    if session.info.get(REMEMBERED):
        _forget(session, {type(one) for one in _unwritten(session)})


@event.listens_for(Session, "do_orm_execute")
def _was_changed(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and state.session.info.get(REMEMBERED):
        _forget(state.session, {mapper.class_ for mapper in state.all_mappers})


@event.listens_for(Session, "after_soft_rollback")
def _was_undone(session: Session, previous: SessionTransaction) -> None:
    session.info.pop(REMEMBERED, None)
