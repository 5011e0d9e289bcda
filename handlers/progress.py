"""Report a measure's progress: a free line or a guided form, corrected, completed or taken back later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import carried, forms, meaning, meant, mending, naming, overheard, picking, showing
from handlers.meaning import PLAINLY, REPORTS
from handlers.parts import Fact, Parts
from handlers.progress_form import GUIDED, offered_measures
from handlers.recording import Taken, saved, write
from handlers.talk import Act, Found, Refused, Reply, Turn, say
from storage.forms import Thread
from storage.measures import Measure
from storage.progress import Update

EXPECTED = timedelta(minutes=30)
Replies = Reply | tuple[Reply, ...]


def expects(records: Session, sender: str, place: str, at: datetime) -> bool:
    """Whether a photo, a short correction or a code of this sender here is awaited: a report was just made,
    or it was just asked which measure one is of."""
    kept = (Thread.update_id, Thread.asked, Thread.touched_at)
    found = records.execute(select(*kept).where(Thread.sender == sender, Thread.place == place)).first()
    if found is None or at - found[2] > EXPECTED:
        return False
    return found[0] is not None or found[1] == picking.ASKS


def report(turn: Turn) -> Replies:
    """Take a line for what it is: a report, a correction, a withdrawal, papers; else ask step by step."""
    parts = turn.reading.parts
    if turn.reading.args or not isinstance(parts, Parts):
        named = tapped(turn)
        return _guided(turn, named.id if named else None)
    match parts.kind:
        case "correct" | "withdraw":
            return _mended(turn, parts)
        case "attach":
            return _attached(turn, parts)
        case "answer":
            return _added(turn, parts)
        case "report" | "postpone" | "nothing":
            return _attached(turn, parts) if _goes_with_it(turn, parts) else _taken(turn, parts)
        case _:
            return _begun(turn, parts.fact) if turn.addressed else _perhaps(turn, parts)


def _begun(turn: Turn, fact: Fact) -> Reply:
    """Step by step, of the measure whose code is said."""
    found = naming.by_refs(turn, fact.refs)
    return _guided(turn, found[0].measure.id if found else None)


def _perhaps(turn: Turn, parts: Parts) -> Replies:
    """No word list knows it for a report, but it sounds like one and the plan speaks of the same."""
    return _taken(turn, parts) if overheard.tells(turn, parts) else ()


def tapped(turn: Turn) -> Measure | None:
    """The measure a button carries, where it is one of this agency."""
    return carried.measure(turn, next(iter(turn.reading.args), ""))


def _guided(turn: Turn, measure_id: int | None) -> Reply:
    answers: dict[str, Any] = {"measure": measure_id} if measure_id else {}
    return forms.begin("progress", GUIDED, turn, answers)


def _mended(turn: Turn, parts: Parts) -> Replies:
    base = meant.target(turn)
    if picking.is_newer(turn, base) and not meant.is_named(turn):
        if parts.kind == "withdraw":
            return picking.dropped(turn)
        if waits := picking.amended(turn, parts):
            return waits
    if base is None:
        told = parts.kind == "correct" and parts.strength >= PLAINLY
        if told and _is_of_a_measure(turn, parts):
            return _taken(turn, parts)
        if not turn.addressed:
            return ()
        raise Refused(say("progress-nothing-to-mend"))
    return mending.withdraw(turn, base) if parts.kind == "withdraw" else mending.correct(turn, base)


def _is_of_a_measure(turn: Turn, parts: Parts) -> bool:
    fact = parts.fact
    if fact.refs or overheard.named(turn, parts, fact):
        return True
    return not fact.bare and bool(fact.status) and overheard.tells(turn, parts)


def _attached(turn: Turn, parts: Parts) -> Replies:
    update = showing.followed(turn)
    if update is None and not turn.files and parts.fact.status and _is_of_a_measure(turn, parts):
        return _taken(turn, parts)  # begins as what was attached does, but tells what was done
    if parts.fact.papers and update is not None and not parts.fact.refs:
        mending.papers_for(turn, update, parts.fact)
        names = tuple(paper.text for paper in parts.fact.papers)
        told = _with_papers(turn, update.measure_id, names)
        return told, *showing.handed_in_again(turn, update)
    if parts.fact.refs or parts.fact.papers:
        return _taken(turn, parts)
    return showing.attach(turn)


def _goes_with_it(turn: Turn, parts: Parts) -> bool:
    """A letter or link told right after a report, of no other measure: it is shown for that report."""
    fact = parts.fact
    tells_more = fact.count_done is not None or fact.percent is not None or fact.new_due_on is not None
    if not fact.papers or fact.refs or tells_more or len(parts.facts) > 1:
        return False
    return showing.followed(turn) is not None and not overheard.named(turn, parts, fact)


def _with_papers(turn: Turn, measure_id: int, names: tuple[str, ...]) -> Reply:
    measure = turn.records.get_one(Measure, measure_id)
    return Reply(
        say=say("progress-attached-papers", names=", ".join(names), code=measure.code),
        found=Found(
            acts=(Act(action="attach", measure=measure.code, evidence=names),), measures=(measure.code,)
        ),
    )


def _added(turn: Turn, parts: Parts) -> Replies:
    """A bare number, day or paper tells more of the report just made; a bare deed is a new report."""
    update = showing.followed(turn)
    fact = parts.fact
    if update is not None and fact.papers:
        return _attached(turn, parts)
    if update is not None and fact.percent is not None and fact.bare and parts.strength >= REPORTS:
        return _taken(turn, parts)
    if update is not None and parts.strength < PLAINLY and fact.status != "done":
        base = meant.newest(turn, update)
        if base is not None and (turn.addressed or fact.count_done is not None or fact.blocker):
            return mending.correct(turn, base)
    if update is None and (waits := picking.amended(turn, parts)):
        return waits
    if not turn.addressed:
        return ()
    return _taken(turn, parts) if fact.status or fact.percent is not None else _lost(turn)


def _lost(turn: Turn) -> Reply:
    return Reply(say=say("progress-about-what"), choices=tuple(offered_measures(turn)))


def _taken(turn: Turn, parts: Parts) -> Replies:
    """Write what is sure; ask about the pieces that are not, one by one."""
    action = "postpone" if parts.kind == "postpone" else "report"
    told: dict[int, tuple[Measure, list[Fact]]] = {}
    open_: list[Fact] = []
    pieces = meaning.pieces(turn, parts)
    for fact in pieces:
        found = overheard.named(turn, parts, fact)
        for one in found:
            told.setdefault(one.id, (one, []))[1].append(fact)
        if not found and (fact.status or fact.papers or parts.kind == "nothing" or len(parts.facts) == 1):
            open_.append(fact)
    more = {"nothing_to_report": True} if parts.kind == "nothing" and len(pieces) == 1 else {}
    taken = []
    for one, facts in told.values():
        fact = meaning.together(facts)
        taken.append(write(turn, one, fact, _action(fact, action), **more))
    replies = [_saved(turn, taken)] if taken else []
    if open_ and (turn.addressed or overheard.tells(turn, parts)):
        replies.append(picking.ask(turn, open_, action))
    return tuple(replies)


def _action(fact: Fact, action: str) -> str:
    return "postpone" if fact.status == "delayed" else "report" if action == "postpone" else action


def _saved(turn: Turn, taken: list[Taken]) -> Reply:
    given = showing.give(turn, taken[0].update.occurrence, taken[0].update)
    nothing = all(one.update.nothing_to_report for one in taken)
    name = "progress-saved-nothing" if nothing else "progress-saved"
    if any(one.update.status == "delayed" for one in taken):
        name = "progress-saved-delayed"
    made = saved(turn, taken, name)
    return replace(made, say=say("progress-saved-with", count=given)) if given else made


def done(turn: Turn) -> Reply:
    """The button "the whole measure is done"."""
    return mending.done(turn, _base(turn))


def withdraw(turn: Turn) -> Reply:
    """The button "withdraw", or the words for it."""
    return mending.withdraw(turn, _base(turn))


def edit(turn: Turn) -> Reply:
    """The button "mend": the next line says what is to change."""
    base = _base(turn)
    turn.thread.measure_id, turn.thread.update_id = base.measure_id, base.id
    return forms.begin("progress-edit", MEND, turn, {"update": base.id})


def _base(turn: Turn) -> Update:
    base = meant.target(turn, turn.reading.args[0] if turn.reading.args else "")
    if base is None:
        raise Refused(say("progress-nothing-to-mend"))
    return base


def nothing(turn: Turn) -> Replies:
    """Nothing to report this time: that is a report too."""
    parts = turn.reading.parts
    pieces = meaning.pieces(turn, parts) if isinstance(parts, Parts) and parts.facts else (Fact(),)
    if isinstance(parts, Parts) and len(pieces) > 1 and not turn.reading.args:
        return _taken(turn, parts)
    fact = pieces[0]
    found = overheard.named(turn, parts, fact) if isinstance(parts, Parts) and turn.reading.text else []
    if turn.reading.args:
        found = [one for one in [tapped(turn)] if one is not None]
    if not found:
        asks = turn.addressed or (isinstance(parts, Parts) and overheard.tells(turn, parts))
        return picking.ask(turn, [fact], "report") if asks else ()
    return _saved(turn, [write(turn, one, fact, nothing_to_report=True) for one in found])


def unsent(turn: Turn) -> tuple[Reply, ...]:
    """A message was taken back by its sender: nothing is said."""
    mending.unsent(turn, turn.message)
    picking.forget(turn, turn.message)
    return ()


def edited(turn: Turn) -> Replies:
    """A message was changed by its sender."""
    return mending.edited(turn)


class _Mend:
    """What is to change in a report, asked once."""

    def __init__(self) -> None:
        self.questions: Mapping[str, forms.Question] = {"what": forms.Question(_read_change, _ask_change)}

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        base = meant.target(turn, str(answers["update"]))
        if base is None:
            raise Refused(say("progress-nothing-to-mend"))
        return mending.correct(turn, base)


def _read_change(turn: Turn, answers: dict[str, Any]) -> str | None:
    parts = turn.reading.parts
    fact = parts.fact if isinstance(parts, Parts) else Fact()
    told = (fact.percent, fact.count_done, fact.number, fact.fact_on, fact.day, fact.new_due_on)
    says_something = bool(fact.status or fact.papers or fact.refs) or any(one is not None for one in told)
    return turn.reading.text if says_something else None


def _ask_change(turn: Turn, answers: dict[str, Any]) -> Reply:
    return Reply(say=say("progress-edit-ask"))


MEND = _Mend()
claims = picking.claims
FORMS = {"progress": GUIDED, "progress-edit": MEND}
ANSWERS = {
    "progress-report": report,
    picking.ASKS: picking.pick,
    "progress-done": done,
    "progress-edit": edit,
    "progress-withdraw": withdraw,
    "progress-nothing": nothing,
    "progress-attach": showing.attach,
    "progress-unsent": unsent,
    "progress-edited": edited,
}
