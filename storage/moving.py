"""What belongs to one agency beside its own records: its part of the queue; and taking all of it out."""

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from storage import copies
from storage.agencies import Agency
from storage.base import Base
from storage.inbox import Seen
from storage.tallies import Tally

SEEN = ("event", "post")  # how the keys of what was seen begin, before the agency's number


def shared() -> list[type[Base]]:
    """The shared kinds of which an agency has rows: the queue, what was seen, the schedules; not the counts
    of tries, which are of a digest and forgotten within minutes."""
    return [kind for kind in copies.kinds(owned=False) if kind not in (Agency, Tally)]


def mine(kind: type[Base], agency_id: int) -> ColumnElement[bool]:
    """Which rows of a shared kind belong to an agency."""
    if kind is Seen:
        return or_(*(Seen.key.startswith(f"{stem}:{agency_id}:") for stem in SEEN))
    column: ColumnElement[bool] = kind.agency_id == agency_id  # type: ignore[attr-defined]
    return column


def rows_of(session: Session, agency_id: int) -> dict[str, int]:
    """How many rows of each table belong to the session's agency; tables without any are left out."""
    found = {kind.__tablename__: copies.count(session, kind) for kind in copies.kinds(owned=True)}
    for kind in shared():
        asked = select(func.count()).select_from(kind).where(mine(kind, agency_id))
        found[kind.__tablename__] = session.scalar(asked) or 0
    is_there = session.scalar(select(func.count()).select_from(Agency).where(Agency.id == agency_id))
    return {name: count for name, count in {**found, "agency": is_there or 0}.items() if count}


def delete_all(session: Session, agency_id: int) -> None:
    """Delete every row of the session's agency: the queue first, so that nobody begins on it."""
    for kind in shared():
        session.execute(
            delete(kind).where(mine(kind, agency_id)).execution_options(synchronize_session=False)
        )
    for kind in reversed(copies.kinds(owned=True)):
        session.execute(delete(kind).execution_options(synchronize_session=False))
    session.execute(delete(Agency).where(Agency.id == agency_id).execution_options(synchronize_session=False))
