"""What people call a measure: words of a line whose measure had to be asked for and was then picked."""

from handlers import naming
from handlers.grams import key
from handlers.parts import Parts
from handlers.talk import Turn
from storage import aliases
from storage.measures import Measure
from storage.progress import Update

SHORTEST, LONGEST = 3, 40  # letters, as they are compared


def in_line(turn: Turn, text: str) -> str:
    """What in a line can be a name for a measure, without the units it names."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts):
        return ""
    name = parts.name_in(text)
    for unit in naming.units(turn, name):
        for word in (unit.name, unit.short_name, *(alias.text for alias in unit.aliases)):
            name = name.replace(word, " ") if word else name
    return " ".join(name.split())


def note(turn: Turn, measure: Measure, name: str) -> None:
    """Propose the words to the secretary, unless they are a measure's own words already."""
    folded = key(name)
    if SHORTEST <= len(folded) <= LONGEST and not _is_known(turn, name):
        aliases.propose(turn.records, measure, name, folded, turn.person, turn.at)


def take_back(turn: Turn, update: Update) -> None:
    """The message was taken back: the words it proposed go with it."""
    why = update.details.get("why", {})
    if why.get("by") == "chosen" and why.get("words"):
        aliases.take_back(turn.records, update.measure_id, key(why["words"]))


def _is_known(turn: Turn, name: str) -> bool:
    """Whether the words find some measure by themselves: then they were unclear, not new."""
    return any(one.weight >= naming.SURE_WEIGHT for one in naming.by_words(turn, name))
