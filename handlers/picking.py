"""Which measure a line is of: the question, its answer, and the lines that wait for theirs.

Every line waits for itself: the buttons of its question carry its number, so that an older card answers for
its own line whatever was asked since; what is typed answers for the newest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import carried, grounds, meaning, mending, naming, nicknames, overheard, telling
from handlers.parts import Fact, Parts
from handlers.recording import Taken, pack_fact, saved, title, unpack_fact, write
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Turn, say
from storage.base import new_id
from storage.measures import Measure
from storage.progress import Update

ASKS = "progress-pick"
CLEAR = 0.8  # so like an example sentence that it is no answer to an open question
MOST = 10  # lines of one sender at one place that wait; the oldest goes
SHOWN = 60  # letters of a line by which it is known again
Waits = dict[str, Any]


def ask(turn: Turn, facts: Sequence[Fact], action: str) -> Reply:
    """Which measure the first of these facts is of: at most three, the likest first. All of them wait."""
    for fact in reversed(facts):
        candidates = meaning.candidates(turn, fact)
        one: Waits = {
            "no": new_id(),
            "fact": pack_fact(fact),
            "action": action,
            "text": turn.reading.text,
            "message": turn.message,
            "at": turn.at.isoformat(),
            "measures": [measure.id for measure in candidates],
            "name": nicknames.in_line(turn, fact.note),
        }
        _keep(turn, [*_waiting(turn), one])
    return _question(turn, _waiting(turn)[-1])


def amended(turn: Turn, parts: Parts) -> Reply | None:
    """A correction or an addition to the line that was asked about last; the question stays open."""
    one = _asked(turn)
    if one is None:
        return None
    before, fact = unpack_fact(one["fact"]), parts.fact
    changes = mending.changes_of(before, fact, turn.today)
    if not changes and not fact.papers:
        return None
    made = replace(before, **changes, papers=(*before.papers, *fact.papers))
    changed = {**one, "fact": pack_fact(made)}
    _keep(turn, [*_others(turn, one), changed])
    return replace(_question(turn, changed), say=say("progress-amended"))


def is_newer(turn: Turn, base: Update | None) -> bool:
    """Whether a line that waits for its measure was said after a report: what is mended is the line."""
    one = _asked(turn)
    return one is not None and (base is None or datetime.fromisoformat(one["at"]) > base.said_at)


def dropped(turn: Turn) -> tuple[Reply, ...]:
    """The line that was asked about last is taken back before it was written."""
    following = drop(turn)
    if following is not None:
        return Reply(say=say("forms-dropped")), following
    turn.thread.close()
    return (Reply(say=say("forms-dropped")),)


def claims(turn: Turn) -> Turn | None:
    """Bare words that name a measure answer the open question, though they are like asking about it."""
    parts, likely = turn.reading.parts, turn.reading.likely
    one = _asked(turn)
    if one is None or turn.reading.certain or not isinstance(parts, Parts) or parts.kind:
        return None
    if not overheard.may_answer(turn, parts) or (likely and likely[0][1] >= CLEAR):
        return None
    if parts.fact.refs:
        return None
    return turn.read_as(ASKS) if _picked(turn, one) else None


def pick(turn: Turn) -> Reply | tuple[Reply, ...]:
    """The answer, by a tap, a number, a code or words: the line is recorded, and the next one asked about."""
    one = _meant(turn)
    if one is None:
        raise Refused(say("progress-nothing-waits"))
    if turn.reading.args[:1] == ("none",) or _says(turn) == "no":
        _keep(turn, [*_others(turn, one), {**one, "measures": []}])
        turn.thread.offered = []
        return Reply(say=say("progress-pick-type"), asks=ASKS)
    measure = _picked(turn, one)
    if measure is None:
        return _question(turn, one)
    is_free = not turn.thread.form  # an older card may be tapped while a form waits for its answer
    if is_free:
        turn.thread.close()
    _keep(turn, _others(turn, one))
    made = saved(turn, [_recorded(turn, one, measure)])
    left = _waiting(turn) if is_free else []
    return (made, _question(turn, left[-1], is_next=True)) if left else made


def drop(turn: Turn) -> Reply | None:
    """Throw away the line that was asked about last; the question about the one before it."""
    one = _asked(turn)
    if one is None:
        return None
    _keep(turn, _others(turn, one))
    left = _waiting(turn)
    return _question(turn, left[-1], is_next=True) if left else None


def forget(turn: Turn, message: str) -> None:
    """A message was taken back by its sender: what waited of it goes with it."""
    before = _waiting(turn)
    left = [one for one in before if one["message"] != message]
    if len(left) < len(before):
        _keep(turn, left)
        if turn.thread.asked == ASKS and before[-1]["message"] == message:
            turn.thread.asked, turn.thread.offered = "", []


def _recorded(turn: Turn, one: Waits, measure: Measure) -> Taken:
    """The line as it was said, on its day, by its message."""
    at = datetime.fromisoformat(one["at"])
    then = turn.today - (turn.at.date() - at.astimezone(turn.at.tzinfo).date())
    reading = replace(turn.reading, text=one["text"], args=())
    meant = replace(turn, reading=reading, at=at, today=then, message=one["message"])
    why = grounds.chosen(str(one.get("name", "")))
    taken = write(meant, measure, unpack_fact(one["fact"]), one["action"], details={"why": why})
    nicknames.note(meant, measure, one.get("name", ""))
    return taken


def _question(turn: Turn, one: Waits, *, is_next: bool = False) -> Reply:
    candidates = _candidates(turn, one)
    line = f":{one['no']}" if "no" in one else ""
    choices = tuple(
        Choice(f"{ASKS}:{measure.id}{line}", say("progress-pick-one", code=measure.code), style="main")
        for measure in candidates
    )
    rows = tuple(
        Row(say=title(measure), choice=replace(choice, style="plain"))
        for measure, choice in zip(candidates, choices, strict=True)
    )
    asked = say("progress-which" if choices else "progress-which-open")
    if is_next:
        asked = say("progress-which-next", text=telling.short(one["text"], SHOWN))
    none = Choice(f"{ASKS}:none{line}", say("progress-pick-none"))
    return Reply(
        say=asked,
        cards=(Card(title=say("progress-which-title"), rows=rows),) if rows else (),
        choices=(*choices, none) if choices else (),
        asks=ASKS,
        found=Found(candidates=tuple(measure.code for measure in candidates)),
    )


def _picked(turn: Turn, one: Waits) -> Measure | None:
    args = turn.reading.args
    if args and args[0].isdecimal():
        return carried.measure(turn, args[0])
    candidates = _candidates(turn, one)
    if _says(turn) == "yes" and candidates:
        return candidates[0]
    found = naming.measures(turn)
    among = [each for each in found if each.measure in candidates]
    best = next(iter([each for each in found if each.sure] or among), None)
    return best.measure if best else None


def _candidates(turn: Turn, one: Waits) -> list[Measure]:
    found = (carried.measure(turn, str(number)) for number in one["measures"])
    return [measure for measure in found if measure is not None]


def _meant(turn: Turn) -> Waits | None:
    """The line whose button was tapped; the newest, where none was."""
    lines, tapped = _waiting(turn), turn.reading.args[1:2]
    if tapped:
        return next((one for one in lines if str(one.get("no", "")) == tapped[0]), None)
    return lines[-1] if lines else None


def _asked(turn: Turn) -> Waits | None:
    lines = _waiting(turn)
    return lines[-1] if lines and turn.thread.asked == ASKS else None


def _waiting(turn: Turn) -> list[Waits]:
    """The lines that wait, the newest last; a single one where the version before kept it."""
    kept = turn.thread.answers.get(turn.thread.WAITING, [])
    return [kept] if isinstance(kept, dict) else list(kept)


def _others(turn: Turn, one: Waits) -> list[Waits]:
    return [each for each in _waiting(turn) if each.get("no") != one.get("no")]


def _keep(turn: Turn, lines: list[Waits]) -> None:
    if lines:
        turn.thread.answers[turn.thread.WAITING] = lines[-MOST:]
    else:
        turn.thread.answers.pop(turn.thread.WAITING, None)


def _says(turn: Turn) -> str:
    parts = turn.reading.parts
    return parts.says if isinstance(parts, Parts) else ""
