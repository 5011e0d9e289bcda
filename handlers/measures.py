"""Show one measure: steps, KPIs, period, units, progress, evidence, findings; its history; search."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from handlers import naming, reviewing, rights, telling
from handlers.measure_rows import evidence_rows, finding_rows, last_told, plan_rows
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import evidence, rounds
from storage.measures import Measure
from storage.measures import measures as records_of
from storage.progress import Update
from storage.rounds import Occurrence

VERSIONS_SHOWN = 8
UNITS_SHOWN = 12
WINDOWS_SHOWN = 3
REVIEWS_SHOWN = 6
ALL_SHOWN, PAIR = 60, 2


def show(turn: Turn) -> Reply:
    """One measure, by button or by what the message names."""
    if turn.reading.args:
        return _shown(turn, _by_id(turn))
    return search(turn)


def search(turn: Turn) -> Reply:
    """The measure a message names; several that come close are offered."""
    matches = naming.measures(turn)
    spoken = naming.spoken_of(turn)
    if not matches and spoken is not None:
        return _shown(turn, spoken)
    if not matches:
        raise Refused(say("measures-unknown"))
    if told := _with_paper(turn, matches):
        return _shown(turn, told)
    sure = [match.measure for match in matches if match.sure]
    if len(sure) == PAIR:
        return _both(turn, sure)
    if len(sure) == 1 or _leads(matches):
        return _shown(turn, (sure or [matches[0].measure])[0])
    if not sure and _are_two(matches):
        return _both(turn, [match.measure for match in matches[:2]])
    found = sure or [match.measure for match in matches]
    return Reply(
        say=say("measures-several", count=len(found)),
        choices=tuple(Choice(f"measures-show:{one.id}", telling.named(one, 60)) for one in found[:6]),
        asks="measures-show",
        found=Found(measures=tuple(one.code for one in sure), candidates=tuple(one.code for one in found)),
    )


def _with_paper(turn: Turn, matches: list[naming.Match]) -> Measure | None:
    """Where a document's number is asked for: the likest measure that has shown one."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not parts.asks_paper:
        return None
    shown = evidence.with_documents(turn.records, [one.id for one in matches])
    return next((one.measure for one in matches if one.id in shown), None)


def _leads(matches: list[naming.Match]) -> bool:
    """Whether the best is so far ahead that showing it is no guess; nothing is written by it."""
    if len(matches) == 1 or matches[0].weight >= matches[1].weight * naming.SURE_LEAD:
        return True
    second = max(one.evidence for one in matches[1:])
    return matches[0].evidence >= naming.ALONE and matches[0].evidence >= second * naming.FAR_AHEAD


def _are_two(matches: list[naming.Match]) -> bool:
    """Whether two stand together before the rest: both are shown."""
    third = matches[2].weight if len(matches) > 2 else 0.0
    return matches[1].weight >= naming.STRONG and matches[1].weight >= third * naming.SURE_LEAD


def _both(turn: Turn, found: list[Measure]) -> Reply:
    shown = [_shown(turn, one) for one in found]
    return Reply(
        say=say("measures-several", count=len(found)),
        cards=tuple(card for one in shown for card in one.cards),
        found=Found(
            measures=tuple(one.code for one in found),
            units=tuple(dict.fromkeys(unit for one in shown for unit in one.found.units)),
        ),
    )


def every(turn: Turn) -> Reply:
    """All measures of the year's plan, by code and title."""
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("measures-unknown"))
    found = records_of(turn.records, plan)
    rows = [Row(telling.named(one), value=telling.text(telling.responsible(one))) for one in found]
    left = len(rows) - ALL_SHOWN
    more = [Row(say("measures-more", count=left))] if left > 0 else []
    return Reply(
        say=say("measures-all", count=len(found), year=str(plan.fiscal_year)),
        cards=(Card(title=say("measures-all-title"), rows=(*rows[:ALL_SHOWN], *more)),),
        found=Found(measures=tuple(one.code for one in found)),
    )


def absent(turn: Turn) -> Reply:
    """What plans do not hold (telephone numbers, persons, rooms, sums): said so, beside the measure."""
    matches = [match.measure for match in naming.measures(turn) if match.sure]
    if not matches:
        return Reply(say=say("measures-absent"))
    shown = _shown(turn, matches[0])
    return Reply(say=say("measures-absent"), cards=shown.cards, found=shown.found)


def _by_id(turn: Turn) -> Measure:
    number = turn.reading.args[0] if turn.reading.args else ""
    measure = turn.records.get(Measure, int(number)) if number.isdecimal() else None
    if measure is None:
        raise Refused(say("measures-gone"))
    return measure


def _shown(turn: Turn, measure: Measure) -> Reply:
    turn.thread.measure_id = measure.id
    owed = _owed(turn, measure)
    rows = [*plan_rows(measure), *finding_rows(turn, measure), *_standing(turn, owed)]
    choices = [Choice(f"measures-history:{measure.id}", say("measures-history-choice"))]
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


def history(turn: Turn) -> Reply:
    """Every version reported on a measure, newest first: who, when, through which channel."""
    measure = _by_id(turn) if turn.reading.args else naming.spoken_of(turn)
    named = naming.measures(turn) if not turn.reading.args else []
    measure = named[0].measure if named else measure
    if measure is None:
        raise Refused(say("measures-unknown"))
    found = turn.records.scalars(
        select(Update)
        .where(Update.measure_id == measure.id)
        .order_by(Update.said_at.desc(), Update.version.desc())
        .options(joinedload(Update.occurrence))
    ).all()
    if not found:
        return Reply(
            say=say("measures-history-none", measure=telling.named(measure)),
            found=Found(measures=(measure.code,)),
        )
    rows = tuple(_version(turn, one) for one in found[:VERSIONS_SHOWN])
    return Reply(
        say=say("measures-history", measure=telling.named(measure), count=len(found)),
        cards=(Card(title=telling.named(measure), rows=rows, about=f"measure:{measure.id}"),),
        found=Found(measures=(measure.code,)),
    )


def _version(turn: Turn, one: Update) -> Row:
    unit = one.occurrence.unit.label
    if one.state == "unsent":
        return Row(
            say("measures-version-unsent", version=one.version, unit=unit, at=one.said_at), mark="cancelled"
        )
    who = one.person.name if one.person and turn.place.is_private else unit
    told = say(
        "measures-version",
        version=one.version,
        status=say(f"status-{one.status}"),
        note=telling.short(one.note, 160),
        who=who,
        at=one.said_at,
        channel=one.channel,
    )
    withdrawn = one.state in ("withdrawn", "returned")
    return Row(
        told,
        mark="cancelled" if withdrawn else "quote",
        value=say(f"measures-{one.state}") if withdrawn else None,
    )


ANSWERS = {
    "measures-show": show,
    "measures-search": search,
    "measures-history": history,
    "measures-absent": absent,
    "measures-all": every,
}
