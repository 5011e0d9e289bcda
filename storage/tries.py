"""How often a job was begun by itself without an end, counted before: who dies tells nothing after.

The count stands where a fault would: a try that ends with one writes it there, and one that was given back
because the database was away leaves nothing.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.jobs import Claimed, Job

BEGUN = "begun "


def begin(session: Session, job: Claimed) -> int | None:
    """How often it was begun so before; now once more. None: another worker holds it now."""
    ours = Job.id == job.id, Job.token == job.token
    fault = session.scalar(select(Job.fault).where(*ours).with_for_update())
    if fault is None:
        return None
    before = int(fault.removeprefix(BEGUN)) if fault.startswith(BEGUN) else 0
    anew = update(Job).where(*ours).values(fault=f"{BEGUN}{before + 1}")
    session.execute(anew.execution_options(synchronize_session=False))
    return before
