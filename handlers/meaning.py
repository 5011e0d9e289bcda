"""Which measures the pieces of a report speak of: surely, to be written, or likely, to be asked about."""

from collections.abc import Iterator
from dataclasses import replace

from handlers import naming, units
from handlers.naming import Match
from handlers.parts import Fact, Parts
from handlers.progress_form import offered_measures
from handlers.talk import Turn
from storage.measures import Measure

CANDIDATES = 3
REPORTS, PLAINLY = 0.35, 0.5  # strength of a line that reports, and how plainly
# How well words must fit (see Match.fit) to cut a line by its clauses, and by its items: measured on lines
# of ordinary talk, which fit some measure by chance.
FITS_A_CLAUSE, MAY_FIT = 4.5, 2.0
PLAINEST = 9.0  # wanted of words beside a code, to be of another measure than the code's
A_THING = 1.0  # evidence that a clause names a thing of its own, not only what every line says
# Evidence of the things spoken of (see ``grams.Hit``), for what the unit owes and for anything else: worth
# asking about, and plain enough to be written.
TOLD_OF, TOLD_OF_OTHERS = 2.2, 3.8
PLAIN, PLAIN_OF_OTHERS = 3.6, 6.0


def pieces(turn: Turn, parts: Parts) -> tuple[Fact, ...]:
    """The pieces of a message that speak of measures of their own; one that names nothing but its sender's
    unit is bare."""
    return tuple(_own(turn, parts, fact) for fact in _pieces(turn, parts))


def _own(turn: Turn, parts: Parts, fact: Fact) -> Fact:
    if fact.bare or fact.refs or turn.unit is None or not fact.words:
        return fact
    words = units.without_own(turn, fact.words)
    return replace(fact, bare=True) if words != fact.words and parts.is_bare(words, fact.note) else fact


def _pieces(turn: Turn, parts: Parts) -> tuple[Fact, ...]:
    """Cut only where the records bear it out."""
    for cut, least in ((parts.items, MAY_FIT), (parts.clauses, FITS_A_CLAUSE)):
        coded = any(
            fact.refs for fact in cut
        )  # a code tells what is meant: a clause of words goes on with it
        beside = frozenset(one.id for fact in cut for one in naming.by_refs(turn, fact.refs))
        found = [_only(turn, fact, PLAINEST if coded and not fact.refs else least, beside) for fact in cut]
        if len({one for one in found if one is not None}) > 1 and (None not in found or cut is parts.items):
            return cut
        if cut is parts.items and _are_lines(turn, cut) and _are_apart(turn, cut, found):
            return cut
    return parts.facts


def _are_lines(turn: Turn, cut: tuple[Fact, ...]) -> bool:
    """Whether each piece stands on a line of its own and names something without a code: a list."""
    return turn.reading.text.strip().count("\n") >= len(cut) - 1 and not any(
        fact.bare or fact.refs for fact in cut
    )


def _are_apart(turn: Turn, cut: tuple[Fact, ...], found: list[int | None]) -> bool:
    """Whether one line of a list surely speaks of a measure, and no other is likest to the same one."""
    sure = {one for one in found if one is not None}
    likest = [naming.by_words(turn, fact, 1) for fact, one in zip(cut, found, strict=True) if one is None]
    return bool(sure) and not any(near and near[0].id in sure for near in likest)


def together(facts: list[Fact]) -> Fact:
    """What the pieces of one message say of one measure ("O25 to O27 are done, O28 is not"): parts of it in
    different states leave it under way; numbers, papers and what hinders are gathered."""
    first, *rest = facts
    for fact in rest:
        same = {one.status for one in (first, fact) if one.status}
        first = replace(
            first,
            status=next(iter(same)) if len(same) == 1 else "in_progress" if same else "",
            percent=first.percent if fact.percent is None else fact.percent,
            percent_kind=fact.percent_kind or first.percent_kind,
            count_done=first.count_done if fact.count_done is None else fact.count_done,
            count_of=first.count_of if fact.count_done is None else fact.count_of,
            count_what=first.count_what if fact.count_done is None else fact.count_what,
            fact_on=fact.fact_on or first.fact_on,
            new_due_on=fact.new_due_on or first.new_due_on,
            step=fact.step or first.step,
            blocker=fact.blocker or first.blocker,
            papers=(*first.papers, *fact.papers),
            over=first.over and fact.over,
            note=f"{first.note} {fact.note}".strip(),
        )
    return first


def _only(turn: Turn, fact: Fact, least: float, beside: frozenset[int]) -> int | None:
    """The measure (its id) that a cut piece surely speaks of; ``beside`` are those of codes in the line."""
    if fact.refs:
        coded = naming.by_refs(turn, fact.refs)
        return coded[0].id if coded and coded[0].sure else None
    found = naming.by_words(turn, fact)
    if any(one.id in beside for one in found):
        return None  # words that are like what a code beside them names go with it
    fits = found and found[0].fit >= least and (least < FITS_A_CLAUSE or found[0].evidence >= A_THING)
    plain = fits or (found and _told_of(found[0], PLAIN, PLAIN_OF_OTHERS))
    return found[0].id if plain and found[0].sure else None


def _told_of(one: Match, ours: float, others: float) -> bool:
    return one.evidence >= (ours if one.ours else others)


def candidates(turn: Turn, fact: Fact) -> list[Measure]:
    """At most three measures that may be meant: by code, by words, what was spoken of, what is due here."""
    coded = [one.measure for one in naming.by_refs(turn, fact.refs)]
    found_ = [] if fact.bare and not fact.deeds else naming.by_words(turn, fact)
    likely = [one.measure for one in found_]
    if not found_ or not (
        _told_of(found_[0], TOLD_OF, TOLD_OF_OTHERS) or found_[0].theme >= naming.A_SUBJECT
    ):
        likely = [*likely[:1], *naming.of_ours(turn, fact), *likely]  # weak likeness: what the unit owes, too
    spoken = naming.spoken_of(turn)
    open_ = list(due(turn)) if len(likely) < CANDIDATES or fact.bare else []
    if fact.bare:
        kept = {one.id for one in found_ if one.ours} | {each.id for each in open_}
        likely = [one for one in likely if one.id in kept]
    found: dict[int, Measure] = {}
    for one in (*coded, *likely, *([spoken] if spoken else []), *open_):
        found.setdefault(one.id, one)
    return list(found.values())[:CANDIDATES]


def due(turn: Turn) -> Iterator[Measure]:
    """The measures this unit may be speaking of now, the first due first."""
    for choice in offered_measures(turn):
        yield turn.records.get_one(Measure, int(choice.value.split(":")[1]))
