"""What a plan tells in sentences of its own: the limits, what was found weak, what hinders a measure, what
came of it when the document was written."""

from collections.abc import Iterator

from sqlalchemy import select

from handlers import naming, telling
from handlers.grams import Index
from handlers.parts import Parts
from handlers.talk import Card, Found, Reply, Row, Turn, quote, say
from storage import measures as measure_records
from storage.digits import arabic
from storage.measures import Measure
from storage.plans import Finding, Plan

LIKE = 0.35  # how much of what is asked must stand in the sentence
LIKER, HEAVY = 0.55, 8.0  # where a measure counts the same: this much, and so much of it


def figure(turn: Turn, *, is_counted: bool = False) -> Reply | None:
    """The sentence that holds the number asked for ("how many people does one officer look after").

    Where a measure counts the same (``is_counted``), the sentence must be the likelier by far.
    """
    parts, plan = turn.reading.parts, naming.plan_of(turn)
    if plan is None or not isinstance(parts, Parts) or not (parts.counts or parts.asks_other):
        return None
    told_of = {text: one for text, one in _sentences(turn, plan) if _has_number(parts, text)}
    sentences = list(told_of)
    hits = Index({at: [(one, 1.0)] for at, one in enumerate(sentences)}).look(parts.said, {}, 1)
    if not hits or hits[0].share < (LIKER if is_counted else LIKE):
        return None
    if is_counted and hits[0].weight < HEAVY:
        return None
    sentence = sentences[hits[0].name]
    row, measure = Row(quote(sentence), mark="quote"), told_of[sentence]
    if measure is not None:
        card = Card(title=telling.named(measure, 160), rows=(row,), about=f"measure:{measure.id}")
        return Reply(say=say("findings-told-of"), cards=(card,), found=Found(measures=(measure.code,)))
    return Reply(say=say("findings-told"), cards=(Card(title=say("findings-told-title"), rows=(row,)),))


def _sentences(turn: Turn, plan: Plan) -> Iterator[tuple[str, Measure | None]]:
    """Each with the measure whose result it tells."""
    found = turn.records.scalars(
        select(Finding.text).where(Finding.plan_id == plan.id).order_by(Finding.position)
    )
    measures = measure_records.measures(turn.records, plan)
    yield from ((one.reported_progress, one) for one in measures if one.reported_progress)
    hindered = (one.constraints for one in measures)
    yield from ((text, None) for text in (*plan.limits, *found, *hindered) if text)


def holds(reply: Reply, parts: Parts) -> bool:
    """Whether a number of what is asked for stands anywhere on the cards of an answer."""
    return any(_has_number(parts, repr(row)) for card in reply.cards for row in card.rows)


def _has_number(parts: Parts, text: str) -> bool:
    """A number of what is counted; any number where it is not said of what."""
    text = arabic(text)
    return parts.counted(text) if parts.counts else any(one.isdecimal() for one in text)
