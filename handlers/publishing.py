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
from storage.people import Person
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


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a text would do: the text as clauses, the policy it belongs to (none: a new one),
    its number, and the version that has the same text already."""

    paper: Paper
    kind: str
    policy: Policy | None
    no: int
    same: PolicyVersion | None

    @property
    def last(self) -> PolicyVersion | None:
        """The version it would follow."""
        return self.policy.versions[-1] if self.policy and self.policy.versions else None

    @property
    def changed(self) -> list[str]:
        """The numbers of clauses that are new or other than in the version before."""
        was = {one.no: one.body for one in self.last.clauses} if self.last else {}
        return [one.no for one in self.paper.clauses if was.get(one.no[:20]) != (one.heading, one.text)]

    @property
    def gone(self) -> list[str]:
        """The numbers of clauses that the version before has and this one has not."""
        there = {one.no[:20] for one in self.paper.clauses}
        return [one.no for one in self.last.clauses if one.no not in there] if self.last else []


def preview(records: Session, text: str, *, kind: str = "") -> Preview:
    """What a policy's text holds and what it would become. Raises Refused with what to mend: no clauses,
    no kind, a number taken by another text, a bad day."""
    try:
        paper = clauses.read(text)
    except ValueError as fault:
        raise Refused(say("policies-paper-day", why=str(fault))) from fault
    kind = (kind or paper.kind)[:40]
    _check(paper, kind)
    policy = find_policy(records, kind)
    versions = policy.versions if policy else []
    last = versions[-1] if versions else None
    same = next((one for one in versions if _bodies(one.clauses) == _texts(paper)), None)
    same = same if same is last or (same and paper.version == same.no) else None
    newest = last.no if last else 0
    if same is None and paper.version and paper.version <= newest:
        raise Refused(say("policies-paper-number", no=paper.version, newest=newest))
    return Preview(paper, kind, policy, same.no if same else paper.version or newest + 1, same)


def publish(
    records: Session,
    text: str,
    *,
    kind: str = "",
    title: str = "",
    today: date | None = None,
    by: Person | None = None,
) -> Published:
    """Keep a policy's text as its next version, in force from the day its head says (else ``today``).

    Raises Refused as ``preview``.
    """
    found = preview(records, text, kind=kind)
    paper, policy = found.paper, found.policy or _new_policy(records, found.kind)
    policy.title = title or paper.title or policy.title or found.kind
    policy.short_title = paper.short_title[:60] or policy.short_title
    records.flush()
    if found.same is not None:
        _refresh(found.same, paper)
        return Published(found.same, is_new=False)
    made = _version(policy, paper, found.no, today or now().date())
    records.flush()
    history.note(records, "policy-published", f"version:{made.id}", by, no=made.no, kind=found.kind)
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
