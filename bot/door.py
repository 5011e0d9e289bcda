"""What is heeded at all: what is not said to us is dropped before anything of it is kept."""

from sqlalchemy.orm import Session

from bot import turns
from bot.channels import Heard
from bot.reading import Reader
from handlers import overheard, progress
from handlers.parts import Parts
from storage import outbox, people
from storage import progress as reports
from storage.forms import nothing_open


def is_ours(heard: Heard) -> bool:
    """Said to us, or not a message at all (joined, unsent, a button): needs no look at the records."""
    return heard.addressed or heard.kind not in ("message", "edited")


def heeds(records: Session, reader: Reader, heard: Heard) -> bool:
    """Whether an event is for us.

    Beside what ``is_ours`` knows: a reply to one of our messages, and, in a group that listens,
    what is plainly a report. Photos and short corrections right after a sender's report belong to it.
    """
    if is_ours(heard) or (heard.quoted and outbox.is_ours(records, heard.quoted)):
        return True
    if (heard.files or reader.may_go_on(heard.text)) and progress.expects(
        records, heard.sender, heard.place, heard.at
    ):
        return True
    if heard.kind == "edited" and reports.from_message(records, heard.message):
        return True
    if not reader.may_tell(heard.text, heard.at.date()):
        return False
    group = people.find_group(records, heard.place)
    return group is not None and group.listening and _tells(records, reader, heard)


def _tells(records: Session, reader: Reader, heard: Heard) -> bool:
    """Whether a line of ordinary talk tells something of the plan; nothing of it is kept here."""
    turn = turns.turn_of(records, reader, heard, nothing_open(heard.sender, heard.place))
    parts = turn.reading.parts
    return isinstance(parts, Parts) and overheard.tells(turn, parts)
