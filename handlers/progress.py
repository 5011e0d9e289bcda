"""Report a measure's progress: a free line or a guided form, corrected, completed or taken back later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import forms, grounds, meaning, mending, naming, nicknames, overheard, showing
from handlers.meaning import PLAINLY, REPORTS
from handlers.parts import Fact, Parts
from handlers.progress_form import GUIDED, offered_measures
from handlers.recording import Taken, pack_fact, saved, title, unpack_fact, write
from handlers.talk import Act, Card, Choice, Found, Refused, Reply, Row, Turn, say
from storage.forms import Thread
from storage.measures import Measure
from storage.progress import Update

EXPECTED = timedelta(minutes=30)
ASKS = "progress-pick"
CLEAR = 0.8  # so like an example sentence that it is no answer to an open question
Replies = Reply | tuple[Reply, ...]


def expects(records: Session, sender: str, place: str, at: datetime) -> bool:
    """Whether a photo, a short correction or a code of this sender here is awaited: a report was just made,
    or it was just asked which measure one is of."""
    kept = (Thread.update_id, Thread.asked, Thread.touched_at)
    found = records.execute(select(*kept).where(Thread.sender == sender, Thread.place == place)).first()
    if found is None or at - found[2] > EXPECTED:
        return False
    return found[0] is not None or found[1] == ASKS


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
    number = next(iter(turn.reading.args), "")
    return turn.records.get(Measure, int(number)) if number.isdecimal() else None


def _guided(turn: Turn, measure_id: int | None) -> Reply:
    answers: dict[str, Any] = {"measure": measure_id} if measure_id else {}
    return forms.begin("progress", GUIDED, turn, answers)


def _mended(turn: Turn, parts: Parts) -> Replies:
    base = mending.target(turn)
    if base is None:
        if parts.kind == "correct" and (waits := _amended(turn, parts)):
            return waits
        told = parts.kind == "correct" and parts.strength >= PLAINLY
        if told and _is_of_a_measure(turn, parts):
            return _taken(turn, parts)
        if not turn.addressed:
            return ()
        raise Refused(say("progress-nothing-to-mend"))
    return mending.withdraw(turn, base) if parts.kind == "withdraw" else mending.correct(turn, base)


def _is_of_a_measure(turn: Turn, parts: Parts) -> bool:
    fact = parts.fact
    if fact.refs or meaning.named(turn, parts, fact):
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
    return showing.followed(turn) is not None and not meaning.named(turn, parts, fact)


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
        base = mending.newest(turn, update)
        if base is not None and (turn.addressed or fact.count_done is not None or fact.blocker):
            return mending.correct(turn, base)
    if update is None and (waits := _amended(turn, parts)):
        return waits
    if not turn.addressed:
        return ()
    return _taken(turn, parts) if fact.status or fact.percent is not None else _lost(turn)


def _amended(turn: Turn, parts: Parts) -> Reply | None:
    """A correction or an addition to the line that still waits for its measure; the question stays open."""
    waiting = turn.thread.answers.get("waiting") if turn.thread.asked == ASKS else None
    if not waiting:
        return None
    before, fact = unpack_fact(waiting["fact"]), parts.fact
    changes = mending.changes_of(before, fact, turn.today)
    if not changes and not fact.papers:
        return None
    made = replace(before, **changes, papers=(*before.papers, *fact.papers))
    turn.thread.answers["waiting"] = {**waiting, "fact": pack_fact(made)}
    asked = _question(turn, [turn.records.get_one(Measure, one) for one in waiting["measures"]])
    return replace(asked, say=say("progress-amended"))


def _lost(turn: Turn) -> Reply:
    return Reply(say=say("progress-about-what"), choices=tuple(offered_measures(turn)))


def _taken(turn: Turn, parts: Parts) -> Replies:
    """Write what is sure; ask about the first piece that is not."""
    action = "postpone" if parts.kind == "postpone" else "report"
    told: dict[int, tuple[Measure, list[Fact]]] = {}
    open_: list[Fact] = []
    for fact in meaning.pieces(turn, parts):
        found = meaning.named(turn, parts, fact)
        for one in found:
            told.setdefault(one.id, (one, []))[1].append(fact)
        if not found and (fact.status or fact.papers or parts.kind == "nothing" or len(parts.facts) == 1):
            open_.append(fact)
    more = {"nothing_to_report": True} if parts.kind == "nothing" else {}
    taken = []
    for one, facts in told.values():
        fact = meaning.together(facts)
        taken.append(write(turn, one, fact, _action(fact, action), **more))
    replies = [_saved(turn, taken)] if taken else []
    if open_ and (turn.addressed or overheard.tells(turn, parts)):
        replies.append(_ask(turn, open_[0], action))
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


def _ask(turn: Turn, fact: Fact, action: str) -> Reply:
    """Which measure is meant: at most three, the likest first; the line waits with the question."""
    candidates = meaning.candidates(turn, fact)
    turn.thread.answers["waiting"] = {
        "fact": pack_fact(fact),
        "action": action,
        "text": turn.reading.text,
        "message": turn.message,
        "at": turn.at.isoformat(),
        "measures": [one.id for one in candidates],
        "name": nicknames.in_line(turn, fact.note),
    }
    return _question(turn, candidates)


def _question(turn: Turn, candidates: list[Measure]) -> Reply:
    rows = tuple(
        Row(say=title(one), choice=Choice(f"{ASKS}:{one.id}", say("progress-pick-one", code=one.code)))
        for one in candidates
    )
    choices = tuple(
        Choice(f"{ASKS}:{one.id}", say("progress-pick-one", code=one.code), style="main")
        for one in candidates
    )
    return Reply(
        say=say("progress-which"),
        cards=(Card(title=say("progress-which-title"), rows=rows),) if rows else (),
        choices=(*choices, Choice(f"{ASKS}:none", say("progress-pick-none"))),
        asks=ASKS,
        found=Found(candidates=tuple(one.code for one in candidates)),
    )


def claims(turn: Turn) -> Turn | None:
    """Bare words that name a measure answer the open question, though they are like asking about it."""
    parts, likely = turn.reading.parts, turn.reading.likely
    if turn.thread.asked != ASKS or turn.reading.certain or not isinstance(parts, Parts) or parts.kind:
        return None
    if not overheard.may_answer(turn, parts) or (likely and likely[0][1] >= CLEAR):
        return None
    if parts.fact.refs or not turn.thread.answers.get("waiting"):
        return None
    return turn.read_as(ASKS) if _picked(turn, turn.thread.answers["waiting"]) else None


def pick(turn: Turn) -> Replies:
    """The answer to "which measure": a tap, a number, a code or words; the line that waited is recorded."""
    waiting = turn.thread.answers.get("waiting")
    if not waiting:
        raise Refused(say("progress-nothing-waits"))
    if turn.reading.args == ("none",) or _says(turn) == "no":
        turn.thread.answers["waiting"] = {**waiting, "measures": []}
        turn.thread.offered = []
        return Reply(say=say("progress-pick-type"), asks=ASKS)
    measure = _picked(turn, waiting)
    if measure is None:
        return _question(turn, [turn.records.get_one(Measure, one) for one in waiting["measures"]])
    at = datetime.fromisoformat(waiting["at"])
    then = turn.today - (turn.at.date() - at.astimezone(turn.at.tzinfo).date())
    reading = replace(turn.reading, text=waiting["text"], args=())
    meant = replace(turn, reading=reading, at=at, today=then, message=waiting["message"])
    turn.thread.close()
    fact = unpack_fact(waiting["fact"])
    why = grounds.chosen(str(waiting.get("name", "")))
    taken = write(meant, measure, fact, waiting["action"], details={"why": why})
    nicknames.note(meant, measure, waiting.get("name", ""))
    return _saved(turn, [taken])


def _picked(turn: Turn, waiting: dict[str, Any]) -> Measure | None:
    args = turn.reading.args
    if args and args[0].isdecimal():
        return turn.records.get(Measure, int(args[0]))
    if _says(turn) == "yes" and waiting["measures"]:
        return turn.records.get(Measure, waiting["measures"][0])
    found = naming.measures(turn)
    among = [one for one in found if one.measure.id in waiting["measures"]]
    best = next(iter([one for one in found if one.sure] or among), None)
    return best.measure if best else None


def _says(turn: Turn) -> str:
    parts = turn.reading.parts
    return parts.says if isinstance(parts, Parts) else ""


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
    base = mending.target(turn, turn.reading.args[0] if turn.reading.args else "")
    if base is None:
        raise Refused(say("progress-nothing-to-mend"))
    return base


def nothing(turn: Turn) -> Replies:
    """Nothing to report this time: that is a report too."""
    parts = turn.reading.parts
    fact = meaning.pieces(turn, parts)[0] if isinstance(parts, Parts) and parts.facts else Fact()
    found = meaning.named(turn, parts, fact) if isinstance(parts, Parts) and turn.reading.text else []
    if turn.reading.args:
        found = [one for one in [tapped(turn)] if one is not None]
    if not found:
        asks = turn.addressed or (isinstance(parts, Parts) and overheard.tells(turn, parts))
        return _ask(turn, fact, "report") if asks else ()
    return _saved(turn, [write(turn, one, fact, nothing_to_report=True) for one in found])


def unsent(turn: Turn) -> tuple[Reply, ...]:
    """A message was taken back by its sender: nothing is said."""
    mending.unsent(turn, turn.message)
    return ()


def edited(turn: Turn) -> Replies:
    """A message was changed by its sender."""
    return mending.edited(turn)


class _Mend:
    """What is to change in a report, asked once."""

    def __init__(self) -> None:
        self.questions: Mapping[str, forms.Question] = {"what": forms.Question(_read_change, _ask_change)}

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        base = mending.target(turn, str(answers["update"]))
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
FORMS = {"progress": GUIDED, "progress-edit": MEND}
ANSWERS = {
    "progress-report": report,
    "progress-pick": pick,
    "progress-done": done,
    "progress-edit": edit,
    "progress-withdraw": withdraw,
    "progress-nothing": nothing,
    "progress-attach": showing.attach,
    "progress-unsent": unsent,
    "progress-edited": edited,
}
