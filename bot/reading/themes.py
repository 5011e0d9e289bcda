"""The subjects of plans, by the words of plans and of those who work by them (``themes.toml``)."""

import tomllib
from functools import cache

from bot.reading.lexicon import FOLDER
from handlers.grams import key

SHORT = 4  # letters of a Latin word that stands alone: "it" is a part of many


def themes(text: str) -> frozenset[str]:
    """The subjects a text speaks of, by name."""
    folded, words = key(text), {key(word) for word in text.split()}
    return frozenset(
        name
        for name, said, alone in _themes()
        if any(word in folded for word in said) or not words.isdisjoint(alone)
    )


@cache
def _themes() -> tuple[tuple[str, tuple[str, ...], frozenset[str]], ...]:
    """Each subject's name, its words that may stand in others, and those that stand alone."""
    found: dict[str, set[str]] = {}
    for file in sorted(FOLDER.glob("*/themes.toml")):
        for name, said in tomllib.loads(file.read_text(encoding="utf-8"))["themes"].items():
            found.setdefault(name, set()).update(map(key, said))
    return tuple(
        (
            name,
            tuple(sorted((one for one in said if not _is_alone(one)), key=len)),
            frozenset(filter(_is_alone, said)),
        )
        for name, said in found.items()
    )


def _is_alone(word: str) -> bool:
    return word.isascii() and len(word) <= SHORT
