"""Corrections, withdrawals, and messages taken back: earlier versions stay, later ones count."""

from dataclasses import replace
from datetime import date
from typing import Any

from handlers import grounds, meant, nicknames
from handlers.parts import Fact, Parts
from handlers.recording import Taken, add_papers, buttons, card, count, keep, status, title, write
from handlers.talk import Act, Card, Found, Refused, Reply, Row, Say, Turn, say
from storage import evidence, history, progress, reviews
from storage.measures import Measure
from storage.progress import COUNTED, UNSENT, WITHDRAWN, Update

WHOLE = 100  # per cent
CHANGED_BY_NAME = frozenset({"done", "not_started", "continuous", "delayed", "cancelled"})
KEPT = (
    "on_behalf_of", "status", "percent", "percent_kind", "count_done", "count_of", "count_of_what",
    "step_no", "fact_on", "new_due_on", "blocker", "note", "nothing_to_report",
)  # fmt: skip


def correct(turn: Turn, base: Update) -> Reply:
    """A correction as a new version: what changed, beside what stood before."""
    parts = turn.reading.parts
    fact = parts.fact if isinstance(parts, Parts) else Fact()
    other = meant.named(turn)
    if other is not None and other.id != base.measure_id:
        return _moved(turn, base, other)
    changes = _changes(turn, base, fact)
    if not changes and not fact.papers:
        raise Refused(say("progress-correct-what"))
    return _again(turn, base, changes, fact, "correct")


def done(turn: Turn, base: Update) -> Reply:
    """The whole measure is done: a new version that says so."""
    if base.status == "done":
        raise Refused(say("progress-done-already"))
    return _again(turn, base, {"status": "done"}, Fact(), "report")


def _again(turn: Turn, base: Update, changes: dict[str, Any], fact: Fact, action: str) -> Reply:
    kept = {name: getattr(base, name) for name in KEPT} | {"status": _stands(turn, base)} | changes
    update = Update(
        **kept,
        unit_id=base.unit_id,
        person_id=turn.person.id if turn.person else None,
        corrects_id=base.id,
        said_at=turn.at,
        channel=turn.place.channel,
        message=turn.message,
        source_text=turn.reading.text,
    )
    measure = turn.records.get_one(Measure, base.measure_id)
    taken = keep(turn, measure, base.occurrence, update, fact, action)
    told = tuple(_told(name, base, update) for name in changes if name in TELLS)
    shown = replace(card(turn, taken), choices=buttons(update))
    changed = say("progress-corrected", version=str(update.version), changes=told)
    return Reply(say=changed, cards=(shown,), found=_found(taken))


def _stands(turn: Turn, base: Update) -> str:
    """The status a correction leaves as it is: what was told since of the same duty, not what stood then."""
    latest = reviews.latest(turn.records, base.occurrence)
    return latest.status if latest is not None and base.unit_id == latest.unit_id else base.status


def _moved(turn: Turn, base: Update, measure: Measure) -> Reply:
    """The report was about another measure: taken back there, written here."""
    _withdraw(turn, base)
    fact = Fact(
        **{name: getattr(base, name) for name in ("status", "percent", "count_done", "count_of", "fact_on",
                                                  "new_due_on", "blocker", "note")},
        percent_kind=base.percent_kind or "", count_what=base.count_of_what, step=base.step_no,
    )  # fmt: skip
    parts = turn.reading.parts
    said = parts.fact if isinstance(parts, Parts) else Fact()
    why = grounds.kept(turn, said, measure)
    taken = write(turn, measure, fact, "correct", details={"why": why})
    for shown in evidence.evidence_of(turn.records, base.occurrence_id):
        if shown.update_id == base.id:
            evidence.attach(turn.records, taken.update.occurrence, taken.update.id, shown)
    evidence.count_anew(turn.records, base.occurrence)
    return Reply(
        say=say("progress-moved", code=measure.code), cards=(card(turn, taken),), found=_found(taken)
    )


def _changes(turn: Turn, base: Update, fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if fact.percent is not None:
        found |= {"percent": fact.percent, "percent_kind": fact.percent_kind}
    if fact.count_done is not None:
        found |= {"count_done": fact.count_done, "count_of": fact.count_of or base.count_of}
        found |= {"count_of_what": fact.count_what} if fact.count_what else {}
    if fact.number is not None and not found:
        found |= _bare_number(base, fact.number)
    if day := fact.fact_on or _day_of_month(base.fact_on or turn.today, fact.day):
        found["fact_on"] = day
    if fact.status in CHANGED_BY_NAME or (fact.refs and fact.status):
        found["status"] = fact.status
    elif fact.percent is not None and fact.percent_kind == "progress" and base.status == "done":
        found["status"] = "in_progress"
    if fact.new_due_on:
        found["new_due_on"] = fact.new_due_on
    if fact.blocker:
        found["blocker"] = fact.blocker
    return {name: value for name, value in found.items() if value != getattr(base, name)}


def _bare_number(base: Update | Fact, number: float) -> dict[str, Any]:
    """A number alone mends what was counted, else the percent; more than the whole is no percent."""
    if base.count_done is not None:
        return {"count_done": number}
    return {"percent": number, "percent_kind": "progress"} if number <= WHOLE else {}


def changes_of(before: Fact, fact: Fact, today: date) -> dict[str, Any]:
    """What a correction changes in a report that is not written yet."""
    found: dict[str, Any] = {
        name: value
        for name in ("status", "percent", "count_done", "count_of", "new_due_on", "blocker")
        if (value := getattr(fact, name)) not in (None, "")
    }
    if fact.percent is not None:
        found["percent_kind"] = fact.percent_kind
    if fact.number is not None and not {"percent", "count_done"} & set(found):
        found |= _bare_number(before, fact.number)
    if day := fact.fact_on or _day_of_month(before.fact_on or today, fact.day):
        found["fact_on"] = day
    if fact.count_done is not None and not fact.percent and not fact.refs:
        found.pop("status", None)
    return {name: value for name, value in found.items() if value != getattr(before, name)}


def _day_of_month(near: date, day: int | None) -> date | None:
    try:
        return near.replace(day=day) if day else None
    except ValueError:
        return None


TELLS = {"percent", "count_done", "fact_on", "status", "new_due_on"}


def _told(name: str, base: Update, update: Update) -> Say:
    new, old = _value(name, update), _value(name, base)
    return say("progress-changed", new=new, old=old) if old else say("progress-added", new=new)


def _value(name: str, update: Update) -> Say | None:
    value = getattr(update, name)
    if value is None:
        return None
    match name:
        case "percent":
            return say("progress-percent", percent=value)
        case "count_done":
            return count(update)
        case "status":
            return status(value)
        case "new_due_on":
            return say("progress-new-due", day=value)
        case _:
            return say("progress-on-week", day=value)


def withdraw(turn: Turn, base: Update) -> Reply:
    """Take a report back: its versions stay, none of them counts."""
    _withdraw(turn, base)
    measure = turn.records.get_one(Measure, base.measure_id)
    acts = (Act(action="retract", measure=measure.code, status=base.occurrence.status),)
    stands = say("progress-stands", status=status(base.occurrence.status))
    return Reply(
        say=say("progress-withdrawn", code=measure.code),
        cards=(Card(title=title(measure), rows=(Row(say=stands),), about=f"measure:{measure.id}"),),
        found=Found(acts=acts, measures=(measure.code,)),
    )


def _withdraw(turn: Turn, base: Update) -> None:
    for one in progress.chain(turn.records, base):
        if one.state == COUNTED:
            one.state = WITHDRAWN
    progress.count_anew(turn.records, base.occurrence)
    history.note(
        turn.records, "progress-withdrawn", f"measure:{base.measure_id}", turn.person, update=base.id
    )
    turn.thread.measure_id, turn.thread.update_id = base.measure_id, None


def unsent(turn: Turn, message: str) -> None:
    """A message was taken back: its text, what was read from it and its files go; it counts no more."""
    gone: dict[int, Update] = {}
    if _is_anothers(turn, progress.from_message(turn.records, message)):
        return
    for one in progress.from_message(turn.records, message):
        gone |= {each.id: each for each in progress.chain(turn.records, one) if each.version >= one.version}
    for update in gone.values():
        nicknames.take_back(turn, update)
        _emptied(update)
        progress.count_anew(turn.records, update.occurrence)
        history.note(turn.records, "progress-unsent", f"measure:{update.measure_id}", None, update=update.id)
    for shown in evidence.from_message(turn.records, message):
        evidence.remove(turn.records, shown)
        history.note(turn.records, "evidence-unsent", f"evidence:{shown.id}", None)
    if turn.thread.update_id in gone:
        turn.thread.update_id = None


def _is_anothers(turn: Turn, made: list[Update]) -> bool:
    """Whether somebody else whom we know said it: nobody takes back or changes another's words."""
    return turn.person is not None and any(one.person_id not in (None, turn.person.id) for one in made)


def _emptied(update: Update) -> None:
    update.state, update.source_text, update.note, update.blocker = UNSENT, "", "", ""
    update.on_behalf_of, update.count_of_what, update.details = "", "", {}
    update.percent = update.percent_kind = update.count_done = update.count_of = None
    update.step_no = update.fact_on = update.new_due_on = None


def edited(turn: Turn) -> Reply | tuple[Reply, ...]:
    """The message that gave a report was changed: what it says now is a correction."""
    made = [one for one in progress.from_message(turn.records, turn.message) if one.state == COUNTED]
    if _is_anothers(turn, made):
        return ()
    parts = turn.reading.parts
    if len(made) != 1 or not isinstance(parts, Parts) or turn.at < made[0].said_at:
        return ()
    base = meant.newest(turn, made[0])
    fact = parts.fact
    if base is None or base.said_at > turn.at:
        return ()
    changes = _changes(turn, base, fact)
    if fact.status and fact.status != base.status:
        changes["status"] = fact.status
    changes |= {"note": fact.note} if fact.note != base.note else {}
    if not changes:
        return ()
    other = meant.named(turn)
    if other is not None and other.id != base.measure_id:
        return _moved(turn, base, other)
    return _again(turn, base, changes, fact, "correct")


def _found(taken: Taken) -> Found:
    return Found(
        acts=(taken.act,), measures=(taken.measure.code,), units=(taken.update.occurrence.unit.name,)
    )


def papers_for(turn: Turn, update: Update, fact: Fact) -> int:
    """Links and document numbers that follow a report, kept with it."""
    return add_papers(turn, update.occurrence, update, fact)
