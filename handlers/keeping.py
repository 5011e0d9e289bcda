"""The night's round: what is kept no longer is removed, what is loose of the history goes into its chain."""

from datetime import time

from handlers.timed import Errand, Post, Timed
from storage import chain, retention, schedules
from storage.agencies import Agency
from storage.base import Json

SETTING = "kept_days"


def nightly(errand: Errand) -> list[Post]:
    """Nobody is written to; what was removed stands in the history."""
    retention.apply(errand.records, kept_for(errand.agency), errand.at)
    schedules.forget(errand.records)
    errand.records.flush()
    more = True
    while more:
        _, more = chain.extend(errand.records)
    return []


def kept_for(agency: Agency) -> dict[str, int]:
    """For how many days each kind of thing is kept; 0: for good."""
    held: Json = agency.settings.get(SETTING, {})
    return {name: int(held.get(name, 0)) for name in retention.NAMES}


NIGHTLY = Timed("keeping", time(3, 20), nightly, workdays=False)
