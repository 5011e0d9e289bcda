"""Greeting, menu, and what to say when a message was not understood."""

import handlers
from handlers import rights
from handlers.known import known_of
from handlers.talk import Card, Choice, Reply, Row, Turn, say

SHORTCUTS = ("duties-mine", "due-list", "progress-report", "policies-list")
EXAMPLES = ("due", "who", "scores", "report", "file")  # lines one may type
ANY_CODE = "4.1"  # as plans number measures, where there is no plan yet
NEAR = 0.25  # share from which an intent is offered as a guess
MOST = 3


def menu(turn: Turn) -> Reply:
    """What one can ask for, as things to tap."""
    review = turn.person is not None and rights.may(turn.person, "review-list")
    look = (Choice("review-list", say("menu-review-list")),) if review else ()
    page = (Choice("signin-link", say("menu-signin-link")),) if turn.person and turn.place.is_private else ()
    code = _own_code(turn)
    examples = tuple(Row(say(f"help-example-{one}", code=code)) for one in EXAMPLES)
    card = Card(title=say("help-examples"), rows=examples)
    return Reply(say=say("help-menu"), cards=(card,), choices=(*shortcuts(), *look, *page))


def _own_code(turn: Turn) -> str:
    """A measure one may ask about: of one's own unit where it has one."""
    known = known_of(turn) if turn.person else None
    if known is None or not known.shown:
        return ANY_CODE
    mine = known.of_unit.get(turn.unit.id, frozenset()) if turn.unit else frozenset()
    return next((code for one, code in known.shown.items() if one in mine), next(iter(known.shown.values())))


def thanked(turn: Turn) -> Reply:
    """Thanks are answered in a word; what is open stays open."""
    return Reply(say=say("help-thanks"))


def parted(turn: Turn) -> Reply:
    """A farewell is answered in a word, too."""
    return Reply(say=say("help-bye"))


def lost(turn: Turn) -> Reply:
    """Not understood: the nearest guesses, or the menu."""
    known = {intent for one in handlers.ALL for intent in one.ANSWERS}
    near = [
        intent
        for intent, share in turn.reading.likely
        if share >= NEAR and intent in known and intent in GUESSES
    ]
    guesses = tuple(Choice(intent, say(GUESSES[intent])) for intent in near[:MOST])
    return Reply(say=say("help-guess" if guesses else "help-lost"), choices=guesses or shortcuts())


def shortcuts() -> tuple[Choice, ...]:
    """The few things most people want first."""
    return tuple(Choice(value, say(f"menu-{value}")) for value in SHORTCUTS)


GUESSES = {
    "duties-mine": "menu-duties-mine",
    "due-list": "menu-due-list",
    "due-late": "menu-due-late",
    "due-next": "menu-due-next",
    "scores-show": "menu-scores-show",
    "summary-show": "menu-summary-show",
    "progress-report": "menu-progress-report",
    "policies-list": "menu-policies-list",
}
ANSWERS = {"help": menu, "help-thanks": thanked, "help-bye": parted, "help-lost": lost}
