"""Greeting, menu, and what to say when a message was not understood."""

import handlers
from handlers import rights
from handlers.talk import Card, Choice, Reply, Row, Turn, say

SHORTCUTS = ("duties-mine", "due-list", "progress-report", "policies-list")
EXAMPLES = ("due", "who", "scores", "report", "file")  # lines one may type
NEAR = 0.25  # share from which an intent is offered as a guess
MOST = 3


def menu(turn: Turn) -> Reply:
    """What one can ask for, as things to tap."""
    review = turn.person is not None and rights.may(turn.person, "review-list")
    look = (Choice("review-list", say("menu-review-list")),) if review else ()
    page = (Choice("signin-link", say("menu-signin-link")),) if turn.person and turn.place.is_private else ()
    card = Card(title=say("help-examples"), rows=tuple(Row(say(f"help-example-{one}")) for one in EXAMPLES))
    return Reply(say=say("help-menu"), cards=(card,), choices=(*shortcuts(), *look, *page))


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
