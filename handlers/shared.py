"""What several units answer for: what they do together, or each by itself."""

from collections.abc import Callable

from handlers import due, naming, telling
from handlers.parts import Parts
from handlers.talk import Card, Found, Refused, Reply, Row, Turn, quote, say
from storage import measures as records_of
from storage.agencies import Unit
from storage.measures import Measure

OfOne = Callable[[Turn, Unit], Reply]


def of_several(turn: Turn, units: list[Unit], of_one: OfOne) -> Reply:
    """The measures in which all of these units are named, where that is asked; else each unit's own."""
    parts = turn.reading.parts
    if isinstance(parts, Parts) and parts.together:
        return _together(turn, units)
    return due.merged([of_one(turn, one) for one in units])


def _together(turn: Turn, units: list[Unit]) -> Reply:
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("duties-no-plan"))
    every = records_of.measures(turn.records, plan)
    found = [one for one in every if all(_is_named(one, unit) for unit in units)]
    of_all = sum(any(each.unit_id is None for each in one.responsibilities) for one in every)
    who = tuple(quote(one.name) for one in units)
    names = tuple(one.name for one in units)
    if not found:
        name = "shared-none-but-all" if of_all else "shared-none"
        return Reply(say=say(name, units=who, count=of_all), found=Found(units=names))
    rows = tuple(Row(telling.named(one), value=telling.text(one.schedule_text)) for one in found)
    return Reply(
        say=say("shared-some", units=who, count=len(found), codes=", ".join(one.code for one in found)),
        cards=(Card(title=say("shared-title", units=who), rows=rows),),
        choices=tuple(telling.show(one) for one in found[:3]),
        found=Found(measures=tuple(one.code for one in found), units=names),
    )


def _is_named(measure: Measure, unit: Unit) -> bool:
    return any(one.unit_id == unit.id for one in measure.responsibilities)
