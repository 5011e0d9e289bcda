"""The measure that a button carries, as the plan that counts has it: a card may be older than the plan."""

from handlers.known import plan_of
from handlers.talk import Turn
from storage import exports
from storage.measures import Measure
from storage.plans import CLOSED, Plan


def measure(turn: Turn, number: str) -> Measure | None:
    """The measure with this number; of a plan that was replaced, the same one of its year's plan that counts.

    None where there is none: nothing is written to a plan that is closed.
    """
    found = turn.records.get(Measure, int(number)) if number.isdecimal() else None
    now = plan_of(turn)
    if found is None or now is None or found.plan_id == now.id:
        return found
    old = turn.records.get_one(Plan, found.plan_id)
    if old.status != CLOSED:
        return found
    same = dict(exports.difference(turn.records, old, now).same) if old.fiscal_year == now.fiscal_year else {}
    return turn.records.get(Measure, same[found.id]) if found.id in same else None
