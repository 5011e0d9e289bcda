"""Bring in a plan: preview, questions on doubtful cells, accept, replace."""

from collections.abc import Iterator
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from handlers import plan_deciding, plan_mending, plan_reading
from handlers.forms import Form
from handlers.plan_mending import ASKS
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, quote, say
from storage import doubts, exports, imports, jobs, plans
from storage import next_year as next_years
from storage.doubts import open_doubts
from storage.exports import Difference
from storage.measures import Duty, Measure, measures
from storage.plans import DRAFT, Doubt, Plan

JOB = "plan"  # the work of fetching and reading a file that was sent; bot/papers.py does it
CHANGES = "plans-change"
CODES = 12  # codes named in one line


def bring(turn: Turn) -> Reply:
    """A file that was sent is read in the background; without one the waiting draft is shown."""
    _asked_no_more(turn)
    if turn.files:
        return _taken(turn)
    plan = _draft(turn) if turn.reading.args else _newest(turn)
    return preview(turn, plan) if plan else Reply(say=say("plans-how"))


def _asked_no_more(turn: Turn) -> None:
    """Our own open question is answered by this; another's form stays open."""
    if turn.thread.asked == ASKS:
        turn.thread.close()


def _taken(turn: Turn) -> Reply:
    assert turn.person
    for number, file in enumerate(turn.files):
        body = {
            "file": asdict(file),
            "channel": turn.place.channel,
            "place": turn.place.address,
            "sender": turn.sender,
            "language": turn.person.language,
            "at": turn.at.isoformat(),
        }
        key = f"plan:{turn.agency.id}:{turn.place.channel}:{turn.message or file.id}:{number}"
        jobs.add(turn.records, JOB, key, body, agency_id=turn.agency.id)
    return Reply(say=say("plans-reading", file=turn.files[0].name))


def preview(turn: Turn, plan: Plan) -> Reply:
    """What was found, the doubts first, before any of it counts."""
    rows = measures(turn.records, plan)
    left = open_doubts(turn.records, plan)
    cards = [plan_mending.card(left)] if left else []
    cards += overview(turn.records, plan)
    head = say("plans-preview-doubts", count=len(left)) if left else say("plans-preview-sure")
    return Reply(say=head, cards=tuple(cards), choices=_choices(plan, left), asks=ASKS, found=_found(rows))


def overview(records: Session, plan: Plan) -> list[Card]:
    """What was found, counted, and how it differs from the plan that counts."""
    rows = measures(records, plan)
    counts = Card(
        title=say("plans-title", year=str(plan.fiscal_year)),
        subtitle=quote(plan.title) if plan.title else None,
        rows=(
            Row(say("plans-measures"), value=quote(str(len(rows)))),
            Row(say("plans-units"), value=quote(str(len(_units(rows))))),
            Row(say("plans-periods"), value=say("plans-of", some=_dated(rows), all=len(rows))),
            Row(say("plans-scores"), value=quote(str(len(exports.beside(plan).scores)))),
        ),
    )
    again = sum(bool(one.details.get("as_before")) for one in plan.doubts)
    if again:
        counts = replace(counts, rows=(*counts.rows, Row(say("plans-remembered"), value=quote(str(again)))))
    before = plans.active_of_year(records, plan.fiscal_year)
    told = exports.difference(records, before, plan) if before else None
    cards = [counts]
    if told:
        cards.append(Card(title=say("plans-changes"), rows=tuple(Row(one) for one in changes(told))))
    return cards


def _found(rows: list[Measure]) -> Found:
    return Found(measures=tuple(one.code for one in rows), units=tuple(sorted(_units(rows))))


def _choices(plan: Plan, left: list[Doubt]) -> tuple[Choice, ...]:
    cancel = Choice(f"plans-cancel:{plan.id}", say("plans-cancel"), "danger")
    if not left:
        return (Choice(f"plans-activate:{plan.id}", say("plans-activate"), "main"), cancel)
    return (
        Choice(f"plans-accept:{plan.id}", say("plans-accept"), "main"),
        Choice(f"plans-doubt:{left[0].id}", say("plans-one-by-one")),
        Choice(f"plans-reading:{plan.id}", say("plans-reading-ask")),
        cancel,
    )


def _units(rows: list[Measure]) -> set[str]:
    return {duty.written for one in rows for duty in one.responsibilities if duty.role != Duty.ALL_UNITS}


def _dated(rows: list[Measure]) -> int:
    return sum(bool(one.schedule_ranges) for one in rows)


def changes(told: Difference) -> Iterator[Say]:
    """What a new version changes, in sentences."""
    if told.new:
        yield say("plans-new", count=len(told.new), codes=_codes(told.new))
    if told.changed:
        yield say("plans-changed", count=len(told.changed), codes=_codes([code for code, _ in told.changed]))
    if told.gone:
        yield say("plans-gone", count=len(told.gone), codes=_codes([code for code, _ in told.gone]))
    if not (told.new or told.changed or told.gone):
        yield say("plans-unchanged")


def _codes(codes: tuple[str, ...] | list[str]) -> str:
    return ", ".join(codes[:CODES]) + (" …" if len(codes) > CODES else "")


def one_doubt(turn: Turn) -> Reply:
    """One doubt after the other: take the guess, or leave the cell unread."""
    if turn.thread.form == CHANGES:
        turn.thread.close()
    _asked_no_more(turn)
    doubt, answer = plan_mending.named(turn), turn.reading.args[1:]
    if not answer:
        return plan_mending.shown(turn, doubt)
    plan_deciding.decide(turn.records, turn.person, doubt.id, accepted=answer[0] == "yes")
    plan = plan_deciding.draft(turn.records, doubt.plan_id)
    return plan_mending.decided(turn, doubt) if open_doubts(turn.records, plan) else preview(turn, plan)


def reading_file(turn: Turn) -> Reply:
    """The draft as a file to correct in Excel."""
    _asked_no_more(turn)
    return plan_reading.give(turn, _draft(turn))


def accept(turn: Turn) -> Reply:
    """Take every guess, and have the plan count."""
    _asked_no_more(turn)
    plan = _draft(turn)
    doubts.accept_all(turn.records, plan, turn.person)
    return _activated(turn, plan)


def activate(turn: Turn) -> Reply:
    """Have a plan count whose doubts are all decided."""
    _asked_no_more(turn)
    return _activated(turn, _draft(turn))


def _activated(turn: Turn, plan: Plan) -> Reply:
    told = plan_deciding.activate(turn.records, turn.person, plan)
    rows = tuple(Row(one) for one in changes(told)) if told.same or told.gone else ()
    cards = (Card(title=say("plans-changes"), rows=rows),) if rows else ()
    there = measures(turn.records, plan)
    shortcuts = (Choice("due-list", say("menu-due-list")), Choice("duties-mine", say("menu-duties-mine")))
    return Reply(
        say=say("plans-active", year=str(plan.fiscal_year), count=len(there)),
        cards=cards,
        choices=shortcuts,
        found=_found(there),
    )


def cancel(turn: Turn) -> Reply:
    """Throw the draft away; the plan that counts stays as it is."""
    _asked_no_more(turn)
    plan = _draft(turn)
    plan_deciding.discard(turn.records, turn.person, plan)
    return Reply(say=say("plans-cancelled"))


def next_year(turn: Turn) -> Reply:
    """A draft of next year's plan from the one that counts, with what is open carried over."""
    _asked_no_more(turn)
    plan = plans.active_plan(turn.records, turn.today)
    if plan is None:
        raise Refused(say("plans-next-none"))
    there = plans.plan_of_year(turn.records, plan.fiscal_year + 1)
    if there is not None and there.status == DRAFT:
        return preview(turn, there)
    if there is not None:
        raise Refused(say("plans-next-there", year=str(there.fiscal_year)))
    return preview(turn, imports.keep(turn.records, next_years.draft(turn.records, plan), turn.person))


def _draft(turn: Turn) -> Plan:
    """The draft meant: the one named, else the newest."""
    number = next(iter(turn.reading.args), "")
    plan = turn.records.get(Plan, int(number)) if number.isdecimal() else _newest(turn)
    if plan is None or plan.status != DRAFT:
        raise Refused(say("plans-none"))
    return plan


def _newest(turn: Turn) -> Plan | None:
    return plans.newest_draft(turn.records)


ANSWERS = {
    "plans-import": bring,
    "plans-accept": accept,
    "plans-activate": activate,
    "plans-cancel": cancel,
    "plans-doubt": one_doubt,
    "plans-change": plan_mending.change,
    "plans-reading": reading_file,
    "plans-next": next_year,
}
FORMS: dict[str, Form] = {CHANGES: plan_mending.CHANGE}
