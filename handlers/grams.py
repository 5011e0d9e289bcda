"""Likeness of Thai texts by runs of letters: no words are cut, so spaces and spelling matter little."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

# Letters that people mix up are folded together: long and short vowels, tone marks left out,
# the two ai, the three s, the two n, the two th and y. For keys to compare by, never for text kept.
_FOLD: dict[int, int | None] = {
    0x0E35: 0x0E34,
    0x0E37: 0x0E36,
    0x0E39: 0x0E38,
    0x0E43: 0x0E44,
    0x0E28: 0x0E2A,
    0x0E29: 0x0E2A,
    0x0E13: 0x0E19,
    0x0E0D: 0x0E22,
    0x0E18: 0x0E17,
    **dict.fromkeys(range(0x0E47, 0x0E4D)),
    **{0x0E50 + digit: ord("0") + digit for digit in range(10)},
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0x0E2F, 0x0E46)),
}
_TWO_E, _E = chr(0x0E40) * 2, chr(0x0E41)
_NIKHAHIT_A, _AM = chr(0x0E4D) + chr(0x0E32), chr(0x0E33)
THAI = 0x0E00
_SIGNS = re.compile(f"[{re.escape(''.join(one for one in map(chr, range(THAI)) if not one.isalnum()))}]+")
RERANKED = 15
A_WORD = 3  # grams in a row from which letters in common are no chance
RARE = 0.7  # share of the greatest rarity
TITLE = 1.0  # weight of a field that names its text
DEED = 0.8  # what a text gains by speaking of every deed said
LONGEST = 600  # letters of a message that are compared; the rest adds nothing but time


def key(text: str) -> str:
    """A text to compare by: no spaces, no marks, one letter for letters people mix up."""
    text = text.lower().replace(_TWO_E, _E).replace(_NIKHAHIT_A, _AM)
    return _SIGNS.sub("", text.translate(_FOLD))


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that is like what was asked: ``share`` of the asked letters' weight found in it (0 to 1),
    ``weight`` how much was found at all, ``words`` the longest stretch both have. ``evidence`` tells how
    much of the *things* spoken of (not of deeds) it holds: runs that no other text has count a gram as 1.
    ``deed`` is the share of the deeds said that it speaks of (0 where none is said), ``cover`` the share of
    its title's letters that were said: a text of many lines is like everything a little."""

    name: int
    share: float
    weight: float
    words: str
    evidence: float = 0.0
    deed: float = 0.0
    cover: float = 0.0


class Index:
    """Texts by their grams of two and three letters. ``fields`` of a text carry their weight."""

    def __init__(self, texts: Mapping[int, Iterable[tuple[str, float]]]) -> None:
        self._keys: dict[int, list[tuple[str, float]]] = {}
        self._grams: dict[str, dict[int, float]] = defaultdict(dict)
        for name, fields in texts.items():
            self._keys[name] = [(key(text), weight) for text, weight in fields if key(text)]
            for text, weight in self._keys[name]:
                for gram in {text[at : at + 3] for at in range(len(text) - 2)}:
                    found = self._grams[gram]
                    found[name] = max(found.get(name, 0.0), weight)
        self._titles: dict[int, list[tuple[frozenset[str], float]]] = {}
        self._count = max(1, len(self._keys))
        self._unseen = math.log(1 + self._count)
        self._rare = {gram: math.log(1 + self._count / len(found)) for gram, found in self._grams.items()}

    def _rarity(self, gram: str) -> float:
        return self._rare.get(gram, self._unseen)

    def look(
        self,
        text: str,
        favour: Mapping[int, float] | None = None,
        most: int = 3,
        deeds: Iterable[str] = (),
        things: str = "",
    ) -> list[Hit]:
        """The texts most like this one, best first; ``favour`` multiplies some of them, and each of the
        ``deeds`` (words of what was done) raises those that speak of it; ``things`` see ``evidence``.

        A stretch of letters in common counts for more the longer it is: one gram may be chance,
        six in a row are a word.
        """
        asked = key(text)[:LONGEST]
        grams = [asked[at : at + 3] for at in range(len(asked) - 2)]
        if not grams:
            return []
        total = sum(map(self._rarity, grams))
        weights: dict[int, float] = defaultdict(float)
        raw: dict[int, float] = defaultdict(float)
        running: dict[int, int] = {}
        longest: dict[int, tuple[int, int]] = {}
        for at, gram in enumerate(grams):
            rarity, found = self._rarity(gram), self._grams.get(gram, {})
            running = {name: running.get(name, 0) + 1 for name in found}
            for name, weight in found.items():
                run = running[name]
                raw[name] += rarity
                weights[name] += rarity * weight * min(run, 6) / 6
                if run > longest.get(name, (0, 0))[0]:
                    longest[name] = (run, at)
        favour, done, said = favour or {}, [key(deed) for deed in deeds], set(grams)
        best = sorted(weights, key=lambda name: -weights[name] * favour.get(name, 1.0))[:RERANKED]
        told = self.evidence(things)
        hits = [
            Hit(
                name,
                share=raw[name] / total,
                weight=self._ranked(asked, name, weights[name], total)
                * favour.get(name, 1.0)
                * (1.0 + DEED * deed),
                words=asked[longest[name][1] - longest[name][0] + 1 : longest[name][1] + 3],
                evidence=told.get(name, 0.0),
                deed=deed,
                cover=self._cover(name, said),
            )
            for name, deed in ((one, self._deed(one, done)) for one in best)
        ]
        return sorted(hits, key=lambda hit: -hit.weight)[:most]

    def holding(self, names: Iterable[int], words: Iterable[str]) -> list[int]:
        """Which of some texts hold any of these words, those that hold most of them first."""
        asked = [key(word) for word in words]
        held = {
            name: sum(any(word in text for text, _ in self._keys.get(name, ())) for word in asked)
            for name in names
        }
        return sorted((name for name in held if held[name]), key=lambda name: -held[name])

    def evidence(self, things: str) -> dict[int, float]:
        """How much of some stretches (a line each) each text holds: runs of five letters and more, rare ones
        counting for more; 1 is a gram that one text alone has."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for word in dict.fromkeys(things[:LONGEST].split()):
            self._short(key(word), found)
        for stretch in dict.fromkeys(things[:LONGEST].split("\n")):
            self._runs(key(stretch), found)
        return {name: sum(grams.values()) for name, grams in found.items()}

    def _runs(self, letters: str, found: dict[int, dict[str, float]]) -> None:
        """Note the grams of each run that is a word, once for each text."""
        runs: dict[int, dict[str, float]] = {}
        for gram in [*(letters[at : at + 3] for at in range(len(letters) - 2)), ""]:
            holders = self._grams.get(gram, {})
            for name in [one for one in runs if one not in holders]:
                run = runs.pop(name)
                if len(run) >= A_WORD:
                    found[name] |= run
            for name, weight in holders.items():
                runs.setdefault(name, {})[gram] = self._rarity(gram) * weight / self._unseen

    def _short(self, word: str, found: dict[int, dict[str, float]]) -> None:
        """A short form alone (three or four letters) that hardly any text has is a word too."""
        grams = [word[at : at + 3] for at in range(len(word) - 2)]
        if not 1 <= len(grams) < A_WORD or min(map(self._rarity, grams)) < RARE * self._unseen:
            return
        for name, weight in self._grams.get(grams[0], {}).items():
            if any(word in text for text, _ in self._keys[name]):
                found[name][word] = A_WORD * weight

    def _deed(self, name: int, done: list[str]) -> float:
        """The share of what was done that a text speaks of; none where no deed is said."""
        if not done:
            return 0.0
        return sum(any(deed in text for text, _ in self._keys[name]) for deed in done) / len(done)

    def _cover(self, name: int, said: set[str]) -> float:
        """The share of a title (of the best, where there are several) that stands in what was said."""
        titles = self._titles.get(name)
        if titles is None:
            titles = self._titles[name] = [
                self._weighed(text) for text, weight in self._keys[name] if weight >= TITLE
            ]
        return max((sum(map(self._rarity, grams & said)) / total for grams, total in titles), default=0.0)

    def _weighed(self, text: str) -> tuple[frozenset[str], float]:
        grams = frozenset(text[at : at + 3] for at in range(len(text) - 2))
        return grams, sum(map(self._rarity, grams)) or 1.0

    def _ranked(self, asked: str, name: int, weight: float, total: float) -> float:
        """The weight, raised for a text in which the asked letters stand nearly as they are."""
        alike = max(fuzz.partial_ratio(asked, text) * field for text, field in self._keys[name])
        return weight + 0.3 * (alike / 100) * min(weight, total)
