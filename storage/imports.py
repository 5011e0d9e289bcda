"""Storing a plan's draft and making it count: versions, doubts, units, progress carried over."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage import corrections, doubts, exports, history, plan_units
from storage.agencies import units
from storage.aliases import AliasProposal
from storage.doubts import open_doubts
from storage.drafts import Draft, DraftDoubt, DraftMeasure, DraftUnit, pack
from storage.measures import Duty, Kpi, Measure, MeasureAlias, Responsibility, Step, measures
from storage.owing import owe
from storage.people import Person
from storage.plan_units import Known
from storage.plans import ACTIVE, CLOSED, DRAFT, Doubt, Finding, Grade, Plan, Score, Topic
from storage.progress import Update
from storage.rounds import Occurrence, Round

BESIDE = ("scores", "grade", "rank", "rank_group", "policies", "agency")
MADE = ("unit-made", "units-made")  # doubts that come of the agency, not of the document


class OpenDoubts(Exception):
    """A plan was to count while some of its doubts are not decided; ``count`` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} open doubts")
        self.count = count


def keep(session: Session, draft: Draft, by: Person | None = None) -> Plan:
    """Store a draft as a new version of its fiscal year's plan; an older draft of that year goes."""
    assert draft.fiscal_year
    before = session.scalars(
        select(Plan).where(Plan.fiscal_year == draft.fiscal_year, Plan.status == DRAFT)
    ).all()
    version = session.scalar(select(func.max(Plan.version)).where(Plan.fiscal_year == draft.fiscal_year))
    told = doubts.decisions(_decided(session, draft.fiscal_year))
    for old in before:
        discard(session, old, by)
    plan = Plan(
        fiscal_year=draft.fiscal_year,
        assessed_year=draft.assessed_year,
        version=(version or 0) + 1,
        title=draft.title,
        source=draft.source[:200],
        limits=list(draft.limits),
        details={name: pack(getattr(draft, name)) for name in BESIDE},
    )
    session.add(plan)
    session.flush()
    topics, known = _topics(session, plan, draft), Known(units(session))
    _findings(plan, draft, topics)
    for position, one in enumerate(draft.measures):
        session.add(_measure(plan, one, topics.get(one.topic), known, position))
    _rounds(session, plan, draft)
    read = [one for one in draft.doubts if one.why not in MADE]
    for position, doubt in enumerate([*read, *_about_units(draft, known)]):
        plan.doubts.append(_doubt(doubt, position))
    history.note(session, "plan-drafted", f"plan:{plan.id}", by, year=plan.fiscal_year, version=plan.version)
    session.flush()
    doubts.decide_as_before(session, plan, told)
    corrections.decide_as_told(session, plan, draft.doubts, by)
    return plan


def _decided(session: Session, fiscal_year: int) -> Iterator[Doubt]:
    """The doubts of the year's earlier versions, the newest version last."""
    before = select(Plan).where(Plan.fiscal_year == fiscal_year).order_by(Plan.version)
    for plan in session.scalars(before):
        yield from plan.doubts


def _topics(session: Session, plan: Plan, draft: Draft) -> dict[str, Topic]:
    made = {
        one.no: Topic(plan_id=plan.id, no=one.no[:20], title=one.title, aim=one.aim, position=position)
        for position, one in enumerate(draft.topics)
    }
    session.add_all(made.values())
    session.flush()
    return made


def _findings(plan: Plan, draft: Draft, topics: dict[str, Topic]) -> None:
    for position, one in enumerate(draft.findings):
        topic = topics.get(one.topic)
        plan.findings.append(
            Finding(
                topic_id=topic.id if topic else None,
                question=one.question[:20],
                text=one.text,
                score=one.score,
                position=position,
            )
        )


def _rounds(session: Session, plan: Plan, draft: Draft) -> None:
    for position, one in enumerate(draft.rounds):
        session.add(
            Round(
                plan_id=plan.id,
                name=one.name[:200],
                due_on=date.fromisoformat(one.due),
                receiver=one.receiver[:200],
                channel=one.channel[:200],
                position=position,
            )
        )


def _measure(plan: Plan, one: DraftMeasure, topic: Topic | None, known: Known, position: int) -> Measure:
    return Measure(
        plan_id=plan.id,
        topic_id=topic.id if topic else None,
        code=one.code[:20],
        document_no=one.document_no[:20],
        title=one.title,
        aim=one.aim,
        method=one.method,
        constraints=one.constraints,
        responsible_text=one.responsible_text,
        schedule_text=one.schedule.text,
        schedule_kind=one.schedule.kind,
        schedule_every=one.schedule.every,
        schedule_ranges=[list(span) for span in one.schedule.ranges],
        o_items=list(one.o_items),
        questions=list(one.questions),
        reported_status=one.status,
        reported_progress=one.progress,
        position=position,
        steps=[
            Step(no=no, text=text, for_all_units=no in one.steps_of_all)
            for no, text in enumerate(one.steps, 1)
        ],
        kpis=[
            Kpi(text=kpi.text, kind=kpi.kind, value=kpi.value, position=at) for at, kpi in enumerate(one.kpis)
        ],
        responsibilities=[_responsibility(unit, known, at) for at, unit in enumerate(one.responsible)],
    )


def _responsibility(unit: DraftUnit, known: Known, position: int) -> Responsibility:
    found = None if unit.role == Duty.ALL_UNITS else known.find(unit.name)
    return Responsibility(
        unit_id=found.id if found else None, role=unit.role, written=unit.name[:200], position=position
    )


def _doubt(doubt: DraftDoubt, position: int) -> Doubt:
    return Doubt(
        where=doubt.where[:200],
        said=doubt.said,
        guess=doubt.guess,
        why=doubt.why[:80],
        details={"about": doubt.about, "row": list(doubt.row)},
        position=position,
    )


def _about_units(draft: Draft, known: Known) -> list[DraftDoubt]:
    """Units the agency does not have yet and that would be made; the first plan brings all of them."""
    new = list(
        dict.fromkeys(
            unit.name
            for one in draft.measures
            for unit in one.responsible
            if unit.role != Duty.ALL_UNITS and not unit.means and known.find(unit.name) is None
        )
    )
    if known.is_empty:
        names = ", ".join(new)
        return [DraftDoubt("", names, names, "units-made")] if new else []
    return [DraftDoubt("", name, name, "unit-made", f"unit:{name}") for name in new]


def discard(session: Session, plan: Plan, by: Person | None = None) -> None:
    """Throw a draft away; a plan that counted is never thrown away."""
    assert plan.status == DRAFT
    year, version = plan.fiscal_year, plan.version
    history.note(session, "plan-discarded", f"plan:{plan.id}", by, year=year, version=version)
    for one in measures(session, plan):
        session.delete(one)
    session.flush()
    for round_ in session.scalars(select(Round).where(Round.plan_id == plan.id)):
        session.delete(round_)
    session.delete(plan)
    session.flush()


def activate(session: Session, plan: Plan, by: Person | None = None) -> exports.Difference:
    """Make a draft count: units made, the year's plan before it closed, its progress carried over.

    Raises OpenDoubts while doubts are undecided.
    """
    if left := open_doubts(session, plan):
        raise OpenDoubts(len(left))
    before = session.scalars(
        select(Plan).where(Plan.fiscal_year == plan.fiscal_year, Plan.status == ACTIVE, Plan.id != plan.id)
    ).first()
    told = exports.difference(session, before, plan)
    plan_units.settle(session, plan)
    if before is not None:
        close(session, before, by)
        _carry_over(session, plan, told)
    plan.status = ACTIVE
    _scores(session, plan)
    session.flush()
    session.expire_all()
    owe(session, plan)
    history.note(session, "plan-activated", f"plan:{plan.id}", by, **told.counts())
    session.flush()
    return told


def close(session: Session, plan: Plan, by: Person | None = None) -> None:
    """End a plan that counts: it stays to be read, and nothing is due under it any more."""
    plan.status = CLOSED
    year, version = plan.fiscal_year, plan.version
    history.note(session, "plan-closed", f"plan:{plan.id}", by, year=year, version=version)
    session.flush()


def _carry_over(session: Session, plan: Plan, told: exports.Difference) -> None:
    """What was reported on a measure of the plan before belongs to the same measure of the new one."""
    for old, new in told.same:
        session.execute(
            update(Occurrence)
            .where(Occurrence.measure_id == old)
            .values(measure_id=new, plan_id=plan.id)
            .execution_options(synchronize_session=False)
        )
        for kind in (Update, MeasureAlias, AliasProposal):
            session.execute(
                update(kind)
                .where(kind.measure_id == old)
                .values(measure_id=new)
                .execution_options(synchronize_session=False)
            )


def _scores(session: Session, plan: Plan) -> None:
    """The scores and level the document tells of the assessed year."""
    year, said = plan.assessed_year, exports.beside(plan)
    if year is None:
        return
    there = {(one.level, one.code): one for one in session.scalars(select(Score).where(Score.year == year))}
    for position, one in enumerate(said.scores):
        code = (one.code or ("" if one.level == "overall" else one.name))[:20]
        score = there.get((one.level, code)) or Score(year=year, level=one.level, code=code)
        score.name, score.score, score.qualifier = one.name, one.score, one.qualifier
        score.position = position
        session.add(score)
        there[one.level, code] = score
    if said.grade or said.rank:
        grade = session.scalar(select(Grade).where(Grade.year == year)) or Grade(year=year)
        grade.grade, grade.rank = said.grade[:80], said.rank
        grade.rank_group = said.rank_group[:200]
        session.add(grade)
