"""The subjects of plans, by the words of plans and of those who work by them (``themes.toml``)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.reading.lexicon import FOLDER
from handlers.grams import key

SHORT = 4  # letters of a Latin word that stands alone: "it" is a part of many
BEGINNING = 3  # letters by which the words that may stand at a place are looked up


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all subjects, each with the subject's name: those that may stand in others by how they
    begin, and those that stand alone."""

    inside: Mapping[str, Sequence[tuple[str, str]]]
    alone: Mapping[str, frozenset[str]]


def themes(text: str) -> frozenset[str]:
    """The subjects a text speaks of, by name."""
    folded, known, found = key(text), _words(), set[str]()
    for at in range(len(folded)):
        for word, name in known.inside.get(folded[at : at + BEGINNING], ()):
            if folded.startswith(word, at):
                found.add(name)
    for word in text.split():
        found |= known.alone.get(key(word), frozenset())
    return frozenset(found)


@cache
def _words() -> _Words:
    inside: dict[str, list[tuple[str, str]]] = {}
    alone: dict[str, frozenset[str]] = {}
    for word, name in sorted(_told()):
        if word.isascii() and len(word) <= SHORT:
            alone[word] = alone.get(word, frozenset()) | {name}
        else:
            inside.setdefault(word[:BEGINNING], []).append((word, name))
    return _Words(inside, alone)


def _told() -> set[tuple[str, str]]:
    """Every word, folded, with the name of its subject."""
    return {
        (folded, name)
        for file in FOLDER.glob("*/themes.toml")
        for name, said in tomllib.loads(file.read_text(encoding="utf-8"))["themes"].items()
        for folded in map(key, said)
        if len(folded) >= BEGINNING or (folded.isascii() and folded)
    }
