"""What the reader at the door found in a message, as values that handlers can use.

Nothing here is decided by a record: codes are shapes that look like codes, words are what is left for
matching. Whether a code exists, and which measure the words mean, is for handlers/naming.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal[
    "",  # nothing that reads as a report
    "report",
    "correct",
    "withdraw",
    "postpone",
    "attach",
    "answer",  # only a number, a day or a status: it can only tell more of what was just said
    "nothing",  # nothing to report this time
    "question",
    "promise",
    "reminder",
    "chatter",  # assent, laughter, news passed on, last year's scores
]

Says = Literal["", "yes", "no", "back", "cancel", "again", "save", "skip"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A code as it was typed: ``kind`` is code (4.1, or a number after a word for measure), o (O25) or
    question (i10); ``start`` and ``end`` are its place in the text, ``part`` the number of the plan's part
    within which it counts, where one was said ("part 5, item 1")."""

    kind: Literal["code", "o", "question"]
    value: str
    start: int
    end: int
    marked: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A link, or a document's number with the document's own date."""

    kind: Literal["link", "document"]
    text: str
    own_date: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What one piece of a message says about one measure. Empty where it says nothing.

    ``percent`` is 0 to 100, ``percent_kind`` progress or result; ``words`` is the piece without dates,
    numbers and courtesy, for matching; ``note`` is the piece as typed. ``number`` is a bare number that is
    neither percent nor count, ``day`` a day of some month that was
    not named, ``whole`` the whole measure, ``same`` the measure just spoken of, ``ours`` what the
    speaker's unit did ("our division").
    """

    refs: tuple[Ref, ...] = ()
    status: str = ""
    percent: float | None = None
    percent_kind: str = ""
    count_done: float | None = None
    count_of: float | None = None
    count_what: str = ""
    fact_on: date | None = None
    new_due_on: date | None = None
    step: int | None = None
    number: float | None = None
    day: int | None = None
    whole: bool = False
    same: bool = False
    ours: bool = False
    blocker: str = ""
    papers: tuple[Paper, ...] = ()
    words: str = ""
    things: str = ""  # the words that name things, a line each: without deeds and what every line says
    note: str = ""
    deeds: tuple[str, ...] = ()  # what was done, in words that measures use: "brief", "train", "publish"
    over: bool = False  # something was done and nothing of it remains
    matters: tuple[
        str, ...
    ] = ()  # things that hardly any line names but one about a plan: "borrow", "ethics"
    bare: bool = False  # tells of deeds and numbers, but of no thing they were done to


@dataclass(frozen=True, slots=True)
class Reason:
    """What led to one finding: ``what`` is a field of Fact (``status``, ``fact_on`` …), ``words`` the
    shortest stretch of the message that alone says it, ``confidence`` 0 to 1."""

    what: str
    value: str | float | date
    words: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much a line sounds like a report: ``odds`` the log-odds by its own words, ``plan`` what each kind
    of likeness to a plan adds to them."""

    odds: float = 0.0
    plan: Mapping[str, float] = field(default_factory=dict)


Themes = Callable[[str], frozenset[str]]


def no_themes(text: str) -> frozenset[str]:
    """What who knows no subjects finds."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything found in one message. ``strength`` (0 to 1) is how plainly it is a report.

    ``colleague`` is the name after "on behalf of"; ``says`` is yes, no, back … when the whole message is
    that; ``last_day`` the last day said, past or to come; ``has_window`` when a
    day, week, month or quarter is said. ``plain`` and ``find_refs`` clean any other
    text the way this message was cleaned; ``name_in`` is what in a text can be a name for a measure.
    """

    kind: Kind = ""
    strength: float = 0.0
    facts: tuple[Fact, ...] = ()
    colleague: str = ""
    says: Says = ""
    last_day: date | None = None
    has_window: bool = False
    plain: Callable[[str], str] = str
    find_refs: Callable[[str], tuple[Ref, ...]] | None = None
    name_in: Callable[[str], str] = str
    everyone: bool = False  # all units are asked about
    asks_person: bool = False  # a person's name or address is asked for, which plans do not hold
    wants_value: bool = False  # a name, a number or a day is asked for
    asks_who: bool = False  # which unit or person does something is asked for
    counts: str = ""  # of what a number is asked for ("how many batches"), as it was said
    counted: Callable[[str], bool] = lambda text: False  # whether a text has a number of what is counted
    together: bool = False  # what several do together is asked for
    all_findings: bool = False  # all that the assessment found is asked for
    of_topics: bool = False  # the plan's topics or its year are asked for
    only_counts: bool = False  # how many measures there are is asked for, not which
    counts_things: bool = False  # what is counted is people and things, not measures, days or times
    asks_several: bool = False  # several measures are asked for ("which ones")
    asks_paper: bool = False  # a document's number is asked for
    asks_above: bool = False  # what lies above a mark
    mark_within: bool = False  # the mark itself counts ("from 95 on", "not above 90")
    asks_whole: bool = False  # the score of the whole assessment is asked for
    asks_rank: bool = False  # the place among other agencies is asked for
    asks_each: bool = False  # all of something, each by itself
    asks_weak: bool = False  # where something is weak is asked
    asks_score: bool = False  # a score of the assessment is asked for
    said: str = ""  # the whole message as it is read: tidy, in small letters, tools by their Latin names
    leans: bool = False  # leans on the question before ("and the treasury?")
    rest: str = ""  # the message without the words that lean, and without courtesy
    names_nothing: bool = False  # no word but those of asking
    leant: str = ""  # the question before, whose words tell what is asked for
    nth: str = ""  # one of those just told, by its place: first, second, third, last
    that_one: bool = False  # the one just spoken of ("this one")
    parted: str = ""  # the whole message, with a space before a short form that a word runs into
    extreme: str = ""  # the lowest or highest score is asked for: low, high, both
    # of which scores: tool, indicator, question, or the questions of one tool (question_e)
    level_said: str = ""
    areas: tuple[str, ...] = ()  # indicators of the assessment by everyday words, under their usual names
    tools_said: bool = False  # a tool of the assessment (IIT, EIT, OIT) is named
    compares: bool = False  # which of several is better is asked for, or how far apart they are
    asks_late: bool = False  # who has not reported yet is asked for
    asks_leave: bool = False  # whether something is allowed is asked
    sounds: Callable[[], Leaning] = Leaning  # how much the line sounds like a report
    ranks: Mapping[str, float] = field(default_factory=dict)  # see handlers.ranking
    which: str = ""  # how the measures asked for stand ("not-started"), or when they come ("month", "begins")
    is_bare: Callable[[str, str], bool] = lambda words, text: False  # words of deeds and numbers only
    themes: Themes = no_themes  # the subjects of plans that a text speaks of, by name
    related: Callable[[str], str] = str  # the words plans have for everyday ones in a text
    asks_other: bool = False  # a number of what no plan counts is asked for: sums of money, beds, staff
    unit_said: str = ""  # a unit's name as it was said, known or not
    topic_said: str = ""  # a topic's number as it was said ("topic 5")
    indicator_said: str = ""  # an indicator's number, or the words after "indicator"
    role_said: str = ""  # lead, joint or support; or an office as it was said ("the director")
    subject_said: str = ""  # what a question is about, where a word says so ("about the website")
    period_said: str = ""  # days that no calendar names: so-far (this year), round, round-before
    sums_up: bool = False  # a summary is asked for
    aspect: str = ""  # what of one measure is asked for: event, step, steps, aim, period, kpi
    format: str = ""  # the format a paper is asked for in: docx, xlsx, pdf, html, png
    items: tuple[Fact, ...] = ()  # the same message cut at list marks and "as for", where it has some
    clauses: tuple[Fact, ...] = ()  # the same message cut at every clause that tells something

    @property
    def fact(self) -> Fact:
        """The first piece, or an empty one."""
        return self.facts[0] if self.facts else Fact()
