"""The assessed years in the records, and which of their scores a question names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import func, select

from handlers import naming
from handlers.grams import Index, key
from handlers.parts import Parts
from handlers.talk import Choice, Refused, Reply, Say, Turn, say
from storage import indicators, plans
from storage.calendar import christian
from storage.plans import Finding, Grade, Score

SURE = 0.45
SAME = 80  # how like an indicator's usual name (fuzz.ratio) a plan's own name for it is
_QUESTION = re.compile(r"(?<![a-z0-9])([ie])\s?-?\s?(\d{1,2})(?![\d.])")
_TOOL = re.compile(r"(?<![a-z])(iit|eit|oit)(?:\s?([12])(?!\d))?(?![a-z])")
_NUMBER = re.compile(r"(?<![\d.])(\d{1,2})(?![\d.])")
YEAR = re.compile(r"(?<!\d)(25\d\d|6\d)(?![\d.])")


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


def year_of(known: list[Year], text: str) -> Year:
    """The year named, else the newest. Raises Refused when the named one is not in the records."""
    for found in YEAR.finditer(text):
        number = christian(found[1]) + 543
        for year in known:
            if year.number == number:
                return year
        if number < known[0].number + 2:
            raise Refused(Reply(say=say("scores-no-year", year=str(number)), choices=shortcuts()))
    return known[0]


def said(turn: Turn) -> str:
    """What was asked, in Arabic digits and small letters, tools by their Latin names."""
    return asks(turn).said or turn.reading.text.lower()


def asks(turn: Turn) -> Parts:
    """What was found in the question; nothing where a button asked."""
    return turn.reading.parts if isinstance(turn.reading.parts, Parts) else Parts()


def tools_said(turn: Turn) -> list[str]:
    """The tools a question names (IIT, EIT1), each once, without their spaces."""
    return list(dict.fromkeys(f"{tool}{part}".upper() for tool, part in _TOOL.findall(said(turn))))


def named(turn: Turn, year: Year, text: str) -> list[Score]:
    """The scores a text names by code, tool, number or name."""
    questions = [kind + no for kind, no in _QUESTION.findall(text)]
    found: list[Score | None] = [year.find("question", code) for code in questions]
    for tool, part in _TOOL.findall(text):
        tools = [one for one in year.of("tool") if one.code.lower().startswith(tool + part)]
        found += tools
    if found and any(found) and asks(turn).asks_whole:
        found = [*year.of("overall"), *found]
    if not questions and not any(found) and asks(turn).indicator_said.isdecimal():
        numbers = [asks(turn).indicator_said, *_NUMBER.findall(YEAR.sub(" ", text))]
        found = [year.find("indicator", no) for no in dict.fromkeys(numbers)]
    there = [one for one in found if one is not None]
    there += [] if there or questions else _of_areas(turn, year)
    if there or questions:
        return list(dict.fromkeys(there))
    return _by_name(turn, year, text)


def _of_areas(turn: Turn, year: Year) -> list[Score]:
    """The indicators that everyday words name, in the document's order."""
    parts = turn.reading.parts
    names = [key(one) for one in parts.areas] if isinstance(parts, Parts) else []
    called = {one.id: key(one.name) for one in year.of("indicator")}
    return [
        one
        for one in year.of("indicator")
        if any(name in called[one.id] or fuzz.ratio(name, called[one.id]) >= SAME for name in names)
    ]


def _by_name(turn: Turn, year: Year, text: str) -> list[Score]:
    index = Index(
        {one.id: [(one.name, 1.0)] for one in year.scores if one.level in ("indicator", "question")}
    )
    hits = index.look(naming.plain(turn, text), {}, 2)
    if hits and hits[0].share >= SURE:
        return [one for one in year.scores if one.id == hits[0].name]
    numbers = [year.find("indicator", no) for no in _NUMBER.findall(YEAR.sub(" ", text))]
    return [one for one in numbers if one is not None]


def _of_finding(turn: Turn, code: str) -> float | None:
    """The score that a finding gives its question, where the table of scores has none."""
    found = select(Finding.score).where(func.lower(Finding.question) == code, Finding.score.is_not(None))
    return turn.records.scalar(found.order_by(Finding.plan_id.desc()).limit(1))


def narrowed(year: Year, level: str, letter: str = "") -> Year:
    """The year with the scores of one level alone (of questions: of one tool); all where none is said."""
    kept = tuple(one for one in year.scores if not level or one.level == level)
    return Year(year.number, tuple(one for one in kept if one.code.startswith(letter)), year.grade)


def of_tools(year: Year, tools: list[str], own: Mapping[str, str]) -> Year:
    """The year with the indicators and questions alone that the tools named ask about."""
    letters = {one[0].lower() for one in tools}
    held = {
        one.code: own.get(one.code) or indicators.known(year.number, one.code) for one in year.of("indicator")
    }
    kept = tuple(
        one
        for one in year.scores
        if (one.level == "indicator" and held[one.code][:1].lower() in letters)
        or (one.level == "question" and one.code[:1].lower() in letters)
    )
    return Year(year.number, kept, year.grade)


def of_findings(turn: Turn, letter: str = "") -> list[Score]:
    """The scores that findings give their questions, where the table of scores has none below the whole."""
    plan = naming.plan_of(turn)
    if plan is None:
        return []
    rows = turn.records.scalars(select(Finding).where(Finding.plan_id == plan.id, Finding.score.is_not(None)))
    return [
        Score(level="question", code=one.question, name=one.text, score=one.score, qualifier="")
        for one in rows
        if one.question and one.question.startswith(letter)
    ]


def not_there(turn: Turn, year: Year, text: str) -> Say | None:
    """What was asked for by code and is not in the table of scores: a finding may tell it."""
    for kind, no in _QUESTION.findall(text):
        if (score := _of_finding(turn, kind + no)) is not None:
            return say("scores-of-finding", code=kind + no, score=f"{score:.2f}")
        return say("scores-not-there", what=(kind + no), year=str(year.number))
    if tools := tools_said(turn):
        return say("scores-not-there", what=", ".join(tools), year=str(year.number))
    if (no := asks(turn).indicator_said).isdecimal():
        return say("scores-no-indicator", no=no, year=str(year.number), count=len(year.of("indicator")))
    return None


def shortcuts() -> tuple[Choice, ...]:
    """Where else scores are told: all, the lowest, year by year."""
    return (
        Choice("scores-show", say("scores-choice-show")),
        Choice("scores-lowest", say("scores-choice-lowest")),
        Choice("scores-compare", say("scores-choice-compare")),
    )
