"""Events that were begun in vain more than once: one of them may have ended its process each time.

Each is answered alone and after all others, and that it is begun is written down before. So the one that
takes its process with it takes no other event along, and is set aside once it was tried often enough.
"""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.apologies import number_of
from bot.holding import Held
from storage import tries
from storage.database import Database
from storage.jobs import Claimed

log = logging.getLogger("prongsai.inbox")
IN_COMPANY = 2  # tries among others: a process that is killed once is no reason to be slow
ENDED = "ProcessEnded, every time"


def apart(claimed: Sequence[Claimed]) -> tuple[list[Claimed], list[Claimed]]:
    """What may be answered together, and the rest, the least tried last."""
    tried = sorted((job for job in claimed if job.attempts > IN_COMPANY), key=lambda job: -job.attempts)
    return [job for job in claimed if job.attempts <= IN_COMPANY], tried


class Tried:
    """Answers them with ``answer``; ``give_up`` is told which has ended ``most`` processes."""

    def __init__(
        self,
        database: Database,
        held: Held,
        most: int,
        answer: Callable[[Claimed], None],
        give_up: Callable[[Claimed, str], None],
    ) -> None:
        self._database, self._held, self._alone = database, held, most - IN_COMPANY
        self._answer, self._give_up = answer, give_up

    def next(self, tried: list[Claimed]) -> None:
        """Answer the last of them, or give it up. Raises SQLAlchemyError when the database is away."""
        job = tried.pop()
        try:
            with self._database.shared() as session:
                before = tries.begin(session, job)
            if before is not None and before >= self._alone:
                number = number_of(job)
                log.error("an event ended its process at every try", extra={"number": number})
                self._give_up(job, f"{number} {ENDED}")
            elif before is not None:
                self._answer(job)
        except SQLAlchemyError:
            self._held.leave([job], begun=False)
            raise
