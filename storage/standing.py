"""How a plan stands: figures over all its occurrences, in a few statements whatever its size."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage.agencies import Unit, units
from storage.evidence import GONE, REMOVED, Evidence
from storage.measures import Measure
from storage.plans import Plan, Topic
from storage.progress import COUNTED, Update
from storage.rounds import CANCELLED, DEADLINE, DONE, IN_PROGRESS, NOT_STARTED, SETTLED, Occurrence


@dataclass(frozen=True, slots=True)
class Named:
    """A measure as a summary names it."""

    id: int
    code: str
    title: str
    topic_no: str
    topic: str


class Owed(NamedTuple):
    """One occurrence in figures; ``due_on`` is the day after an accepted postponement.

    A tuple, because a year of a large agency has twenty thousand of them.
    """

    id: int
    measure_id: int
    unit_id: int
    starts_on: date | None
    due_on: date | None
    status: str
    version: int
    evidence_count: int

    def is_overdue(self, today: date) -> bool:
        """Past its day and not settled."""
        return self.due_on is not None and self.due_on < today and self.status not in SETTLED


@dataclass(frozen=True, slots=True)
class Told:
    """The last thing a unit reported on a measure inside a period."""

    measure_id: int
    unit_id: int
    status: str
    said_at: datetime
    nothing: bool


@dataclass(frozen=True)
class Standing:
    """A plan's measures, units and occurrences, loaded once and asked many things."""

    measures: dict[int, Named]
    units: dict[int, Unit]
    owed: tuple[Owed, ...]

    def only(
        self,
        *,
        unit: int | None = None,
        topic: str | None = None,
        measures: Collection[int] | None = None,
        pairs: Collection[tuple[int, int]] | None = None,
    ) -> "Standing":
        """The part that a unit owes, of a topic (by number), of some measures or (measure, unit) pairs."""
        kept = {
            no: one
            for no, one in self.measures.items()
            if topic in (None, one.topic_no) and (measures is None or no in measures)
        }
        owed = tuple(
            one
            for one in self.owed
            if one.measure_id in kept
            and unit in (None, one.unit_id)
            and (pairs is None or (one.measure_id, one.unit_id) in pairs)
        )
        if unit is not None or pairs is not None:
            mine = {one.measure_id for one in owed}
            kept = {no: one for no, one in kept.items() if no in mine}
        return Standing(kept, self.units, owed)

    def statuses(self) -> Counter[str]:
        """Measures by where they stand: done when everything of it is, begun when anything is."""
        by_measure: dict[int, list[Owed]] = defaultdict(list)
        for one in self.owed:
            by_measure[one.measure_id].append(one)
        return Counter(of_measure(by_measure.get(number, [])) for number in self.measures)

    def by_topic(self) -> list[tuple[str, str, int, int]]:
        """Each topic's number and title, how much of it is settled, and how much there is."""
        done, count = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for one in self.owed:
            measure = self.measures[one.measure_id]
            key = (measure.topic_no, measure.topic)
            count[key] += 1
            done[key] += one.status in SETTLED
        order = dict.fromkeys((measure.topic_no, measure.topic) for measure in self.measures.values())
        return [(*key, done[key], count[key]) for key in order if count[key]]

    def by_unit(self, today: date) -> list[tuple[Unit, int, int, int]]:
        """Each unit that owes something: how much is settled, how much there is, how much is late."""
        done, count, late = Counter[int](), Counter[int](), Counter[int]()
        for one in self.owed:
            count[one.unit_id] += 1
            done[one.unit_id] += one.status in SETTLED
            late[one.unit_id] += one.is_overdue(today)
        found = [self.units[number] for number in count]
        found.sort(key=lambda unit: (unit.position, unit.name))
        return [(unit, done[unit.id], count[unit.id], late[unit.id]) for unit in found]

    def overdue(self, today: date) -> list[Owed]:
        """What is late, the oldest first."""
        return sorted((one for one in self.owed if one.is_overdue(today)), key=_by_day)

    def due(self, start: date, end: date) -> list[Owed]:
        """What falls due in a range and is not settled."""
        found = [one for one in self.owed if one.due_on is not None and start <= one.due_on <= end]
        return sorted((one for one in found if one.status not in SETTLED), key=_by_day)

    def silent(self, today: date) -> list[Unit]:
        """Units with something under way or late that have never reported on this plan."""
        spoke = {one.unit_id for one in self.owed if one.version}
        begun = {
            one.unit_id
            for one in self.owed
            if one.status not in SETTLED and one.starts_on is not None and one.starts_on <= today
        }
        found = [self.units[number] for number in begun - spoke]
        return sorted(found, key=lambda unit: (unit.position, unit.name))

    def bare(self, nothing: Iterable[int]) -> list[Owed]:
        """What is said to be done without evidence; "nothing to report" (by id) needs none."""
        excused = set(nothing)
        return [
            one
            for one in self.owed
            if one.status == DONE and not one.evidence_count and one.id not in excused
        ]


def _by_day(one: Owed) -> tuple[date, int]:
    return one.due_on or date.max, one.id


def of_measure(owed: list[Owed]) -> str:
    """Where a measure stands: done when everything of it is settled, begun when anything is."""
    statuses = {one.status for one in owed}
    if statuses == {CANCELLED}:
        return CANCELLED
    if owed and statuses <= set(SETTLED):
        return DONE
    return IN_PROGRESS if any(one.version for one in owed) else NOT_STARTED


def standing(session: Session, plan: Plan, moment: datetime | None = None) -> Standing:
    """Load a plan's figures: three statements. With a moment, as they stood then: two more.

    What was shown from the moment on is left out, and what was reported since, unless it had happened
    before. A version withdrawn or returned since is left out too: what is known to be wrong was wrong then.
    """
    measures = session.execute(
        select(Measure.id, Measure.code, Measure.title, Topic.no, Topic.title)
        .outerjoin(Topic, Topic.id == Measure.topic_id)
        .where(Measure.plan_id == plan.id)
        .order_by(Measure.position)
    )
    owed = session.execute(
        select(
            Occurrence.id,
            Occurrence.measure_id,
            Occurrence.unit_id,
            Occurrence.starts_on,
            DEADLINE if moment is None else Occurrence.due_on,
            Occurrence.status,
            Occurrence.version,
            Occurrence.evidence_count,
        ).where(Occurrence.plan_id == plan.id)
    )
    found = map(Owed._make, owed)
    return Standing(
        {row[0]: Named(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in measures},
        {unit.id: unit for unit in units(session)},
        tuple(found) if moment is None else tuple(_as_it_stood(session, plan, found, moment)),
    )


def _as_it_stood(session: Session, plan: Plan, owed: Iterable[Owed], moment: datetime) -> Iterable[Owed]:
    """Everything owed with the state that the versions said before a moment give it."""
    told, shown = _told_before(session, plan, moment), _shown_before(session, plan, moment)
    for one in owed:
        versions = told.get(one.id, [])
        mine = [each for each in versions if each.counts]
        later = next((each.new_due_on for each in reversed(mine) if each.new_due_on), None)
        yield one._replace(
            due_on=later or one.due_on,
            status=mine[-1].status if mine else NOT_STARTED,
            version=versions[-1].version if versions else 0,
            evidence_count=shown.get(one.id, 0),
        )


def _told_before(session: Session, plan: Plan, moment: datetime) -> dict[int, list[Any]]:
    happened = Update.fact_on < moment.date()
    rows = session.execute(
        select(
            Update.occurrence_id,
            Update.version,
            Update.status,
            Update.new_due_on,
            Update.said_at,
            and_(Update.state == COUNTED, Update.unit_id == Occurrence.unit_id).label("counts"),
        )
        .join(Occurrence, Occurrence.id == Update.occurrence_id)
        .where(Occurrence.plan_id == plan.id, or_(Update.said_at < moment, happened))
        .order_by(Update.version)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.occurrence_id].append(row)
    return found


def _shown_before(session: Session, plan: Plan, moment: datetime) -> dict[int, int]:
    rows = session.execute(
        select(Occurrence.id, func.count(Evidence.id))
        .join(Evidence, Evidence.occurrence_id == Occurrence.id)
        .where(
            Occurrence.plan_id == plan.id,
            Evidence.added_at < moment,
            Evidence.state.not_in((REMOVED, GONE)),
        )
        .group_by(Occurrence.id)
    )
    return {number: count for number, count in rows}  # noqa: C416 - rows are not tuples to mypy


def settled_at(session: Session, plan: Plan, moment: datetime | None = None) -> list[tuple[int, datetime]]:
    """When each thing that is settled (or was, at a moment) was reported so: the occurrence, and when."""
    if moment is not None:
        told = _told_before(session, plan, moment)
        last = [(number, one) for number, found in told.items() for one in found if one.counts]
        return [(number, one.said_at) for number, one in dict(last).items() if one.status in SETTLED]
    rows = session.execute(
        select(Occurrence.id, Occurrence.reported_at).where(
            Occurrence.plan_id == plan.id,
            Occurrence.status.in_(SETTLED),
            Occurrence.reported_at.is_not(None),
        )
    )
    return [(number, at) for number, at in rows if at is not None]


def told_between(session: Session, plan: Plan, start: datetime, end: datetime) -> list[Told]:
    """The last counted report of each unit on each measure from ``start`` up to ``end``, oldest first."""
    rows = session.execute(
        select(Update.measure_id, Update.unit_id, Update.status, Update.said_at, Update.nothing_to_report)
        .join(Measure, Measure.id == Update.measure_id)
        .where(
            Measure.plan_id == plan.id,
            Update.state == COUNTED,
            Update.said_at >= start,
            Update.said_at < end,
        )
        .order_by(Update.said_at, Update.version)
    )
    last = {(row[0], row[1]): Told(*row) for row in rows}
    return sorted(last.values(), key=lambda one: one.said_at)


def nothing_to_report(session: Session, plan: Plan) -> list[int]:
    """The occurrences for which a unit reported that there was nothing."""
    return list(
        session.scalars(
            select(Update.occurrence_id)
            .join(Occurrence, Occurrence.id == Update.occurrence_id)
            .where(Occurrence.plan_id == plan.id, Update.state == COUNTED, Update.nothing_to_report.is_(True))
        )
    )
