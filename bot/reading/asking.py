"""What a message asks for, by its words alone: of whom, since when, how many, in which form."""

from typing import Any

from bot.reading.lexicon import lexicon
from bot.reading.scored import scored, spelled

FLAGS = {  # fields of Parts and the lists of words that raise them
    "everyone": "everyone",
    "asks_person": "absent",
    "wants_value": "value",
    "asks_who": "who",
    "asks_paper": "paper_number",
    "asks_score": "score",
    "asks_above": "above",
    "asks_late": "who_is_late",
    "asks_leave": "leave",
    "asks_other": "of_other",
    "asks_several": "several",
    "sums_up": "sums_up",
}


def asked(text: str) -> dict[str, Any]:
    """The fields of Parts that tell what a tidy text asks for."""
    words, text = lexicon(), spelled(text)
    flags = scored(text) | {field: words.has("scope", name, text) for field, name in FLAGS.items()}
    return flags | {
        "said": text,
        "which": _which(text),
        "counts": (counts := _first_group("how_many", text)),
        "counts_things": words.has("scope", "things", counts),
        "unit_said": _unit_said(text),
        "topic_said": _first_group("topic", text),
        "indicator_said": _first_group("indicator", text),
        "role_said": _role_said(text),
        "subject_said": _first_group("subject", text),
        "period_said": _first_of("period", text),
        "format": _first_of("paper", text),
    }


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
