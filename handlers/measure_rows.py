"""What the plan says of one measure, as the rows of its card."""

from collections.abc import Iterable

from sqlalchemy import select

from handlers import telling
from handlers.talk import Row, Turn, say
from storage.measures import Duty, Measure
from storage.plans import Finding, Score


def plan_rows(measure: Measure) -> Iterable[Row]:
    """Who answers for it, when, why, by which steps and targets, as the plan has it."""
    for role in Duty:
        named = tuple(
            telling.text(one.unit.name) if one.unit else say("measures-everyone")
            for one in measure.responsibilities
            if one.role == role
        )
        if named:
            yield Row(say(f"measures-{role}"), value=say("measures-list", parts=named))
    if written := " ".join(measure.responsible_text.split()):
        yield Row(say("measures-responsible-written"), value=telling.text(written))
    yield from _period_rows(measure)
    if measure.aim:
        yield Row(say("measures-aim", text=telling.short(measure.aim, 300)))
    for step in measure.steps:
        yield Row(say("measures-step", no=step.no, text=telling.short(step.text, 300)))
    for kpi in measure.kpis:
        yield Row(say("measures-kpi", text=telling.short(kpi.text, 200)))
    if not measure.kpis:
        yield Row(say("measures-no-kpi"))
    if measure.o_items:
        yield Row(say("measures-o-items", items=", ".join(measure.o_items)))
    if measure.constraints:
        yield Row(say("measures-constraints", text=telling.short(measure.constraints, 300)))


def _period_rows(measure: Measure) -> Iterable[Row]:
    """The period as the document writes it, and as it was read."""
    period = telling.text(measure.schedule_text) if measure.schedule_text else say("measures-no-period")
    yield Row(say("measures-period"), value=period)
    if measure.schedule_kind == "range":
        for start, end in measure.ranges:
            yield Row(say("measures-range", start=start, end=end))


def finding_rows(turn: Turn, measure: Measure) -> Iterable[Row]:
    """The findings of the measure's topic; those of its own questions where it names any."""
    if measure.topic_id is None:
        return
    found = turn.records.scalars(
        select(Finding).where(Finding.topic_id == measure.topic_id).order_by(Finding.position)
    ).all()
    own = [one for one in found if one.question in measure.questions] or list(found)
    scored = _question_scores(turn, [one.question for one in own if one.question])
    for one in own:
        score = scored.get(one.question.lower())
        told = say("measures-finding", text=telling.short(one.text, 200))
        if one.question:
            told = say("measures-finding-of", question=one.question, text=telling.short(one.text, 200))
        yield Row(told, mark="quote", value=say("measures-score", score=f"{score:.2f}") if score else None)


def _question_scores(turn: Turn, codes: list[str]) -> dict[str, float]:
    found = turn.records.scalars(
        select(Score).where(Score.level == "question", Score.code.in_(codes)).order_by(Score.year)
    )
    return {one.code.lower(): one.score for one in found}
