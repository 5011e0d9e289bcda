"""Tying a chat group to a unit or to the working group, and whether reports are taken there unasked."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import naming
from handlers.rights import LEADERS
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, quote, say
from storage import agencies, codes, history, outbox
from storage import people as records_of
from storage.agencies import Unit
from storage.codes import GROUP, Code
from storage.people import Group

TRIES, WITHIN = 5, timedelta(hours=1)
BOARD = "board"  # in a choice: the working group instead of a unit's id


def claims(turn: Turn) -> Turn | None:
    """A typed group code is one whatever stands around it."""
    if turn.reading.certain and turn.reading.intent != "groups-bind":
        return None
    digits = codes.group_code(turn.reading.text)
    return turn.read_as("groups-bind", digits) if digits else None


def joined(turn: Turn) -> Reply:
    """Greet a group and say how it is tied; an earlier tie is not trusted, others may be in it now, who are
    not told what was held back for those before."""
    group = turn.place.group or _row(turn)
    group.unit_id, group.working_group, group.listening = None, False, False
    group.left_at, group.joined_at = None, turn.at
    outbox.never(turn.records, [group.address])
    turn.records.flush()
    history.note(turn.records, "group-joined", f"group:{group.id}")
    return Reply(say=say("groups-hello"))


def left(turn: Turn) -> Iterable[Reply]:
    """The assistant was taken out: nothing is sent there any more."""
    if group := turn.place.group:
        group.left_at = turn.at
        history.note(turn.records, "group-left", f"group:{group.id}")
    return ()


def moved(turn: Turn) -> Iterable[Reply]:
    """The platform gave the group a new address (a Telegram group grown large): its tie goes along."""
    group, address = turn.place.group, next(iter(turn.reading.args), "")
    if group is None or not address:
        return ()
    newer = records_of.find_group(turn.records, address)
    if newer is None:
        group.address = address
    elif newer.unit_id is None and not newer.working_group:
        newer.unit_id, newer.working_group, newer.listening = (
            group.unit_id,
            group.working_group,
            group.listening,
        )
        group.left_at = turn.at
    history.note(turn.records, "group-moved", f"group:{group.id}")
    return ()


def member_joined(turn: Turn) -> Iterable[Reply]:
    """Silent; the head count grows, because a push costs one message a head."""
    return _counted(turn, 1)


def member_left(turn: Turn) -> Iterable[Reply]:
    """Silent; the head count shrinks."""
    return _counted(turn, -1)


def _counted(turn: Turn, step: int) -> Iterable[Reply]:
    group, told = turn.place.group, turn.reading.args
    if group is not None and group.member_count is not None:
        heads = int(told[0]) if told and told[0].isdecimal() else 1
        group.member_count = max(0, group.member_count + step * heads)
    return ()


def code(turn: Turn) -> Reply:
    """Give a one-use code that ties a group, in 1:1 only."""
    person = turn.person
    assert person is not None
    if not turn.place.is_private:
        raise Refused(say("groups-code-private"))
    if person.role not in LEADERS:
        if person.unit is None:
            raise Refused(say("groups-code-no-unit"))
        return _given(turn, person.unit)
    if turn.reading.args:
        chosen = turn.reading.args[0]
        unit = turn.records.get(Unit, int(chosen)) if chosen.isdecimal() else None
        return _given(turn, unit)
    named = naming.units(turn)
    return _given(turn, named[0]) if named else _which(turn)


def _which(turn: Turn) -> Reply:
    units = agencies.units(turn.records)
    offered = [Choice(f"groups-code:{BOARD}", say("groups-board"))]
    offered += [Choice(f"groups-code:{unit.id}", quote(unit.label)) for unit in units]
    return Reply(say=say("groups-code-which"), choices=tuple(offered), asks="groups-code")


def _given(turn: Turn, unit: Unit | None) -> Reply:
    turn.thread.close()
    made = codes.new_code(turn.records, GROUP, turn.at, unit=unit)
    history.note(turn.records, "group-code-given", f"unit:{unit.id}" if unit else BOARD, by=turn.person)
    return Reply(
        say=say("groups-code-given", whose=_name(unit), code=made),
        found=Found(units=(unit.name,) if unit else ()),
    )


def bind(turn: Turn) -> Reply:
    """Tie this group by a typed code; a group that is tied already is asked about first."""
    person = turn.person
    assert person is not None
    if turn.place.is_private:
        raise Refused(say("groups-bind-here"))
    args = turn.reading.args
    if not args:
        return Reply(say=say("groups-bind-how"))
    found = _confirmed(turn, args[1]) if args[0] == "yes" and len(args) > 1 else _typed(turn, args[0])
    if isinstance(found, Reply):
        return found
    if person.role not in LEADERS and (found.unit_id is None or found.unit_id != person.unit_id):
        raise Refused(say("groups-bind-not-yours", whose=_name(found.unit)))
    group = turn.place.group or _row(turn)
    if args[0] != "yes" and _is_tied(group) and not _is_same(group, found):
        return _ask_again(turn, group, found)
    if not codes.use_code(turn.records, found, turn.at):
        raise Refused(say("groups-code-used"))
    group.unit_id, group.working_group = found.unit_id, found.unit_id is None
    group.bound_by_id, group.listening, group.left_at = person.id, False, None
    turn.thread.close()
    turn.records.flush()
    history.note(turn.records, "group-bound", f"group:{group.id}", by=person, unit=found.unit_id)
    return _bound(found.unit)


def _typed(turn: Turn, digits: str) -> Code | Reply:
    subject = f"sender:{codes.veiled(turn.records, turn.sender)}"
    if history.count(turn.records, "code-wrong", subject, turn.at - WITHIN) >= TRIES:
        return Reply(say=say("groups-code-wait"))
    found = codes.find_code(turn.records, GROUP, digits)
    if found is None:
        history.count_one(turn.records, "code-wrong", subject, turn.at)
        return Reply(say=say("groups-code-unknown"))
    state = found.state(turn.at)
    return found if state == "open" else Reply(say=say(f"groups-code-{state}"))


def _confirmed(turn: Turn, number: str) -> Code | Reply:
    found = turn.records.get(Code, int(number)) if number.isdecimal() else None
    if found is None or turn.thread.answers.get("code") != number or found.purpose != GROUP:
        return Reply(say=say("groups-bind-how"))
    return found


def _ask_again(turn: Turn, group: Group, found: Code) -> Reply:
    turn.thread.answers["code"] = str(found.id)
    offered = (
        Choice(f"groups-bind:yes:{found.id}", say("groups-rebind-yes"), style="danger"),
        Choice("forms-drop", say("groups-rebind-no")),
    )
    old = _name(group.unit)
    return Reply(
        say=say("groups-rebind", old=old, new=_name(found.unit)), choices=offered, asks="groups-bind"
    )


def _bound(unit: Unit | None) -> Reply:
    rows = (Row(say("groups-quiet"), mark="note"),) + ((Row(say("groups-listen-how")),) if unit else ())
    return Reply(
        say=say("groups-bound", whose=_name(unit)),
        cards=(Card(title=say("groups-of", whose=_name(unit)), rows=rows),),
        found=Found(units=(unit.name,) if unit else ()),
    )


def listen(turn: Turn) -> Reply:
    """Take plain reports without being called."""
    return _listening(turn, on=True)


def unlisten(turn: Turn) -> Reply:
    """Answer only when called."""
    return _listening(turn, on=False)


def _listening(turn: Turn, *, on: bool) -> Reply:
    person, group = turn.person, turn.place.group
    assert person is not None
    if turn.place.is_private:
        raise Refused(say("groups-listen-here"))
    if not turn.reading.text:  # a tap does not prove who tapped
        raise Refused(say("groups-listen-type" if on else "groups-unlisten-type"))
    if group is None or not _is_tied(group):
        raise Refused(say("groups-not-tied"))
    if person.role not in LEADERS and person.unit_id != group.unit_id:
        raise Refused(say("groups-bind-not-yours", whose=_name(group.unit)))
    if group.listening == on:
        return Reply(say=say("groups-listening-already" if on else "groups-quiet-already"))
    group.listening = on
    history.note(turn.records, "group-listening", f"group:{group.id}", by=person, on=on)
    return Reply(say=say("groups-listening" if on else "groups-not-listening"))


def status(turn: Turn) -> Reply:
    """What this group is tied to and whether it listens."""
    group = turn.place.group
    if turn.place.is_private:
        raise Refused(say("groups-status-here"))
    if group is None or not _is_tied(group):
        return Reply(say=say("groups-not-tied"))
    rows = [Row(say("groups-is-listening" if group.listening else "groups-is-quiet"))]
    rows += _refused(turn.records, group, turn)
    return Reply(
        say=say("groups-of", whose=_name(group.unit)),
        cards=(Card(title=say("groups-status"), rows=tuple(rows)),),
        found=Found(units=(group.unit.name,) if group.unit else ()),
    )


def _refused(records: Session, group: Group, turn: Turn) -> list[Row]:
    since = turn.at - timedelta(days=1)
    strangers = history.count(records, "refused-stranger", f"group:{group.id}", since)
    unknown = history.count(records, "refused-unknown", f"group:{group.id}", since)
    if not strangers + unknown:
        return []
    return [Row(say("groups-refused", strangers=strangers, unknown=unknown), mark="note")]


def _row(turn: Turn) -> Group:
    """The record of this place, also where the assistant had left it."""
    found = records_of.any_group(turn.records, turn.place.address)
    if found is None:
        found = Group(address=turn.place.address, working_group=False, listening=False, joined_at=turn.at)
        turn.records.add(found)
        turn.records.flush()
    return found


def _is_tied(group: Group) -> bool:
    return group.unit_id is not None or group.working_group


def _is_same(group: Group, found: Code) -> bool:
    return group.unit_id == found.unit_id and group.working_group == (found.unit_id is None)


def _name(unit: Unit | None) -> Say:
    return quote(unit.name) if unit else say("groups-board")


ANSWERS: dict[str, Callable[[Turn], Reply | Iterable[Reply]]] = {
    "groups-joined": joined,
    "groups-left": left,
    "groups-moved": moved,
    "groups-member-joined": member_joined,
    "groups-member-left": member_left,
    "groups-code": code,
    "groups-bind": bind,
    "groups-listen": listen,
    "groups-unlisten": unlisten,
    "groups-status": status,
}
