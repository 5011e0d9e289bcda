"""Counting the tries of jobs that were begun before: only of the one that is begun next, and before it is."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from storage.base import padded
from storage.jobs import Claimed, Job


def uncount(session: Session, held: Sequence[Claimed]) -> None:
    """These were claimed, not begun: their claim is no try. They stay held."""
    those = Job.id.in_(padded([job.id for job in held])), Job.token.in_(padded({job.token for job in held}))
    _set(session, Job.attempts - 1, *those)


def count(session: Session, job: Claimed) -> bool:
    """One that was ``uncount``-ed is begun; False when another worker holds it now."""
    return _set(session, job.attempts, Job.id == job.id, Job.token == job.token) == 1


def _set(session: Session, attempts: int | ColumnElement[int], *those: ColumnElement[bool]) -> int:
    anew = update(Job).where(*those).values(attempts=attempts)
    return int(session.execute(anew.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
