"""Which of the measures that a report's words are like is meant: what tells them apart, weighed as learned.

Words alone leave near ties in plans that speak of one thing in several measures. Who speaks, what the time
of the year asks for and what was done settle most of them. ``make learn`` finds what each is worth.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from handlers.grams import Hit
from handlers.known import Known

EARLY, LATE = timedelta(days=20), timedelta(days=30)  # around a period: work in it is told of then
SPOKEN = 1.0  # what was just spoken of; the corpus has too few such lines to learn it from
MOST = ("words", "evidence", "theme", "cover", "theme-cover")  # told beside the most that any of them has
Values = Mapping[str, float]


def chances(scores: Sequence[float]) -> list[float]:
    """How likely each is the one that is meant, 0 to 1, if one of them is."""
    most = max(scores, default=0.0)
    shares = [math.exp(score - most) for score in scores]
    return [share / math.fsum(shares) for share in shares]


def score(values: Values, weights: Values) -> float:
    """The weighed sum of what speaks for one measure."""
    weighed = (weights.get(name, 0.0) * value for name, value in values.items() if name != "spoken")
    return math.fsum(weighed) + SPOKEN * values.get("spoken", 0.0)


def on_themes(said: frozenset[str], themed: Mapping[int, Values]) -> dict[int, float]:
    """How much of the subjects spoken of each measure has, for those that have any."""
    found = {
        one: math.fsum(plain for name, plain in has.items() if name in said) for one, has in themed.items()
    }
    return {one: much for one, much in found.items() if much}


def values(
    known: Known, hit: Hit, favour: float, unit: int | None, today: date, theme: float, themed: Values
) -> dict[str, float]:
    """What speaks for one measure, by name; ``favour`` is what its weight was already multiplied by,
    ``theme`` how much of the subjects spoken of it has, ``themed`` all that it has."""
    whole = math.fsum(themed.values())
    ours = unit is not None and unit in known.duties[hit.name]
    found = {
        "words": math.log1p(hit.weight / favour),
        "evidence": math.log1p(hit.evidence),
        "theme": theme,
        "theme-cover": theme / whole if whole else 0.0,
        "cover": hit.cover,
        "share": hit.share,
        "deed": hit.deed,
        "ours": float(ours),
        "every-unit": float(hit.name in known.of_all and not ours),
        "now": float(_is_now(known.periods[hit.name], today)),
    }
    return {name: value for name, value in found.items() if value}


def with_best(found: Sequence[dict[str, float]]) -> Iterator[dict[str, float]]:
    """Each with how near it comes to the best of them in words, in things spoken of and in subjects."""
    best = {name: max((one.get(name, 0.0) for one in found), default=0.0) for name in MOST}
    for one in found:
        yield one | {f"most-{name}": one.get(name, 0.0) / most for name, most in best.items() if most}


def _is_now(periods: Sequence[tuple[date, date]], today: date) -> bool:
    return not periods or any(start - EARLY <= today <= end + LATE for start, end in periods)
