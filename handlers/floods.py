"""What is said to who sends too fast, and to an agency whose day is used up."""

from handlers.talk import Reply, Turn, say
from storage import codes, history


def slow(turn: Turn) -> Reply:
    """Too many events of one person within a minute."""
    return _told(turn, "floods-slow")


def day(turn: Turn) -> Reply:
    """The agency's events of the day are used up; said once a day at a place."""
    return _told(turn, "floods-day")


def _told(turn: Turn, name: str) -> Reply:
    subject = f"sender:{codes.veiled(turn.records, turn.sender)}"
    history.count_one(turn.records, name, subject, turn.at)
    return Reply(say=say(name))


ANSWERS = {"floods-slow": slow, "floods-day": day}
