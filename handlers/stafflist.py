"""A list of staff that was sent: shown row by row before it counts, then entered with a code for each."""

from collections.abc import Callable, Iterable
from typing import Any

from handlers import limits
from handlers.talk import Card, Choice, Refused, Reply, Row, Turn, quote, say
from storage import people, staffing
from storage.people import Person, Role
from storage.staffing import StaffRow

WAITS = "stafflist"  # where the rows wait in a thread's answers
SHOWN = 10  # rows that cannot be taken, in one card
CODES = 20  # codes given in chat; more come on a printed sheet


def may_give(person: Person | None) -> tuple[str, ...]:
    """The roles a person may let others in with; nobody gives more rights than the own.

    None is the operator at the command line."""
    if person is None or person.role == Role.ADMINISTRATOR:
        return tuple(Role)
    return tuple(role for role in Role if role != Role.ADMINISTRATOR)


def show(turn: Turn) -> Reply:
    """What the list would do, before it does."""
    rows = _rows(turn)
    good = [row for row in rows if not row.problem]
    added = staffing.new_units(turn.records, rows)[:SHOWN]
    cards = [
        Card(
            title=say("stafflist-title"),
            rows=(
                Row(say("stafflist-good"), value=quote(str(len(good)))),
                Row(say("stafflist-bad"), value=quote(str(len(rows) - len(good)))),
                *(Row(say("stafflist-unit-new", name=name)) for name in added),
            ),
        )
    ]
    if bad := [row for row in rows if row.problem]:
        cards.append(_refused(bad))
    cancel = Choice("stafflist-cancel", say("plans-cancel"), "danger")
    if not good:
        turn.thread.close()
        return Reply(say=say("stafflist-none-good"), cards=tuple(cards))
    take = Choice("stafflist-accept", say("stafflist-accept", count=len(good)), "main")
    return Reply(
        say=say("stafflist-preview"), cards=tuple(cards), choices=(take, cancel), asks="stafflist-show"
    )


def _refused(bad: list[StaffRow]) -> Card:
    rows = [Row(line(row), "note") for row in bad[:SHOWN]]
    if len(bad) > SHOWN:
        rows.append(Row(say("stafflist-more", count=len(bad) - SHOWN)))
    return Card(title=say("stafflist-refused"), rows=tuple(rows), mark="note")


def line(row: StaffRow) -> Any:
    """Why a row cannot be taken, in a sentence."""
    why = say(f"stafflist-why-{row.problem}", about=row.about)
    return say("stafflist-row", no=str(row.no), name=row.name or row.unit, why=why)


def accept(turn: Turn) -> Reply:
    """Enter the people, and give each a code."""
    rows = _rows(turn)
    check_room(turn, sum(not row.problem for row in rows))
    made = staffing.enter(turn.records, rows, turn.person)
    turn.thread.close()
    if not made:
        raise Refused(say("stafflist-none-good"))
    if len(made) > CODES:
        return Reply(say=say("stafflist-entered-many", count=len(made)))
    given = staffing.invite(turn.records, made, turn.at, turn.person)
    card = Card(
        title=say("stafflist-codes"),
        subtitle=say("stafflist-codes-how"),
        rows=tuple(Row(quote(one.name), value=quote(one.code)) for one in given),
    )
    return Reply(say=say("stafflist-entered", count=len(made)), cards=(card,))


def check_room(turn: Turn, count: int) -> None:
    """Raises Refused when the agency may not enter so many people more."""
    most = limits.of(turn.agency, limits.PEOPLE)
    if most and len(people.staff(turn.records)) + count > most:
        raise Refused(say("limits-people", count=most))


def cancel(turn: Turn) -> Reply:
    """Throw the list away; nobody was entered."""
    turn.thread.close()
    return Reply(say=say("stafflist-cancelled"))


def _rows(turn: Turn) -> list[StaffRow]:
    """The list that waits, checked against the records as they are now; in 1:1 only."""
    kept: Iterable[dict[str, Any]] = turn.thread.answers.get(WAITS, ())
    rows = [StaffRow(**row) for row in kept]
    if not rows:
        raise Refused(say("stafflist-how"))
    if not turn.place.is_private:
        raise Refused(say("people-invite-private"))
    return staffing.checked(turn.records, rows, may_give(turn.person))


ANSWERS: dict[str, Callable[[Turn], Reply]] = {
    "stafflist-show": show,
    "stafflist-accept": accept,
    "stafflist-cancel": cancel,
}
