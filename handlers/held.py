"""Letters held back because the month's messages ran short: said with the next answer that costs none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.talk import Card, Choice, Reply, Row, say

IN_FULL = 2
SHOWN = 12
BUTTONS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """One letter that was not sent, and when it was written."""

    at: datetime
    replies: tuple[Reply, ...]


def digest(letters: Sequence[Held]) -> list[Reply]:
    """What to say of them: one or two as they were, of more what each said first and the newest buttons."""
    if not letters:
        return []
    head = Reply(say=say("held-before", count=len(letters), since=letters[0].at))
    if len(letters) <= IN_FULL:
        return [head, *(reply for one in letters for reply in one.replies)]
    rows = [
        Row(reply.say, value=say("held-on", day=one.at))
        for one in letters
        for reply in one.replies
        if reply.say
    ]
    if len(rows) > SHOWN:
        rows = [Row(say("held-more", count=len(rows) - SHOWN), mark="note"), *rows[-SHOWN:]]
    card = Card(title=say("held-title"), rows=tuple(rows), choices=_buttons(letters))
    return [Reply(say=head.say, cards=(card,))]


def _buttons(letters: Sequence[Held]) -> tuple[Choice, ...]:
    """What could be tapped under the newest letters, each once."""
    found: dict[str, Choice] = {}
    for one in reversed(letters):
        for reply in one.replies:
            for choice in (*reply.choices, *(choice for card in reply.cards for choice in card.choices)):
                found.setdefault(choice.value, choice)
    return tuple(found.values())[:BUTTONS]
