"""Deciding a draft's doubts and having it count: the same for chat and page."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from handlers.talk import Refused, Say, say
from storage import doubts, imports
from storage.doubts import STATUS, Unreadable
from storage.exports import Difference
from storage.people import Person
from storage.plans import DRAFT, Doubt, Plan


def draft(records: Session, number: int) -> Plan:
    """The draft with this number. Raises Refused when it counts already or was thrown away."""
    plan = records.get(Plan, number)
    if plan is None or plan.status != DRAFT:
        raise Refused(say("plans-none"))
    return plan


def doubt(records: Session, number: int) -> tuple[Plan, Doubt]:
    """The doubt with this number, in a plan that is still a draft. Raises Refused."""
    found = records.get(Doubt, number)
    if found is None:
        raise Refused(say("plans-none"))
    return draft(records, found.plan_id), found


def decide(records: Session, by: Person | None, number: int, *, accepted: bool) -> Doubt:
    """Take the guess, or leave the cell unread. Raises Refused."""
    plan, found = doubt(records, number)
    doubts.decide(records, plan, found, accepted=accepted, by=by)
    return found


def change(records: Session, by: Person | None, number: int, value: str) -> Doubt:
    """Put in what should stand there. Raises Refused, with an example, when it cannot be read."""
    plan, found = doubt(records, number)
    try:
        doubts.change(records, plan, found, value, by)
    except Unreadable as fault:
        raise Refused(say("plans-change-unread", value=value, example=example(found))) from fault
    return found


def accept_these(records: Session, by: Person | None, plan: Plan, numbers: Iterable[int]) -> int:
    """Take the guesses of those of these doubts that are open; how many there were."""
    wanted = set(numbers)
    there = [one for one in doubts.open_doubts(records, plan) if one.id in wanted]
    for one in there:
        doubts.decide(records, plan, one, accepted=True, by=by)
    return len(there)


def activate(records: Session, by: Person | None, plan: Plan) -> Difference:
    """Have a plan count whose doubts are all decided. Raises Refused while some are not."""
    try:
        return imports.activate(records, plan, by)
    except imports.OpenDoubts as fault:
        raise Refused(say("plans-open-doubts", count=fault.count)) from fault


def discard(records: Session, by: Person | None, plan: Plan) -> None:
    """Throw a draft away; the plan that counts stays as it is."""
    imports.discard(records, plan, by)


def example(found: Doubt) -> Say:
    """What may be typed for a kind of doubt."""
    if found.why in STATUS:
        return say("plans-example-of-status")
    if found.why.startswith("unit-"):
        return say("plans-example-of-unit")
    if found.why.startswith(("schedule-", "carried-")):
        return say("plans-example-of-period")
    if found.why == "fiscal-year":
        return say("plans-example-of-year")
    return say("plans-example-of-day" if found.why == "round-guessed" else "plans-example-of-text")
