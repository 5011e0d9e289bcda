"""Files that wait to be fetched from a channel and kept: one job for each piece of evidence."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import jobs
from storage.base import Json
from storage.evidence import GONE, KEPT, WAITING, Evidence

KIND = "fetch"


def want(session: Session, evidence: Evidence, channel: str, file: Json) -> None:
    """Have the content of a piece of evidence fetched; ``file`` is the channel's (id, kind, name, size)."""
    session.flush()
    jobs.add(
        session,
        KIND,
        f"{KIND}:{evidence.id}",
        {"evidence": evidence.id, "channel": channel, "file": file},
        agency_id=evidence.agency_id,
    )


def kept(session: Session, evidence_id: int, sha256: str, size: int, media_type: str) -> bool:
    """The content is here; False when it is not wanted any more (removed meanwhile)."""
    found = session.get(Evidence, evidence_id)
    if found is None or found.state != WAITING:
        return False
    found.sha256, found.size, found.media_type, found.state = sha256, size, media_type, KEPT
    return True


def gone(session: Session, evidence_id: int) -> None:
    """The channel no longer has the content, or it is too large to keep."""
    found = session.get(Evidence, evidence_id)
    if found is not None and found.state == WAITING:
        found.state = GONE


def is_kept(session: Session, sha256: str) -> bool:
    """Whether some piece of evidence still shows this content."""
    found = select(Evidence.id).where(Evidence.sha256 == sha256, Evidence.state == KEPT).limit(1)
    return session.scalar(found) is not None
