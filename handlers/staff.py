"""Who belongs to the staff: giving out invitation codes, and marking who has left."""

from collections.abc import Callable
from typing import Any

from handlers import limits, naming
from handlers.forms import Form, Question, begin
from handlers.rights import LEADERS
from handlers.talk import Card, Choice, Refused, Reply, Row, Turn, quote, say
from storage import agencies, codes, history
from storage import people as records_of
from storage.agencies import Unit
from storage.codes import LIVES, PERSON
from storage.people import Person, Role

LONGEST = 120
SHOWN = 12


def invite(turn: Turn) -> Reply:
    """Give a code for one colleague; in 1:1 only, because whoever reads it can use it."""
    assert turn.person is not None
    if not turn.place.is_private:
        raise Refused(say("people-invite-private"))
    if turn.person.role not in LEADERS and turn.person.unit is None:
        raise Refused(say("people-invite-no-unit"))
    named = _named(turn)
    if len(named) == 1:
        return _given(turn, named[0])
    known: dict[str, Any] = {}
    if turn.person.role not in LEADERS:
        known["unit"] = turn.person.unit_id
    elif units := naming.units(turn):
        known["unit"] = units[0].id
    return begin("people-invite", INVITE, turn, known)


def _named(turn: Turn) -> list[Person]:
    """The colleagues a message names, by full name or by first name alone."""
    found = naming.people(turn)
    if not found:
        said = turn.reading.text
        found = [one for one in records_of.staff(turn.records) if one.name.split()[0] in said]
    return [one for one in found if turn.person is None or one.id != turn.person.id]


class _Invite(Form):
    """Who gets the code, and for which unit where that is not known."""

    def __init__(self) -> None:
        self.questions = {
            "name": Question(_read_name, lambda turn, answers: Reply(say=say("people-invite-name"))),
            "unit": Question(_read_unit, _ask_unit),
        }

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        """Find the person or enter the name, and give the code."""
        unit = turn.records.get(Unit, answers["unit"]) if answers["unit"] else None
        same = [
            one
            for one in records_of.staff(turn.records)
            if one.name == answers["name"] and (unit is None or one.unit_id == unit.id)
        ]
        person = same[0] if same else _entered(turn, answers["name"], unit)
        return _given(turn, person)


def _read_name(turn: Turn, answers: dict[str, Any]) -> str | None:
    name = " ".join(turn.reading.text.split())
    return name if 2 <= len(name) <= LONGEST and not any(one.isdigit() for one in name) else None


def _read_unit(turn: Turn, answers: dict[str, Any]) -> int | None:
    if turn.reading.intent == "answer" and turn.reading.args:
        number = turn.reading.args[0]
        unit = turn.records.get(Unit, int(number)) if number.isdecimal() else None
        return unit.id if unit else None
    named = naming.units(turn)
    return named[0].id if named else None


def _ask_unit(turn: Turn, answers: dict[str, Any]) -> Reply:
    known = agencies.units(turn.records)[:SHOWN]
    return Reply(
        say=say("people-invite-unit"), choices=tuple(Choice(f"answer:{u.id}", quote(u.label)) for u in known)
    )


def _entered(turn: Turn, name: str, unit: Unit | None) -> Person:
    limits.check_people(turn.records, turn.agency)
    made = Person(name=name, unit_id=unit.id if unit else None, role=Role.OFFICER, language="th")
    turn.records.add(made)
    turn.records.flush()
    turn.records.refresh(made)
    history.note(turn.records, "person-added", f"person:{made.id}", by=turn.person)
    return made


def _given(turn: Turn, person: Person) -> Reply:
    assert turn.person is not None
    if turn.person.role not in LEADERS and person.unit_id != turn.person.unit_id:
        raise Refused(say("people-invite-not-yours", name=person.name))
    if not _may_let_in(turn.person, person):
        raise Refused(say("people-invite-above", name=person.name))
    code = codes.new_code(turn.records, PERSON, turn.at, person=person)
    history.note(turn.records, "code-given", f"person:{person.id}", by=turn.person)
    return Reply(
        say=say("people-invite-given", name=person.name, code=code),
        cards=(
            Card(
                title=quote(code),
                subtitle=say("people-invite-for", name=person.name, until=turn.at + LIVES[PERSON]),
                rows=(Row(say("people-invite-how"), mark="note"),),
            ),
        ),
    )


def _may_let_in(giver: Person, person: Person) -> bool:
    """Whoever holds a code can use it, so nobody gives one that carries more rights than the own."""
    if giver.role == Role.ADMINISTRATOR:
        return True
    if giver.role == Role.SECRETARY:
        return person.role != Role.ADMINISTRATOR
    return person.role == Role.OFFICER


def left(turn: Turn) -> Reply:
    """Mark a person as having left: the identities stop working, the history keeps the name."""
    args = turn.reading.args
    if args and args[0].isdecimal():
        return _gone(turn, turn.records.get(Person, int(args[0])))
    named = _named(turn)
    if not named:
        return Reply(say=say("people-left-who"))
    offered = tuple(Choice(f"people-left:{one.id}", quote(one.name), style="danger") for one in named[:3])
    return Reply(
        say=say("people-left-sure", names=tuple(quote(one.name) for one in named[:3])),
        choices=(*offered, Choice("forms-drop", say("people-left-no"))),
        asks="people-left",
    )


def _gone(turn: Turn, person: Person | None) -> Reply:
    if person is None:
        raise Refused(say("people-left-who"))
    turn.thread.close()
    if person.left_at is not None:
        return Reply(say=say("people-left-already", name=person.name, on=person.left_at))
    records_of.leave(turn.records, person, turn.at)
    codes.withdraw_all(turn.records, person, turn.at)
    history.note(turn.records, "person-left", f"person:{person.id}", by=turn.person)
    return Reply(say=say("people-left-done", name=person.name))


INVITE = _Invite()
FORMS: dict[str, Form] = {"people-invite": INVITE}
ANSWERS: dict[str, Callable[[Turn], Reply]] = {"people-invite": invite, "people-left": left}
