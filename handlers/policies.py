"""Rules of the agency: list them, read one clause by clause, find the clause that answers a question.

``publish(records, text, kind="", title="", today=None)`` takes a policy's text in as a new version;
``mark_read(records, person, version, at, channel)`` records an acknowledgement.
"""

from collections.abc import Callable

from handlers import rulebook
from handlers.publishing import publish
from handlers.rulebook import Passage, mark_read
from handlers.talk import Card, Choice, Refused, Reply, Row, Say, Turn, quote, say
from storage import policies as rules
from storage.policies import Clause, Policy, PolicyVersion

ASKED_SHARE = 0.7
__all__ = ["ANSWERS", "Policy", "claims", "mark_read", "publish"]


def claims(turn: Turn) -> Turn | None:
    """While one reads, a clause's number is a clause; a question nobody knows may be one for the rules."""
    text = turn.reading.text
    if turn.reading.certain or turn.thread.form or turn.person is None or not text:
        return None
    if rulebook.is_only_number(text) and rulebook.on_show(turn):
        return turn.read_as("policies-read")
    likely, share = turn.reading.likely[0] if turn.reading.likely else ("", 0.0)
    is_asked = likely == "policies-search" and share >= ASKED_SHARE  # though a word in it reads as a report
    if (turn.reading.intent and not is_asked) or turn.thread.asked or not turn.addressed:
        return None
    if rulebook.is_of_a_measure(turn):
        return None
    found = rulebook.find(turn, text)
    return turn.read_as("policies-search") if found and found[0].sure else None


def overview(turn: Turn) -> Reply:
    """Every policy with its version in force, and whether the asker has acknowledged it."""
    versions = rules.all_in_force(turn.records, turn.today)
    if not versions:
        return Reply(say=say("policies-none"))
    done = rules.acknowledged(turn.records, turn.person.id) if turn.person else {}
    rows = tuple(
        Row(
            say("policies-row", title=one.policy.label, no=one.no, count=len(one.clauses)),
            mark="done" if one.id in done else "open",
            choice=Choice(f"policies-read:{one.policy_id}:1", quote(one.policy.label)),
        )
        for one in versions
    )
    left = sum(one.id not in done for one in versions)
    card = Card(title=say("policies-list"), subtitle=say("policies-list-left", left=left), rows=rows)
    offered = tuple(row.choice for row in rows if row.choice)
    return Reply(
        say=say("policies-which"),
        cards=(card,),
        choices=(*offered, Choice("policies-mine", say("policies-mine"))),
    )


def read(turn: Turn) -> Reply:
    """One clause with the way to the next and the one before."""
    args, text = turn.reading.args, turn.reading.text
    if args:
        version = rulebook.in_force(turn, args[0])
        if version is None:
            raise Refused(say("policies-gone"))
        wanted = args[1] if len(args) > 1 else "1"
        return _at(turn, version, int(wanted) if wanted.isdecimal() else 1)
    number = rulebook.clause_number(text, bare=True)
    shown = rulebook.on_show(turn)
    named = rulebook.named(turn, text)
    if named is None and shown is not None and number:
        named = shown[0]
    if named is not None:
        clause = rulebook.by_number(named.clauses, number) if number else None
        if number and clause is None:
            last = named.clauses[-1].no
            raise Refused(say("policies-no-clause", no=number, title=named.policy.label, last=last))
        return _at(turn, named, clause.position if clause else 1)
    found = rulebook.find(turn, text)
    return _answered(turn, found[0]) if found and found[0].sure else overview(turn)


def forward(turn: Turn) -> Reply:
    """The next clause of what one reads."""
    return _step(turn, 1)


def back(turn: Turn) -> Reply:
    """The clause before."""
    return _step(turn, -1)


def _step(turn: Turn, by: int) -> Reply:
    shown = rulebook.on_show(turn)
    if shown is None:
        return overview(turn)
    return _at(turn, shown[0], shown[1] + by)


def _at(turn: Turn, version: PolicyVersion, position: int) -> Reply:
    if position > len(version.clauses):
        return _end(turn, version)
    clause = version.clauses[max(position, 1) - 1]
    rulebook.show(turn, version, clause.position)
    head = say("policies-since", day=version.effective_on, count=len(version.clauses))
    rows = _printed(clause)
    rows += [Row(say("policies-place", at=clause.position, of=len(version.clauses)), mark="note")]
    return Reply(
        say=say("policies-reading", version=rulebook.title(version)),
        cards=(
            Card(
                title=rulebook.title(version),
                subtitle=head,
                rows=tuple(rows),
                choices=_ways(turn, version, clause),
                about=f"clause:{clause.id}",
                share=clause.position / len(version.clauses),
            ),
        ),
    )


def _ways(turn: Turn, version: PolicyVersion, clause: Clause) -> tuple[Choice, ...]:
    """On, back, search and acknowledge: none of them has a number, because numbers are clauses here."""
    at, ways = clause.position, []
    if at < len(version.clauses):
        ways.append(
            Choice(
                f"policies-read:{version.policy_id}:{at + 1}", say("policies-next"), "main", numbered=False
            )
        )
    if at > 1:
        ways.append(
            Choice(f"policies-read:{version.policy_id}:{at - 1}", say("policies-back"), numbered=False)
        )
    ways.append(Choice("policies-search", say("policies-search"), numbered=False))
    if turn.person is None or version.id not in rules.acknowledged(turn.records, turn.person.id):
        ways.append(rulebook.acknowledge_choice(version))
    return tuple(ways)


def _end(turn: Turn, version: PolicyVersion) -> Reply:
    """After the last clause: acknowledge, or choose another policy."""
    rulebook.show(turn, version, len(version.clauses))
    again = Choice(f"policies-read:{version.policy_id}:1", say("policies-from-start"), numbered=False)
    others = Choice("policies-list", say("policies-list"), numbered=False)
    return Reply(
        say=say("policies-end", version=rulebook.title(version)),
        choices=(rulebook.acknowledge_choice(version), again, others),
    )


def search(turn: Turn) -> Reply:
    """The clause that answers a question, quoted; when unsure up to three; when there is none, the list."""
    text = turn.reading.text
    if not text or (turn.reading.certain and text.startswith("/")):
        return Reply(say=say("policies-search-ask"), asks="policies-search")
    rulebook.close_own(turn)
    found = rulebook.find(turn, text)
    if not found and not rules.all_in_force(turn.records, turn.today):
        return Reply(say=say("policies-none"))
    if not found:
        return Reply(say=say("policies-not-found"), choices=(Choice("policies-list", say("policies-list")),))
    if found[0].sure:
        return _answered(turn, found[0])
    offered = tuple(
        Choice(f"policies-read:{one.version.policy_id}:{one.clause.position}", _called(one)) for one in found
    )
    return Reply(say=say("policies-which-clause"), choices=offered)


def _answered(turn: Turn, passage: Passage) -> Reply:
    version, clause = passage.version, passage.clause
    rulebook.show(turn, version, clause.position)
    ways = _ways(turn, version, clause)
    return Reply(
        say=say("policies-answer", version=rulebook.title(version), no=clause.no),
        cards=(
            Card(
                title=say("policies-clause", version=rulebook.title(version), no=clause.no),
                subtitle=say("policies-since", day=version.effective_on, count=len(version.clauses)),
                rows=tuple(_printed(clause, number=False)),
                choices=ways,
                about=f"clause:{clause.id}",
            ),
        ),
    )


def _called(passage: Passage) -> Say:
    heading = passage.clause.heading or passage.clause.text[:40]
    return say("policies-called", title=passage.version.policy.label, no=passage.clause.no, heading=heading)


def _printed(clause: Clause, *, number: bool = True) -> list[Row]:
    rows = []
    if number:
        rows.append(Row(say("policies-heading", no=clause.no, heading=clause.heading)))
    elif clause.heading:
        rows.append(Row(quote(clause.heading)))
    if clause.text:
        rows.append(Row(quote(clause.text), mark="quote"))
    return rows


ANSWERS: dict[str, Callable[[Turn], Reply]] = {
    "policies-list": overview,
    "policies-read": read,
    "policies-next": forward,
    "policies-back": back,
    "policies-search": search,
}
