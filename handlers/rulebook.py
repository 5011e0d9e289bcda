"""The rules in force as one book: which clause a question means, which policy is named, what is on show."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import naming
from handlers.grams import Hit, Index, key
from handlers.parts import Parts
from handlers.talk import Choice, Say, Turn, say
from storage import history
from storage import policies as rules
from storage.digits import arabic
from storage.people import Person
from storage.policies import Clause, PolicyVersion

SURE_WEIGHT, SURE_LEAD, ASK_WEIGHT = (
    9.0,
    1.3,
    5.0,
)  # found by our own questions; see tests/handlers/test_policies
PLAINLY, BEYOND_DOUBT = 3.0, 4.0  # evidence of a measure named alone, and beside others
SPOKEN_OF = 1.5  # evidence (see handlers/grams) that a measure is spoken of
NAMED_SHARE = 0.75
KEPT = 64  # books in memory
READING = "reading"  # in the thread's answers: the version and the clause's position on show
_CLAUSE_WORD = chr(0x0E02) + chr(0x0E49) + chr(0x0E2D)
_NUMBER = re.compile(
    rf"(?:{_CLAUSE_WORD}(?:{chr(0x0E17)}{chr(0x0E35)}{chr(0x0E48)})?|clause|no\.?)\s*(\d{{1,3}}(?:\.\d+)*)"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause that may answer a question; ``sure`` when it need not be asked."""

    version: PolicyVersion
    clause: Clause
    sure: bool


@dataclass(frozen=True, slots=True)
class _Book:
    stamp: tuple[tuple[int, datetime], ...]
    clauses: Index
    titles: Index


_kept: OrderedDict[int, _Book] = OrderedDict()


def find(turn: Turn, text: str, most: int = 3) -> list[Passage]:
    """The clauses a question may mean, best first; a sure one stands alone."""
    versions = rules.all_in_force(turn.records, turn.today)
    places = {clause.id: (version, clause) for version in versions for clause in version.clauses}
    index = _book(turn, versions).clauses
    # first without courtesy and fillers; the words as typed may be an agency's own everyday words
    tries = [index.look(words, most=most + 1) for words in (naming.plain(turn, text), text)]
    for hits in tries:
        if _is_sure(hits) and not _asks_how_many(turn):
            return [Passage(*places[hits[0].name], sure=True)]
    hits = [hit for hit in tries[0] if hit.weight >= ASK_WEIGHT]
    if told := [hit for hit in hits if _counts(turn, places[hit.name][1])][:1]:
        return [Passage(*places[told[0].name], sure=True)]
    return [Passage(*places[hit.name], sure=False) for hit in hits[:most]]


def _asks_how_many(turn: Turn) -> str:
    parts = turn.reading.parts
    return parts.counts if isinstance(parts, Parts) else ""


def _counts(turn: Turn, clause: Clause) -> bool:
    """Whether a clause has a number of what is asked for."""
    what = key(_asks_how_many(turn))
    return bool(what) and re.search(rf"\d{re.escape(what)}", key(clause.text).replace(",", "")) is not None


def is_empty(turn: Turn) -> bool:
    """Whether no policy is in force."""
    return not rules.all_in_force(turn.records, turn.today)


def is_of_a_measure(turn: Turn) -> bool:
    """Whether a number or a document is asked for that a measure of the plan has: no rule tells it."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not (parts.counts or parts.asks_paper or parts.wants_value):
        return False
    found = naming.measures(turn)
    if not parts.counts and not parts.asks_paper:
        return any(one.evidence >= (PLAINLY if one.sure else BEYOND_DOUBT) for one in found)
    told = any(one.evidence >= SPOKEN_OF for one in found)
    return told and (parts.asks_paper or any(naming.counts(turn, one, parts.counts) for one in found))


def _is_sure(hits: list[Hit]) -> bool:
    second = hits[1].weight if len(hits) > 1 else 0.0
    return bool(hits) and hits[0].weight >= SURE_WEIGHT and hits[0].weight >= second * SURE_LEAD


def named(turn: Turn, text: str) -> PolicyVersion | None:
    """The policy in force whose title stands in a text."""
    versions = rules.all_in_force(turn.records, turn.today)
    said = key(text)
    for version in versions:
        if key(version.policy.label) in said or key(version.policy.kind) in said:
            return version
    hits = _book(turn, versions).titles.look(text, most=1)
    if not hits or hits[0].share < NAMED_SHARE or len(hits[0].words) < 5:
        return None
    return next(version for version in versions if version.id == hits[0].name)


def in_force(turn: Turn, policy_id: str) -> PolicyVersion | None:
    """The version in force of a policy, with its clauses, by the policy's id as a button carries it."""
    versions = rules.all_in_force(turn.records, turn.today)
    return next((version for version in versions if str(version.policy_id) == policy_id), None)


def on_show(turn: Turn) -> tuple[PolicyVersion, int] | None:
    """The version one reads in this talk and the position of its clause; nothing when one has gone on
    to other things. A reply to a clause's card counts before what was read last."""
    kind, _, number = turn.about.partition(":")
    if kind == "clause" and number.isdecimal():
        clause = turn.records.get(Clause, int(number))
        version = turn.records.get(PolicyVersion, clause.version_id) if clause else None
        return (version, clause.position) if clause and version else None
    shown = str(turn.thread.answers.get(READING, "")).split(":")
    is_fresh = any(str(one["value"]).startswith("policies-") for one in turn.thread.offered)
    if len(shown) != 2 or not is_fresh:
        return None
    version = turn.records.get(PolicyVersion, int(shown[0]))
    return (version, int(shown[1])) if version else None


def show(turn: Turn, version: PolicyVersion, position: int) -> None:
    """Remember what is on show."""
    turn.thread.answers[READING] = f"{version.id}:{position}"
    close_own(turn)


def close_own(turn: Turn) -> None:
    """A question about rules is answered; another one that is open (which measure?) goes on waiting."""
    if turn.thread.asked.startswith("policies-"):
        turn.thread.asked = ""


def clause_number(text: str, *, bare: bool = False) -> str:
    """The clause a text names by its number, in Arabic digits; with ``bare`` a number alone is one."""
    folded = arabic(text).casefold().strip()
    found = _NUMBER.search(folded)
    if found:
        return found.group(1)
    return folded if bare and folded.isdecimal() and len(folded) <= 2 else ""


def is_only_number(text: str) -> bool:
    """Whether a text is nothing but a clause's number, with or without the word for it."""
    folded = arabic(text).casefold().strip()
    return bool(_NUMBER.fullmatch(folded)) or (folded.isdecimal() and len(folded) <= 2)


def by_number(clauses: Sequence[Clause], number: str) -> Clause | None:
    """The clause with this printed number."""
    return next((clause for clause in clauses if clause.no == number), None)


def title(version: PolicyVersion) -> Say:
    """A version as people call it."""
    return say("policies-version", title=version.policy.label, no=version.no)


def acknowledge_choice(version: PolicyVersion) -> Choice:
    """The button that acknowledges a version; no number picks it, because numbers are clauses here."""
    return Choice(
        f"policies-acknowledge:{version.id}", say("policies-acknowledge"), style="main", numbered=False
    )


def mark_read(records: Session, person: Person, version: PolicyVersion, at: datetime, channel: str) -> bool:
    """Record that a person acknowledges a version; False when that is recorded already."""
    if not rules.acknowledge(records, person.id, version, at, channel):
        return False
    history.note(records, "policy-acknowledged", f"version:{version.id}", by=person)
    return True


def _book(turn: Turn, versions: list[PolicyVersion]) -> _Book:
    stamp = tuple((version.id, version.added_at) for version in versions)
    book = _kept.get(turn.agency.id)
    if book is None or book.stamp != stamp:
        book = _kept[turn.agency.id] = _learned(stamp, versions)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return book


def _learned(stamp: tuple[tuple[int, datetime], ...], versions: list[PolicyVersion]) -> _Book:
    clauses = Index({clause.id: _fields(clause) for version in versions for clause in version.clauses})
    titles = Index(
        {
            version.id: [
                (version.policy.title, 1.0),
                (version.policy.short_title, 1.2),
                (version.policy.kind, 1.0),
            ]
            for version in versions
        }
    )
    return _Book(stamp, clauses, titles)


def _fields(clause: Clause) -> list[tuple[str, float]]:
    words = [word.strip() for word in clause.keywords.split(",")]
    return [*((word, 1.5) for word in words if word), (clause.heading, 1.2), (clause.text, 0.8)]
