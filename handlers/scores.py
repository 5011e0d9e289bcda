"""Scores of the assessment: overall, by tool, indicator or question; lowest, below a mark, compared."""

import re
from collections.abc import Callable, Iterable, Mapping

from handlers import assessed
from handlers.parts import Parts
from handlers.talk import Card, Found, Mark, Reply, Row, Say, Turn, quote, say
from storage import indicators
from storage.digits import arabic
from storage.plans import Score

PASS, EXCELLENT = 85.0, 95.0  # levels of the 2567 assessment, as a score site states them (domain notes)
LEVELS = ("overall", "tool", "indicator", "question")
SHOWN = 14
BEST = 5  # of a level, where the strongest or weakest are asked for
NEXT = 2  # told after the best
PAIR = 2


def show(turn: Turn) -> Reply:
    """The scores a question asks for; the whole picture when it names none."""
    known, text = assessed.years(turn), assessed.said(turn)
    year = assessed.year_of(known, text)
    named = assessed.named(turn, year, text)
    if not named and (missing := assessed.not_there(turn, year, text)):
        return Reply(say=missing, choices=assessed.shortcuts())
    if named:
        return _some(known, year, named, compares=assessed.asks(turn).compares)
    return _whole(known, year, assessed.asks(turn))


def _some(known: list[assessed.Year], year: assessed.Year, named: list[Score], *, compares: bool) -> Reply:
    before = next((one for one in known if one.number < year.number), None)
    rows = [_row(one, before) for one in named]
    rows += list(_earlier(known, year, named[0])) if len(named) == 1 else []
    return Reply(
        say=_compared(year, named) if compares and len(named) == PAIR else _listed(year, named),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows)),),
        found=Found(),
    )


def _listed(year: assessed.Year, named: list[Score]) -> Say:
    return say("scores-some", year=str(year.number), parts=tuple(_short(one) for one in named))


def _compared(year: assessed.Year, named: list[Score]) -> Say:
    """Which of two is the higher, and by how much."""
    high, low = sorted(named, key=lambda one: -one.score)
    blanks = {"year": str(year.number), "high": _short(high), "low": _short(low)}
    apart = high.score - low.score
    return say("scores-higher", apart=f"{apart:.2f}", **blanks) if apart else say("scores-equal", **blanks)


def _earlier(known: list[assessed.Year], year: assessed.Year, one: Score) -> Iterable[Row]:
    """The same score in the years before, to compare."""
    for before in known:
        found = before.find(one.level, one.code) if before.number < year.number else None
        if found is not None:
            told = say("scores-year", year=str(before.number), grade="")
            yield Row(told, share=found.score / 100, value=say("scores-value", score=_written(found)))


def _whole(known: list[assessed.Year], year: assessed.Year, asked: Parts) -> Reply:
    """All of a year; where the whole alone is asked for, what it is made of is left to a button."""
    before = next((one for one in known if one.number < year.number), None)
    rows: list[Row] = []
    alone = (asked.asks_whole or asked.asks_rank) and not asked.asks_each and year.of("overall")
    for level in LEVELS[:2] if alone else LEVELS:
        found = year.of(level)
        if found and level != "overall":
            rows.append(Row(say(f"scores-level-{level}"), mark="note"))
        rows += [_row(one, before) for one in found]
    return Reply(
        say=_headline(year, ranked=asked.asks_rank),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows[: SHOWN * 2])),),
        choices=assessed.shortcuts(),
    )


def _headline(year: assessed.Year, *, ranked: bool = False) -> Say:
    overall = next(iter(year.of("overall")), None)
    if overall is None:
        return say("scores-no-overall", year=str(year.number))
    if year.grade is None or not year.grade.grade:
        return say("scores-overall", year=str(year.number), score=_written(overall))
    if year.grade.rank:
        return say(
            "scores-overall-ranked",
            year=str(year.number),
            score=_written(overall),
            grade=year.grade.grade,
            rank=str(year.grade.rank),
            group=year.grade.rank_group,
        )
    name = "scores-overall-unranked" if ranked else "scores-overall-graded"
    return say(name, year=str(year.number), score=_written(overall), grade=year.grade.grade)


def _written(one: Score) -> str:
    return f"{one.qualifier}{one.score:.2f}"


def _short(one: Score) -> Say:
    name: str | Say = one.code.upper() if one.level == "tool" else one.name
    if one.level == "indicator":
        name = say("scores-indicator", no=one.code, name=one.name)
    name = say("scores-level-overall") if one.level == "overall" else name
    if one.level == "question":
        name = say("scores-question", code=one.code, name=one.name)
    return say("scores-one", name=name, score=_written(one))


def _label(one: Score) -> Say:
    if one.level == "indicator":
        return say("scores-indicator", no=one.code, name=one.name)
    if one.level == "overall":
        return say("scores-level-overall")
    return (
        say("scores-question", code=one.code, name=one.name) if one.level == "question" else quote(one.name)
    )


def _row(one: Score, before: assessed.Year | None) -> Row:
    mark: Mark = "done" if one.score >= EXCELLENT else "open" if one.score >= PASS else "due"
    earlier = before.find(one.level, one.code) if before else None
    value = say("scores-value", score=_written(one))
    if earlier is not None:
        change = one.score - earlier.score
        name = "scores-up" if change >= 0 else "scores-down"
        value = say(name, score=_written(one), change=f"{abs(change):.2f}")
    return Row(_label(one), mark=mark, share=one.score / 100, value=value)


def lowest(turn: Turn) -> Reply:
    """The weakest indicators and questions of a year; where a tool is weak, what was found with it too."""
    if assessed.asks(turn).extreme == "both":
        return _both(turn)
    return _picked(turn, "scores-lowest", _weakest)


def highest(turn: Turn) -> Reply:
    """The strongest indicators of a year."""
    return _picked(turn, "scores-highest", _strongest)


def _strongest(found: Iterable[Score]) -> list[Score]:
    return sorted(found, key=lambda one: -one.score)[:BEST]


def _weakest(found: Iterable[Score]) -> list[Score]:
    return sorted(found, key=lambda one: one.score)[:BEST]


def _both(turn: Turn) -> Reply:
    """The strongest and the weakest in one answer."""
    high, low = _picked(turn, "scores-highest", _strongest), _picked(turn, "scores-lowest", _weakest)
    if not high.cards:
        return high
    return Reply(say=say("scores-both", high=high.say, low=low.say), cards=(*high.cards, *low.cards))


def below(turn: Turn) -> Reply:
    """What lies below 85, or on the side of the mark named in the question."""
    text = assessed.YEAR.sub(" ", arabic(turn.reading.text))
    marks = [float(no) for no in re.findall(r"(?<![\d.])(\d{2,3}(?:\.\d+)?)(?!\d)", text)]
    mark, parts = marks[0] if marks else PASS, assessed.asks(turn)
    above = bool(marks) and parts.asks_above

    def beyond(found: Iterable[Score]) -> list[Score]:
        kept = (one for one in found if _is_beyond(one.score, mark, above=above, within=parts.mark_within))
        return sorted(kept, key=lambda one: -one.score if above else one.score)

    names = (
        ("scores-below", "scores-above")
        if not parts.mark_within
        else ("scores-below-within", "scores-above-within")
    )
    return _picked(turn, names[above], beyond, mark=f"{mark:g}")


def _is_beyond(score: float, mark: float, *, above: bool, within: bool) -> bool:
    return (within and score == mark) or (score > mark if above else score < mark)


def _picked(turn: Turn, name: str, pick: Callable[[Iterable[Score]], list[Score]], **blanks: str) -> Reply:
    known = assessed.years(turn)
    whole = assessed.year_of(known, assessed.said(turn))
    asked, _, letter = assessed.asks(turn).level_said.partition("_")
    year = assessed.narrowed(whole, asked, letter)
    if tools := assessed.tools_said(turn):
        year = assessed.of_tools(whole, tools, turn.agency.settings.get(indicators.SETTING, {}))
    before = next((one for one in known if one.number < year.number), None)
    levels = [level for level in ("indicator", "tool", "question") if pick(year.of(level))]
    letter = letter or "".join(tools[:1])[:1].lower()
    if not levels and asked != "tool" and (told := pick(assessed.of_findings(turn, letter))):
        year, levels = assessed.Year(year.number, tuple(told), year.grade), ["question"]
    if not levels and asked in ("question", "tool"):
        return Reply(say=say("scores-no-level", level=say(f"scores-level-{asked}"), year=str(year.number)))
    if not levels:
        return Reply(say=say(f"{name}-none", year=str(year.number), **blanks))
    rows: list[Row] = []
    for level in levels:
        found = pick(year.of(level))
        rows += [
            Row(say(f"scores-level-{level}"), mark="note"),
            *(_row(one, before) for one in found[:SHOWN]),
        ]
    return Reply(
        say=_told_first(name, year, pick(year.of(levels[0])), blanks),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows)),),
        choices=tuple(one for one in assessed.shortcuts() if not one.value.startswith("scores-lowest")),
    )


def _told_first(name: str, year: assessed.Year, found: list[Score], blanks: Mapping[str, str]) -> Say:
    """What was asked in a sentence: the best or the weakest with the next to it, or how many and which."""
    if "mark" in blanks:
        shown = tuple(_short(one) for one in found[:SHOWN])
        return say(name, year=str(year.number), count=len(found), parts=shown, **blanks)
    first = [one for one in found if one.score == found[0].score]
    after = tuple(_short(one) for one in found[len(first) :][:NEXT])
    top = tuple(_short(one) for one in first)
    return say(f"{name}-next" if after else name, year=str(year.number), parts=top, after=after)


def compare(turn: Turn) -> Reply:
    """Every year's overall score and level side by side."""
    known = assessed.years(turn)
    rows = []
    for year, before in zip(known, [*known[1:], None], strict=True):
        overall = next(iter(year.of("overall")), None)
        if overall is not None:
            grade = year.grade.grade if year.grade else ""
            told = say("scores-year", year=str(year.number), grade=grade)
            rows.append(Row(told, share=overall.score / 100, value=_row(overall, before).value))
    return Reply(
        say=_headline(known[0]),
        cards=(Card(title=say("scores-years"), rows=tuple(rows)),),
        choices=assessed.shortcuts(),
    )


ANSWERS = {
    "scores-show": show,
    "scores-lowest": lowest,
    "scores-highest": highest,
    "scores-below": below,
    "scores-compare": compare,
}
