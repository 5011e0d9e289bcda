"""What the plan says of one measure, what was last told of it and shown, as the rows of its card."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from handlers import telling
from handlers.grams import Index
from handlers.talk import Row, Say, Turn, say
from storage import evidence, rounds
from storage.measures import Duty, Measure
from storage.plans import Finding, Score
from storage.progress import COUNTED, Update
from storage.rounds import Occurrence

LAST_SHOWN = 2
FINDINGS_SHOWN = 3
WRITTEN = 500  # letters of what the document tells of its progress


def plan_rows(measure: Measure) -> Iterable[Row]:
    """Who answers for it, when, why, by which steps and targets, as the plan has it."""
    yield from role_rows(measure)
    yield from period_rows(measure)
    yield from aim_rows(measure)
    if measure.method:
        yield Row(say("measures-method", text=telling.short(measure.method, 300)))
    yield from step_rows(measure)
    yield from kpi_rows(measure)
    if measure.o_items:
        yield Row(say("measures-o-items", items=", ".join(measure.o_items)))
    if measure.constraints:
        yield Row(say("measures-constraints", text=telling.short(measure.constraints, 300)))
    yield from _written_rows(measure)


def role_rows(measure: Measure) -> Iterable[Row]:
    """Who answers for it, by role, and as the document writes it."""
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


def aim_rows(measure: Measure) -> Iterable[Row]:
    """What it is for."""
    if measure.aim:
        yield Row(say("measures-aim", text=telling.short(measure.aim, 300)))


def _written_rows(measure: Measure) -> Iterable[Row]:
    """How it stood when the document was written, in the document's words."""
    if measure.reported_status:
        told = say(f"progress-status-{measure.reported_status.replace('_', '-')}")
        yield Row(say("measures-written-status"), value=told)
    if measure.reported_progress:
        yield Row(
            say("measures-written", text=telling.short(measure.reported_progress, WRITTEN)), mark="quote"
        )


def kpi_rows(measure: Measure) -> Iterable[Row]:
    """What it is measured by."""
    for kpi in measure.kpis:
        yield Row(say("measures-kpi", text=telling.short(kpi.text, 200)))
    if not measure.kpis:
        yield Row(say("measures-no-kpi"))


def step_rows(measure: Measure) -> Iterable[Row]:
    """By which steps it is done."""
    for step in measure.steps:
        yield Row(say("measures-step", no=step.no, text=telling.short(step.text, 300)))


def period_rows(measure: Measure) -> Iterable[Row]:
    """The period as the document writes it, and as it was read."""
    period = telling.text(measure.schedule_text) if measure.schedule_text else say("measures-no-period")
    yield Row(say("measures-period"), value=period)
    if measure.schedule_kind == "range":
        for start, end in measure.ranges:
            yield Row(say("measures-range", start=start, end=end))


def finding_rows(turn: Turn, measure: Measure) -> Iterable[Row]:
    """The findings of the measure's topic: of its own questions where it names any, else the nearest few."""
    if measure.topic_id is None:
        return
    found = turn.records.scalars(
        select(Finding).where(Finding.topic_id == measure.topic_id).order_by(Finding.position)
    ).all()
    own = [one for one in found if one.question in measure.questions] or _nearest(measure, found)
    scored = _question_scores(turn, [one.question for one in own if one.question])
    for one in own:
        score = scored.get(one.question.lower())
        told = say("measures-finding", text=telling.short(one.text, 200))
        if one.question:
            told = say("measures-finding-of", question=one.question, text=telling.short(one.text, 200))
        yield Row(told, mark="quote", value=say("measures-score", score=f"{score:.2f}") if score else None)


def _nearest(measure: Measure, found: Sequence[Finding]) -> list[Finding]:
    if len(found) <= FINDINGS_SHOWN:
        return list(found)
    said = " ".join((measure.title, measure.method, *(step.text for step in measure.steps)))
    hits = Index({one.id: [(one.text, 1.0)] for one in found}).look(said, {}, FINDINGS_SHOWN)
    near = {hit.name for hit in hits}
    return [one for one in found if one.id in near]


def _question_scores(turn: Turn, codes: list[str]) -> dict[str, float]:
    found = turn.records.scalars(
        select(Score).where(Score.level == "question", Score.code.in_(codes)).order_by(Score.year)
    )
    return {one.code.lower(): one.score for one in found}


def last_told(turn: Turn, measure_id: int) -> Iterable[Row]:
    """What was last reported, in its own words: the numbers people ask for stand there. What was corrected
    since is told as it is now."""
    counted = (Update.measure_id == measure_id, Update.state == COUNTED, Update.note != "")
    mended = select(Update.corrects_id).where(*counted, Update.corrects_id.is_not(None))
    newest = select(Update).where(*counted, Update.id.not_in(mended))
    newest = newest.order_by(Update.said_at.desc(), Update.version.desc())
    for one in turn.records.scalars(newest.limit(LAST_SHOWN)):
        yield Row(_in_words(one), mark="quote")


def _in_words(one: Update) -> Say:
    """The words of a report, and what was counted where the words leave it out or it was mended since."""
    told, count = telling.short(one.note, 160), f"{one.count_done or 0:g}"
    figure = f"{count} {one.count_of_what}".strip() if one.count_done and count not in told else ""
    day = one.fact_on or one.said_at.date()
    if figure and one.corrects_id is not None:
        return say("measures-last-mended", text=told, figure=figure, day=day)
    return say("measures-last", text=f"{told} {figure}".strip(), day=day)


def evidence_rows(turn: Turn, one: Occurrence) -> Iterable[Row]:
    found = evidence.evidence_of(turn.records, one.id)
    if not found and one.status == rounds.DONE:
        yield Row(say("measures-no-evidence"), mark="due")
    for item in found:
        if item.own_date:
            yield Row(
                say("measures-evidence-dated", name=item.name or item.url, day=item.own_date), mark="quote"
            )
        else:
            yield Row(say(f"measures-evidence-{item.kind}", name=item.name or item.url), mark="quote")
