"""What one session need not ask twice: answers remembered until a record they rest on is written.

Several events of an agency are answered in one transaction and ask the same questions: the plan, its
measures, the units, the rules. Of a session that goes on with another transaction (storage/kept.py) only
what lasts is remembered.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from weakref import ref

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction
from sqlalchemy.orm.util import identity_key

from storage.base import Base, Lasting, padded

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


def keep_at_hand(session: Session) -> None:
    """Have the session hold on to what it loads, so that it need not load it again."""
    session.info.pop(REMEMBERED, None)
    session.info[AT_HAND] = ([], [])


def holds_on(session: Session) -> bool:
    """Whether a session holds on to what it loads."""
    return AT_HAND in session.info


def have_at_hand(session: Session, kind: type[Lasting], ids: Iterable[int]) -> None:
    """Load these records at once, those that the session does not hold on to yet."""
    missing = {one for one in set(ids) if identity_key(kind, one) not in session.identity_map}
    if missing:
        session.scalars(select(kind).where(kind.id.in_(padded(sorted(missing))))).all()


def count(session: Session) -> int:
    """How many lasting records a session holds on to."""
    lasting, _ = session.info[AT_HAND]
    return len(lasting)


def hold(session: Session, record: Base) -> None:
    """Hold on to a record until the transaction is over."""
    session.info[AT_HAND][1].append(record)


def settle(session: Session, names: Iterable[str]) -> None:
    """Have a session whose transaction is over let go of everything but lasting records, what it remembers of
    them, and these entries of its ``info``."""
    lasting, passing = session.info[AT_HAND]
    remembered = {
        records: {name: found for name, found in known.items() if _lasts(name)}
        for records, known in session.info.get(REMEMBERED, {}).items()
        if records and all(issubclass(one, Lasting) for one in records)
    }
    kept = {name: session.info[name] for name in names}
    session.info.clear()
    session.info.update(kept, **{REMEMBERED: remembered, AT_HAND: (lasting, [])})
    left = [ref(one) for one in passing]
    del passing  # most of them go by themselves now
    for one in (still() for still in left):
        if one is not None and one in session:  # with a record go those that are part of it
            session.expunge(one)


def _lasts(name: tuple[str, tuple[Any, ...], tuple[Any, ...]]) -> bool:
    _, args, more = name
    given = (*args, *(value for _, value in more))
    return all(isinstance(one, Lasting) or not isinstance(one, Base) for one in given)


@event.listens_for(Session, "loaded_as_persistent")
@event.listens_for(Session, "pending_to_persistent")
def _is_there(session: Session, instance: object) -> None:
    if at_hand := session.info.get(AT_HAND):
        lasting, passing = at_hand
        (lasting if isinstance(instance, Lasting) else passing).append(instance)


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
