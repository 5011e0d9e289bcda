"""Sends what waits: by reply token while it is free, by push after; gives up for good reasons only."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import deliveries, meters
from bot.app import App
from bot.channels import Channel, Document, Envelope, Metered, NotSent, Room, Sent
from bot.errands import Errands
from bot.fair import Pace
from bot.holding import Held
from bot.logs import where
from bot.press import Press
from bot.together import Overload, Together
from bot.words import words
from handlers import limits
from handlers.packing import unpack_reply
from storage import agencies, jobs, outbox
from storage.agencies import Agency
from storage.away import is_away
from storage.base import Json, now
from storage.jobs import Claimed
from storage.outbox import Letter, Went

log = logging.getLogger("prongsai.outbox")
AT_ONCE = 64
PER_SECOND = 200.0  # letters through one account by one process, where the channel states no less
GATHER = (0.015, 0.100)  # seconds between two notes of what went out
PATIENCE = 25.0  # seconds for one call; the lease is renewed meanwhile
AGAIN_SOON = timedelta(seconds=2)  # the longest pause while a reply token is fresh: it alone tells whether
# a try that was cut off arrived
AT_THE_LOOK = timedelta(seconds=20)  # longer pauses end at the next look into the queue
AT_FIRST = 0.2  # seconds until what could not be written down is tried again, then longer
SPARE = timedelta(seconds=2)  # a reply token this near its end is not tried
AGAIN_LATER = timedelta(seconds=20)  # the longest pause while a platform that failed may be back soon
SOON_TRIES = 60  # so long: about ten minutes; then the queue's own pauses
TRIES = 300  # at 5 minutes each this is nearly a day, the life of LINE's retry key
NO_CHANNEL_PAUSE = timedelta(hours=1)
CAN_WAIT = frozenset({"summary", "reminder"})  # what answers nobody and is as good with the next answer
RESERVE = 0.1  # share of the month's messages kept for what cannot wait, unless the agency sets another
QUOTA = "quota: "  # begins the note of a letter that is held until there are messages again
NO_CHANNEL = "no such channel"
REFUSED = "refused"  # begins the note of a letter that no try so far can have brought: "refused 2: …"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter, the channel it goes through, and the digits its agency writes."""

    letter: Letter
    channel: Channel | None
    digits: str
    reserve: float = RESERVE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try."""

    job: Claimed
    letter: Letter
    sent: Sent | None = None
    fault: str = ""
    permanent: bool = False
    pause: timedelta | None = None
    held: bool = False
    room: Room | None = None
    is_token_spent: bool = False  # what comes next is a push; nobody may ask the token again


class Outbox:
    """Sends the letters of all agencies; those of one place one after the other."""

    def __init__(self, app: App, held: Held) -> None:
        self._app, self._press = app, Press(app)
        self.errands: Errands[Waiting] = Errands(app, held, outbox.KIND, AT_ONCE, self._load, self._send)
        self._paces: dict[tuple[int, str], Pace] = {}
        self._mark: Together[Outcome, None] = Together(self._mark_all, apart=GATHER)

    def start(self) -> None:
        """Begin to send."""
        self.errands.start()

    async def stop(self) -> None:
        """Finish what is being sent."""
        await self.errands.stop()
        await asyncio.to_thread(self._mark.close)

    def _load(self, claimed: list[Claimed]) -> list[tuple[Claimed, Waiting]]:
        by_agency: dict[int, list[Claimed]] = defaultdict(list)
        for job in claimed:
            by_agency[job.agency_id].append(job)
        loaded = []
        for agency_id, mine in by_agency.items():
            with self._app.database.look(agency_id) as records:
                agency = records.get(Agency, agency_id)
                found = outbox.letters(records, [job.body["letter"] for job in mine])
            settings = agency.settings if agency else {}
            for job in mine:
                if letter := found.get(job.body["letter"]):
                    loaded.append((job, self._waiting(letter, settings)))
                else:
                    self._gone(job)
        return loaded

    def _waiting(self, letter: Letter, settings: Json) -> Waiting:
        own = float(dict(settings.get(limits.SETTING, {})).get(limits.RESERVE, 0))
        reserve = own / 100 if own else RESERVE
        return Waiting(letter, self._channel(letter), settings.get("digits", "arabic"), reserve)

    def carry(self, carried: outbox.Carried, settings: Json) -> None:
        """Send letters that were claimed when they were written."""
        self.errands.carry([(job, self._waiting(letter, settings)) for job, letter in carried])

    def _channel(self, letter: Letter) -> Channel | None:
        try:
            return self._app.channel(letter.agency_id, letter.channel)
        except Exception:
            log.exception("a channel cannot be opened", extra={"channel": letter.channel})
            return None

    def _gone(self, job: Claimed) -> None:
        """The letter was deleted (with its agency); nothing is left to send."""
        with self._app.database.shared() as session:
            jobs.finish(session, job)

    async def _send(self, job: Claimed, waiting: Waiting) -> None:
        outcome = await self._try(job, waiting)
        await self._write_down(outcome)
        end = "sent" if outcome.sent else "dead" if outcome.permanent else "tried again"
        end = "held" if outcome.held else end
        meters.LETTERS.labels(outcome.letter.channel, end).inc()
        if outcome.sent:
            meters.COST.labels(outcome.letter.channel).inc(outcome.sent.cost)

    async def _write_down(self, outcome: Outcome) -> None:
        """What became of a try, once the database takes it: who is told twice has been told wrongly."""
        pause = AT_FIRST
        while True:
            try:
                await self._mark(outcome)
                break
            except (SQLAlchemyError, Overload) as fault:
                if isinstance(fault, SQLAlchemyError) and not is_away(fault):
                    raise
                log.warning("could not write down what was sent", extra={"fault": where(fault)})
                await asyncio.sleep(pause)
                pause = min(2 * pause, 5.0)
        if outcome.pause is not None and outcome.pause < AT_THE_LOOK:
            ring = self.errands.bell.ring  # to the moment, not at the next look
            asyncio.get_running_loop().call_later(outcome.pause.total_seconds() + 0.01, ring)

    def _pace(self, agency_id: int, channel: Channel) -> Pace:
        per_second = getattr(channel, "per_second", PER_SECOND)
        return self._paces.setdefault((agency_id, channel.kind), Pace(per_second))

    async def _try(self, job: Claimed, waiting: Waiting) -> Outcome:
        letter = waiting.letter
        if waiting.channel is None:
            return Outcome(job, letter, fault=NO_CHANNEL, pause=NO_CHANNEL_PAUSE)
        token = letter.reply_token if letter.reply_by and letter.reply_by > now() + SPARE else ""
        try:
            return await self._say(job, waiting, waiting.channel, token)
        except NotSent as fault:
            if token and fault.token:
                return _token_refused(job, letter, fault)
            return _not_sent(job, letter, fault, _again(job, token))
        except Exception as fault:  # noqa: BLE001 - a channel's fault must not stop the others' letters
            return Outcome(job, letter, fault=where(fault), pause=_again(job, token))

    async def _say(self, job: Claimed, waiting: Waiting, channel: Channel, token: str) -> Outcome:
        letter = waiting.letter
        envelope = await self._envelope(waiting, channel)
        await self._pace(job.agency_id, channel).wait()
        room = None if token else await _room(channel, letter)
        if room and letter.purpose in CAN_WAIT and room.is_short(waiting.reserve):
            return Outcome(job, letter, fault=f"{QUOTA}{room}", held=True, room=room)
        sent = await asyncio.wait_for(channel.send(replace(envelope, reply_token=token)), PATIENCE)
        return Outcome(job, letter, sent=sent, room=room)

    async def _envelope(self, waiting: Waiting, channel: Channel) -> Envelope:
        """A letter ready to go, its papers as files where the channel takes them, else as links."""
        letter = waiting.letter
        replies = tuple(unpack_reply(body) for body in letter.replies)
        documents: tuple[Document, ...] = ()
        if any(deliveries.papers_of(reply) for reply in replies) and getattr(channel, "gives_files", False):
            documents = await deliveries.documents(self._press, letter.agency_id, replies)
            replies = deliveries.without_papers(replies) if documents else replies
        is_asked = letter.purpose not in CAN_WAIT
        links = deliveries.for_channel(self._app, letter.agency_id, letter.channel, is_asked=is_asked)
        return Envelope(
            place=letter.place,
            replies=tuple(links(reply) for reply in replies),
            words=words(letter.language, waiting.digits),
            retry_key=letter.retry_key,
            documents=documents,
        )

    def _mark_all(self, outcomes: list[Outcome]) -> list[None]:
        """Write down what became of many letters, one transaction an agency."""
        by_agency: dict[int, list[Outcome]] = defaultdict(list)
        for one in outcomes:
            by_agency[one.job.agency_id].append(one)
        for agency_id, mine in by_agency.items():
            with self._app.database.agency(agency_id, urgent=True) as records:
                sent = [(one.job, one.letter, one.sent) for one in mine if one.sent]
                held = jobs.take_out(records, [job for job, _, _ in sent])
                outbox.mark_sent(
                    records,
                    [Went(letter.id, how.messages, how.cost) for job, letter, how in sent if job.id in held],
                )
                for one in mine:
                    if one.sent is None:
                        outbox.note(records, one.letter.id, one.fault, _put_back(records, one))
                    if one.is_token_spent:
                        outbox.spend_token(records, one.letter.id)
                for one in mine[-1:]:
                    if one.room:
                        told = {"limit": one.room.limit, "used": one.room.used, "at": now().isoformat()}
                        agencies.note_quota(records, one.letter.channel, told)
        return [None] * len(outcomes)


def _put_back(records: Session, one: Outcome) -> str:
    """Have a letter that did not go out tried again, held or given up; the state it is in then."""
    if one.held:
        jobs.hold(records, one.job, one.fault)
        return outbox.HELD
    dead = jobs.fail(records, one.job, one.fault, 1 if one.permanent else TRIES, one.pause)
    return outbox.DEAD if dead else outbox.WAITING


async def _room(channel: Channel, letter: Letter) -> Room | None:
    """What pushing a letter would cost, where that is counted; not to know it stops no letter."""
    if not isinstance(channel, Metered):
        return None
    return await asyncio.wait_for(channel.room(letter.place), PATIENCE)


def _is_unsent(job: Claimed, letter: Letter) -> bool:
    """Whether every try before this one was surely refused: each is noted with its number, and one that
    was cut off left no note."""
    return job.attempts == 1 or letter.fault.startswith(f"{REFUSED} {job.attempts - 1}: ")


def _sure(job: Claimed, why: str) -> str:
    """The note of a letter that this try surely did not bring."""
    return f"{REFUSED} {job.attempts}: {why}"


def _token_refused(job: Claimed, letter: Letter, fault: NotSent) -> Outcome:
    """A fresh token is refused when it was used: by an earlier try of ours that was cut off, which arrived
    then. Where every try before was refused it never was ours, and a push follows at once."""
    if not _is_unsent(job, letter):
        return Outcome(job, letter, sent=Sent())
    return Outcome(job, letter, fault=_sure(job, str(fault)), pause=timedelta(0), is_token_spent=True)


def _again(job: Claimed, token: str) -> timedelta | None:
    """The pause after a try that failed; the queue's own once the platform has failed for long."""
    before = min(job.attempts - 1, 9)
    if token:
        return min(AGAIN_SOON, timedelta(seconds=0.25 * 2**before))
    return min(AGAIN_LATER, timedelta(seconds=2**before)) if job.attempts < SOON_TRIES else None


def _not_sent(job: Claimed, letter: Letter, fault: NotSent, again: timedelta | None) -> Outcome:
    why = str(fault)
    sure = _sure(job, why) if _is_unsent(job, letter) else why
    extra = {"channel": letter.channel, "agency": job.agency_id, "why": why[:200]}
    if fault.quota:
        log.error("the month's messages are used up; the letter is held", extra=extra)
        return Outcome(job, letter, fault=f"{QUOTA}{sure}", held=True)
    if fault.permanent:
        log.error("a letter cannot be delivered", extra=extra)
        return Outcome(job, letter, fault=sure, permanent=True)
    if fault.after is None:
        return Outcome(job, letter, fault=why, pause=again)
    return Outcome(job, letter, fault=sure, pause=timedelta(seconds=fault.after))
