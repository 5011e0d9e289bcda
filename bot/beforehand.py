"""What the turns of a batch all ask first, asked once for all of them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from storage import forms, inbox, people
from storage.jobs import Claimed


def look_ahead(records: Session, waiting: Sequence[Claimed]) -> None:
    """Ask once for what every turn of a batch asks first: who speaks, and what is open with them."""
    talks = {
        (str(job.body.get("sender", "")), str(job.body.get("place", "")))
        for job in waiting
        if job.kind == inbox.KIND
    }
    people.look_at(records, sorted({sender for sender, _ in talks if sender}))
    forms.look_at(records, sorted(talks))
