"""Which intent a sentence is likest to, from the example sentences of every language.

Letters in common are weighed by how few intents use them; what no example knows (names, subjects,
numbers) is left out, so that "who looks after …" is the same question whatever follows.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable

from handlers.grams import key

LIKELY = 4
LONGEST = 400
_SLOT = re.compile(r"\{[^}]*\}|\d+(?:[.,/]\d+)*")


class Examples:
    """Example sentences with their intents; a ``{slot}`` in one stands for anything."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        self._texts: list[tuple[str, str]] = []
        every: list[frozenset[str]] = []
        users: dict[str, set[str]] = defaultdict(set)
        for intent, sentence in sentences:
            grams = frozenset(_grams(sentence))
            self._texts.append((intent, key(_SLOT.sub("", sentence))))
            every.append(grams)
            for gram in grams:
                users[gram].add(intent)
        count = max(2, len({intent for intent, _ in self._texts}))
        self._weights = {gram: math.log(1 + count / len(used)) ** 2 for gram, used in users.items()}
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        for number, grams in enumerate(every):
            for gram in grams:
                self._by_gram[gram].append(number)
        self._sizes = [sum(self._weights[gram] for gram in grams) for grams in every]

    def likely(self, text: str) -> tuple[tuple[str, float], ...]:
        """The likest intents with their shares (0 to 1), best first."""
        asked = [gram for gram in _grams(text[:LONGEST]) if gram in self._weights]
        if not asked:
            return ()
        whole = key(_SLOT.sub("", text[:LONGEST]))
        size = sum(self._weights[gram] for gram in asked)
        common = [0.0] * len(self._texts)
        for gram in asked:
            weight = self._weights[gram]
            for number in self._by_gram[gram]:
                common[number] += weight
        best: dict[str, float] = {}
        for found, own, (intent, sentence) in zip(common, self._sizes, self._texts, strict=True):
            if found:
                share = 1.0 if sentence == whole else min(found / (0.5 * own + 0.5 * size), 0.94)
                if share > best.get(intent, 0.0):
                    best[intent] = share
        return tuple(sorted(best.items(), key=lambda pair: -pair[1])[:LIKELY])


def _grams(text: str) -> set[str]:
    letters = key(_SLOT.sub(" ", text))
    return {letters[at : at + size] for size in (2, 3) for at in range(len(letters) - size + 1)}
