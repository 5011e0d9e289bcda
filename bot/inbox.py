"""Takes waiting events in order and has each answered, in the transaction that ends its waiting."""

import logging
import threading
import time
from collections.abc import Iterable
from itertools import groupby
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock, meters, turns
from bot.admission import Admission
from bot.apologies import apologise, number_of
from bot.app import App
from bot.beforehand import look_ahead
from bot.bells import Bell
from bot.channels import Heard
from bot.fair import InTurn
from bot.holding import Held
from bot.logs import where
from bot.together import breath
from bot.tried import Tried, apart
from storage import inbox, jobs, outbox
from storage.agencies import Agency
from storage.away import is_away
from storage.base import Json, now
from storage.forms import Thread
from storage.jobs import Claimed, LeaseLost
from storage.undoing import TOGETHER, Entangled

log = logging.getLogger("prongsai.inbox")
AT_A_TIME = 32
GATHER = (0.015, 0.100)  # seconds between two rounds: what comes meanwhile shares a transaction
TRIES = 5  # with pauses of 1, 2, 4 and 8 seconds the apology can still use the free reply
HOLD_SQLITE = 0.080  # seconds of answering in one transaction: pages that write wait for it
HOLD = 0.150  # on PostgreSQL nobody waits
AT_FIRST = 0.005  # seconds that an event is thought to take before any was answered


class Post(Protocol):
    """Who sends what was written."""

    def has_room(self) -> bool:
        """Whether letters may be given to it directly."""

    def carry(self, carried: outbox.Carried, settings: Json) -> None:
        """Send these letters, of an agency with such settings."""

    def ring_all(self, kinds: Iterable[str]) -> None:
        """Jobs of these kinds were put in."""


class Inbox:
    """The threads that answer, and give the letters to ``post`` when they are committed."""

    def __init__(self, app: App, held: Held, post: Post, threads: int) -> None:
        self._app, self._held, self._post = app, held, post
        self.admission = Admission(app.database, app.arrivals)
        self.bell, self._in_turn = Bell(threads), InTurn(inbox.KIND)
        self._over, self._timed = threading.Event(), threading.Event()
        self._tried = Tried(app.database, held, TRIES, self._alone, self._give_up)
        self.count = 0  # events answered by this process
        self._each = AT_FIRST  # seconds that an event took of late
        self._threads = [
            threading.Thread(target=self._work, name=f"inbox-{number}", daemon=True)
            for number in range(threads)
        ]

    def ring_timed(self) -> None:
        """Timed work is due."""
        self._timed.set()
        self.bell.ring()

    def start(self) -> None:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()
            self.bell.ring()

    def ended(self) -> list[str]:
        """The names of the threads that have died."""
        return [thread.name for thread in self._threads if not thread.is_alive()]

    def stop(self) -> None:
        """Finish what is begun, give back the rest."""
        self._over.set()
        for _ in self._threads:
            self.bell.ring()
        for thread in self._threads:
            thread.join(20)

    def _work(self) -> None:
        following = 0.0
        while True:
            self.bell.wait()
            self._over.wait(following - time.monotonic())
            if self._over.is_set():
                self.bell.ring()
                return
            began, count = time.monotonic(), self.count
            try:
                self.round()
            except SQLAlchemyError as fault:
                log.warning("could not answer now", extra={"fault": where(fault)})
                self._over.wait(0.5)
            except Exception:  # a thread that ended would leave every agency without an answer
                log.exception("a round of answers stumbled")
                self._over.wait(0.5)
            ended, is_behind = time.monotonic(), self.count - count >= AT_A_TIME
            following = ended + breath(0.0 if is_behind else ended - began, *GATHER)

    def round(self) -> bool:
        """Claim some and answer them; whether there was something. What is left over rings again."""
        claimed = self.admission.claim(self._claim)
        if self.admission.is_asked:
            self.bell.ring()
        if not claimed:
            return False
        if len(claimed) >= AT_A_TIME:
            self.bell.ring()  # there may be more, for another thread
        claimed = self._held.take(claimed)
        if not claimed:
            return True
        fresh, tried = apart(claimed)
        try:
            for (_, agency_id), group in groupby(sorted(fresh, key=_in_order), _in_order):
                waiting = list(group)
                while waiting and not self._over.is_set():
                    waiting = self._answer_some(agency_id, waiting)
                self._give_back(waiting)
            while tried and not self._over.is_set():
                self._tried.next(tried)
            self._give_back(tried)
        except SQLAlchemyError:  # what was answered is gone; the rest was undone and not tried
            self._held.leave([*fresh, *tried], begun=False)
            raise
        finally:
            self._held.drop(claimed)
            self.bell.ring()  # the next in their lanes may be answered now
        return True

    def _give_back(self, rest: list[Claimed]) -> None:
        if rest:
            with self._app.database.shared() as session:
                jobs.release(session, rest)

    def _claim(self, session: Session) -> list[Claimed]:
        return self._in_turn.claim(session, AT_A_TIME) + self._claim_timed(session)

    def _claim_timed(self, session: Session) -> list[Claimed]:
        """Timed work, where it is due; of a full hand there may be more, for the next round."""
        if not self._timed.is_set():
            return []
        self._timed.clear()
        if len(claimed := jobs.claim(session, clock.KIND, AT_A_TIME)) >= AT_A_TIME:
            self._timed.set()
        return claimed

    def _answer_some(self, agency_id: int, waiting: list[Claimed]) -> list[Claimed]:
        """Answer one agency's events in one short transaction; those for the next one are returned.

        A fault undoes the transaction; then each is answered in one of its own, so that only the
        event at fault is set back.
        """
        begun: list[Claimed] = []
        try:
            self._together(agency_id, waiting, begun)
        except Entangled:
            self._alone(begun[-1])
            return [job for job in waiting if job is not begun[-1]]
        except Exception as fault:
            if is_away(fault):
                raise
            begun = begun or waiting[:1]
            for job in begun:
                self._alone(job)
        return waiting[len(begun) :]

    def _together(self, agency_id: int, waiting: list[Claimed], begun: list[Claimed]) -> None:
        began = time.monotonic()
        some = waiting[: max(1, round(self._hold() / self._each))]
        carried: outbox.Carried = []
        try:
            with self._app.database.answering(agency_id) as records:
                agency = records.get(Agency, agency_id)
                if agency is None:
                    begun += waiting
                    _drop(records, waiting)
                    return
                records.info[TOGETHER] = (Thread,)
                look_ahead(records, some)
                inside = time.monotonic()
                with outbox.carrying(records, carried, wanted=self._post.has_room()):
                    for job in some:
                        if begun and time.monotonic() - inside > self._hold():
                            break
                        begun.append(job)
                        self._answer(records, job)
                    self._each += ((time.monotonic() - inside) / len(begun) - self._each) / 8
                jobs.done(records, begun)
                put_in = records.info.get(jobs.PUT_IN, ())
        except SQLAlchemyError:  # the commit may have arrived all the same
            self._held.leave((job for job, _ in carried), begun=False)
            raise
        self._post.carry(carried, agency.settings)
        self._post.ring_all(put_in)
        self._answered(begun, time.monotonic() - began)

    def _hold(self) -> float:
        """Seconds after which a transaction begins no further event."""
        return HOLD_SQLITE if self._app.database.is_sqlite else HOLD

    def _alone(self, job: Claimed) -> None:
        """Answer one event; what goes wrong goes wrong with it only."""
        began = time.monotonic()
        try:
            with self._app.database.agency(job.agency_id) as records:
                if records.get(Agency, job.agency_id) is None:
                    _drop(records, [job])
                    return
                self._answer(records, job)
                jobs.done(records, [job])
        except LeaseLost:
            return
        except Exception as fault:
            if is_away(fault):
                raise
            number = number_of(job)
            log.exception("an event could not be answered", extra={"number": number, "kind": job.kind})
            self._set_back(job, f"{number} {where(fault)}")
        else:
            self._post.ring_all(records.info.get(jobs.PUT_IN, ()))
            self._answered([job], time.monotonic() - began)

    def _answer(self, records: Session, job: Claimed) -> None:
        if job.kind == clock.KIND:
            clock.run(records, job)
        else:
            turns.answer(records, self._app.reader, Heard.unpack(job.body))

    def _answered(self, ended: list[Claimed], seconds: float) -> None:
        self.count += len(ended)
        for job in ended:
            meters.ANSWERS.observe(seconds / len(ended))
            if job.kind == inbox.KIND:
                meters.EVENTS.labels(job.body["channel"], "answered").inc()
                meters.WAITED.observe(max(0.0, now().timestamp() - job.order_by / 1000))

    def _give_up(self, job: Claimed, fault: str) -> None:
        self._set_back(job, fault, tries=1)

    def _set_back(self, job: Claimed, fault: str, tries: int = TRIES) -> None:
        """Try again later; after the last try set it aside and tell who waits for an answer. ``fault`` has
        nobody's words in it."""
        with self._app.database.agency(job.agency_id) as records:
            over = jobs.fail(records, job, fault, tries)
            if over and job.kind == inbox.KIND:
                apologise(records, job)
        if job.kind == inbox.KIND:
            end = "set aside" if over else "tried again"
            meters.EVENTS.labels(job.body.get("channel", "?"), end).inc()
        self._post.ring_all(records.info.get(jobs.PUT_IN, ()))


def _drop(session: Session, orphans: list[Claimed]) -> None:
    """Nobody is left to be answered: their agency was deleted."""
    jobs.finish_all(session, orphans)
    extra = {"agency": orphans[0].agency_id, "count": len(orphans)}
    log.warning("what waited for an agency that is gone was dropped", extra=extra)


def key_of(heard: Heard) -> str:
    """What tells an event of an agency from all others."""
    return f"{heard.channel}:{heard.key}"


def event_of(agency_id: int, heard: Heard) -> inbox.Event:
    """A heard event as the inbox keeps it: in order for each sender at each place."""
    return inbox.Event(
        agency_id=agency_id,
        key=key_of(heard),
        lane=f"{heard.place}:{heard.sender}",
        order_by=int(heard.at.timestamp() * 1000),
        body=heard.pack(),
    )


def _in_order(job: Claimed) -> tuple[bool, int]:
    """By agency; who waits for an answer goes before what the clock wakes."""
    return job.kind == clock.KIND, job.agency_id
