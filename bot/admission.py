"""Lets what webhooks brought into the queue, in the transaction that claims the next work (SQLite)."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import meters
from storage import inbox
from storage.arrivals import Arrivals
from storage.away import is_away
from storage.database import Database
from storage.jobs import Claimed

log = logging.getLogger("prongsai.admission")
AT_A_TIME = 200
Arrived = list[tuple[int, inbox.Event]]


class Admission:
    """Stands between the file of arrivals and the queue; without such a file there is nothing to let in."""

    def __init__(self, database: Database, arrivals: Arrivals | None) -> None:
        self._database, self._arrivals = database, arrivals
        self._odd: set[int] = set()  # arrivals the queue does not take, until the next start

    @property
    def is_asked(self) -> bool:
        """Whether somebody may wait to be let in."""
        return self._arrivals is not None and self._arrivals.may_have

    def claim(self, claim: Callable[[Session], list[Claimed]]) -> list[Claimed]:
        """Let in what waits, and claim. What the queue does not take holds up nothing else."""
        arrived = self._arrivals.waiting(AT_A_TIME, self._odd) if self._arrivals else []
        try:
            return self._together(arrived, claim)
        except Exception as fault:
            if not arrived or _is_away(fault):
                self._again(arrived)
                raise
        for one in arrived:
            self._alone(one)
        return self._together([], claim)

    def _together(self, arrived: Arrived, claim: Callable[[Session], list[Claimed]]) -> list[Claimed]:
        with self._database.shared() as session:
            new = inbox.keep(session, [event for _, event in arrived])
            claimed = claim(session)
        self._is_in(arrived, new)
        return claimed

    def _alone(self, one: tuple[int, inbox.Event]) -> None:
        try:
            with self._database.shared() as session:
                new = inbox.keep(session, [one[1]])
        except Exception as fault:
            self._again([one])
            if _is_away(fault):
                raise
            self._odd.add(one[0])
            log.exception("an event stays outside the queue", extra={"agency": one[1].agency_id})
        else:
            self._is_in([one], new)

    def _is_in(self, arrived: Arrived, new: int) -> None:
        if arrived and self._arrivals:
            self._arrivals.drop([number for number, _ in arrived])
            meters.EVENTS.labels(arrived[0][1].body["channel"], "kept").inc(new)

    def _again(self, arrived: Arrived) -> None:
        if arrived and self._arrivals:
            self._arrivals.again()


def _is_away(fault: Exception) -> bool:
    return isinstance(fault, SQLAlchemyError) and is_away(fault)
