"""Whether a line that nobody addressed to us tells something of the plan: its own words and the plan's."""

import math
from collections.abc import Iterator
from dataclasses import replace

from handlers import meaning, meant, naming, showing
from handlers.grams import key
from handlers.naming import Match
from handlers.parts import Fact, Parts
from handlers.talk import Turn
from storage.measures import Measure

# log-odds from which a line is taken: of agencies that nothing was learned from, about nineteen in twenty
# quiet lines stay under it, and as many plain reports above
TAKEN = -0.5
# the same for a line that word lists take for something else, or know nothing of
REFUSED = {"chatter": 0.5, "promise": 0.5, "reminder": 0.5, "": -0.2}
CODED = -1.0  # the same for a report that says the number of a measure which its sender's unit owes
WRITTEN = 0.0  # and from which it is written unasked where its measure is sure
TOLD = ("report", "nothing", "postpone", "attach", "correct", "withdraw")
PLAINLY, MUCH = 0.9, 3.0  # chance of a measure and evidence for it that leave hardly a doubt
A_NAME = 40  # letters in which a measure is named


def tells(turn: Turn, parts: Parts) -> bool:
    """Whether a line is plainly enough about the plan to be answered unasked."""
    much = odds(turn, parts)
    if much >= REFUSED.get(parts.kind, TAKEN) or _tells_only_a_deed(turn, parts):
        return True
    return much >= CODED and (_tells_by_code(turn, parts) or _mends(turn, parts))


def named(turn: Turn, parts: Parts, fact: Fact) -> list[Measure]:
    """The measures a piece surely speaks of: by code, by words, by what was just said."""
    if coded := naming.by_refs(turn, fact.refs):
        return [one.measure for one in coded] if all(one.sure for one in coded) else []
    found = [] if fact.bare else naming.by_words(turn, fact)
    if found and found[0].sure and (turn.addressed or odds(turn, parts) >= _written(found[0])):
        return [found[0].measure]
    spoken = naming.spoken_of(turn)
    if spoken is not None and (turn.about or fact.same or _goes_on(turn, fact)):
        return [spoken]
    return []


def _written(one: Match) -> float:
    """The log-odds from which a line is written: less, where hardly another measure can be meant."""
    is_plain = one.ours and one.chance >= PLAINLY and one.evidence >= MUCH
    return TAKEN if is_plain else WRITTEN


def _goes_on(turn: Turn, fact: Fact) -> bool:
    """Nothing but a number or status right after a report: it goes on with the same measure."""
    return fact.bare and not fact.deeds and not fact.refs and showing.followed(turn) is not None


def _tells_by_code(turn: Turn, parts: Parts) -> bool:
    """A report whose every piece says the number of a measure that the unit owes."""
    coded = [naming.by_refs(turn, fact.refs) for fact in parts.facts]
    return parts.kind in TOLD and all(
        found and all(one.sure and one.ours for one in found) for found in coded
    )


def _mends(turn: Turn, parts: Parts) -> bool:
    """A correction or withdrawal in words that surely name what the unit has reported of."""
    return parts.kind in ("correct", "withdraw") and meant.told_of(turn) is not None


def _tells_only_a_deed(turn: Turn, parts: Parts) -> bool:
    """A report that names nothing, of a deed that the unit owes: of which measure is asked."""
    if parts.kind != "report" or not all(fact.bare and fact.deeds for fact in parts.facts):
        return False
    return any(_is_owed(turn, fact) for fact in parts.facts)


def _is_owed(turn: Turn, fact: Fact) -> bool:
    """Whether what was done is what a measure of the unit asks for."""
    return bool(naming.of_ours(turn, replace(fact, matters=fact.deeds)))


def may_answer(turn: Turn, parts: Parts) -> bool:
    """Whether a line may answer the question that is open; one that nobody addressed, only where it names
    a measure and tells nothing of itself: it may go on about something else."""
    if turn.addressed or turn.about or parts.says:
        return True
    fact = parts.fact
    told = (fact.percent, fact.count_done, fact.fact_on, fact.step)
    tells_more = (
        any(one is not None for one in told) or fact.papers or fact.blocker or fact.status or fact.deeds
    )
    return len(parts.facts) == 1 and not tells_more and len(key(fact.note)) <= A_NAME


def odds(turn: Turn, parts: Parts) -> float:
    """The log-odds that a line tells something of a measure, by its words and by likeness to the plan."""
    return parts.sounds().odds + sum(weight for _, weight in weighed(turn, parts))


def weighed(turn: Turn, parts: Parts) -> Iterator[tuple[str, float]]:
    """What each kind of likeness to the plan weighs."""
    plan = parts.sounds().plan
    return ((name, plan.get(name, 0.0) * value) for name, value in likeness(turn, parts) if value)


def likeness(turn: Turn, parts: Parts) -> Iterator[tuple[str, float]]:
    """What of the plan a line speaks of, by name: codes it has, and the measure its words are likest to."""
    best: Match | None = None
    for fact in meaning.pieces(turn, parts):
        coded = naming.by_refs(turn, fact.refs)
        yield "coded", float(any(one.sure for one in coded))
        yield "coded-ours", float(any(one.ours for one in coded))
        if fact.bare:  # names nothing, but what was done may be what the unit owes
            yield "deed-owed", float(_is_owed(turn, fact))
        else:
            found = naming.by_words(turn, fact, 1)
            best = max((one for one in (*found, best) if one), key=lambda one: one.score, default=None)
    if best is None:
        return
    yield "found", 1.0
    yield "sure", float(best.sure)
    yield "share", best.share
    yield "score", max(0.0, best.score) / 20
    yield "chance", best.chance
    yield "theme", min(best.theme, 2.0) / 2
    yield "theme-ours", min(best.theme, 2.0) / 2 * best.ours
    for name, value in (("weight", best.weight), ("fit", best.fit), ("evidence", best.evidence)):
        yield name, math.log1p(value) / 4
        yield f"{name}-ours", math.log1p(value) / 4 * best.ours
    yield "lead", min(best.lead, 5.0) / 5
