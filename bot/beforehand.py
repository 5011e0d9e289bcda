"""What the turns of a batch all ask first, asked once for all of them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from storage import forms, inbox, memory, people
from storage.agencies import Unit, UnitAlias
from storage.jobs import Claimed
from storage.measures import Kpi, Measure, MeasureAlias, Responsibility, Step
from storage.plans import Topic

SLOW_TO_CHANGE = (Unit, UnitAlias, Topic, Measure, Step, Kpi, Responsibility, MeasureAlias)


def look_ahead(records: Session, waiting: Sequence[Claimed]) -> None:
    """Ask once for what every turn of a batch asks first: who speaks, and what is open with them."""
    talks = {
        (str(job.body.get("sender", "")), str(job.body.get("place", "")))
        for job in waiting
        if job.kind == inbox.KIND
    }
    memory.keep_at_hand(records, *SLOW_TO_CHANGE)
    people.look_at(records, sorted({sender for sender, _ in talks if sender}))
    forms.look_at(records, sorted(talks))
