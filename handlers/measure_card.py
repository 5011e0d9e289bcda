"""One measure as its card: what the plan says, what was found, how each unit stands, what may be done."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from handlers import pointed, reviewing, rights, telling
from handlers.measure_rows import evidence_rows, finding_rows, last_told, plan_rows
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Reply, Row, Say, Turn, say
from storage import rounds
from storage.measures import Measure
from storage.progress import Update
from storage.rounds import Occurrence

UNITS_SHOWN = 12
WINDOWS_SHOWN = 3
REVIEWS_SHOWN = 6


def shown(turn: Turn, measure: Measure) -> Reply:
    """One measure as its card, with what may be done about it."""
    turn.thread.measure_id = measure.id
    owed = _owed(turn, measure)
    choices = [Choice(f"measures-history:{measure.id}", say("measures-history-choice"))]
    if (few := pointed.rows(turn, measure)) is not None:
        rows = [*few, *(_standing(turn, owed) if pointed.aspect(turn) in pointed.TIMES else ())]
        choices.insert(0, telling.show(measure))
    else:
        rows = [*plan_rows(measure), *finding_rows(turn, measure), *_standing(turn, owed)]
    if turn.unit is not None and any(one.unit_id == turn.unit.id for one in owed):
        choices.insert(0, telling.report(measure))
    waiting = reviewing.waiting_of(turn.records, owed)
    if waiting and turn.person is not None and rights.may(turn.person, "review-accept"):
        choices = [*_to_review(waiting), *choices]
    card = Card(
        title=telling.named(measure, 160),
        subtitle=say("measures-topic", no=measure.topic.no, title=measure.topic.title)
        if measure.topic
        else None,
        rows=tuple(rows),
        choices=tuple(choices),
        about=f"measure:{measure.id}",
    )
    units = tuple(one.unit.name for one in measure.responsibilities if one.unit)
    return Reply(
        say=_headline(turn, measure, owed), cards=(card,), found=Found(measures=(measure.code,), units=units)
    )


def _to_review(waiting: list[Update]) -> Iterable[Choice]:
    """Accept or return the report that waits; of several units, each under its own name."""
    if len(waiting) == 1:
        yield from reviewing.buttons(waiting[0])
        return
    for update in waiting[:REVIEWS_SHOWN]:
        yield Choice(f"review-show:{update.id}", say("review-of-unit", unit=update.occurrence.unit.label))


def _owed(turn: Turn, measure: Measure) -> list[Occurrence]:
    return list(
        turn.records.scalars(
            select(Occurrence)
            .where(Occurrence.measure_id == measure.id)
            .order_by(Occurrence.due_on.is_(None), Occurrence.due_on, Occurrence.id)
        )
    )


def _headline(turn: Turn, measure: Measure, owed: list[Occurrence]) -> Say:
    if (pointedly := pointed.line(turn, measure, owed)) is not None:
        return pointedly
    left = [one for one in owed if one.status not in rounds.SETTLED]
    if not owed:
        return say("measures-shown", measure=telling.named(measure))
    if not left:
        return say("measures-all-done", measure=telling.named(measure))
    return say("measures-next", measure=telling.named(measure), when=telling.when(left[0], turn.today))


def _standing(turn: Turn, owed: list[Occurrence]) -> Iterable[Row]:
    """How each unit stands, and what evidence the asker's unit or the only unit has shown."""
    if not owed:
        return
    yield Row(say("measures-standing"), mark="note")
    yield from last_told(turn, owed[0].measure_id)
    units = {one.unit_id for one in owed}
    parts = turn.reading.parts
    asked = parts if isinstance(parts, Parts) else Parts()
    mine = [one for one in owed if turn.unit is not None and one.unit_id == turn.unit.id]
    mine = [] if asked.everyone else mine
    if asked.asks_paper:
        yield from (row for one in owed for row in evidence_rows(turn, one) if one.evidence_count)
    if len(units) > 1 and not mine:
        yield from telling.folded(owed, turn.today)[:UNITS_SHOWN]
        return
    shown = mine or owed
    if len(shown) > WINDOWS_SHOWN:
        settled = sum(one.status in rounds.SETTLED for one in shown)
        told = say("measures-windows", settled=settled, count=len(shown))
        yield Row(told, mark="done" if settled == len(shown) else "open", share=settled / len(shown))
        shown = _that_matter(shown, turn.today)
    for one in shown:
        yield _window(one, turn.today) if one.starts_on and len(owed) > 1 else telling.row(one, turn.today)
        if one.version:
            yield from evidence_rows(turn, one)


def _that_matter(owed: list[Occurrence], today: date) -> list[Occurrence]:
    """Of many windows: the last that was reported, those that are late, and the next to come."""
    late = [one for one in owed if one.is_overdue(today)]
    coming = [one for one in owed if one.status not in rounds.SETTLED and one not in late]
    reported = [one for one in owed if one.version]
    chosen = {one.id for one in (*late[-2:], *coming[:1], *reported[-1:])}
    return [one for one in owed if one.id in chosen]


def _window(one: Occurrence, today: date) -> Row:
    """One window of a measure that comes again: its days in place of the title that stands above."""
    told = say("measures-window", start=one.starts_on, end=one.due_on)
    return Row(told, telling.mark(one, today), telling.share(one), telling.when(one, today))
