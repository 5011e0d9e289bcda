"""Why a measure was taken to be meant: how it was found, the words that led to it, how sure that is.

Kept with each report (``Update.details["why"]``), because what was spoken of just then is gone later.
"""

from dataclasses import dataclass
from typing import Any, Literal

from handlers import naming
from handlers.grams import key
from handlers.parts import Fact
from handlers.talk import Turn
from storage.measures import Measure

By = Literal["code", "words", "context", "chosen"]
SURE, FAIRLY = 0.85, 0.65  # confidence from which a finding is called sure, fairly sure
OF_A_CODE, OF_A_SHARED_CODE, OF_CONTEXT = 0.99, 0.5, 0.8
_MARKS = (0x0E31, 0x0E4E)
_AHEAD = frozenset(map(chr, range(0x0E40, 0x0E45)))


@dataclass(frozen=True, slots=True)
class Ground:
    """One measure that may be meant: ``by`` what it was found, ``words`` as typed, ``weight`` how much of the
    measure's own words they are (0 for a code), ``confidence`` 0 to 1."""

    measure: Measure
    by: By
    words: str
    weight: float
    sure: bool
    confidence: float


def grounds(turn: Turn, fact: Fact) -> list[Ground]:
    """The measures a piece of a message may speak of, best first, each with its ground."""
    if coded := naming.by_refs(turn, fact.refs):
        return [_of(one, "code", one.words, OF_A_CODE if one.sure else OF_A_SHARED_CODE) for one in coded]
    found = naming.by_words(turn, fact)
    known = sum(one.weight for one in found) + naming.ASK_WEIGHT
    made = []
    for one in found:
        share = one.weight / known
        confidence = SURE + share * (1 - SURE) if one.sure else min(share, SURE - 0.01)
        made.append(_of(one, "words", as_typed(fact.note, one.words), confidence))
    return made


def _of(found: naming.Match, by: By, words: str, confidence: float) -> Ground:
    return Ground(found.measure, by, words, round(found.weight, 2), found.sure, round(confidence, 2))


def kept(turn: Turn, fact: Fact, measure: Measure) -> dict[str, Any]:
    """The ground of a measure that was written to, as JSON; without one it was what is spoken of here."""
    for one in grounds(turn, fact):
        if one.measure.id == measure.id and (one.sure or one.by == "code"):
            return {"by": one.by, "words": one.words, "confidence": one.confidence}
    return {"by": "context", "words": "", "confidence": OF_CONTEXT}


def chosen(words: str) -> dict[str, Any]:
    """The ground of a measure that a person picked, with the words it was asked about."""
    return {"by": "chosen", "words": words, "confidence": 1.0}


def as_typed(text: str, words: str) -> str:
    """The stretch of a text that folded words (see ``grams.key``) come from; as much of it as is there."""
    letters, places = "", []
    for at, letter in enumerate(text):
        folded = key(letter)
        letters += folded
        places += [at] * len(folded)
    for length in range(len(words), 3, -1):
        found = letters.find(words[:length])
        if found >= 0:
            return _whole(text, places[found], places[found + length - 1] + 1)
    return words


def _whole(text: str, start: int, end: int) -> str:
    """Not torn between a letter and its marks."""
    while start > 0 and (_is_mark(text[start]) or text[start - 1] in _AHEAD):
        start -= 1
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return text[start:end].strip()


def _is_mark(letter: str) -> bool:
    return _MARKS[0] <= ord(letter) <= _MARKS[1] and letter not in _AHEAD and ord(letter) != 0x0E32
