"""Who answers a turn: a sure command or button, the open form, the intent's handler, help."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any

import handlers
from handlers import following, forms, listing, naming, overheard, picking, rights, rulebook
from handlers.forms import Form
from handlers.packing import pack
from handlers.parts import Parts
from handlers.talk import Refused, Reply, Turn, say
from storage.undoing import undoable

Answer = Callable[[Turn], Reply | Iterable[Reply]]
NEAR, NEAR_WORDS = 1.8, 2.5  # how well words must fit a measure (Match.fit), in a question and alone
SPOKEN_OF = 1.5  # evidence (see handlers/grams) that a question for a number is about a measure
ABOUT_ANYTHING = ("measures-show", "measures-search")
OF_RULES = ("policies-read", "policies-search")
OF_ALL = ("due-late-all", "due-late", "due-next")
ABOUT_DUTIES = ("duties-unit", "duties-mine", "due-list", "help")
ANSWER = "answer"  # what the buttons of an open form carry
HEARD_UNADDRESSED = ("progress-", "groups-", "people-")


@cache
def answers() -> dict[str, Answer]:
    """Every intent and who answers it."""
    own: dict[str, Answer] = {"forms-resume": resume, "forms-drop": drop}
    return own | {intent: answer for one in handlers.ALL for intent, answer in one.ANSWERS.items()}


@cache
def guided() -> dict[str, Form]:
    """Every guided task by its name."""
    return {name: form for one in handlers.ALL for name, form in getattr(one, "FORMS", {}).items()}


def answer(turn: Turn) -> tuple[Reply, ...]:
    """The replies to one turn; a refusal undoes what was begun and is said instead.

    What was not said to us and is not taken is answered by nothing.
    """
    try:
        with undoable(turn.records):
            replies = _answer(turn)
    except Refused as refused:
        replies = (refused.reply,) if _is_for_us(turn) else ()
    _remember(turn, replies)
    return replies


def _is_for_us(turn: Turn) -> bool:
    return turn.addressed or bool(turn.about)


def _answer(turn: Turn) -> tuple[Reply, ...]:
    if turn.person is None and turn.thread.form:  # begun by someone who has left or unlinked since
        turn.thread.close(is_over=True)
    turn = following.meant(_claimed(turn))
    known, intent = answers(), _intent(turn)
    if not _is_for_us(turn) and not intent.startswith(HEARD_UNADDRESSED):
        if turn.reading.certain:  # an event or a command, which nobody put to us
            return ()
        intent = "progress-report"  # heeded for what it tells, whatever it is like
    form, open_since = guided().get(turn.thread.form), turn.thread.touched_at
    if form is not None and _is_for_us(turn) and not _interrupts(turn, intent in known):
        return (forms.go_on(form, turn),)
    if intent not in known:
        intent = "help-lost"
    if not rights.allowed(turn, intent):
        if not _is_for_us(turn):
            return ()
        if turn.person is not None:
            raise Refused(rights.refused(turn, intent))
        # the reading is left as it is: what was asked for decides how the way in is shown
        shown = known["people-stranger"](turn)
        return (shown,) if isinstance(shown, Reply) else tuple(shown)
    asked = turn.thread.asked
    made = known[intent](turn.read_as(intent, *turn.reading.args))
    replies = (made,) if isinstance(made, Reply) else tuple(made)
    following.keep(turn, intent, replies)
    return replies + _still_open(turn, asked, intent, open_since)


def _claimed(turn: Turn) -> Turn:
    """A handler may claim a message by its shape: a typed code, a clause's number while one reads."""
    for claims in _claiming():
        if (taken := claims(turn)) is not None:
            return taken
    return turn


@cache
def _claiming() -> tuple[Callable[[Turn], Turn | None], ...]:
    return tuple(one.claims for one in handlers.ALL if hasattr(one, "claims"))


def _intent(turn: Turn) -> str:
    """The intent of a turn; words that name none may still answer the question that is open."""
    intent, asked = turn.reading.intent, turn.thread.asked
    if intent == ANSWER and not turn.thread.form:
        raise Refused(say("forms-over"))
    parts = turn.reading.parts
    answers_it = asked in answers() and not turn.thread.form and not turn.reading.certain
    answers_it = answers_it and isinstance(parts, Parts) and overheard.may_answer(turn, parts)
    if answers_it and isinstance(parts, Parts) and (not intent or parts.says or parts.kind == ""):
        if parts.says == "cancel":
            return "forms-drop"
        return asked if not intent or parts.says or _is_short(parts) else intent
    if intent.startswith(OF_RULES) and not turn.reading.args and _is_of_the_plan(turn, intent):
        return "measures-show"
    if intent in ABOUT_DUTIES and not turn.reading.args and not turn.reading.certain and _of_whom(turn):
        return "duties-unit" if intent == "duties-mine" else intent
    wide = isinstance(parts, Parts) and _is_wide(intent, parts)
    by_likeness = intent == "listing-show" and isinstance(parts, Parts) and not parts.which
    if (wide or intent in ABOUT_DUTIES) and _names_a_measure(turn, least_sure=by_likeness):
        return "measures-show"
    return _of_a_unit(turn) if intent in ABOUT_ANYTHING else intent or _asked_about(turn)


def _of_whom(turn: Turn) -> bool:
    """Whether a unit is named; in part only where days are said, as a measure may have its words, too."""
    parts = turn.reading.parts
    in_days = isinstance(parts, Parts) and parts.has_window and turn.reading.intent == "due-list"
    return bool(naming.units(turn)) or (in_days and naming.unit_meant(turn) is not None)


def _is_wide(intent: str, parts: Parts) -> bool:
    """Whether all measures are asked about, so that one that is named narrows it; a schedule names none."""
    if intent == "listing-show":
        return not parts.which or parts.which in listing.BY_STATE
    return intent in OF_ALL or (intent == "due-list" and not parts.has_window)


def _names_a_measure(turn: Turn, *, least_sure: bool = False) -> bool:
    """Whether the whole agency is asked about one measure only; one far ahead of the rest will do where
    no word says that all are asked for."""
    found = [] if turn.reading.args or turn.reading.certain else naming.measures(turn)
    if not found or found[0].evidence < SPOKEN_OF:
        return False
    ahead = found[0].evidence >= naming.ALONE and found[0].lead >= naming.FAR_AHEAD
    return found[0].sure or (least_sure and ahead)


def _is_of_the_plan(turn: Turn, intent: str) -> bool:
    """Whether what is like a question for a rule is about a measure: always where no rule can be read."""
    if rulebook.is_of_a_measure(turn):
        return True
    if intent != "policies-read" or turn.reading.certain or not rulebook.is_empty(turn):
        return False
    return any(one.sure or one.evidence >= SPOKEN_OF for one in naming.measures(turn))


def _of_a_unit(turn: Turn) -> str:
    """What is asked of a thing that is no measure but a unit ("what must the pharmacy do") asks about it."""
    intent, parts = turn.reading.intent, turn.reading.parts
    if turn.reading.args or turn.person is None or not isinstance(parts, Parts) or parts.fact.refs:
        return intent
    sure = any(one.sure for one in naming.measures(turn))
    return "duties-unit" if not sure and naming.units(turn) else intent


def _asked_about(turn: Turn) -> str:
    """What is like no example, but names a measure by its words, asks about that measure.

    A question for a name, number or day that names none asks for what the plan does not hold.
    """
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or turn.person is None or parts.kind not in ("", "question"):
        return ""
    found = naming.measures(turn)
    asks = parts.kind == "question"
    if asks and (parts.counts or parts.wants_value) and any(one.evidence >= SPOKEN_OF for one in found):
        return "measures-show"
    if asks and naming.units(turn) and not any(one.sure for one in found):
        return "due-list" if parts.has_window else "duties-unit"
    if asks and parts.has_window and not parts.wants_value and not any(one.sure for one in found):
        return "due-all" if parts.everyone else "due-list"
    near = [one for one in found if one.sure or one.fit >= (NEAR if asks else NEAR_WORDS)]
    if near and (asks or turn.addressed):
        return "measures-show"
    return "measures-absent" if asks and parts.wants_value else ""


def _is_short(parts: Parts) -> bool:
    return bool(parts.fact.refs) and not parts.kind


def _interrupts(turn: Turn, is_known: bool) -> bool:
    """Whether a message goes past the open form: a command, a button, or a clear question."""
    if turn.reading.intent == ANSWER or not is_known:
        return False
    parts = turn.reading.parts
    says = parts.says if isinstance(parts, Parts) else ""
    asks = isinstance(parts, Parts) and parts.kind == "question"
    sure = turn.reading.certain and not says
    likely = turn.reading.likely[0][1] if turn.reading.likely else 0.0
    return sure or ((asks or likely >= picking.CLEAR) and not turn.reading.intent.startswith("progress-"))


def _still_open(turn: Turn, asked: str, intent: str, since: datetime) -> tuple[Reply, ...]:
    """A reminder of what was open before a question came between, in private only."""
    is_open = bool(asked) and turn.thread.asked == asked and turn.place.is_private
    if not is_open or intent.startswith(("progress-", "forms-")):
        return ()
    return (forms.waiting(turn),)


def resume(turn: Turn) -> Reply | Iterable[Reply]:
    """Ask again what was open."""
    form = guided().get(turn.thread.form)
    if form is not None:
        return forms.resume(form, turn)
    if turn.thread.asked in answers():
        return answers()[turn.thread.asked](turn)
    return Reply(say=say("forms-nothing"))


def drop(turn: Turn) -> Reply | tuple[Reply, ...]:
    """Throw away what was open."""
    following = picking.drop(turn)
    dropped = forms.drop(turn)
    return (dropped, following) if following else dropped


def _remember(turn: Turn, replies: Iterable[Reply]) -> None:
    """Keep what was offered, so that a typed number or label picks it.

    An open question keeps its numbers until it is answered: what is offered beside it can only be
    picked by its words.
    """
    for reply in replies:
        offered = [*reply.choices, *(choice for card in reply.cards for choice in card.choices)]
        packed: list[dict[str, Any]] = [
            {"value": one.value, "label": pack(one.label)} | ({} if one.numbered else {"shortcut": True})
            for one in offered
        ]
        if reply.asks:
            turn.thread.asked = reply.asks
            turn.thread.offered = packed
        elif packed and not turn.thread.asked:
            turn.thread.offered = packed
        elif packed:
            numbered = [one for one in turn.thread.offered if not one.get("shortcut")]
            turn.thread.offered = [*numbered, *({**one, "shortcut": True} for one in packed)]
    turn.thread.touched_at = turn.at
