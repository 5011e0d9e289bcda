"""Who sends too much too fast: told kindly once, then not heard for a little while; and an agency's day.

What is not heard was announced: the one told knows that what is sent until then must be sent again.
Counted over all processes that take events in.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import meters
from bot.app import App
from bot.channels import Heard, Kind
from bot.web.limits import SharedTries
from handlers import limits
from storage import inbox
from storage.agencies import Agency
from storage.base import now

A_MINUTE, A_DAY = 60.0, 86400.0
COUNT_ANEW = 300.0  # seconds for which an agency's count of the day is believed
COUNT_SOON, NEARLY = 10.0, 0.8  # the same from this share of the day on
ALWAYS = frozenset({"unsent", "unfollowed", "group-left", "group-moved", "member-left", "member-joined"})


@dataclass(slots=True)
class _Day:
    """An agency's events of one day, as last counted."""

    most: int
    count: int
    ends: float


class Floods:
    """Decides for every event that is for us whether it is kept, answered by a hint, or dropped."""

    def __init__(self, app: App, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock, self._most = app, clock, app.settings.events_a_minute
        self._senders = SharedTries(lambda: app.database, "sender", self._most, A_MINUTE, clock)
        self._told = SharedTries(lambda: app.database, "told", 1, A_MINUTE, clock)
        self._told_day = SharedTries(lambda: app.database, "told-day", 1, A_DAY, clock)
        self._days: dict[int, _Day] = {}

    def pass_on(self, agency_id: int, heard: list[Heard]) -> list[Heard]:
        """Those that are kept; one that came too fast is the hint to slow down, without its words."""
        return [kept for one in heard if (kept := self._judged(agency_id, one)) is not None]

    def _judged(self, agency_id: int, heard: Heard) -> Heard | None:
        if heard.kind in ALWAYS or not heard.sender:
            return heard
        if self._is_day_full(agency_id):
            return self._hint(heard, "day-full", self._told_day, f"{agency_id} {heard.place}")
        who = f"{agency_id} {heard.sender}"
        if self._most and self._senders.is_over(who):
            return self._hint(heard, "flooded", self._told, who)
        if self._most:
            self._senders.count(who)
        return heard

    def _hint(self, heard: Heard, kind: Kind, told: SharedTries, who: str) -> Heard | None:
        meters.EVENTS.labels(heard.channel, "limited").inc()
        if told.is_over(who) or told.count(who) > 1:
            return None
        return replace(heard, kind=kind, text="", value="", quoted="", files=(), addressed=True)

    def _is_day_full(self, agency_id: int) -> bool:
        day = self._days.get(agency_id)
        if day is None or day.ends < self._clock():
            day = self._days[agency_id] = self._counted(agency_id)
        day.count += 1
        return 0 < day.most < day.count

    def _counted(self, agency_id: int) -> _Day:
        """Look how many events the agency has had since its midnight; only where it has a limit."""
        ends = self._clock() + COUNT_ANEW
        with self._app.database.look(agency_id) as records:
            agency = records.get(Agency, agency_id)
            most = limits.of(agency, limits.EVENTS) if agency else 0
            if agency is None or not most:
                return _Day(0, 0, ends)
            count = inbox.count_since(records, agency_id, _midnight(agency))
        if count > most * NEARLY:  # what other processes take in counts soon, too
            ends = self._clock() + COUNT_SOON
        return _Day(most, count, ends)


def _midnight(agency: Agency) -> datetime:
    local = now().astimezone(ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok")))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
