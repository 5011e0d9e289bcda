"""How the queue stands: what waits, for how long, and what was set aside."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.base import EPOCH_MS, now
from storage.jobs import AT_ONCE, DEAD, HELD, WAITING, Job, due


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
    return int(session.execute(free.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


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


def due_kinds(session: Session, kinds: Sequence[str]) -> set[str]:
    """The kinds of which something is due now; one look into the index for each, however many wait."""
    looks = [due(session, kind, Job.id).limit(1).exists().label(f"k{at}") for at, kind in enumerate(kinds)]
    found = session.execute(select(*looks)).one()
    return {kind for kind, there in zip(kinds, found, strict=True) if there}
