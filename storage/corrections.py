"""What a person put down beside a plan's doubts, on paper or in a workbook, made to count."""

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy.orm import Session

from storage.doubts import ACCEPTED, Unreadable, change, decide
from storage.drafts import DraftDoubt
from storage.people import Person
from storage.plans import Plan


def decide_as_told(
    session: Session, plan: Plan, told: Iterable[DraftDoubt], by: Person | None = None
) -> None:
    """Decide the plan's doubts as they were told; a value that cannot be read leaves its doubt open."""
    wanted = {
        (one.why, one.said, one.guess, one.where[:200]): one for one in told if one.decision or one.value
    }
    for doubt in list(plan.doubts):
        one = wanted.get((doubt.why, doubt.said, doubt.guess, doubt.where))
        if one is None:
            continue
        if one.value and one.value != doubt.details.get("value"):
            with suppress(Unreadable):
                change(session, plan, doubt, one.value, by)
        elif one.decision and not one.value and one.decision != doubt.decision:
            decide(session, plan, doubt, accepted=one.decision == ACCEPTED, by=by)
