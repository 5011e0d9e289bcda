"""How the queue stands: what waits, for how long, and what was set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, type_coerce, update
from sqlalchemy.orm import Session

from storage import workers
from storage.base import EPOCH_MS, Moment, now
from storage.changing import change
from storage.jobs import AT_ONCE, BEFORE_ALL, DEAD, HELD, WAITING, Job, due
from storage.lease_clock import clock


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many jobs there are by kind and state."""
    rows = session.execute(select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state))
    return {(kind, state): count for kind, state, count in rows}


def oldest(session: Session, kind: str) -> float:
    """Seconds the oldest due job of a kind has been waiting; 0 when none is due."""
    first: int | None = session.scalar(due(session, kind, func.min(Job.id)))
    if first is None:
        return 0.0
    return max(0.0, now().timestamp() - (EPOCH_MS + (first >> 23)) / 1000)


def let_go(session: Session, kind: str) -> int:
    """Have everything that was put by tried again; how much it was."""
    free = update(Job).where(Job.state == HELD, Job.kind == kind).values(state=WAITING, attempts=0)
    return change(session, free)


def in_state(session: Session, state: str, agency_id: int | None = None, most: int = 1000) -> list[Job]:
    """Jobs of all agencies or one in a state, oldest first."""
    found = select(Job).where(Job.state == state).order_by(Job.id).limit(most)
    return list(session.scalars(found if agency_id is None else found.where(Job.agency_id == agency_id)))


def numbered(session: Session, number: int) -> list[Job]:
    """The jobs with this id, or with this number among those set aside: the six digits people are told."""
    dead = (Job.state == DEAD) & (Job.id % 1_000_000 == number)
    return list(session.scalars(select(Job).where((Job.id == number) | dead)))


def replay(session: Session, found: Sequence[Job]) -> None:
    """Have jobs that were set aside or held tried again, from their first try."""
    anew = update(Job).where(Job.id.in_([one.id for one in found]), Job.state.in_((DEAD, HELD)))
    values = {"state": WAITING, "attempts": 0, "run_at": AT_ONCE, "token": None}
    session.execute(anew.values(values).execution_options(synchronize_session=False))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a worker learns once a second: kinds of which something is due, the moment by the clock that
    leases are measured by, and the workers that live (none on SQLite)."""

    due: frozenset[str]
    moment: datetime
    workers: frozenset[int]
    is_late: bool  # something due has waited out a pause or a lease


def look(session: Session, kinds: Sequence[str]) -> Looked:
    """Everything a look is about in one statement."""
    on_server = session.get_bind().dialect.name == "postgresql"
    more: list[Any] = [_late(session, kinds)]
    more += [type_coerce(clock(session), Moment()), workers.present()] if on_server else []
    found = list(session.execute(select(*_looks(session, kinds), *more)).one())
    there = [kind for kind, is_due in zip(kinds, found[: len(kinds)], strict=True) if is_due]
    is_late, moment, living = found[len(kinds) :] if on_server else (found[-1], now(), None)
    return Looked(frozenset(there), moment, frozenset(living or ()), bool(is_late))


def _late(session: Session, kinds: Sequence[str]) -> ColumnElement[bool]:
    here = (Job.state == WAITING, Job.kind.in_(kinds), Job.run_at > AT_ONCE, Job.run_at <= clock(session))
    return select(Job.id).where(*here).limit(1).exists()


def due_kinds(session: Session, kinds: Sequence[str]) -> set[str]:
    """The kinds of which something is due now; one look into the index for each, however many wait."""
    found = session.execute(select(*_looks(session, kinds))).one()
    return {kind for kind, there in zip(kinds, found, strict=True) if there}


def _looks(session: Session, kinds: Sequence[str]) -> list[Any]:
    return [due(session, kind, Job.id).limit(1).exists().label(f"k{at}") for at, kind in enumerate(kinds)]


def hurry(session: Session) -> int:
    """Have everything that was put off tried now, as after the clock was set back; how much it was."""
    return _first(session, Job.token.is_(None), Job.run_at > clock(session))


def put_first(session: Session) -> int:
    """Have what waited out a pause or a lost worker's lease go before all that is new; how much it was."""
    return _first(session, Job.run_at > AT_ONCE, Job.run_at <= clock(session))


def _first(session: Session, *those: ColumnElement[bool]) -> int:
    anew = update(Job).where(Job.state == WAITING, *those).values(run_at=BEFORE_ALL)
    return change(session, anew)
