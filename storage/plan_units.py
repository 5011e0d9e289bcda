"""The units a plan writes, matched with those the agency has; decided doubts become other names."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from storage import doubts
from storage.agencies import Unit, UnitAlias, units
from storage.measures import Duty, measures
from storage.plans import Plan


class Known:
    """The agency's units by every name they have, spaces and case left out."""

    def __init__(self, there: Iterable[Unit]) -> None:
        self._by_name: dict[str, Unit] = {}
        for unit in there:
            self.learn(unit, unit.name, unit.short_name, *(alias.text for alias in unit.aliases))
        self.is_empty = not self._by_name

    def learn(self, unit: Unit, *names: str) -> None:
        """Remember a unit under more names."""
        for name in filter(None, names):
            self._by_name.setdefault(_key(name), unit)

    def find(self, name: str) -> Unit | None:
        """The unit with this name."""
        return self._by_name.get(_key(name))


def _key(name: str) -> str:
    return "".join(name.lower().split())


def settle(session: Session, plan: Plan) -> None:
    """Every unit written in the plan becomes a record; accepted doubts about names become aliases."""
    known = Known(units(session))
    means = doubts.names(plan)
    position = len(units(session))
    for one in measures(session, plan):
        for duty in one.responsibilities:
            if duty.unit_id is None and duty.role != Duty.ALL_UNITS:
                position += 1
                duty.unit_id = _unit(session, duty.written, means, known, position).id
    for name, other in means.items():
        if (unit := known.find(other)) and known.find(name) is None:
            session.add(UnitAlias(unit_id=unit.id, text=name[:200]))
            known.learn(unit, name)
    session.flush()


def _unit(session: Session, name: str, means: dict[str, str], known: Known, position: int) -> Unit:
    if found := known.find(name):
        return found
    if name in means:
        other = means[name]
        unit = _unit(session, other, {key: to for key, to in means.items() if key != name}, known, position)
        session.add(UnitAlias(unit_id=unit.id, text=name[:200]))
    else:
        unit = Unit(name=name[:200], position=position)
        session.add(unit)
    session.flush()
    known.learn(unit, name)
    return unit
