"""Which report is meant by who corrects it or takes it back."""

from handlers import naming, rights
from handlers.parts import Fact, Parts
from handlers.talk import Refused, Turn, say
from storage import progress
from storage.measures import Measure
from storage.progress import COUNTED, Update


def target(turn: Turn, number: str = "") -> Update | None:
    """The version meant: the button's, the card's replied to, the measure's named by its number or (of the
    unit's reports) plainly by words, else the last one here."""
    kind, _, about = turn.about.partition(":")
    found: Update | None = None
    if number.isdecimal():
        found = turn.records.get(Update, int(number))
    elif measure := named(turn):
        unit = turn.unit
        found = progress.last_of(turn.records, measure.id, unit.id) if unit else None
        found = found or (_just_made(turn) if _only_names(turn) else None)
    elif kind == "update" and about.isdecimal():
        found = turn.records.get(Update, int(about))
    else:
        found = told_of(turn) or _just_made(turn)
    return newest(turn, found) if found is not None else None


def _just_made(turn: Turn) -> Update | None:
    return turn.records.get(Update, turn.thread.update_id) if turn.thread.update_id else None


def told_of(turn: Turn) -> Update | None:
    """The unit's report on the measure that the words surely name."""
    parts = turn.reading.parts
    fact = parts.fact if isinstance(parts, Parts) else Fact()
    if fact.bare or turn.unit is None:
        return None
    found = naming.by_words(turn, fact, 1)
    if not found or not found[0].sure:
        return None
    if found[0].evidence < naming.A_THING and found[0].theme < naming.A_SUBJECT:
        return None
    return progress.last_of(turn.records, found[0].id, turn.unit.id)


def _only_names(turn: Turn) -> bool:
    """Nothing but a measure is named: the report just made was about another one."""
    parts = turn.reading.parts
    fact = parts.fact if isinstance(parts, Parts) else Fact()
    return not (fact.status or fact.papers) and fact.percent is None and fact.count_done is None


def is_named(turn: Turn) -> bool:
    """Whether a line tells which report it means: by a measure's number, by words, by a card replied to."""
    return bool(turn.about) or named(turn) is not None or told_of(turn) is not None


def newest(turn: Turn, update: Update) -> Update | None:
    """The version of a report that counts now, and that this person may change."""
    if not rights.may_mend(turn, update):
        raise Refused(say("progress-not-yours"))
    counted = [one for one in progress.chain(turn.records, update) if one.state == COUNTED]
    return counted[-1] if counted else None


def named(turn: Turn) -> Measure | None:
    """The measure whose number is said."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts):
        return None
    found = naming.by_refs(turn, parts.fact.refs)
    return found[0].measure if found else None
