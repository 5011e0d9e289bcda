"""What a summary is about: which days, and what part of the agency."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.agencies import Unit
from storage.calendar import fiscal_year, fiscal_year_of
from storage.indicators import Indicator
from storage.plans import Topic

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a summary covers, both counted."""

    start: date
    end: date

    def seen_on(self, today: date) -> date:
        """The morning these days are looked at on: the one after their last, once that is past.

        A fiscal year that is over is looked at today: what units still tell of it belongs to it.
        """
        is_years_end = self.end == fiscal_year(fiscal_year_of(self.end))[1]
        return today if is_years_end else min(today, self.end + ONE_DAY)

    def as_of(self, today: date) -> date:
        """The day whose state is told: today, or the last of days that are over."""
        return today if self.seen_on(today) == today else self.end

    def closed_at(self, today: date, zone: ZoneInfo) -> datetime | None:
        """The moment days that are over came to their end; none where the state of today is told."""
        seen = self.seen_on(today)
        return datetime.combine(seen, time(0), zone) if seen < today else None


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the agency a summary or paper is about; all of it where nothing is named.

    ``role`` is a unit's part in a measure (lead, joint, support), or an office as the plan writes it.
    """

    unit: Unit | None = None
    topic: Topic | None = None
    indicator: Indicator | None = None
    role: str = ""


EVERYTHING = Scope()
