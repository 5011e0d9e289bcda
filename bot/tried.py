"""Events that were begun before without an end: one of them may have ended its process.

Each is answered alone and after all others, and its try is counted before it is begun. So the one that takes
its process with it takes no other event along, and is set aside once it was tried often enough.
"""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.apologies import number_of
from bot.bells import Held
from storage import jobs, tries
from storage.database import Database
from storage.jobs import Claimed

log = logging.getLogger("prongsai.inbox")
ENDED = "ProcessEnded, every time"


def apart(claimed: Sequence[Claimed]) -> tuple[list[Claimed], list[Claimed]]:
    """What is begun for the first time, and the rest, the least tried last."""
    tried = sorted((job for job in claimed if job.attempts > 1), key=lambda job: -job.attempts)
    return [job for job in claimed if job.attempts <= 1], tried


class Tried:
    """Answers them with ``answer``; ``give_up`` is told which has had its ``most`` tries."""

    def __init__(
        self,
        database: Database,
        held: Held,
        most: int,
        answer: Callable[[Claimed], None],
        give_up: Callable[[Claimed, str], None],
    ) -> None:
        self._database, self._held, self._most = database, held, most
        self._answer, self._give_up = answer, give_up

    def put_off(self, tried: Sequence[Claimed]) -> None:
        """What else was claimed is begun before these."""
        if tried:
            with self._database.shared() as session:
                tries.uncount(session, tried)

    def next(self, tried: list[Claimed]) -> None:
        """Answer the last of them, or give it up. Raises SQLAlchemyError when the database is away."""
        job = tried.pop()
        try:
            with self._database.shared() as session:
                is_ours = tries.count(session, job)
            if is_ours and job.attempts > self._most:
                number = number_of(job)
                log.error("an event ended its process at every try", extra={"number": number})
                self._give_up(job, f"{number} {ENDED}")
            elif is_ours:
                self._answer(job)
        except SQLAlchemyError:
            self._held.leave([job], begun=False)
            raise

    def give_back(self, tried: Sequence[Claimed]) -> None:
        """Those that were not begun."""
        if tried:
            with self._database.shared() as session:
                jobs.release(session, tried, begun=True)
