"""A stored plan as the value it was read as: to show it, to write it into a form, to tell two apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from storage import plans
from storage.base import Json
from storage.drafts import (
    Draft,
    DraftDoubt,
    DraftFinding,
    DraftKpi,
    DraftMeasure,
    DraftRound,
    DraftSchedule,
    DraftScore,
    DraftTopic,
    DraftUnit,
    pack,
    unpack,
)
from storage.measures import Duty, Measure, measures
from storage.plans import Plan
from storage.rounds import rounds

NOT_TOLD = ("topic", "steps_of_all", "responsible_text", "document_no")  # told by other fields, or no change
LIKENESS = 0.6  # letters two titles have in common from which a code tells the same measure


def beside(plan: Plan) -> Draft:
    """What the plan's document said beside its measures."""
    return unpack(dict(plan.details or {}))


def as_draft(session: Session, plan: Plan) -> Draft:
    """A stored plan as a value."""
    said = beside(plan)
    scores, grade = said.scores, (said.grade, said.rank, said.rank_group)
    if not scores and plan.assessed_year:
        scores = tuple(
            DraftScore(one.level, one.score, one.code, one.name, one.qualifier)
            for one in plans.scores(session, plan.assessed_year)
        )
        known = next((one for one in plans.grades(session) if one.year == plan.assessed_year), None)
        grade = (known.grade, known.rank, known.rank_group) if known else grade
    numbers = {topic.id: topic.no for topic in plan.topics}
    return Draft(
        title=plan.title,
        agency=said.agency,
        fiscal_year=plan.fiscal_year,
        assessed_year=plan.assessed_year,
        scores=scores,
        grade=grade[0],
        rank=grade[1],
        rank_group=grade[2],
        topics=tuple(DraftTopic(topic.no, topic.title, topic.aim) for topic in plan.topics),
        findings=tuple(
            DraftFinding(one.text, numbers.get(one.topic_id or 0, ""), one.question, one.score)
            for one in plan.findings
        ),
        measures=tuple(_measure(one, numbers) for one in measures(session, plan)),
        rounds=tuple(
            DraftRound(one.name, one.due_on.isoformat(), one.receiver, one.channel)
            for one in rounds(session, plan)
        ),
        policies=said.policies,
        limits=tuple(plan.limits),
        doubts=tuple(
            DraftDoubt(
                one.where,
                one.said,
                one.guess,
                one.why,
                str(one.details.get("about", "")),
                row=tuple(one.details.get("row", ())),
            )
            for one in plan.doubts
        ),
        source=plan.source,
    )


def _measure(one: Measure, topics: Mapping[int, str]) -> DraftMeasure:
    return DraftMeasure(
        code=one.code,
        title=one.title,
        document_no=one.document_no,
        topic=topics.get(one.topic_id or 0, ""),
        aim=one.aim,
        method=one.method,
        constraints=one.constraints,
        steps=tuple(step.text for step in one.steps),
        steps_of_all=tuple(step.no for step in one.steps if step.for_all_units),
        kpis=tuple(DraftKpi(kpi.text, kpi.kind, kpi.value) for kpi in one.kpis),
        schedule=DraftSchedule(
            one.schedule_text,
            one.schedule_kind,
            one.schedule_every,
            tuple((start, end) for start, end in one.schedule_ranges),
        ),
        responsible_text=one.responsible_text,
        responsible=tuple(
            DraftUnit(duty.written or (duty.unit.name if duty.unit else ""), duty.role)
            for duty in one.responsibilities
        ),
        status=one.reported_status,
        progress=one.reported_progress,
        o_items=tuple(one.o_items),
        questions=tuple(one.questions),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new version changes: codes that are new, changed (with what) and gone; ``same`` pairs the
    ids of measures that are one and the same, old and new."""

    new: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    same: tuple[tuple[int, int], ...] = ()

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {"new": len(self.new), "changed": len(self.changed), "gone": len(self.gone)}


def difference(session: Session, old: Plan | None, new: Plan) -> Difference:
    """What changes from one version to the other; without an old one everything is new."""
    after = measures(session, new)
    before = measures(session, old) if old else []
    pairs = _paired(before, after)
    changed = []
    for one, other in pairs:
        a, b = _told(one), _told(other)
        what = tuple(name for name in a if a[name] != b[name] and name not in NOT_TOLD)
        if what:
            changed.append((other.code, what))
    kept, found = {one.id for one, _ in pairs}, {other.id for _, other in pairs}
    return Difference(
        tuple(one.code for one in after if one.id not in found),
        tuple(changed),
        tuple((one.code, one.title) for one in before if one.id not in kept),
        tuple((one.id, other.id) for one, other in pairs),
    )


def _told(one: Measure) -> Json:
    """What a person would call a change: not the order of units, what "every unit" is called, or how an
    indicator's words are counted."""
    value: Json = pack(_measure(one, {}))
    value["responsible"] = sorted(
        (duty["role"], "" if duty["role"] == Duty.ALL_UNITS else duty["name"])
        for duty in value["responsible"]
    )
    value["kpis"] = [kpi["text"] for kpi in value["kpis"]]
    return value


def _paired(before: list[Measure], after: list[Measure]) -> list[tuple[Measure, Measure]]:
    """The same measure in both: the same title, else the same code with a title that is much alike."""
    by_title: dict[str, list[Measure]] = {}
    for one in before:
        by_title.setdefault(_key(one.title), []).append(one)
    made: dict[int, Measure] = {}
    for other in after:
        same = by_title.get(_key(other.title), [])
        if found := next((one for one in same if one.code == other.code), next(iter(same), None)):
            same.remove(found)
            made[other.id] = found
    used = {one.id for one in made.values()}
    by_code = {one.code: one for one in before if one.id not in used}
    for other in after:
        near = by_code.get(other.code) if other.id not in made else None
        if near and _alike(near.title, other.title):
            made[other.id] = near
    return [(made[other.id], other) for other in after if other.id in made]


def _key(text: str) -> str:
    return "".join(text.split())


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _key(one), _key(other), autojunk=False).ratio() >= LIKENESS
