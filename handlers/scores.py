"""Scores of the assessment: overall, by tool, indicator or question; lowest, below a mark, compared."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from handlers import naming
from handlers.grams import Index
from handlers.talk import Card, Choice, Found, Mark, Refused, Reply, Row, Say, Turn, quote, say
from storage import plans
from storage.calendar import christian
from storage.plans import Finding, Grade, Score

PASS, EXCELLENT = 85.0, 95.0  # levels of the 2567 assessment, as a score site states them (domain notes)
LEVELS = ("overall", "tool", "indicator", "question")
SHOWN = 14
SURE = 0.45
_QUESTION = re.compile(r"(?<![a-z0-9])([ie])\s?-?\s?(\d{1,2})(?![\d.])")
_TOOL = re.compile(r"(?<![a-z])(iit|eit|oit)\s?([12])?(?![a-z])")
_NUMBER = re.compile(r"(?<![\d.])(\d{1,2})(?![\d.])")
_YEAR = re.compile(r"(?<!\d)(25\d\d|6\d)(?![\d.])")
_DIGITS = {0x0E50 + digit: str(digit) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Year:
    """One assessed year: its scores and the level reached."""

    number: int
    scores: tuple[Score, ...]
    grade: Grade | None

    def of(self, level: str) -> list[Score]:
        """The scores of one level in the document's order."""
        return [one for one in self.scores if one.level == level]

    def find(self, level: str, code: str) -> Score | None:
        """One score by its level and code."""
        return next((one for one in self.of(level) if one.code.lower() == code.lower()), None)


def years(turn: Turn) -> list[Year]:
    """Every year with scores, newest first. Raises Refused when there is none."""
    grades = {one.year: one for one in plans.grades(turn.records)}
    found: dict[int, list[Score]] = {}
    for one in plans.scores(turn.records):
        found.setdefault(one.year, []).append(one)
    if not found:
        raise Refused(say("scores-none"))
    return [Year(year, tuple(rows), grades.get(year)) for year, rows in found.items()]


def show(turn: Turn) -> Reply:
    """The scores a question asks for; the whole picture when it names none."""
    known, text = years(turn), turn.reading.text.translate(_DIGITS).lower()
    year = _year(known, text)
    named = _named(turn, year, text)
    if not named and (missing := _not_there(turn, year, text)):
        return Reply(say=missing, choices=_shortcuts())
    return _some(known, year, named) if named else _whole(known, year)


def _year(known: list[Year], text: str) -> Year:
    """The year named, else the newest. Raises Refused when the named one is not in the records."""
    for found in _YEAR.finditer(text):
        number = christian(found[1]) + 543
        for year in known:
            if year.number == number:
                return year
        if number < known[0].number + 2:
            raise Refused(Reply(say=say("scores-no-year", year=str(number)), choices=_shortcuts()))
    return known[0]


def _named(turn: Turn, year: Year, text: str) -> list[Score]:
    """The scores a text names by code, tool, number or name."""
    questions = [kind + no for kind, no in _QUESTION.findall(text)]
    found: list[Score | None] = [year.find("question", code) for code in questions]
    for tool, part in _TOOL.findall(text):
        tools = [one for one in year.of("tool") if one.code.lower().startswith(tool + part)]
        found += [*year.of("overall"), *tools] if tools else []
    there = [one for one in found if one is not None]
    if there or questions:
        return list(dict.fromkeys(there))
    return _by_name(turn, year, text)


def _by_name(turn: Turn, year: Year, text: str) -> list[Score]:
    index = Index(
        {one.id: [(one.name, 1.0)] for one in year.scores if one.level in ("indicator", "question")}
    )
    hits = index.look(naming.plain(turn, text), {}, 2)
    if hits and hits[0].share >= SURE:
        return [one for one in year.scores if one.id == hits[0].name]
    numbers = [year.find("indicator", no) for no in _NUMBER.findall(_YEAR.sub(" ", text))]
    return [one for one in numbers if one is not None]


def _of_finding(turn: Turn, code: str) -> float | None:
    """The score that a finding gives its question, where the table of scores has none."""
    found = select(Finding.score).where(func.lower(Finding.question) == code, Finding.score.is_not(None))
    return turn.records.scalar(found.order_by(Finding.plan_id.desc()).limit(1))


def _not_there(turn: Turn, year: Year, text: str) -> Say | None:
    """What was asked for by code and is not in the table of scores: a finding may tell it."""
    for kind, no in _QUESTION.findall(text):
        if (score := _of_finding(turn, kind + no)) is not None:
            return say("scores-of-finding", code=kind + no, score=f"{score:.2f}")
        return say("scores-not-there", what=(kind + no), year=str(year.number))
    for tool, part in _TOOL.findall(text):
        return say("scores-not-there", what=(tool + part).upper(), year=str(year.number))
    return None


def _some(known: list[Year], year: Year, named: list[Score]) -> Reply:
    before = next((one for one in known if one.number < year.number), None)
    rows = [_row(one, before) for one in named]
    return Reply(
        say=say("scores-some", year=str(year.number), parts=tuple(_short(one) for one in named)),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows)),),
        found=Found(),
    )


def _whole(known: list[Year], year: Year) -> Reply:
    before = next((one for one in known if one.number < year.number), None)
    rows: list[Row] = []
    for level in LEVELS:
        found = year.of(level)
        if found and level != "overall":
            rows.append(Row(say(f"scores-level-{level}"), mark="note"))
        rows += [_row(one, before) for one in found]
    return Reply(
        say=_headline(year),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows[: SHOWN * 2])),),
        choices=_shortcuts(),
    )


def _headline(year: Year) -> Say:
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
    return say(
        "scores-overall-graded", year=str(year.number), score=_written(overall), grade=year.grade.grade
    )


def _written(one: Score) -> str:
    return f"{one.qualifier}{one.score:.2f}"


def _short(one: Score) -> Say:
    name: str | Say = one.code.upper() if one.level == "tool" else one.name
    name = say("scores-level-overall") if one.level == "overall" else name
    code = one.code if one.level == "question" else ""
    return say("scores-one", name=name, code=code, score=_written(one))


def _label(one: Score) -> Say:
    if one.level == "indicator":
        return say("scores-indicator", no=one.code, name=one.name)
    if one.level == "overall":
        return say("scores-level-overall")
    return (
        say("scores-question", code=one.code, name=one.name) if one.level == "question" else quote(one.name)
    )


def _row(one: Score, before: Year | None) -> Row:
    mark: Mark = "done" if one.score >= EXCELLENT else "open" if one.score >= PASS else "due"
    earlier = before.find(one.level, one.code) if before else None
    value = say("scores-value", score=_written(one))
    if earlier is not None:
        change = one.score - earlier.score
        name = "scores-up" if change >= 0 else "scores-down"
        value = say(name, score=_written(one), change=f"{abs(change):.2f}")
    return Row(_label(one), mark=mark, share=one.score / 100, value=value)


def lowest(turn: Turn) -> Reply:
    """The weakest indicators and questions of a year."""
    return _picked(turn, "scores-lowest", lambda found: sorted(found, key=lambda one: one.score)[:5])


def highest(turn: Turn) -> Reply:
    """The strongest indicators of a year."""
    return _picked(turn, "scores-highest", lambda found: sorted(found, key=lambda one: -one.score)[:5])


def below(turn: Turn) -> Reply:
    """What lies below 85, or below the mark named in the question."""
    text = _YEAR.sub(" ", turn.reading.text.translate(_DIGITS))
    marks = [float(no) for no in re.findall(r"(?<![\d.])(\d{2,3}(?:\.\d+)?)(?!\d)", text)]
    mark = marks[0] if marks else PASS
    return _picked(
        turn,
        "scores-below",
        lambda found: sorted((one for one in found if one.score < mark), key=lambda one: one.score),
        mark=f"{mark:g}",
    )


def _picked(turn: Turn, name: str, pick: Callable[[Iterable[Score]], list[Score]], **blanks: str) -> Reply:
    known = years(turn)
    year = _year(known, turn.reading.text.translate(_DIGITS).lower())
    before = next((one for one in known if one.number < year.number), None)
    levels = [level for level in ("indicator", "tool", "question") if pick(year.of(level))]
    if not levels:
        return Reply(say=say(f"{name}-none", year=str(year.number), **blanks))
    rows: list[Row] = []
    for level in levels:
        found = pick(year.of(level))
        rows += [
            Row(say(f"scores-level-{level}"), mark="note"),
            *(_row(one, before) for one in found[:SHOWN]),
        ]
    best = tuple(_short(one) for one in pick(year.of(levels[0]))[:3])
    return Reply(
        say=say(name, year=str(year.number), parts=best, **blanks),
        cards=(Card(title=say("scores-title", year=str(year.number)), rows=tuple(rows)),),
    )


def compare(turn: Turn) -> Reply:
    """Every year's overall score and level side by side."""
    known = years(turn)
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
        choices=_shortcuts(),
    )


def _shortcuts() -> tuple[Choice, ...]:
    return (
        Choice("scores-show", say("scores-choice-show")),
        Choice("scores-lowest", say("scores-choice-lowest")),
        Choice("scores-compare", say("scores-choice-compare")),
    )


ANSWERS = {
    "scores-show": show,
    "scores-lowest": lowest,
    "scores-highest": highest,
    "scores-below": below,
    "scores-compare": compare,
}
