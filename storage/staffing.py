"""A list of staff brought in: who is new, which rows cannot be taken and why, units made on the way."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from storage import codes, history, people
from storage.agencies import Unit, units
from storage.base import Json
from storage.codes import PERSON
from storage.people import Person, Role
from storage.plan_units import Known

NEAR = 0.85  # letters two names of units have in common from which one may be a slip of the other
LONGEST_NAME, LONGEST_UNIT = 120, 200


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row of a list of staff. ``problem`` is why it cannot be taken (a code that the words of
    ``stafflist-why-…`` explain, empty when it can), ``about`` what it is compared with."""

    no: int
    name: str
    unit: str = ""
    role: str = Role.OFFICER
    problem: str = ""
    about: str = ""

    def packed(self) -> Json:
        """As JSON, while it waits to be confirmed."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Invited:
    """A person and the code that lets them in; the only moment at which the code is known."""

    name: str
    unit: str
    role: str
    code: str


def checked(session: Session, rows: Iterable[StaffRow], may_give: Iterable[str]) -> list[StaffRow]:
    """The rows with what is wrong with each, against the staff and units there are."""
    staff, there = people.staff(session), units(session)
    known, allowed = Known(there), set(may_give)
    entered = {_key(one.name): one for one in staff}
    seen: set[str] = set()
    made = []
    for row in rows:
        one = row if row.problem else _checked(row, entered, seen, there, known, allowed)
        seen.add(_key(row.name))
        made.append(one)
    return made


def _checked(
    row: StaffRow,
    entered: dict[str, Person],
    seen: set[str],
    there: list[Unit],
    known: Known,
    allowed: set[str],
) -> StaffRow:
    same = entered.get(_key(row.name))
    if _key(row.name) in seen:
        return replace(row, problem="twice")
    if same is not None:
        home = same.unit.name if same.unit else ""
        is_here = not row.unit or known.find(row.unit) is same.unit
        return replace(row, problem="there" if is_here else "elsewhere", about=home)
    if row.role not in allowed:
        return replace(row, problem="role-above")
    if row.unit and known.find(row.unit) is None and (near := _near(row.unit, there)):
        return replace(row, problem="unit-near", about=near)
    return row


def _near(name: str, there: list[Unit]) -> str:
    """A unit whose name is so like this one that one of them is a slip."""
    key = _key(name)
    ratios = {
        unit.name: SequenceMatcher(None, key, _key(unit.name), autojunk=False).ratio() for unit in there
    }
    best = max(ratios, key=lambda other: ratios[other], default="")
    return best if best and ratios[best] >= NEAR else ""


def _key(text: str) -> str:
    return "".join(text.lower().split())


def new_units(session: Session, rows: Iterable[StaffRow]) -> list[str]:
    """The units that the rows that can be taken would make."""
    known = Known(units(session))
    named = [row.unit for row in rows if row.unit and not row.problem and known.find(row.unit) is None]
    return list({_key(name): name for name in named}.values())


def enter(session: Session, rows: Iterable[StaffRow], by: Person | None = None) -> list[Person]:
    """Enter the people of the rows that can be taken, and the units they name."""
    known, made = Known(units(session)), []
    position = max((unit.position for unit in units(session)), default=0)
    for row in rows:
        if row.problem:
            continue
        unit = known.find(row.unit) if row.unit else None
        if row.unit and unit is None:
            position += 1
            unit = Unit(name=row.unit[:LONGEST_UNIT], position=position)
            session.add(unit)
            session.flush()
            known.learn(unit, unit.name)
            history.note(session, "unit-added", f"unit:{unit.id}", by)
        unit_id = unit.id if unit else None
        person = Person(name=row.name[:LONGEST_NAME], unit_id=unit_id, role=row.role, language="th")
        session.add(person)
        session.flush()
        history.note(session, "person-added", f"person:{person.id}", by)
        made.append(person)
    session.flush()
    return made


def invite(session: Session, whom: Iterable[Person], at: datetime, by: Person | None = None) -> list[Invited]:
    """A new code for each person; earlier ones stop working."""
    made = []
    for person in whom:
        session.refresh(person)
        code = codes.new_code(session, PERSON, at, person=person)
        history.note(session, "code-given", f"person:{person.id}", by)
        made.append(Invited(person.name, person.unit.name if person.unit else "", person.role, code))
    return made


def waiting(session: Session, unit_id: int | None = None) -> list[Person]:
    """The staff who have not come in by any account yet, of one unit or of all."""
    return [
        one
        for one in people.staff(session)
        if not any(each.is_chat for each in one.identities) and unit_id in (None, one.unit_id)
    ]
