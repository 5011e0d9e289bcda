"""Which measures stand so: not begun, done, without evidence; which come every month or begin in March."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from handlers import naming, telling
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import measures as records_of
from storage import progress, rounds
from storage.agencies import Unit
from storage.calendar import fiscal_year
from storage.measures import Measure
from storage.plans import Plan
from storage.rounds import SETTLED, Occurrence
from storage.spans import Span, find_spans

SHOWN = 15
ALL = "all"  # the button for every unit
UNFINISHED = "unfinished"  # what a button that names no state asks for
Whole = Callable[[list[Occurrence]], bool]


def _unreported(owed: list[Occurrence]) -> bool:
    return not any(one.version for one in owed)


def _settled(owed: list[Occurrence]) -> bool:
    return all(one.status in SETTLED for one in owed)


def _any(status: str) -> Whole:
    return lambda owed: any(one.status == status for one in owed)


# how all that is owed of one measure must stand to be listed
STATES: dict[str, Whole] = {
    "not-started": _unreported,
    "unreported": _unreported,
    "in-progress": lambda owed: not _unreported(owed) and not _settled(owed),
    UNFINISHED: lambda owed: not _settled(owed),
    "done": _settled,
    "delayed": lambda owed: any(one.status == rounds.DELAYED or one.new_due_on for one in owed),
    "cancelled": _any(rounds.CANCELLED),
    "no-evidence": lambda owed: any(one.version and not one.evidence_count for one in owed),
    "returned": lambda owed: any(one.review == progress.RETURNED for one in owed),
}
HINDERED = "hindered"
BY_STATE = frozenset((*STATES, HINDERED))
RECURS = ("month", "quarter", "half_year", "year")
BEYOND, UNDATED = "beyond", "undated"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is listed: the plan, one unit's or all, and the name of the state or schedule."""

    plan: Plan
    unit: Unit | None
    name: str
    span: Span | None = None

    @property
    def who(self) -> Say:
        """Whose measures these are."""
        return say("due-unit", unit=self.unit.name) if self.unit else say("listing-plan")

    @property
    def what(self) -> Say:
        """How they stand, in words."""
        if self.span is None:
            return say(f"listing-is-{self.name.replace('_', '-')}")
        return say("listing-is-begun-in", start=self.span.start, end=self.span.end)


def show(turn: Turn) -> Reply:
    """The measures that stand as asked: of the unit named, else one's own; by schedule of the whole plan."""
    about = _asked(turn)
    if about.name in BY_STATE:
        return _by_state(turn, about)
    return _by_schedule(turn, about)


def _asked(turn: Turn) -> Asked:
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("due-no-plan"))
    if turn.reading.args:
        name, *scope = turn.reading.args
        if name not in (*BY_STATE, *RECURS, rounds.CONTINUOUS, BEYOND, UNDATED):
            raise Refused(say("measures-unknown"))
        return Asked(plan, None if scope == [ALL] else turn.unit, name)
    parts = turn.reading.parts
    which = (parts.which if isinstance(parts, Parts) else "") or UNFINISHED
    everyone = isinstance(parts, Parts) and parts.everyone
    is_state = which in BY_STATE
    unit = naming.unit_asked(turn, "due-list", turn.unit if is_state and not everyone else None)
    if which == "begins":
        spans = [
            one for one in find_spans(turn.reading.text, turn.today, planning=True) if not one.of_document
        ]
        return Asked(
            plan, unit, which, spans[0] if spans else Span(turn.today, turn.today, "day", "", (0, 0))
        )
    return Asked(plan, unit, which.replace("-", "_") if which not in BY_STATE else which)


def _by_state(turn: Turn, about: Asked) -> Reply:
    owed = rounds.occurrences(turn.records, about.plan, about.unit.id if about.unit else None)
    hindered = progress.hindered(turn.records, about.plan) if about.name == HINDERED else {}
    by_measure: dict[int, list[Occurrence]] = {}
    for one in owed:
        by_measure.setdefault(one.measure_id, []).append(one)
    chosen = [
        group
        for group in by_measure.values()
        if (any(one.id in hindered for one in group) if hindered else _holds(about.name, group))
    ]
    chosen.sort(key=lambda group: group[0].measure.position)
    rows = [_row(turn, about, group, hindered) for group in chosen]
    return _reply(turn, about, rows, [group[0].measure for group in chosen], of=len(by_measure))


def _holds(name: str, group: list[Occurrence]) -> bool:
    return name in STATES and STATES[name](group)


def _row(turn: Turn, about: Asked, group: list[Occurrence], hindered: dict[int, str]) -> Row:
    """One measure in a line: of several windows or units the one that matters now."""
    open_ = [one for one in group if one.status not in SETTLED]
    shown = next((one for one in group if one.id in hindered), (open_ or group)[0])
    row = telling.row(shown, turn.today, unit=about.unit is None and len({one.unit_id for one in group}) == 1)
    if words := hindered.get(shown.id):
        return Row(row.say, mark="delayed", value=telling.text(telling.short(words)))
    return row


def _by_schedule(turn: Turn, about: Asked) -> Reply:
    found = [one for one in records_of.measures(turn.records, about.plan) if _is_so(one, about)]
    if about.unit is not None:
        unit = about.unit.id
        found = [one for one in found if any(each.unit_id in (unit, None) for each in one.responsibilities)]
    rows = [Row(telling.named(one), value=telling.text(one.schedule_text)) for one in found]
    return _reply(turn, about, rows, found)


def _is_so(measure: Measure, about: Asked) -> bool:
    if about.span is not None:
        return any(about.span.start <= start <= about.span.end for start, _ in measure.ranges[:1])
    if about.name == BEYOND:
        return any(end > fiscal_year(about.plan.fiscal_year)[1] for _, end in measure.ranges)
    if about.name == UNDATED:
        return not measure.schedule_text.strip() or measure.schedule_kind in ("", "unknown", "none")
    if about.name == rounds.CONTINUOUS:
        return measure.schedule_kind == rounds.CONTINUOUS or _is_all_year(measure, about.plan)
    return measure.schedule_kind == "recurring" and measure.schedule_every == about.name


def _is_all_year(measure: Measure, plan: Plan) -> bool:
    """Whether the one period of a measure is its whole fiscal year."""
    return measure.schedule_kind == "range" and list(measure.ranges) == [fiscal_year(plan.fiscal_year)]


def _reply(turn: Turn, about: Asked, rows: list[Row], found: Iterable[Measure], of: int = 0) -> Reply:
    found = list(found)
    more = [Row(say("due-more", count=len(rows) - SHOWN))] if len(rows) > SHOWN else []
    everyone = about.unit is not None and about.span is None
    wider = (Choice(f"listing-show:{about.name}:{ALL}", say("due-all-units")),) if everyone else ()
    if not found:
        return Reply(say=say("listing-none", who=about.who, what=about.what, of=of), choices=wider)
    subtitle = say("due-as-of", day=turn.today) if about.name in BY_STATE else None
    card = Card(title=about.what, subtitle=subtitle, rows=(*rows[:SHOWN], *more))
    return Reply(
        say=say("listing-some", who=about.who, what=about.what, count=len(found)),
        cards=(card,),
        choices=(*(telling.show(one) for one in found[:3]), *wider),
        found=Found(
            measures=tuple(one.code for one in found), units=(about.unit.name,) if about.unit else ()
        ),
    )


ANSWERS = {"listing-show": show}
