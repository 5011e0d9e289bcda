"""Wakes the timed work of every agency, each due run once over all workers."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

import handlers
from bot import meters
from handlers.packing import pack
from handlers.timed import Errand, Post, Timed
from storage import inbox, jobs, outbox, schedules
from storage.agencies import Agency
from storage.base import Json, now
from storage.database import Database
from storage.jobs import Claimed
from storage.once import insert_absent
from storage.outbox import Letter
from storage.schedules import Schedule

log = logging.getLogger("prongsai.clock")
KIND = "timed"
EVERY = 15.0  # seconds between looks
LATE = timedelta(minutes=15)  # a run later than this was missed
AT_ONCE_MOST = 200
ONE_DAY = timedelta(days=1)
OPENS, CLOSES = clock_time(8, 30), clock_time(16, 30)  # office hours of Thai agencies
CATEGORIES = ("public", "government")
DEFAULT_ZONE = "Asia/Bangkok"

Item = TypeVar("Item")
IsWorkday = Callable[[date], bool]


@lru_cache(maxsize=32)
def _closed(year: int) -> frozenset[date]:
    """The public and government holidays of Thailand, with the days in lieu."""
    found = holidays.country_holidays("TH", years=year, categories=CATEGORIES)
    return frozenset(found)


def workdays_of(agency: Agency) -> IsWorkday:
    """Which days the agency works; its settings add days off (``days_off``) and on (``days_on``)."""
    off = frozenset(agency.settings.get("days_off", ()))
    on = frozenset(agency.settings.get("days_on", ()))

    def works(day: date) -> bool:
        if (written := day.isoformat()) in on or written in off:
            return written in on
        return day.weekday() < 5 and day not in _closed(day.year)

    return works


def _is_office(at: datetime, zone: ZoneInfo, works: IsWorkday) -> bool:
    """Whether a moment lies in office hours of a working day."""
    local = at.astimezone(zone)
    return works(local.date()) and OPENS <= local.time() < CLOSES


def zone_of(agency: Agency) -> ZoneInfo:
    """The agency's time zone."""
    return ZoneInfo(agency.settings.get("timezone", DEFAULT_ZONE))


def local(agency: Agency, at: datetime) -> str:
    """A moment as the agency's clocks show it."""
    return f"{at.astimezone(zone_of(agency)):%Y-%m-%d %H:%M}"


def next_run(timed: Timed, after: datetime, zone: ZoneInfo, works: IsWorkday) -> datetime:
    """The first moment after ``after`` at which this work is due."""
    day = after.astimezone(zone).date() - timedelta(days=14)  # a moved weekly run may come late
    while True:
        if (due := _due_on(timed, day, works)) is not None:
            at = datetime.combine(due, timed.at, zone)
            if at > after:
                return at
        day += ONE_DAY


def _due_on(timed: Timed, day: date, works: IsWorkday) -> date | None:
    """The day on which the run planned for ``day`` happens, if one is planned."""
    if timed.weekday is None:
        return day if works(day) or not timed.workdays else None
    if day.weekday() != timed.weekday:
        return None
    while timed.workdays and not works(day):
        day += ONE_DAY
    return day


class Clock:
    """Looks which runs are due and puts each into the queue once."""

    def __init__(
        self, database: Database, ring: Callable[[], None], timed: Sequence[Timed] = handlers.TIMED
    ) -> None:
        self._database, self._ring = database, ring
        self._timed = {one.name: one for one in timed}
        self._looked = -EVERY

    def tick(self) -> None:
        """Called every second; does its look every quarter of a minute."""
        if time.monotonic() - self._looked >= EVERY:
            self._looked = time.monotonic()
            self.look(now())

    def look(self, at: datetime) -> int:
        """Plan what is not planned, fire what is due at a moment; how many runs were fired."""
        with self._database.shared(write=False) as session:
            missing = self._missing(session)
            due = list(
                session.scalars(select(Schedule).where(Schedule.next_at <= at).order_by(Schedule.next_at))
            )
            wanted = {one.agency_id for one in due}
            agencies = {one.id: one for one in session.scalars(select(Agency).where(Agency.id.in_(wanted)))}
        if not (missing or due):
            return 0
        ours = [run for one in due if (run := self._run_of(one, agencies.get(one.agency_id), at))]
        ours.sort(key=lambda run: (run.seen.agency_id, run.due))  # an agency's are claimed and done together
        for new in batched(missing, AT_ONCE_MOST):
            with self._database.shared() as session:
                _plan(session, new, at)
        fired = 0
        for some in batched(ours, AT_ONCE_MOST):
            with self._database.shared() as session:
                fired += _fire(session, some, at)
        if fired:
            self._ring()
        return fired

    def _missing(self, session: Session) -> list[tuple[Agency, Timed]]:
        """The agencies that have no schedule yet for a piece of timed work."""
        found = []
        for timed in self._timed.values():
            planned = select(Schedule.agency_id).where(Schedule.name.startswith(f"{timed.name}:"))
            without = select(Agency).where(Agency.id.not_in(planned))
            found += [(agency, timed) for agency in session.scalars(without)]
        return found

    def _run_of(self, one: Schedule, agency: Agency | None, at: datetime) -> "Run | None":
        """The run that a schedule is due for, and when the next one is; nothing while it has to wait."""
        timed = self._timed.get(one.name.partition(":")[0])
        if timed is None or agency is None:
            return None
        zone, works = zone_of(agency), workdays_of(agency)
        due, following = one.next_at, next_run(timed, one.next_at, zone, works)
        while following <= at:  # several were missed: only the latest counts
            due, following = following, next_run(timed, following, zone, works)
        if timed.workdays and at - due > LATE and not _is_office(at, zone, works):
            return None  # made up when the office opens: nobody is written to at night or on a holiday
        return Run(timed, one, due, following)


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is due: of which work, its schedule as it was seen, when, and when the next one is."""

    timed: Timed
    seen: Schedule
    due: datetime
    following: datetime

    def is_skipped(self, at: datetime) -> bool:
        """Whether it was missed and is not made up."""
        return self.timed.catch_up == "none" and at - self.due > LATE

    def row(self) -> Json:
        """The run as a job."""
        since = self.seen.last_at.isoformat() if self.seen.last_at else ""
        body = {"name": self.timed.name, "at": self.due.isoformat(), "since": since}
        key = f"{KIND}:{self.seen.name}:{self.due.isoformat()}"
        return jobs.row(KIND, key, body, agency_id=self.seen.agency_id)


def batched(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in parts of a size; one transaction each keeps others waiting only so long."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _name(timed: Timed, agency_id: int) -> str:
    return f"{timed.name}:{agency_id}"


def _plan(session: Session, missing: Sequence[tuple[Agency, Timed]], at: datetime) -> None:
    """Plan their first runs; another worker may have planned them since the look, or do so right now."""
    rows = [
        {
            "name": _name(timed, agency.id),
            "agency_id": agency.id,
            "next_at": next_run(timed, at, zone_of(agency), workdays_of(agency)),
        }
        for agency, timed in missing
    ]
    insert_absent(session, Schedule, rows)


def _fire(session: Session, runs: Sequence[Run], at: datetime) -> int:
    """Move schedules on and queue their runs, in one transaction; the first worker to do so wins."""
    held = schedules.hold(session, {run.seen.name: run.seen.next_at for run in runs})
    mine = [run for run in runs if run.seen.name in held]
    schedules.move_on(session, {run.seen.name: (run.due, run.following) for run in mine})
    ready = [run.row() for run in mine if not run.is_skipped(at)]
    for run in mine:
        if run.is_skipped(at):
            meters.TIMED.labels(run.timed.name, "skipped").inc()
    return len(jobs.add_all(session, ready))


def run(records: Session, job: Claimed, timed: Sequence[Timed] = handlers.TIMED) -> None:
    """Do one run, in the caller's transaction: its letters are written, each key once for ever."""
    work = next(one for one in timed if one.name == job.body["name"])
    agency = records.get_one(Agency, job.agency_id)
    at = datetime.fromisoformat(job.body["at"])
    zone, since = zone_of(agency), job.body.get("since")
    errand = Errand(
        records=records,
        agency=agency,
        at=at,
        today=at.astimezone(zone).date(),
        since=datetime.fromisoformat(since).astimezone(zone).date() if since else None,
    )
    posts = work.run(errand)
    post(records, agency, posts)
    schedules.note_run(records, work.name, at, len(posts))
    meters.TIMED.labels(work.name, "run").inc()


def post(records: Session, agency: Agency, posts: list[Post]) -> None:
    """Write the letters nobody asked for, each only if its key was not used before."""
    keyed = {f"post:{agency.id}:{one.key}"[:200]: one for one in posts}
    new = inbox.once(records, keyed)
    for key, one in keyed.items():
        if key in new:
            letter = Letter(
                agency_id=agency.id,
                channel=one.place.partition(":")[0],
                place=one.place,
                language=one.language,
                replies=[pack(one.reply)],
                purpose=one.purpose[:40],
            )
            outbox.write(records, letter)
