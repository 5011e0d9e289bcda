"""What an administrator should know without asking: work that was set aside, a month that runs short."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, time

from sqlalchemy import select

from handlers.talk import Card, Reply, Row, say
from handlers.timed import Errand, Post, Timed
from storage import agencies, backlog, jobs
from storage.base import moment_of
from storage.people import IN_CHAT, Identity, Person, Role

EARLY = 7  # days of a month; before them one summary says little of all of it
SHOWN = 8


def forecast(used: int, today: date) -> int:
    """How many messages a month will have taken at its end, if it goes on as it went so far."""
    return round(used * monthrange(today.year, today.month)[1] / max(today.day, EARLY))


def daily(errand: Errand) -> list[Post]:
    """One letter to each administrator (without one, to the secretaries) when there is something new."""
    dead = backlog.in_state(errand.records, jobs.DEAD, errand.agency.id)
    short = [
        (kind, told)
        for kind, told in sorted(agencies.quotas(errand.records).items())
        if forecast(told["used"], errand.today) > told["limit"]
    ]
    if not dead and not short:
        return []
    rows = [
        Row(say("upkeep-dead", number=f"{one.id % 1_000_000:06d}", day=moment_of(one.id)), "overdue")
        for one in dead[-SHOWN:]
    ]
    for kind, told in short:
        likely = forecast(told["used"], errand.today)
        rows.append(Row(say("upkeep-quota", kind=kind, likely=likely, limit=told["limit"]), "due"))
    if held := len(backlog.in_state(errand.records, jobs.HELD, errand.agency.id)):
        rows.append(Row(say("upkeep-held", count=held), "due"))
    letter = Reply(
        say=say("upkeep-found", count=len(dead)),
        cards=(Card(title=say("upkeep-title"), rows=tuple(rows)),),
    )
    month = f"{errand.today:%Y-%m}" if short else ""
    news = f"upkeep:{dead[-1].id if dead else ''}:{month}"  # the same is told once
    return [
        Post(one.address, letter, "notice", f"{news}:{one.address}", one.person.language)
        for one in _told(errand)
    ]


def _told(errand: Errand) -> Iterable[Identity]:
    """The address each of them took last."""
    for role in (Role.ADMINISTRATOR, Role.SECRETARY):
        bound = (
            select(Identity)
            .join(Person)
            .where(Person.role == role, Person.left_at.is_(None), Identity.unfollowed_at.is_(None), IN_CHAT)
            .order_by(Identity.bound_at)
        )
        if last := {one.person_id: one for one in errand.records.scalars(bound)}:
            return last.values()
    return ()


DAILY = Timed("upkeep", time(8, 45), daily)
