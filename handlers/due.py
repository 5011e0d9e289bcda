"""What is due, late and next: for me, my unit, any unit or all, in any range."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from handlers import naming, telling
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import rounds
from storage.agencies import Unit
from storage.calendar import month_end
from storage.plans import Plan
from storage.rounds import SETTLED, Occurrence
from storage.spans import Span, find_spans

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: the plan, one unit or all, and a range of days as it was said."""

    plan: Plan
    unit: Unit | None
    start: date
    end: date
    kind: str

    @property
    def unit_id(self) -> int | None:
        """The unit's id; empty for all units."""
        return self.unit.id if self.unit else None

    @property
    def who(self) -> Say:
        """Whose duties these are."""
        return say("due-unit", unit=self.unit.name) if self.unit else say("due-all-units")

    @property
    def range(self) -> Say:
        """The range in words."""
        if self.kind == "month" and self.start.day == 1:
            return say("due-range-month", day=self.start)
        return say("due-range-day" if self.start == self.end else "due-range", start=self.start, end=self.end)


def asked(turn: Turn, *, every_unit: bool = False) -> Asked:
    """Read who and when from the message; what is not said is the asker's unit and this month.

    Raises:
        Refused: there is no plan to ask about, or a unit is named that the agency does not have.
    """
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("due-no-plan"))
    parts = turn.reading.parts
    every_unit = every_unit or (isinstance(parts, Parts) and parts.everyone)
    unit = naming.unit_asked(turn, "due-list", None if every_unit else turn.unit)
    spans = [
        span for span in find_spans(turn.reading.text, turn.today, planning=True) if not span.of_document
    ]
    span = spans[0] if spans else _this_month(turn.today)
    return Asked(plan, unit, span.start, span.end, span.kind)


def _this_month(today: date) -> Span:
    return Span(today.replace(day=1), month_end(today.year, today.month), "month", "", (0, 0))


def answer(turn: Turn) -> Reply:
    """What falls due in a range, what is under way, and what is late already."""
    return _answer(turn, asked(turn))


def answer_all(turn: Turn) -> Reply:
    """The same for every unit together."""
    return _answer(turn, asked(turn, every_unit=True))


def _answer(turn: Turn, about: Asked) -> Reply:
    due = rounds.due_between(turn.records, about.plan, about.start, about.end, about.unit_id)
    waiting = [one for one in due if one.status not in SETTLED]
    late = rounds.overdue(turn.records, about.plan, turn.today, about.unit_id)
    within = {one.id for one in due}
    earlier = [one for one in late if one.id not in within]
    shown: list[Occurrence] = []
    if about.unit or not waiting:
        shown = rounds.open_between(turn.records, about.plan, about.start, about.end, about.unit_id)
    coming = [] if waiting or shown else _coming(turn, about)
    rows = [
        *_section("due-due", due, turn.today, about),
        *_section("due-overdue", earlier, turn.today, about),
        *_section("due-open", shown, turn.today, about),
        *_section("due-coming", coming, turn.today, about),
    ]
    return Reply(
        say=_headline(about, waiting, done=len(due) - len(waiting)),
        cards=_card(about, rows) if rows else (),
        choices=_choices(turn, waiting + earlier) or _next_choice(),
        found=_found(about, [*due, *earlier, *shown] if about.unit or not waiting else due),
    )


def _coming(turn: Turn, about: Asked) -> list[Occurrence]:
    """The nearest due date after the range, so that "nothing" says what comes next."""
    return rounds.due_next(turn.records, about.plan, max(turn.today, about.end), about.unit_id)


def _headline(about: Asked, waiting: list[Occurrence], done: int) -> Say:
    if waiting:
        count = len(telling.codes(waiting))
        return say("due-some", who=about.who, range=about.range, count=count)
    return say("due-all-done" if done else "due-none", who=about.who, range=about.range)


def _section(name: str, found: list[Occurrence], today: date, about: Asked) -> list[Row]:
    if not found:
        return []
    if name == "due-overdue":
        lines = telling.late(found, today, unit=about.unit is None)
    else:
        lines = [telling.row(one, today) for one in found] if about.unit else telling.folded(found, today)
    rows = [Row(say(name), mark="note"), *lines[:SHOWN]]
    return rows if len(lines) <= SHOWN else [*rows, Row(say("due-more", count=len(lines) - SHOWN))]


def _card(about: Asked, rows: list[Row]) -> tuple[Card, ...]:
    return (Card(title=about.who, subtitle=about.range, rows=tuple(rows)),)


def _choices(turn: Turn, found: list[Occurrence]) -> tuple[Choice, ...]:
    """Shortcuts to report what the asker's own unit owes, else to look at it."""
    made: dict[str, Choice] = {}
    for one in found:
        mine = turn.unit is not None and one.unit_id == turn.unit.id
        button: Callable[..., Choice] = telling.report if mine else telling.show
        made.setdefault(one.measure.code, button(one.measure))
    return tuple(made.values())[:3]


def _next_choice() -> tuple[Choice, ...]:
    return (Choice("due-next", say("due-next-choice")),)


def _found(about: Asked, found: list[Occurrence]) -> Found:
    return Found(measures=telling.codes(found), units=(about.unit.name,) if about.unit else ())


def late(turn: Turn) -> Reply:
    """What is past its day, one unit's or all."""
    about = asked(turn)
    found = rounds.overdue(turn.records, about.plan, turn.today, about.unit_id)
    return _late(turn, about, found)


def late_all(turn: Turn) -> Reply:
    """What is past its day in every unit."""
    about = asked(turn, every_unit=True)
    return _late(turn, about, rounds.overdue(turn.records, about.plan, turn.today))


def _late(turn: Turn, about: Asked, found: list[Occurrence]) -> Reply:
    if not found:
        return Reply(say=say("due-late-none", who=about.who), choices=_next_choice())
    rows = _section("due-overdue", found, turn.today, about)
    return Reply(
        say=say("due-late-some", who=about.who, count=len(telling.codes(found))),
        cards=(Card(title=about.who, subtitle=say("due-as-of", day=turn.today), rows=tuple(rows)),),
        choices=_choices(turn, found),
        found=_found(about, found),
    )


def coming(turn: Turn) -> Reply:
    """The nearest due date that is still to come, and what falls due then."""
    about = asked(turn)
    found = rounds.due_next(turn.records, about.plan, turn.today, about.unit_id)
    if not found or found[0].deadline is None:
        return Reply(say=say("due-next-none", who=about.who))
    rows = _section("due-due", found, turn.today, about)
    days = (found[0].deadline - turn.today).days
    return Reply(
        say=say("due-next-some", who=about.who, day=found[0].deadline, days=days),
        cards=(Card(title=about.who, subtitle=say("due-on", day=found[0].deadline), rows=tuple(rows)),),
        choices=_choices(turn, found),
        found=_found(about, found),
    )


ANSWERS = {
    "due-list": answer,
    "due-all": answer_all,
    "due-late": late,
    "due-late-all": late_all,
    "due-next": coming,
}
