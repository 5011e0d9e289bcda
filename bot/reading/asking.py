"""What a message asks for, by its words alone: of whom, since when, how many, in which form."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bot.reading.lexicon import lexicon
from bot.reading.scored import scored, spelled
from handlers.grams import key

PLACES = ("first", "second", "third", "last")  # of those just told
FLAGS = {  # fields of Parts and the lists of words that raise them
    "everyone": "everyone",
    "asks_person": "absent",
    "wants_value": "value",
    "asks_who": "who",
    "asks_paper": "paper_number",
    "asks_score": "score",
    "asks_above": "above",
    "mark_within": "mark_within",
    "asks_whole": "of_whole",
    "asks_rank": "of_rank",
    "asks_each": "of_each",
    "asks_weak": "weak",
    "together": "together",
    "only_counts": "only_counts",
    "of_topics": "of_topics",
    "all_findings": "all_findings",
    "asks_late": "who_is_late",
    "asks_leave": "leave",
    "asks_other": "of_other",
    "asks_several": "several",
    "sums_up": "sums_up",
}


def asked(text: str) -> dict[str, Any]:
    """The fields of Parts that tell what a tidy text asks for."""
    words = lexicon()
    parted = words.pattern("scope", "runs_in").sub(lambda one: f"{one.group()} ", text)
    text = spelled(text)
    flags = scored(text) | {field: words.has("scope", name, text) for field, name in FLAGS.items()}
    return flags | {
        "said": text,
        "parted": parted,
        "rest": _rest(text),
        "names_nothing": _names_nothing(text),
        "leans": words.has("follow", "leans", text),
        "nth": next((one for one in PLACES if words.has("follow", one, text)), ""),
        "that_one": words.has("follow", "that_one", text),
        "which": _which(text),
        "counts": (counts := _first_group("how_many", text)),
        "counted": _counted(counts),
        "counts_things": words.has("scope", "things", counts),
        "unit_said": _unit_said(text),
        "topic_said": _first_group("topic", text),
        "indicator_said": _first_group("indicator", text),
        "role_said": _role_said(text),
        "subject_said": _first_group("subject", text),
        "period_said": _first_of("period", text),
        "format": _first_of("paper", text),
        "aspect": _first_of("aspect", text),
    }


def _rest(text: str) -> str:
    """A text without what it leans on the question before with, and without courtesy."""
    for name in ("opens", "ends"):
        text = lexicon().pattern("follow", name).sub("", text.strip(), count=1)
    return text.strip()


@lru_cache(maxsize=64)  # few things are counted
def _counted(what: str) -> Callable[[str], bool]:
    """Whether a text (in Arabic digits) holds a number of something, in any word that counts the same."""
    alike = next((one for one in lexicon()("tidy", "counted_alike") if what in one), [what])
    before = lexicon()("tidy", "counted_before").get(what)
    number = rf"\d[\d,.]*\s*(?:{'|'.join(map(re.escape, alike))})"
    pattern = re.compile(f"{number}|{re.escape(before)}\\s*\\d" if before else number)
    return lambda text: bool(what) and pattern.search(text) is not None


def _names_nothing(text: str) -> bool:
    """Whether a question has no word but those of asking, so that what was just spoken of is meant."""
    left = _rest(text)
    asking = (*(("aspect", name) for name in lexicon().names("aspect")), ("follow", "ask_words"))
    for section, name in asking:
        left = lexicon().pattern(section, name).sub(" ", left)
    return len(key(left)) <= 1


def _first_of(section: str, text: str) -> str:
    """The name of the first list of a section that is found."""
    return next((name for name in lexicon().names(section) if lexicon().has(section, name, text)), "")


def _which(text: str) -> str:
    """How the measures that are asked for stand, or when they come: the first of these lists that fits."""
    return _first_of("which", text).replace("_", "-") if lexicon().has("scope", "which", text) else ""


def _unit_said(text: str) -> str:
    found = lexicon().pattern("scope", "unit_said").search(text)
    return found.group().strip() if found else ""


def _first_group(name: str, text: str) -> str:
    """What stands in the brackets of the pattern that is found, in its first ones that hold anything."""
    found = lexicon().pattern("scope", name).search(text)
    return next(filter(None, found.groups()), "").strip() if found else ""


def _role_said(text: str) -> str:
    return _first_of("duty", text) or _first_group("office", text)
