"""Letters held back because the month's messages ran short: said with the next answer that costs none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.packing import unpack_reply
from handlers.talk import Card, Choice, Reply, Row, Turn, say
from storage import outbox

READ = "held-show"
KEPT = timedelta(days=45)  # for which what was told by its first line can be read in full
AT_A_TIME = 3  # letters of one answer
IN_FULL = 2
SHOWN = 12
BUTTONS = 3
DIGITS = 20  # a number of a letter has fewer


@dataclass(frozen=True, slots=True)
class Held:
    """One letter that was not sent, and when it was written."""

    at: datetime
    replies: tuple[Reply, ...]
    number: int = 0


def digest(letters: Sequence[Held]) -> list[Reply]:
    """What to say of them: one or two as they were, of more what each said first and how to read all."""
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
    read = Choice(f"{READ}:{letters[0].number}", say("held-read"))
    return [Reply(say=head.say, cards=(card,), choices=(read,))]


def show(turn: Turn) -> Reply | list[Reply]:
    """What was told here by its first line only, in full; a few at a time, oldest first."""
    asked = turn.reading.args[0] if turn.reading.args else ""
    first = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < DIGITS else 0
    found = outbox.joined(turn.records, turn.place.address, turn.at - KEPT, first, AT_A_TIME + 1)
    if not found:
        return Reply(say=say("held-none"))
    said: list[Reply] = []
    for letter in found[:AT_A_TIME]:
        said.append(Reply(say=say("held-of", day=letter.written_at)))
        said += [unpack_reply(body) for body in letter.replies]
    if len(found) > AT_A_TIME:
        more = Choice(f"{READ}:{found[AT_A_TIME].id}", say("held-read-on"))
        said.append(Reply(say=say("held-further"), choices=(more,)))
    return said


def _buttons(letters: Sequence[Held]) -> tuple[Choice, ...]:
    """What could be tapped under the newest letters, each once."""
    found: dict[str, Choice] = {}
    for one in reversed(letters):
        for reply in one.replies:
            for choice in (*reply.choices, *(choice for card in reply.cards for choice in card.choices)):
                found.setdefault(choice.value, choice)
    return tuple(found.values())[:BUTTONS]


ANSWERS = {READ: show}
