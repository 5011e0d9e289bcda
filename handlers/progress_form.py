"""The guided report: which measure, how far, what was done or when; checked before it is handed in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers import carried, grounds, naming, showing
from handlers.forms import Question
from handlers.parts import Fact, Parts
from handlers.recording import day_of, pack_fact, saved, status, title, unpack_fact, write
from handlers.talk import Card, Choice, Found, Reply, Row, Turn, say
from storage import rounds
from storage.measures import Measure

OFFERED = 3
STATUSES = ("not_started", "in_progress", "done", "delayed")


def offered_measures(turn: Turn) -> Iterator[Choice]:
    """The measures of this unit that are open now, the first due first."""
    plan = naming.plan_of(turn)
    if plan is None:
        return
    unit_id = turn.unit.id if turn.unit else None
    for one in rounds.open_measures(turn.records, plan, turn.today, unit_id, OFFERED):
        yield Choice(f"progress-report:{one.id}", say("progress-pick-one", code=one.code))


def _tapped(turn: Turn) -> str:
    """What a button of an open question carries; empty when words were typed."""
    reading = turn.reading
    return ":".join(reading.args) if reading.intent == "answer" else ""


def _fact(turn: Turn) -> Fact:
    parts = turn.reading.parts
    return parts.fact if isinstance(parts, Parts) else Fact()


def _read_measure(turn: Turn, answers: dict[str, Any]) -> int | None:
    tapped = _tapped(turn)
    if tapped.isdecimal():
        there = carried.measure(turn, tapped)
        return there.id if there else None
    found = naming.measures(turn) if turn.reading.text else []
    return found[0].measure.id if found and (found[0].sure or len(found) == 1) else None


def _ask_measure(turn: Turn, answers: dict[str, Any]) -> Reply:
    near = [one.measure for one in naming.measures(turn)] if _fact(turn).words else []
    ids = [int(choice.value.split(":")[1]) for choice in offered_measures(turn)]
    measures = near or [turn.records.get_one(Measure, one) for one in ids]
    choices = tuple(Choice(f"answer:{one.id}", say("progress-pick-one", code=one.code)) for one in measures)
    rows = tuple(Row(say=title(one)) for one in measures)
    cards = (Card(title=say("progress-which-title"), rows=rows),) if rows else ()
    found = Found(candidates=tuple(one.code for one in measures))
    return Reply(say=say("progress-form-measure"), cards=cards, choices=choices, asks="measure", found=found)


def _read_status(turn: Turn, answers: dict[str, Any]) -> str | None:
    tapped = _tapped(turn) or _fact(turn).status
    return tapped if tapped in rounds.STATUSES else None


def _ask_status(turn: Turn, answers: dict[str, Any]) -> Reply:
    measure = turn.records.get_one(Measure, answers["measure"])
    choices = tuple(Choice(f"answer:{name}", status(name)) for name in STATUSES)
    found = Found(measures=(measure.code,))
    return Reply(
        say=say("progress-form-status", code=measure.code), choices=choices, asks="status", found=found
    )


def _read_said(turn: Turn, answers: dict[str, Any]) -> dict[str, Any] | None:
    if not turn.reading.text.strip() and not turn.files:
        return None
    for file in turn.files:
        shown = showing.add(turn, file, None, None)
        turn.thread.answers["papers"] = [*turn.thread.answers.get("papers", []), shown.id]
    return pack_fact(replace(_fact(turn), note=turn.reading.text.strip()))


def _ask_said(turn: Turn, answers: dict[str, Any]) -> Reply:
    why = answers["status"] in ("delayed", "cancelled", "not_started")
    return Reply(say=say("progress-form-why" if why else "progress-form-said"), asks="said")


def _read_day(turn: Turn, answers: dict[str, Any]) -> str | None:
    said = day_of(_tapped(turn)) or _fact(turn).fact_on or _fact(turn).new_due_on
    return said.isoformat() if said else None


def _read_due(turn: Turn, answers: dict[str, Any]) -> str | None:
    parts = turn.reading.parts
    said = day_of(_tapped(turn)) or _fact(turn).new_due_on
    if said is None and isinstance(parts, Parts):
        said = parts.last_day
    return said.isoformat() if said else None


def _ask_day(turn: Turn, answers: dict[str, Any]) -> Reply:
    yesterday = turn.today - timedelta(days=1)
    choices = (
        Choice(f"answer:{turn.today}", say("progress-today")),
        Choice(f"answer:{yesterday}", say("progress-yesterday")),
        Choice("answer", say("progress-pick-day"), picks="day"),
    )
    return Reply(say=say("progress-form-day"), choices=choices, asks="day")


def _ask_due(turn: Turn, answers: dict[str, Any]) -> Reply:
    return Reply(
        say=say("progress-form-due"),
        choices=(Choice("answer", say("progress-pick-day"), picks="day"),),
        asks="due",
    )


def _read_check(turn: Turn, answers: dict[str, Any]) -> str | None:
    parts = turn.reading.parts
    said = _tapped(turn) or (parts.says if isinstance(parts, Parts) else "")
    if said == "edit":
        for name in ("said", "status", "day", "due"):
            turn.thread.answers.pop(name, None)
        return None
    return "save" if said in ("save", "yes") else None


def _ask_check(turn: Turn, answers: dict[str, Any]) -> Reply:
    if "status" not in turn.thread.answers:
        turn.thread.asked = "status"
        return _ask_status(turn, answers)
    measure = turn.records.get_one(Measure, answers["measure"])
    fact = _whole(answers)
    rows = [Row(say=status(answers["status"]))]
    rows += [Row(say=say("progress-said", text=fact.note))] if fact.note else []
    rows += [Row(say=say("progress-on", day=fact.fact_on))] if fact.fact_on else []
    rows += [Row(say=say("progress-new-due", day=fact.new_due_on))] if fact.new_due_on else []
    shown = len(answers.get("papers", [])) + len(fact.papers)
    rows.append(Row(say=say("progress-papers", count=shown) if shown else say("progress-no-evidence")))
    choices = (
        Choice("answer:save", say("progress-button-save"), style="main"),
        Choice("answer:edit", say("progress-button-edit")),
        Choice("forms-drop", say("forms-drop"), style="danger"),
    )
    return Reply(
        say=say("progress-form-check"),
        cards=(Card(title=title(measure), rows=tuple(rows)),),
        choices=choices,
        asks="check",
        found=Found(measures=(measure.code,)),
    )


def _whole(answers: dict[str, Any]) -> Fact:
    fact = unpack_fact(answers.get("said", {}))
    given: dict[str, Any] = {"status": answers["status"]}
    if day := answers.get("day"):
        given["fact_on"] = date.fromisoformat(day)
    if due := answers.get("due"):
        given["new_due_on"] = date.fromisoformat(due)
    if answers["status"] == "delayed":
        given["blocker"] = fact.blocker or fact.note
    return replace(fact, **given)


class Guided:
    """The guided report as a table of questions."""

    def __init__(self) -> None:
        self.questions: Mapping[str, Question] = {
            "measure": Question(_read_measure, _ask_measure),
            "status": Question(_read_status, _ask_status),
            "due": Question(_read_due, _ask_due, lambda known: known["status"] == "delayed"),
            "day": Question(_read_day, _ask_day, lambda known: known["status"] == "done"),
            "said": Question(_read_said, _ask_said, lambda known: known["status"] != "done"),
            "check": Question(_read_check, _ask_check, lambda known: known["status"] != "done"),
        }

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        """Record it, with the papers that were sent meanwhile."""
        measure = turn.records.get_one(Measure, answers["measure"])
        action = "postpone" if answers["status"] == "delayed" else "report"
        why = {"why": grounds.chosen("")}
        taken = write(turn, measure, _whole(answers), action, details=why)
        showing.give(turn, taken.update.occurrence, taken.update)
        return saved(turn, [taken])


GUIDED = Guided()
