"""What is due, late and next: for me, my unit, any unit or all, in any range."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from handlers import naming, telling
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import rounds
from storage.agencies import Unit
from storage.calendar import fiscal_year, month_end
from storage.measures import Duty
from storage.plans import Plan
from storage.rounds import SETTLED, Occurrence
from storage.spans import Span, find_spans

SHOWN = 12
HOSTS = (Duty.LEAD, Duty.JOINT)  # who is asked for as host: documents name several as such
MANY = 2  # units from which each is told by itself


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
    """What falls due in a range, what is under way, and what is late already; of each unit named."""
    several = [] if turn.reading.args else naming.units(turn)
    if len(several) < MANY:
        return _answer(turn, asked(turn))
    about = asked(turn)
    return merged([_answer(turn, replace(about, unit=one)) for one in several])


def answer_all(turn: Turn) -> Reply:
    """The same for every unit together."""
    return _answer(turn, asked(turn, every_unit=True))


def merged(each: list[Reply]) -> Reply:
    """Answers about several units as one: what each has in a sentence, then their cards."""
    return Reply(
        say=say("due-each", parts=tuple(one.say for one in each if one.say)),
        cards=tuple(card for one in each for card in one.cards),
        choices=each[0].choices,
        found=Found(
            measures=tuple(dict.fromkeys(code for one in each for code in one.found.measures)),
            units=tuple(dict.fromkeys(unit for one in each for unit in one.found.units)),
        ),
    )


def _answer(turn: Turn, about: Asked) -> Reply:
    due = _asked_for(
        turn, about, rounds.due_between(turn.records, about.plan, about.start, about.end, about.unit_id)
    )
    waiting = [one for one in due if one.status not in SETTLED]
    late = _asked_for(turn, about, rounds.overdue(turn.records, about.plan, turn.today, about.unit_id))
    within = {one.id for one in due}
    earlier = [one for one in late if one.id not in within]
    is_ahead = about.start > turn.today  # what is late already is counted only: days to come are asked about
    shown: list[Occurrence] = []
    if about.unit or not waiting:
        found = rounds.open_between(turn.records, about.plan, about.start, about.end, about.unit_id)
        shown = _asked_for(turn, about, found)
    coming = [] if waiting else _coming(turn, about)
    rows = [
        *_section("due-due", due, turn.today, about),
        *_section("due-overdue", [] if is_ahead else earlier, turn.today, about),
        *_section("due-open", shown, turn.today, about),
        *_section("due-coming", [] if shown else coming, turn.today, about),
    ]
    if is_ahead and earlier:
        rows.append(Row(say("due-late-already", count=len(telling.codes(earlier))), mark="overdue"))
    named = [*due, *([] if is_ahead else earlier), *shown]
    return Reply(
        say=_headline(about, waiting, shown, coming, turn.today, done=len(due) - len(waiting)),
        cards=_card(about, rows) if rows else (),
        choices=(*(_choices(turn, waiting + earlier) or _next_choice()), *_late_choice(is_ahead, earlier)),
        found=_found(about, named if about.unit or not waiting else due),
    )


def _asked_for(turn: Turn, about: Asked, found: list[Occurrence]) -> list[Occurrence]:
    """Of what is owed the topic alone, and the role of the unit alone, that are asked for."""
    parts = turn.reading.parts if isinstance(turn.reading.parts, Parts) else Parts()
    if parts.topic_said and any(one.no == parts.topic_said for one in about.plan.topics):
        found = [one for one in found if one.measure.topic and one.measure.topic.no == parts.topic_said]
    if about.unit is None or parts.role_said not in set(Duty):
        return found
    roles = HOSTS if parts.role_said in HOSTS else (parts.role_said,)
    unit = about.unit.id
    return [
        one
        for one in found
        if any(each.unit_id == unit and each.role in roles for each in one.measure.responsibilities)
    ]


def _late_choice(is_ahead: bool, earlier: list[Occurrence]) -> tuple[Choice, ...]:
    return (Choice("due-late", say("due-late-choice")),) if is_ahead and earlier else ()


def _coming(turn: Turn, about: Asked) -> list[Occurrence]:
    """The nearest due date after the range, so that "nothing" says what comes next."""
    return rounds.due_next(turn.records, about.plan, max(turn.today, about.end), about.unit_id)


def _headline(
    about: Asked,
    waiting: list[Occurrence],
    shown: list[Occurrence],
    coming: list[Occurrence],
    today: date,
    done: int,
) -> Say:
    """How many fall due; where none does, how many are under way, and the next day."""
    blanks = {"who": about.who, "range": about.range}
    if waiting:
        return say("due-some", count=len(telling.codes(waiting)), **blanks)
    if done:
        return say("due-all-done", **blanks)
    next_on = coming[0].deadline if coming else None
    if about.start > fiscal_year(about.plan.fiscal_year)[1]:
        return say(
            "due-after-plan", year=str(about.plan.fiscal_year), count=len(telling.codes(shown)), **blanks
        )
    after = say("due-then", day=next_on, days=(next_on - today).days) if next_on else say("due-then-none")
    if shown:
        return say("due-none-open", count=len(telling.codes(shown)), after=after, **blanks)
    return say("due-none", after=after, **blanks)


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
