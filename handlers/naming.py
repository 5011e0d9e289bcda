"""Which measure, unit or person a message names, forgiving spelling and short forms.

What is written decides; where it was said, by whom and about what only narrows between measures that
the words fit equally well.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import ranking
from handlers.grams import Hit, key
from handlers.known import Known, known_of, plan_of
from handlers.parts import Fact, Parts, Ref, no_themes
from handlers.talk import Turn
from handlers.units import ending, plain, unit_asked, unit_meant, units, without_own, without_own_work
from storage import people as people_records
from storage.measures import Measure
from storage.people import Person

__all__ = [
    "Match", "by_refs", "by_words", "ending", "measures", "people", "plain", "plan_of", "refs", "spoken_of",
    "unit_asked", "unit_meant", "units",
]  # fmt: skip

SURE_WEIGHT, SURE_LEAD = 8.0, 1.35  # found by our own sentences; see tests/sentences
LESS_LEAD = 1.15  # enough where only this measure speaks of what was done, or only this one is ours
ALONE, FAR_AHEAD = 2.2, 1.8  # evidence of one thing only this measure speaks of
NEAR_OURS = 1.5  # times the weight that another's measure must have to be meant rather than one's own
LIGHT = 5.0  # weight that is enough where such evidence is ours and the next is far behind
ASK_WEIGHT, STRONG = 3.0, 12.0
ON_THEME = 6  # measures that have a piece's subjects and none of its words
RANKED, LIKELY = 15, 0.6  # measures that are weighed against each other; the chance that needs no asking
A_THING = 1.0  # evidence that something was named that not every line names
A_SUBJECT = 0.5  # subjects in common (see ``ranking.on_themes``) that tell as much
SHORT_WORD = 4  # letters of a short form that too few grams has to weigh
ONE_WORD, FEW = 14, 4  # letters of a word at most; measures that may hold it
CALLED = 18.0  # by a name people agreed on
OURS, ALL_OF_US, SPOKEN_OF = 1.5, 1.1, 1.15
LATELY = timedelta(hours=12)
_CODE = re.compile(r"(?<![\d.,/])\d{1,2}(?:\.\d{1,2}){1,2}(?![\d%])")


@dataclass(frozen=True, slots=True)
class Match:
    """A measure a message may mean: ``share`` (0 to 1) of its letters found, ``sure`` whether it need not be
    asked, ``words`` what led to it, ``weight`` how much was found (``STRONG`` and more is no chance);
    ``evidence`` how much of the things spoken of (see ``grams.Hit``), ``ours`` whether the unit owes it,
    ``lead`` how many times the weight of the next one; ``chance`` (0 to 1) that it is this one if it is any,
    ``score`` what speaks for it, ``theme`` the subjects in common (see ``ranking``)."""

    id: int
    share: float
    sure: bool
    words: str
    records: Session
    weight: float = 0.0
    evidence: float = 0.0
    ours: bool = False
    lead: float = 1.0
    chance: float = 0.0
    score: float = 0.0
    theme: float = 0.0

    @property
    def fit(self) -> float:
        """How surely the words are about a measure at all: much of what was said, found in much of it."""
        return self.weight * self.share

    @property
    def measure(self) -> Measure:
        """The measure itself, loaded when it is first looked at."""
        return self.records.get_one(Measure, self.id)


def measures(turn: Turn, text: str = "", most: int = 3) -> list[Match]:
    """The measures a text names (the whole message when no text is given), best first.

    Codes that stand in the text decide; without one the words do, and at most ``most`` are given.
    What was just spoken of is not given here: see ``spoken_of``.
    """
    known = known_of(turn)
    if known is None:
        return []
    text = text or turn.reading.text
    said = refs(turn, text)
    coded = _by_refs(known, said)
    if coded or any(one.kind == "o" for one in said):  # an O item that no measure has is no other measure's
        return [_match(turn, one, 1.0, code, sure=sure) for one, code, sure in coded]
    words, parts = plain(turn, text), turn.reading.parts
    more = parts.related(words) if isinstance(parts, Parts) else ""
    things = f"{words}\n{more}"
    found = _by_words(turn, known, Fact(words=words, things=things), most)
    if not found and more:  # everyday words alone: what plans call it
        found = _by_words(turn, known, Fact(words=more, things=things), most)
    found = found or _by_a_short_word(turn, known, words) or _by_one_word(turn, known, words)
    return _that_counts(turn, found)


def _by_a_short_word(turn: Turn, known: Known, words: str) -> list[Match]:
    """The one measure that has the short Latin word said ("QR", "GPS"), where nothing else is named."""
    said = [one for one in words.split() if one.isascii() and one.isalpha() and 2 <= len(one) <= SHORT_WORD]
    held = known.index.holding(known.counted, said) if said else []
    return [_match(turn, held[0], 1.0, said[0], sure=True, weight=ASK_WEIGHT)] if len(held) == 1 else []


def _by_one_word(turn: Turn, known: Known, words: str) -> list[Match]:
    """The few measures that hold all that is said, where several have that word; none of them is sure."""
    stretches = sorted((key(one) for one in words.split()), key=len) or [""]
    said = stretches.pop() if sum(map(len, stretches[:-1])) <= SHORT_WORD else ""
    held = known.index.holding(known.counted, [said]) if SHORT_WORD <= len(said) <= ONE_WORD else []
    return [_match(turn, one, 1.0, said, sure=False, weight=1.0) for one in held] if len(held) <= FEW else []


def _that_counts(turn: Turn, found: list[Match]) -> list[Match]:
    """Where "how many batches" is asked, the one measure of the likest that counts batches is meant."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not parts.counts or not found:
        return found
    near = (one for one in found if one.weight * FAR_AHEAD >= found[0].weight)
    mine = [one for one in near if counts(turn, one, parts.counts)]
    if len(mine) != 1:
        return found
    return [replace(mine[0], sure=True), *(replace(one, sure=False) for one in found if one is not mine[0])]


def counts(turn: Turn, one: Match, what: str) -> bool:
    """Whether a measure has a number of something (as people say it)."""
    known = known_of(turn)
    return known is not None and any(text.startswith(key(what)) for text in known.counted.get(one.id, ()))


def by_words(turn: Turn, said: Fact | str, most: int = 3) -> list[Match]:
    """The measures that the words of a piece (or words already cleaned) are like, best first; the asker's
    own unit is no word of it."""
    known = known_of(turn)
    if known is None:
        return []
    parts = turn.reading.parts
    if isinstance(said, Fact) and isinstance(parts, Parts) and parts.ranks:
        return _by_rank(turn, known, said, parts.ranks, most)
    fact = Fact(words=said, things=said) if isinstance(said, str) else said
    return _by_words(turn, known, fact, most)


def of_ours(turn: Turn, fact: Fact) -> list[Measure]:
    """The measures of the asker's unit that hold what hardly any line names but one about a plan."""
    known = known_of(turn)
    if known is None or turn.unit is None or not fact.matters:
        return []
    mine = sorted(known.of_unit.get(turn.unit.id, ()))
    return [turn.records.get_one(Measure, one) for one in known.index.holding(mine, fact.matters)]


def by_refs(turn: Turn, found: Iterable[Ref]) -> list[Match]:
    """The measures these codes name; codes that the plan does not have are left out."""
    known = known_of(turn)
    if known is None:
        return []
    mine = known.of_unit.get(turn.unit.id, frozenset()) | known.of_all if turn.unit is not None else ()
    coded = _by_refs(known, found)
    return [replace(_match(turn, one, 1.0, code, sure=sure), ours=one in mine) for one, code, sure in coded]


def spoken_of(turn: Turn) -> Measure | None:
    """The measure of the card replied to, else the one just spoken of with this person here."""
    kind, _, number = turn.about.partition(":")
    if kind == "measure" and number.isdecimal():
        return turn.records.get(Measure, int(number))
    return turn.records.get(Measure, turn.thread.measure_id) if turn.thread.measure_id else None


def _spoken_lately(turn: Turn) -> Measure | None:
    """The same, where it may still tell what words mean: of the card replied to, or spoken of this day."""
    touched = turn.thread.touched_at
    is_late = not turn.about and touched is not None and turn.at - touched > LATELY
    return None if is_late else spoken_of(turn)


def people(turn: Turn, text: str = "") -> list[Person]:
    """The people of the staff a text names, in the order of the text."""
    said = key(text or turn.reading.text)
    found = [(said.find(key(one.name)), one) for one in people_records.staff(turn.records)]
    return [one for at, one in sorted(found, key=lambda pair: pair[0]) if at >= 0]


def refs(turn: Turn, text: str) -> tuple[Ref, ...]:
    """What looks like a measure's, O item's or question's code in a text."""
    parts = turn.reading.parts
    if isinstance(parts, Parts) and parts.find_refs is not None:
        return parts.find_refs(text)
    return tuple(Ref("code", one.group(), *one.span()) for one in _CODE.finditer(text))


def _by_refs(known: Known, found: Iterable[Ref]) -> list[tuple[int, str, bool]]:
    named: dict[int, tuple[str, bool]] = {}
    for ref in found:
        value = ref.value.lower()
        if ref.part and ref.kind == "code":
            ids = known.in_part(ref.part, value)
        else:
            ids = known.codes.get(value, ()) if ref.kind == "code" else known.items.get(value, ())
        if not ids and ref.kind == "code" and ref.marked and not ref.part:
            ids = known.topics.get(value, ())
        for one in ids:
            named.setdefault(one, (ref.value, len(ids) == 1 or ref.kind != "code"))
    return [(one, code, sure) for one, (code, sure) in named.items()]


def _by_rank(turn: Turn, known: Known, said: Fact, ranks: Mapping[str, float], most: int) -> list[Match]:
    """The measures that a piece of a report is like, by what was learned to tell them apart."""
    hits, told = rivals(turn, known, said)
    scores = [ranking.score(one, ranks) for one in told]
    mine = known.of_unit.get(turn.unit.id, frozenset()) if turn.unit is not None else frozenset()
    order = sorted(range(len(hits)), key=lambda at: -scores[at])
    shares = ranking.chances(scores)
    return [
        Match(
            hits[at].name,
            min(1.0, hits[at].share),
            not place and _is_likely(hits[at], shares[at], told[at].get("theme", 0.0)),
            hits[at].words or " ".join(said.words.split()),
            turn.records,
            hits[at].weight,
            hits[at].evidence,
            hits[at].name in mine or hits[at].name in known.of_all,
            hits[at].weight / max((1.0, *(one.weight for one in hits if one is not hits[at]))),
            shares[at],
            scores[at],
            told[at].get("theme", 0.0),
        )
        for place, at in enumerate(order[:most])
    ]


def rivals(turn: Turn, known: Known, said: Fact) -> tuple[list[Hit], list[dict[str, float]]]:
    """The measures that a piece may mean, by its words or by its subjects, and what speaks for each of them
    (see ``ranking``)."""
    favour, unit, spoken = _favour(turn, known), turn.unit.id if turn.unit else None, _spoken_lately(turn)
    themes, themed = _on_themes(turn, known, said)
    hits = _hits(turn, known, said, RANKED)
    near = {hit.name for hit in hits}
    likely = sorted(
        (one for one in themes if one not in near), key=lambda one: -themes[one] * favour.get(one, 1)
    )
    hits += [Hit(one, 0.0, 0.0, "") for one in likely[:ON_THEME]]
    found = [
        ranking.values(
            known,
            hit,
            favour.get(hit.name, 1.0),
            unit,
            turn.today,
            themes.get(hit.name, 0.0),
            themed[hit.name],
        )
        for hit in hits
    ]
    if spoken is not None:
        found = [
            one | {"spoken": 1.0} if hit.name == spoken.id else one
            for one, hit in zip(found, hits, strict=True)
        ]
    return hits, list(ranking.with_best(found))


def _on_themes(turn: Turn, known: Known, said: Fact) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
    """How much of a piece's subjects each measure has, and all that it has."""
    find = turn.reading.parts.themes if isinstance(turn.reading.parts, Parts) else no_themes
    themed = known.themed(find)
    return ranking.on_themes(find(without_own(turn, f"{said.words}\n{said.note}")), themed), themed


def _is_likely(hit: Hit, share: float, theme: float) -> bool:
    """Much likelier than all others together, by a thing or a subject that was named and not by its duty
    alone."""
    named = hit.weight >= LIGHT and hit.evidence >= A_THING
    return share >= LIKELY and (named or theme >= A_SUBJECT)


def _by_words(turn: Turn, known: Known, said: Fact, most: int) -> list[Match]:
    hits, favour = _hits(turn, known, said, most), _favour(turn, known)
    return [
        Match(
            hit.name,
            min(1.0, hit.share),
            not at and _is_sure(hit, hits[1:], favour),
            hit.words,
            turn.records,
            hit.weight,
            hit.evidence,
            favour.get(hit.name, 1.0) > 1,
            1.0 if at else _lead(hits),
        )
        for at, hit in enumerate(hits[:most])
    ]


def _hits(turn: Turn, known: Known, said: Fact, most: int) -> list[Hit]:
    """What the words are like, and what they call by a name that was agreed on."""
    words, things = without_own(turn, said.words), without_own(turn, said.things)
    things = things if turn.addressed else without_own_work(turn, things)
    looked = (
        known.index.look(words, _favour(turn, known), most + 1, said.deeds, things)
        if len(key(words)) >= 4
        else []
    )
    found = {hit.name: hit for hit in looked if hit.weight >= ASK_WEIGHT}
    for one, name in known.called_in(f"{words} {_as_typed(turn, words)}").items():
        found[one] = Hit(one, 1.0, max(CALLED, found[one].weight if one in found else 0.0), name, CALLED)
    return sorted(found.values(), key=lambda hit: -hit.weight)


def _as_typed(turn: Turn, words: str) -> str:
    """The piece of the message these words are left of: a name may hold words that are dropped elsewhere."""
    parts = turn.reading.parts
    facts = parts.facts if isinstance(parts, Parts) else ()
    return next((fact.note for fact in facts if fact.words == words), "")


def _lead(hits: list[Hit]) -> float:
    return hits[0].weight / max(hits[1].weight, 1.0) if len(hits) > 1 else hits[0].weight


def _is_sure(hit: Hit, others: list[Hit], favour: dict[int, float]) -> bool:
    """Found by much more than the next; or the one thing spoken of is in this alone, and the unit owes it."""
    ours, lead = favour.get(hit.name, 1.0) > 1, _lead([hit, *others])
    if not ours and any(
        favour.get(one.name, 1.0) > 1 and one.weight * NEAR_OURS >= hit.weight for one in others
    ):
        return False
    if hit.weight >= SURE_WEIGHT and (lead >= SURE_LEAD or _stands_out(hit, others, favour, lead)):
        return True
    second = max((one.evidence for one in others), default=0.0)
    if not ours or hit.evidence < ALONE:
        return False
    return hit.evidence >= second * FAR_AHEAD or (hit.weight >= LIGHT and lead >= FAR_AHEAD)


def _stands_out(hit: Hit, others: list[Hit], favour: dict[int, float], lead: float) -> bool:
    """Whether of those found by as much this alone speaks of what was done, or this alone is owed."""
    near = [one for one in others if one.weight * SURE_LEAD > hit.weight]
    if lead < LESS_LEAD or not hit.evidence:
        return False
    alone_done = hit.deed == 1 and all(one.deed < 1 for one in near)
    alone_ours = favour.get(hit.name, 1.0) > 1 and all(favour.get(one.name, 1.0) <= 1 for one in near)
    return alone_done or alone_ours


def _favour(turn: Turn, known: Known) -> dict[int, float]:
    favour = dict.fromkeys(known.of_all, ALL_OF_US)
    if turn.unit is not None:
        favour |= dict.fromkeys(known.of_unit.get(turn.unit.id, ()), OURS)
    spoken = _spoken_lately(turn)
    if spoken is not None:
        favour[spoken.id] = favour.get(spoken.id, 1.0) * SPOKEN_OF
    return favour


def _match(
    turn: Turn, measure_id: int, share: float, words: str, *, sure: bool, weight: float = 0.0
) -> Match:
    return Match(measure_id, min(1.0, share), sure, words, turn.records, weight)
