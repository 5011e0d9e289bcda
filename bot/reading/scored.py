"""What a message asks of the scores: of which level, the lowest or highest, which subjects side by side."""

import re
from functools import cache
from typing import Any

from bot.reading.lexicon import lexicon

_TOOL = re.compile(r"(?<![a-z])(?:iit|eit|oit)(?![a-z])")
LOW, HIGH, BOTH = "low", "high", "both"


def spelled(text: str) -> str:
    """A tidy text in small letters, the tools of the assessment under their Latin names."""
    text = text.lower()
    for words, name in _names():
        text = words.sub(name, text)
    return text


def scored(text: str) -> dict[str, Any]:
    """The fields of Parts that tell what is asked of the scores."""
    words = lexicon()
    return {
        "extreme": _extreme(text),
        "level_said": next((one for one in words.names("level") if words.has("level", one, text)), ""),
        "areas": tuple(one for one in words.names("areas") if words.has("areas", one, text)),
        "tools_said": bool(_TOOL.search(text)),
        "compares": words.has("scope", "better", text),
    }


def _extreme(text: str) -> str:
    words = lexicon()
    if not words.has("scope", "of_scores", text) or words.has("scope", "no_score", text):
        return ""
    low, high = words.has("scope", "lowest", text), words.has("scope", "highest", text)
    return BOTH if low and high else LOW if low else HIGH if high else ""


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(words), name) for words, name in lexicon()("tidy", "tools"))
