"""The one queue under inbox, outbox and clock: claimed by lease, finished inside the caller's
transaction. ``run_at`` is the lease, so a lost worker needs no reaper.
A job to be done at once is due since ``AT_ONCE``, so that a clock ahead of the one that leases are
measured by (``storage/lease_clock.py``) does not delay it.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    Index,
    Select,
    String,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.base import Base, Identified, Json, Moment, new_id, now, padded
from storage.lease_clock import clock, moment, postgres_clock
from storage.once import insert_new
from storage.undoing import wrote

LEASE = timedelta(seconds=4)  # a killed worker's jobs wait this long; ``renew`` holds longer work
TRIES = 8
PAUSE_CAP = timedelta(minutes=5)
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
BEFORE_ALL = datetime(1999, 1, 1, tzinfo=UTC)  # was taken or tried before: goes before what is new
WAITING, DEAD, HELD = "waiting", "dead", "held"
PUT_IN, WORKER = "put in", "worker"
CLAIMED = ("id", "agency_id", "kind", "key", "order_by", "body", "attempts")


class LeaseLost(Exception):
    """Another worker took the job over; everything done for it here must be undone."""


class Job(Base, Identified):
    """Something that waits to be done for an agency (0: for the whole deployment).

    ``lane`` keeps order: a job is claimed only when no older one waits in its lane.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "kind", "run_at", "id"),
        Index("ix_job_lane", "lane", "order_by"),
    )

    agency_id: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    lane: Mapped[str] = mapped_column(String(200), default="")
    order_by: Mapped[int] = mapped_column(default=0)
    body: Mapped[Json] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    run_at: Mapped[datetime] = mapped_column(default=AT_ONCE)
    token: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job held until its lease ends."""

    id: int
    agency_id: int
    kind: str
    key: str
    order_by: int
    body: dict[str, Any]
    attempts: int
    token: str


def row(
    kind: str,
    key: str,
    body: Json,
    *,
    agency_id: int = 0,
    lane: str = "",
    order_by: int = 0,
    run_at: datetime | None = None,
) -> Json:
    """A job as a row for ``add_all``; due at once unless ``run_at`` says when."""
    return {
        "kind": kind,
        "key": key,
        "body": body,
        "agency_id": agency_id,
        "lane": lane,
        "order_by": order_by,
        "run_at": run_at or AT_ONCE,
        "state": WAITING,
        "attempts": 0,
        "fault": "",
    }


def add_all(session: Session, rows: Sequence[Json]) -> set[str]:
    """Put jobs in, in the caller's transaction; the keys of those that were not waiting already.

    Which kinds were put in stands in ``session.info[PUT_IN]``, for the caller to ring their bells.
    """
    session.info.setdefault(PUT_IN, set()).update(row["kind"] for row in rows)
    return insert_new(session, Job, rows)


def add(session: Session, kind: str, key: str, body: Json, **more: Any) -> bool:
    """Put one in, with ``more`` as ``row`` takes it; False when one with this key waits already."""
    return bool(add_all(session, [row(kind, key, body, **more)]))


def add_claimed(session: Session, rows: Sequence[Json]) -> list[Claimed]:
    """Put jobs in that this process will do itself as soon as the transaction is committed.

    Those with an older one waiting in their lane are put in as usual and not given back.
    """
    lanes = padded({one["lane"] for one in rows})
    taken = set(_queue(session).execute(_waiting_in(), {"lanes": lanes}).scalars())
    token, until, mine = _token(session), moment(session) + LEASE, []
    put_in = [{**one, "id": new_id(), "token": None} for one in rows]
    for one in put_in:
        if not one["lane"] or one["lane"] not in taken:
            one |= {"run_at": until, "token": token, "attempts": 1}
            mine.append(Claimed(**{name: one[name] for name in CLAIMED}, token=token))
        taken.add(one["lane"])
    _queue(session).execute(insert(Job), put_in)
    return mine


def _queue(session: Session) -> Connection:
    """Where statements about jobs run. A job is no agency's record and nothing is loaded as one, so that
    nothing of what the session does for those is needed: it costs twice the statement."""
    wrote(session)
    return session.connection()


@cache
def _waiting_in() -> Select[str]:
    lanes: BindParameter[Any] = bindparam("lanes", expanding=True)
    return select(Job.lane).where(Job.lane.in_(lanes), Job.state == WAITING)


def _token(session: Session) -> str:
    """Who claims, where that can be missed when it dies (storage/workers.py), and which claim it is."""
    return f"{session.info.get(WORKER, '')}{uuid.uuid4().hex}"


def _in_turn() -> ColumnElement[bool]:
    """Nobody older waits in the job's lane."""
    older = aliased(Job)
    before = or_(older.order_by < Job.order_by, and_(older.order_by == Job.order_by, older.id < Job.id))
    waits = select(older.id).where(
        older.lane == Job.lane, older.kind == Job.kind, older.state == WAITING, before
    )
    return or_(Job.lane == "", ~waits.exists())


def due(session: Session, kind: str, *columns: Any) -> Select[Any]:
    """What of a kind may be done now."""
    return select(*columns).where(Job.state == WAITING, Job.kind == kind, Job.run_at <= clock(session))


def claim(session: Session, kind: str, most: int, without: Collection[int] = ()) -> list[Claimed]:
    """Take up to ``most`` due jobs of a kind, oldest first, one a lane, for the length of the lease;
    nothing of the agencies ``without``."""
    token, moment = _token(session), now()
    given: dict[str, Any] = {"of_kind": kind, "most": most, "given": token}
    given |= {"moment": moment, "until": moment + LEASE}
    given |= {"without": list(without)} if without else {}
    rows = _queue(session).execute(_claiming(session.get_bind().dialect.name, bool(without)), given)
    found = [Claimed(**one, token=token) for one in rows.mappings()]
    return sorted(found, key=lambda job: (job.order_by, job.id))


@lru_cache(maxsize=4)
def _claiming(dialect: str, without: bool) -> Any:
    """The statement of ``claim``, built once: building it costs more than running it."""
    ours = dialect == "postgresql"
    moment = postgres_clock() if ours else bindparam("moment", type_=Moment())
    until = postgres_clock() + LEASE if ours else bindparam("until", type_=Moment())
    others = [Job.agency_id.not_in(bindparam("without", expanding=True))] if without else []
    due = (
        select(Job.id)
        .where(Job.state == WAITING, Job.kind == bindparam("of_kind"), Job.run_at <= moment, *others)
        .where(_in_turn())
        .order_by(Job.run_at, Job.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(Job)
        .where(Job.id.in_(select(due.c.id)))
        .values(run_at=until, token=bindparam("given"), attempts=Job.attempts + 1)
        .returning(Job.id, Job.agency_id, Job.kind, Job.key, Job.order_by, Job.body, Job.attempts)
        .execution_options(synchronize_session=False)
    )


def renew(session: Session, jobs: Iterable[Claimed]) -> None:
    """Hold jobs for another lease; those that were lost stay lost."""
    _change(session, jobs, run_at=clock(session) + LEASE)


def release(session: Session, jobs: Iterable[Claimed], *, begun: bool = False) -> None:
    """Give jobs back, so that they are taken at once; the try counts only where it was ``begun``."""
    not_tried: dict[str, Any] = {} if begun else {"attempts": Job.attempts - 1, "fault": ""}
    _change(session, jobs, run_at=BEFORE_ALL, token=None, **not_tried)


def _change(session: Session, jobs: Iterable[Claimed], **values: Any) -> None:
    held = list(jobs)
    _queue(session).execute(update(Job).where(_those()).values(**values), _named(held))


def _those() -> ColumnElement[bool]:
    """The jobs that are ``_named``, as far as they are still held."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    tokens: BindParameter[Any] = bindparam("tokens", expanding=True)
    return and_(Job.id.in_(ids), Job.token.in_(tokens))


def _named(jobs: Sequence[Claimed]) -> Json:
    return {"ids": padded([job.id for job in jobs]), "tokens": padded({job.token for job in jobs})}


def finish(session: Session, job: Claimed) -> bool:
    """Take a job out; False when another worker holds it now."""
    return bool(finish_all(session, [job]))


def finish_all(session: Session, jobs: Sequence[Claimed]) -> set[int]:
    """Take many out at once; the ids of those that were still held."""
    return set(_queue(session).execute(_ending(), _named(jobs)).scalars()) if jobs else set()


@cache
def _ending() -> Any:
    return delete(Job).where(_those()).returning(Job.id)


def take_out(session: Session, jobs: Sequence[Claimed]) -> set[int]:
    """Take out what has happened outside, whoever holds it now; the ids of those that were there still."""
    gone = delete(Job).where(Job.id.in_(padded([job.id for job in jobs]))).returning(Job.id)
    return set(_queue(session).execute(gone).scalars()) if jobs else set()


def done(session: Session, jobs: Sequence[Claimed]) -> None:
    """Finish jobs inside the transaction that did their work.

    Raises:
        LeaseLost: another worker holds one of them now; the caller must roll back.
    """
    if len(finish_all(session, jobs)) != len(jobs):
        raise LeaseLost(jobs[0].key)


def fail(
    session: Session, job: Claimed, fault: str, tries: int = TRIES, pause: timedelta | None = None
) -> bool:
    """Try a job again after a growing pause, or the one given; set it aside after its last try.

    True when it was set aside.
    """
    over = job.attempts >= tries
    wait = min(PAUSE_CAP, timedelta(seconds=2 ** min(job.attempts - 1, 9))) if pause is None else pause
    _change(
        session,
        [job],
        run_at=clock(session) + wait,
        token=None,
        fault=fault[:500],
        state=DEAD if over else WAITING,
    )
    return over


def hold(session: Session, job: Claimed, fault: str) -> None:
    """Put a job by until ``let_go``: it is not tried, and what comes after it in its lane may go."""
    _change(session, [job], state=HELD, fault=fault[:500], run_at=AT_ONCE, token=None)
