"""Every kind of record, imported once, so that the metadata is whole (migrations, tests, export)."""

from storage import (
    agencies,
    aliases,
    codes,
    disclosures,
    evidence,
    forms,
    history,
    inbox,
    jobs,
    measures,
    outbox,
    papers,
    people,
    plans,
    policies,
    progress,
    reviews,
    rounds,
    schedules,
    signins,
    tallies,
)
from storage.base import Base

__all__ = [
    "agencies",
    "aliases",
    "codes",
    "disclosures",
    "evidence",
    "forms",
    "history",
    "inbox",
    "jobs",
    "measures",
    "outbox",
    "papers",
    "people",
    "plans",
    "policies",
    "progress",
    "reviews",
    "rounds",
    "schedules",
    "signins",
    "tallies",
]

metadata = Base.metadata
