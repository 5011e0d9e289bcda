"""Several measures in one answer: two as their cards, some in a line each, all counted by topic."""

from collections import Counter

from handlers import measure_card, telling
from handlers.talk import Card, Choice, Found, Reply, Row, Turn, say
from storage.measures import Measure
from storage.plans import Plan


def both(turn: Turn, found: list[Measure]) -> Reply:
    """Two measures side by side, each as its card."""
    each = [measure_card.shown(turn, one) for one in found]
    return Reply(
        say=say("measures-pair", codes=", ".join(one.code for one in found), count=len(found)),
        cards=tuple(card for one in each for card in one.cards),
        found=Found(
            measures=tuple(one.code for one in found),
            units=tuple(dict.fromkeys(unit for one in each for unit in one.found.units)),
        ),
    )


def listed(found: list[Measure]) -> Reply:
    """Several measures in a line each, where which ones there are is asked."""
    rows = tuple(Row(telling.named(one), value=telling.text(telling.responsible(one))) for one in found)
    return Reply(
        say=say("measures-pair", codes=", ".join(one.code for one in found), count=len(found)),
        cards=(Card(title=say("measures-near"), rows=rows),),
        choices=tuple(telling.show(one) for one in found[:3]),
        found=Found(measures=tuple(one.code for one in found)),
    )


def by_topic(plan: Plan, found: list[Measure]) -> Reply:
    """How many there are, and how many under each topic; the list itself is a tap away."""
    counts = Counter(one.topic_id for one in found)
    rows = tuple(
        Row(
            say("measures-topic", no=topic.no, title=telling.short(topic.title)),
            value=say("measures-count", count=counts[topic.id]),
        )
        for topic in plan.topics
        if counts[topic.id]
    )
    return Reply(
        say=say("measures-topics", count=len(found), topics=len(rows), year=str(plan.fiscal_year)),
        cards=(Card(title=say("measures-by-topic"), rows=rows),) if rows else (),
        choices=(Choice("measures-all", say("measures-all-title")),),
    )
