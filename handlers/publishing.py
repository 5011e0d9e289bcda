"""Taking a policy's text in: a new version when the text changed, nothing when it did not.

``publish(records, text, kind="", title="", today=None) -> Published`` is what the command line and the
sample agency use; the text is in the form of storage/clauses.py.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from handlers.talk import Refused, say
from storage import clauses, history
from storage.base import now
from storage.clauses import Paper
from storage.policies import Clause, Policy, PolicyVersion, find_policy, policies

KINDS = (
    "code-of-ethics",
    "no-gift",
    "conflict-of-interest",
    "state-property",
    "complaint-channels",
)  # in the order people are shown them; an agency may have others


@dataclass(frozen=True, slots=True)
class Published:
    """The version that now stands. ``is_new``: the text differed from the one before."""

    version: PolicyVersion
    is_new: bool


def publish(
    records: Session, text: str, *, kind: str = "", title: str = "", today: date | None = None
) -> Published:
    """Keep a policy's text as its next version, in force from the day its head says (else ``today``).

    Raises Refused with what to mend: no clauses, no kind, a number taken by another text, a bad day.
    """
    try:
        paper = clauses.read(text)
    except ValueError as fault:
        raise Refused(say("policies-paper-day", why=str(fault))) from fault
    kind, title = kind or paper.kind, title or paper.title
    _check(paper, kind)
    policy = find_policy(records, kind) or _new_policy(records, kind)
    policy.title = title or policy.title or kind
    policy.short_title = paper.short_title[:60] or policy.short_title
    records.flush()
    last = policy.versions[-1] if policy.versions else None
    same = next((one for one in policy.versions if _bodies(one.clauses) == _texts(paper)), None)
    if same is not None and (same is last or paper.version == same.no):
        _refresh(same, paper)
        return Published(same, is_new=False)
    newest = last.no if last else 0
    if paper.version and paper.version <= newest:
        raise Refused(say("policies-paper-number", no=paper.version, newest=newest))
    made = _version(policy, paper, paper.version or newest + 1, today or now().date())
    records.flush()
    history.note(records, "policy-published", f"version:{made.id}", no=made.no, kind=kind)
    return Published(made, is_new=True)


def _check(paper: Paper, kind: str) -> None:
    if not paper.clauses:
        raise Refused(say("policies-paper-empty"))
    if not kind:
        raise Refused(say("policies-paper-kind", kinds=", ".join(KINDS)))
    if not all(clause.text or clause.heading for clause in paper.clauses):
        raise Refused(say("policies-paper-blank"))
    numbers = [clause.no for clause in paper.clauses]
    twice = next((no for no in numbers if numbers.count(no) > 1), "")
    if twice:
        raise Refused(say("policies-paper-twice", no=twice))


def _new_policy(records: Session, kind: str) -> Policy:
    known = len(policies(records))
    made = Policy(kind=kind[:40], title="", short_title="", position=known, versions=[])
    if kind in KINDS:
        made.position = KINDS.index(kind) - len(KINDS)  # the known ones first, in their order
    records.add(made)
    return made


def _version(policy: Policy, paper: Paper, no: int, today: date) -> PolicyVersion:
    version = PolicyVersion(no=no, effective_on=paper.effective_on or today, source=paper.source)
    version.agency_id = policy.agency_id
    version.clauses = [
        Clause(
            no=one.no[:20],
            heading=one.heading,
            text=one.text,
            keywords=one.keywords,
            position=position,
            agency_id=policy.agency_id,
        )
        for position, one in enumerate(paper.clauses, 1)
    ]
    policy.versions.append(version)
    return version


def _refresh(version: PolicyVersion, paper: Paper) -> None:
    """The words that find a clause may be bettered without a new version."""
    for clause, one in zip(version.clauses, paper.clauses, strict=True):
        if one.keywords and clause.keywords != one.keywords:
            clause.keywords, version.added_at = one.keywords, now()


def _bodies(found: list[Clause]) -> list[tuple[str, str, str]]:
    return [(one.no, one.heading, one.text) for one in found]


def _texts(paper: Paper) -> list[tuple[str, str, str]]:
    return [(one.no[:20], one.heading, one.text) for one in paper.clauses]
