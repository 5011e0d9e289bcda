"""What is kept for how long: typed text, letters, the content of evidence. Reports and figures stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage import history, jobs
from storage.changing import change
from storage.evidence import EXPIRED, FORGET, KEPT, Evidence
from storage.forms import Thread
from storage.history import Entry
from storage.outbox import DEAD, SENT, Letter, SentMessage
from storage.progress import Update

TEXTS, LETTERS, EVIDENCE = "texts", "letters", "evidence"
NAMES = (TEXTS, LETTERS, EVIDENCE)
ACT = "retention-applied"
AT_A_TIME = 2000


def apply(session: Session, days: dict[str, int], at: datetime) -> dict[str, int]:
    """Remove what is older than so many days (0: kept for good), and tell it in the history."""
    ways = {TEXTS: _texts, LETTERS: _letters, EVIDENCE: _evidence}
    told = {name: ways[name](session, at - timedelta(days=days[name])) for name in NAMES if days.get(name)}
    if found := {name: count for name, count in told.items() if count}:
        agency = session.info["agency"]
        history.note(session, ACT, f"agency:{agency}", None, **found)
        return found
    return {}


def last(session: Session) -> Entry | None:
    """When something was removed last, and what."""
    newest = select(Entry).where(Entry.action == ACT).order_by(Entry.id.desc()).limit(1)
    return session.scalars(newest).first()


def _texts(session: Session, before: datetime) -> int:
    old = update(Update).where(Update.said_at < before, Update.source_text != "").values(source_text="")
    talked = Thread.answers[Thread.TALK].as_string().is_not(None)
    for one in session.scalars(select(Thread).where(Thread.touched_at < before, talked)):
        del one.answers[Thread.TALK]  # the last question, kept for one that leans on it
    return change(session, old)


def _letters(session: Session, before: datetime) -> int:
    gone = select(Letter.id).where(Letter.written_at < before, Letter.state.in_((SENT, DEAD)))
    count = 0
    while found := session.scalars(gone.limit(AT_A_TIME)).all():
        for kind, key in ((SentMessage, SentMessage.letter_id), (Letter, Letter.id)):
            session.execute(delete(kind).where(key.in_(found)).execution_options(synchronize_session=False))
        count += len(found)
    return count


def _evidence(session: Session, before: datetime) -> int:
    """The record stays and is still counted; its content is deleted by who keeps the files."""
    old = session.scalars(select(Evidence).where(Evidence.added_at < before, Evidence.state == KEPT)).all()
    for one in old:
        if one.sha256:
            one.state = EXPIRED
            body = {"sha256": one.sha256}
            jobs.add(session, FORGET, f"{FORGET}:{one.id}", body, agency_id=one.agency_id)
    return sum(one.state == EXPIRED for one in old)
