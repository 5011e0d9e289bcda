"""What the assessment found: by question, by topic or in words, and which measures answer it; the limits."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from handlers import measure_card, naming, telling
from handlers.grams import Index, key
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Turn, say
from storage import indicators, plans
from storage import measures as measure_records
from storage.measures import Measure
from storage.plans import Finding, Plan

LIKE = 0.4  # how like a finding must be to a topic's own finding to be the same one
NEAR, SOME = 0.25, 0.12
AS_NEAR = 0.5  # of the likest measure's weight, for another to answer the same finding
LENGTH = 400
_OIT = re.compile(r"(?<![a-z])oit(?![a-z])", re.IGNORECASE)
SHOWN = 8
FEW = 3  # topics from which one finding of each is shown
A_PART, MENDING = 15, 2  # letters of a part of a finding; measures that mend one part


def show(turn: Turn) -> Reply:
    """The findings a message names by question code, topic or words, and the measures that answer them."""
    plan = _plan(turn)
    known = list(
        turn.records.scalars(
            select(Finding)
            .where(Finding.plan_id == plan.id)
            .order_by(Finding.position)
            .options(joinedload(Finding.topic))
        )
    )
    asked = [ref.value for ref in naming.refs(turn, turn.reading.text) if ref.kind == "question"]
    if asked:
        return _of_questions(turn, plan, known, asked)
    if part := _of_part(turn, plan, known):
        return _told(turn, part, _measures(turn, plan, part, known))
    parts = turn.reading.parts
    matches = naming.measures(turn, parts.subject_said if isinstance(parts, Parts) else "")
    topics = {match.measure.topic_id for match in matches if match is matches[0] or match.share > NEAR}
    found = [one for one in known if one.topic_id is not None and one.topic_id in topics]
    if _OIT.search(turn.reading.text):
        found = found or [one for one in known if one.topic_id is None and not one.question]
    found = found or _by_words(turn, known)
    if not found and known and isinstance(parts, Parts) and parts.all_findings:
        return _every(known)
    if not found:
        raise Refused(Reply(say=say("findings-unknown"), choices=(_limits_choice(),)))
    answering = _measures(turn, plan, found, known)
    coded = [match.measure for match in matches if naming.refs(turn, turn.reading.text) and match.sure]
    if coded:
        index = Index({one.id: [(one.text, 1.0)] for one in found})
        hits = index.look(f"{coded[0].title} {coded[0].method}", {}, len(found))
        near = {hit.name for hit in hits if hit.weight >= hits[0].weight * AS_NEAR}
        return _told(turn, [one for one in found if one.id in near] or found, coded)
    return _told(turn, found, _nearest(naming.plain(turn, turn.reading.text), answering))


def _every(known: list[Finding]) -> Reply:
    """All that was found, topic by topic; a few of each."""
    rows: list[Row] = []
    topics = list(dict.fromkeys(one.topic for one in known))
    for topic in topics:
        own = [one for one in known if one.topic is topic]
        if topic is not None:
            rows.append(
                Row(say("measures-topic", no=topic.no, title=telling.short(topic.title)), mark="note")
            )
        rows += [_row(one, None) for one in own[: 1 if len(topics) > FEW else SHOWN]]
    return Reply(
        say=say("findings-all", count=len(known), topics=len([one for one in topics if one is not None])),
        cards=(Card(title=say("findings-title"), rows=tuple(rows)),),
        choices=(_limits_choice(),),
    )


def _of_part(turn: Turn, plan: Plan, known: list[Finding]) -> list[Finding]:
    """The findings of the indicator or topic whose number is said, or that everyday words name."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts):
        return []
    said = parts.topic_said or parts.indicator_said.isdecimal()
    if not said and (len(parts.areas) != 1 or any(one.sure for one in naming.measures(turn))):
        return []
    topics = {one.id for one in plan.topics if one.no == parts.topic_said}
    indicator = next(
        (
            one
            for one in indicators.every(turn.records, plan)
            if one.no == parts.indicator_said or (not said and key(parts.areas[0]) in key(one.name))
        ),
        None,
    )
    if indicator is not None:
        own = turn.agency.settings.get(indicators.SETTING, {})
        mine = indicators.measures_of(turn.records, plan, indicator, own)
        there = measure_records.measures(turn.records, plan)
        topics |= {one.topic_id for one in there if one.id in mine and one.topic_id is not None}
    return [one for one in known if one.topic_id in topics]


def _of_questions(turn: Turn, plan: Plan, known: list[Finding], asked: list[str]) -> Reply:
    found = [one for one in known if one.question in asked]
    answering = _measures(turn, plan, found, known, asked)
    named = [one for one in answering if any(code in one.questions for code in asked)]
    answering = named or (_that_mend(found[0].text, answering) if len(found) == 1 else answering)
    if not found and not answering:
        raise Refused(say("findings-no-question", question=", ".join(asked)))
    return _told(turn, found, answering)


def _that_mend(text: str, answering: list[Measure]) -> list[Measure]:
    """The measures nearest to each part of a finding: one that tells of two things has two that mend it."""
    parts = [one for one in text.split() if len(one) >= A_PART] or [text]
    near = {one.id for part in (text, *parts) for one in _nearest(part, answering)[:MENDING]}
    return [one for one in answering if one.id in near]


def _nearest(text: str, answering: list[Measure]) -> list[Measure]:
    """Of measures that may answer those whose words a text has; all where none has many of them."""
    words = {
        one.id: [(f"{one.title} {one.method} {' '.join(step.text for step in one.steps)}", 1.0)]
        for one in answering
    }
    hits = Index(words).look(text, {}, len(answering))
    near = {hit.name for hit in hits if hit.weight >= hits[0].weight * AS_NEAR and hits[0].share >= SOME}
    return [one for one in answering if one.id in near] or answering


def _by_words(turn: Turn, known: list[Finding]) -> list[Finding]:
    index = Index({one.id: [(one.text, 1.0)] for one in known})
    hits = {hit.name for hit in index.look(naming.plain(turn, turn.reading.text), {}, 2) if hit.share >= LIKE}
    return [one for one in known if one.id in hits]


def _measures(
    turn: Turn, plan: Plan, found: list[Finding], known: list[Finding], asked: Iterable[str] = ()
) -> list[Measure]:
    """Measures of the findings' topics; a finding without a topic belongs to the one that says the same."""
    topics = {one.topic_id for one in found if one.topic_id is not None}
    loose = [one for one in found if one.topic_id is None]
    if loose:
        index = Index({one.id: [(one.text, 1.0)] for one in known if one.topic_id is not None})
        of = {one.id: one.topic_id for one in known if one.topic_id is not None}
        for one in loose:
            topics |= {of[hit.name] for hit in index.look(one.text, {}, 1) if hit.share >= LIKE}
    return [
        one
        for one in measure_records.measures(turn.records, plan)
        if one.topic_id in topics or any(code in one.questions for code in asked)
    ]


def _told(turn: Turn, found: list[Finding], answering: list[Measure]) -> Reply:
    scored = {
        one.code.lower(): one.score for one in reversed(plans.scores(turn.records)) if one.level == "question"
    }
    rows = [_row(one, scored.get(one.question.lower())) for one in found[:SHOWN]]
    rows += [
        Row(telling.named(one), mark="open", value=telling.text(telling.responsible(one)))
        for one in answering[:SHOWN]
    ]
    if len(answering) == 1 and (written := " ".join(answering[0].responsible_text.split())):
        rows.append(Row(say("measures-responsible-written"), value=telling.text(written)))
    if len(answering) == 1:
        turn.thread.measure_id = answering[0].id
    units = dict.fromkeys(duty.unit.name for one in answering for duty in one.responsibilities if duty.unit)
    return Reply(
        say=say("findings-some", count=len(answering)) if answering else say("findings-no-measure"),
        cards=(Card(title=say("findings-title"), rows=tuple(rows)),),
        choices=tuple(telling.show(one) for one in answering[:3]),
        found=Found(measures=tuple(one.code for one in answering), units=tuple(units)),
    )


def _row(one: Finding, scored: float | None) -> Row:
    """A finding with its score; where the finding has none, the one of the table of scores."""
    text = telling.short(one.text, LENGTH)
    score = one.score if one.score is not None else scored
    told = (
        say("findings-of", question=one.question, text=text)
        if one.question
        else say("findings-one", text=text)
    )
    return Row(told, mark="quote", value=telling.text(f"{score:.2f}") if score is not None else None)


def limits(turn: Turn) -> Reply:
    """What the plan states as limits of the agency, or of the measure that is named."""
    plan = _plan(turn)
    if (hindered := _hindered(turn)) is not None:
        text = " ".join(hindered.constraints.split())
        name = "findings-constraints" if _is_told(text) else "findings-no-constraints"
        told = say(name, measure=telling.named(hindered), text=telling.short(text, LENGTH))
        shown = measure_card.shown(turn, hindered)
        return Reply(say=told, cards=shown.cards, choices=shown.choices, found=shown.found)
    if not plan.limits:
        return Reply(say=say("findings-no-limits"))
    rows = tuple(Row(telling.text(one), mark="quote") for one in plan.limits)
    return Reply(
        say=say("findings-limits", count=len(rows)),
        cards=(Card(title=say("findings-limits-title"), rows=rows),),
    )


def _hindered(turn: Turn) -> Measure | None:
    """The measure whose limits are asked for: by its code, or by its words where it has any."""
    matches = naming.measures(turn)
    if matches and any(ref.kind != "question" for ref in naming.refs(turn, turn.reading.text)):
        return matches[0].measure
    near = (
        one.measure
        for one in matches
        if (one.sure or one.evidence >= naming.ALONE) and one.weight >= matches[0].weight * AS_NEAR
    )
    return next((one for one in near if _is_told(one.constraints)), None)


def _is_told(text: str) -> bool:
    return bool(text.strip(" -–—.\n"))


def _plan(turn: Turn) -> Plan:
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("findings-no-plan"))
    return plan


def _limits_choice() -> Choice:
    return Choice("findings-limits", say("findings-limits-title"))


ANSWERS = {"findings-show": show, "findings-limits": limits}
