"""What a paper is asked for with, and the records every paper is made of, loaded once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import scoping
from handlers.scope import EVERYTHING, Period, Scope
from handlers.talk import Say, say
from storage import disclosures, measures, narratives, rounds, standing
from storage.agencies import Agency, Unit
from storage.calendar import fiscal_year
from storage.disclosures import Disclosure
from storage.measures import Duty, Measure
from storage.narratives import Said, Shown
from storage.plans import Plan
from storage.policies import PolicyVersion
from storage.rounds import Round
from storage.standing import Owed, Standing

ZONE = "Asia/Bangkok"


@dataclass(frozen=True)
class Order:
    """One paper asked for: for which plan, days, part of the agency or policy, seen on which day."""

    records: Session
    agency: Agency
    plan: Plan
    covers: Period
    today: date
    scope: Scope = EVERYTHING
    policy: PolicyVersion | None = None
    site: str = ""  # our public address, for papers that name pages of ours

    @property
    def unit(self) -> Unit | None:
        """The unit it is about, where it is about one."""
        return self.scope.unit

    @cached_property
    def zone(self) -> ZoneInfo:
        """The agency's zone."""
        return ZoneInfo(self.agency.settings.get("timezone", ZONE))

    @cached_property
    def year(self) -> Period:
        """The plan's fiscal year."""
        return Period(*fiscal_year(self.plan.fiscal_year))

    @property
    def seen_on(self) -> date:
        """The morning on which what is late is late."""
        return self.covers.seen_on(self.today)

    @property
    def as_of(self) -> date:
        """The day whose state is told."""
        return self.covers.as_of(self.today)

    @cached_property
    def now(self) -> Standing:
        """Where everything stands (stood, when the days are over), of the part that is named."""
        whole = standing.standing(self.records, self.plan, self.covers.closed_at(self.today, self.zone))
        return scoping.part_of(self.records, self.agency, self.plan, whole, self.scope)

    def _tells(self, one: Said | Shown) -> bool:
        """Whether a report or a piece of evidence belongs to the part that is named."""
        if self._pairs is None:
            return one.measure_id in self.now.measures
        return (one.measure_id, one.unit_id) in self._pairs

    @cached_property
    def _pairs(self) -> set[tuple[int, int]] | None:
        return scoping.tells(self.scope, self.now)

    @cached_property
    def published(self) -> dict[str, Disclosure]:
        """The public pages of the year's O items."""
        return disclosures.open_in(self.records, self.plan.fiscal_year)

    @cached_property
    def measures(self) -> list[Measure]:
        """The measures in the document's order, those of the part that is named."""
        return [one for one in measures.measures(self.records, self.plan) if one.id in self.now.measures]

    @cached_property
    def owed(self) -> dict[int, list[Owed]]:
        """What is owed of each measure."""
        found: dict[int, list[Owed]] = defaultdict(list)
        for one in self.now.owed:
            found[one.measure_id].append(one)
        return found

    @cached_property
    def said(self) -> dict[int, list[Said]]:
        """What was reported on each measure in the days covered, oldest first."""
        start = datetime.combine(self.covers.start, time(0), self.zone)
        end = datetime.combine(self.covers.end + timedelta(days=1), time(0), self.zone)
        found: dict[int, list[Said]] = defaultdict(list)
        for one in narratives.said(self.records, self.plan, start, end):
            if self._tells(one):
                found[one.measure_id].append(one)
        return found

    @cached_property
    def shown(self) -> dict[int, list[Shown]]:
        """The evidence of each measure."""
        found: dict[int, list[Shown]] = defaultdict(list)
        for one in narratives.shown(self.records, self.plan):
            if self._tells(one):
                found[one.measure_id].append(one)
        return found

    @cached_property
    def round(self) -> Round | None:
        """The report round that the last day covered belongs to."""
        found = rounds.rounds(self.records, self.plan)
        return next((one for one in found if one.due_on >= self.covers.end), next(iter(found[-1:]), None))

    def responsible(self, measure: Measure) -> Say | str:
        """Who answers for a measure, as the document has it, else by the units' names."""
        if measure.responsible_text:
            return measure.responsible_text
        named = []
        for one in measure.responsibilities:
            if one.role == Duty.ALL_UNITS:
                return say("exports-all-units")
            name = one.unit.name if one.unit else one.written
            named.append(
                say("exports-supports", unit=name)
                if one.role == Duty.SUPPORT
                else say("papers-figure", text=name)
            )
        return say("summary-names", names=tuple(named))
