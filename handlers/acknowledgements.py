"""Acknowledging a version of a policy, what changed since the one before, and who has not yet."""

from collections import defaultdict
from collections.abc import Callable

from handlers import rulebook
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Turn, quote, say
from storage import people
from storage import policies as rules
from storage.people import Person
from storage.policies import PolicyVersion

SHOWN = 12  # units in a card


def acknowledge(turn: Turn) -> Reply:
    """Record that the one who speaks has read this version."""
    person = turn.person
    assert person is not None
    version = _meant(turn)
    if version is None:
        return mine(turn)
    newest = rulebook.in_force(turn, str(version.policy_id))
    if newest is not None and newest.no > version.no:
        return Reply(
            say=say("policies-newer", old=version.no, version=rulebook.title(newest)),
            choices=_ways(turn, newest),
        )
    if not rulebook.mark_read(turn.records, person, version, turn.at, turn.place.channel):
        at = rules.acknowledged(turn.records, person.id)[version.id]
        return Reply(say=say("policies-acknowledged-before", version=rulebook.title(version), at=at))
    left = len(_missing(turn, person))
    choices = (Choice("policies-mine", say("policies-mine")),) if left else ()
    return Reply(
        say=say("policies-acknowledged", version=rulebook.title(version), at=turn.at, left=left),
        choices=choices,
    )


def _meant(turn: Turn) -> PolicyVersion | None:
    """The version of the button, else the one on show, else the only one that was offered."""
    args = turn.reading.args
    if args and args[0].isdecimal():
        return turn.records.get(PolicyVersion, int(args[0]))
    if shown := rulebook.on_show(turn):
        return shown[0]
    offered = _offered(turn, "policies-acknowledge")
    return turn.records.get(PolicyVersion, int(offered[0])) if len(offered) == 1 else None


def _offered(turn: Turn, intent: str) -> list[str]:
    values = [str(one["value"]).split(":") for one in turn.thread.offered]
    return [value[1] for value in values if value[0] == intent and len(value) > 1 and value[1].isdecimal()]


def mine(turn: Turn) -> Reply:
    """What the asker has still to acknowledge."""
    assert turn.person is not None
    missing = _missing(turn, turn.person)
    if not missing:
        count = len(rules.all_in_force(turn.records, turn.today))
        return Reply(say=say("policies-mine-all" if count else "policies-none", count=count))
    if len(missing) == 1:
        return _last_one(turn, missing[0])
    rows = tuple(
        Row(
            rulebook.title(one),
            mark="open",
            choice=Choice(f"policies-read:{one.policy_id}:1", quote(one.policy.label)),
        )
        for one in missing
    )
    return Reply(
        say=say("policies-mine-left", count=len(missing)),
        cards=(Card(title=say("policies-mine-title"), rows=rows),),
        choices=tuple(row.choice for row in rows if row.choice),
    )


def _last_one(turn: Turn, version: PolicyVersion) -> Reply:
    assert turn.person is not None
    old = rules.before(turn.records, version)
    has_old = old is not None and old.id in rules.acknowledged(turn.records, turn.person.id)
    rows = [Row(say("policies-since", day=version.effective_on, count=len(version.clauses)))]
    if old is not None:
        numbers = [(new or was).no for was, new in rules.changes(old, version) if new or was]  # type: ignore[union-attr]
        rows.append(Row(say("policies-changed", count=len(numbers), numbers=", ".join(numbers))))
    turn.thread.answers.pop(rulebook.READING, None)
    return Reply(
        say=say("policies-mine-one", version=rulebook.title(version), old=old.no if has_old and old else 0),
        cards=(Card(title=rulebook.title(version), rows=tuple(rows), choices=_ways(turn, version)),),
    )


def _ways(turn: Turn, version: PolicyVersion) -> tuple[Choice, ...]:
    ways = [Choice(f"policies-read:{version.policy_id}:1", say("policies-read-all"))]
    if rules.before(turn.records, version) is not None:
        ways.insert(0, Choice(f"policies-changes:{version.id}", say("policies-see-changes")))
    return (*ways, Choice(f"policies-acknowledge:{version.id}", say("policies-acknowledge"), style="main"))


def changes(turn: Turn) -> Reply:
    """The clauses that differ from the version before, old beside new."""
    version = _compared(turn)
    if version is None:
        raise Refused(
            Reply(say=say("policies-changes-which"), choices=(Choice("policies-list", say("policies-list")),))
        )
    old = rules.before(turn.records, version)
    if old is None:
        return Reply(say=say("policies-first", version=rulebook.title(version)))
    found = rules.changes(old, version)
    cards = []
    for was, new in found[:5]:
        shown = new or was
        assert shown is not None
        rows = [
            Row(say("policies-was"), mark="note"),
            Row(quote(was.text) if was else say("policies-nothing"), mark="quote"),
            Row(say("policies-now"), mark="note"),
            Row(quote(new.text) if new else say("policies-taken-out"), mark="quote"),
        ]
        heading = say("policies-heading", no=shown.no, heading=shown.heading)
        cards.append(Card(title=heading, rows=tuple(rows), about=f"clause:{shown.id}"))
    rulebook.show(turn, version, 1)
    return Reply(
        say=say("policies-changes", version=rulebook.title(version), old=old.no, count=len(found)),
        cards=tuple(cards),
        choices=(rulebook.acknowledge_choice(version),),
    )


def _compared(turn: Turn) -> PolicyVersion | None:
    args = [*turn.reading.args, *_offered(turn, "policies-changes")]
    if args and args[0].isdecimal():
        return turn.records.get(PolicyVersion, int(args[0]))
    if named := rulebook.named(turn, turn.reading.text):
        return named
    shown = rulebook.on_show(turn)
    return shown[0] if shown else None


def missing(turn: Turn) -> Reply:
    """How many have acknowledged, and how many of each unit have not."""
    args = turn.reading.args
    version = rulebook.in_force(turn, args[0]) if args else rulebook.named(turn, turn.reading.text)
    if version is None:
        return _every_policy(turn)
    staff, absent = _absent(turn, version)
    rows = tuple(
        Row(quote(unit) if unit else say("policies-no-unit"), value=say("policies-heads", count=len(names)))
        for unit, names in _by_unit(absent)[:SHOWN]
    )
    done = len(staff) - len(absent)
    sentence = say(
        "policies-share",
        version=rulebook.title(version),
        done=done,
        all=len(staff),
        percent=_percent(done, len(staff)),
        left=len(absent),
    )
    names_way = Choice(f"policies-names:{version.policy_id}", say("policies-names"))
    return Reply(
        say=sentence,
        cards=(Card(title=say("policies-missing", version=rulebook.title(version)), rows=rows),)
        if absent
        else (),
        choices=(names_way,) if absent else (),
        found=Found(units=tuple(unit for unit, _ in _by_unit(absent) if unit)),
    )


def _every_policy(turn: Turn) -> Reply:
    versions = rules.all_in_force(turn.records, turn.today)
    if not versions:
        return Reply(say=say("policies-none"))
    staff = people.staff(turn.records)
    done = rules.acknowledged_by(turn.records, [one.id for one in versions])
    rows = []
    for one in versions:
        count = sum(person.id in done[one.id] for person in staff)
        share = count / len(staff) if staff else 0.0
        value = say("policies-percent", percent=_percent(count, len(staff)))
        way = Choice(f"policies-missing:{one.policy_id}", quote(one.policy.label))
        rows.append(Row(rulebook.title(one), share=share, value=value, choice=way))
    return Reply(
        say=say("policies-shares", count=len(staff)),
        cards=(Card(title=say("policies-shares-title"), rows=tuple(rows)),),
        choices=tuple(row.choice for row in rows if row.choice),
    )


def names(turn: Turn) -> Reply:
    """Who has not acknowledged, by name: in 1:1 only."""
    if not turn.place.is_private:
        raise Refused(say("policies-names-private"))
    args = turn.reading.args
    version = rulebook.in_force(turn, args[0]) if args else rulebook.named(turn, turn.reading.text)
    if version is None:
        return _every_policy(turn)
    _, absent = _absent(turn, version)
    if not absent:
        return Reply(say=say("policies-everybody", version=rulebook.title(version)))
    rows = tuple(
        Row(
            say(
                "policies-unit-names",
                unit=quote(unit) if unit else say("policies-no-unit"),
                names=tuple(quote(name) for name in found),
            )
        )
        for unit, found in _by_unit(absent)
    )
    return Reply(
        say=say("policies-names-of", version=rulebook.title(version), count=len(absent)),
        cards=(Card(title=say("policies-names"), rows=rows),),
        found=Found(units=tuple(unit for unit, _ in _by_unit(absent) if unit)),
    )


def _missing(turn: Turn, person: Person) -> list[PolicyVersion]:
    done = rules.acknowledged(turn.records, person.id)
    return [one for one in rules.all_in_force(turn.records, turn.today) if one.id not in done]


def _absent(turn: Turn, version: PolicyVersion) -> tuple[list[Person], list[Person]]:
    staff = people.staff(turn.records)
    done = rules.acknowledged_by(turn.records, [version.id])[version.id]
    return staff, [one for one in staff if one.id not in done]


def _by_unit(absent: list[Person]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for person in absent:
        found[person.unit.name if person.unit else ""].append(person.name)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _percent(done: int, of: int) -> int:
    """Rounded, but a hundred only when nobody is missing."""
    return min(round(done * 100 / of), 100 if done == of else 99) if of else 0


ANSWERS: dict[str, Callable[[Turn], Reply]] = {
    "policies-acknowledge": acknowledge,
    "policies-mine": mine,
    "policies-changes": changes,
    "policies-missing": missing,
    "policies-names": names,
}
