"""Lets what webhooks brought into the queue, in the transaction that claims the next work (SQLite)."""

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import meters
from bot.app import App
from bot.logs import where
from storage import backlog, inbox
from storage.arrivals import Arrivals
from storage.away import is_away
from storage.database import Database
from storage.jobs import Claimed

log = logging.getLogger("prongsai.admission")
AT_A_TIME = 200
AGAIN = 300.0  # seconds after which what the queue did not take is tried again
Arrived = list[tuple[int, inbox.Event]]


class Admission:
    """Stands between the file of arrivals and the queue; without such a file there is nothing to let in."""

    def __init__(self, database: Database, arrivals: Arrivals | None) -> None:
        self._database, self._arrivals = database, arrivals
        self._odd: dict[int, float] = {}  # arrivals the queue did not take, and until when they stay out

    @property
    def is_asked(self) -> bool:
        """Whether somebody may wait to be let in."""
        return self._arrivals is not None and self._arrivals.may_have

    def look(self) -> bool:
        """The same, looking into the file: another process may have kept something and ended."""
        self._odd = {number: until for number, until in self._odd.items() if until > time.monotonic()}
        return self._arrivals is not None and self._arrivals.look()

    def claim(self, claim: Callable[[Session], list[Claimed]]) -> list[Claimed]:
        """Let in what waits, and claim. What the queue does not take holds up nothing else."""
        arrived = self._waiting()
        try:
            with self._database.shared() as session:
                new = inbox.keep(session, [event for _, event in arrived])
                claimed = claim(session)
        except Exception as fault:
            self._again(arrived)
            if not arrived or is_away(fault):
                raise
        else:
            self._is_in(arrived, new)
            return claimed
        for one in arrived:
            self._alone(one)
        with self._database.shared() as session:
            return claim(session)

    def let_in(self) -> None:
        """Let in all there is: who reads the records next is to see it."""
        last = 0
        while (arrived := self._waiting()) and arrived[-1][0] > last:
            last = arrived[-1][0]
            for one in arrived:
                self._alone(one)

    def _waiting(self) -> Arrived:
        """What waits; nothing where the file cannot be read, which stops no other work."""
        if self._arrivals is None:
            return []
        try:
            return self._arrivals.waiting(AT_A_TIME, self._odd)
        except Exception as fault:  # noqa: BLE001 - a broken file must not keep all others from their answers
            log.error("what arrived cannot be read", extra={"fault": where(fault)})  # noqa: TRY400 - no words of people
            return []

    def _alone(self, one: tuple[int, inbox.Event]) -> None:
        try:
            with self._database.shared() as session:
                new = inbox.keep(session, [one[1]])
        except Exception as fault:
            self._again([one])
            if is_away(fault):
                raise
            self._odd[one[0]] = time.monotonic() + AGAIN
            log.exception("an event stays outside the queue", extra={"agency": one[1].agency_id})
        else:
            self._is_in([one], new)

    def _is_in(self, arrived: Arrived, new: int) -> None:
        if not arrived or self._arrivals is None:
            return
        meters.EVENTS.labels(arrived[0][1].body["channel"], "kept").inc(new)
        try:
            self._arrivals.drop([number for number, _ in arrived])
        except SQLAlchemyError as fault:  # they are let in again, and found to be there
            log.warning("what is in the queue could not be dropped", extra={"fault": where(fault)})
            self._again(arrived)

    def _again(self, arrived: Arrived) -> None:
        if arrived and self._arrivals is not None:
            self._arrivals.may_have = True


def let_in(app: App) -> None:
    """Have everything that arrived in the records, for who takes them away, hands them on or erases them."""
    Admission(app.database, app.arrivals).let_in()


def queue_age(app: App, session: Session) -> float:
    """Seconds the oldest event has waited, in the queue or to be let into it. Raises SQLAlchemyError."""
    outside = app.arrivals.oldest() if app.arrivals else 0.0
    return max(outside, backlog.oldest(session, inbox.KIND))
