"""What part of the agency is meant: by a message, a command or a form; its name, and the part itself."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from handlers import charts, naming
from handlers.grams import Index, key
from handlers.parts import Parts
from handlers.scope import EVERYTHING, Scope
from handlers.talk import Choice, Refused, Reply, Say, Turn, quote, say
from storage import indicators, roles
from storage.agencies import Agency, Unit, find_unit
from storage.indicators import Indicator
from storage.measures import Duty
from storage.plans import Plan
from storage.standing import Standing

ALIKE = 0.6  # share of an indicator's name that must be said for it to be meant
NEAREST = 3
MANY = 8  # offices named in a refusal
Offer = Callable[[Indicator], str]


def asked(turn: Turn, plan: Plan, intent: str, unit: Unit | None = None, offer: Offer | None = None) -> Scope:
    """What a message names: a unit (else ``unit``), a topic, an indicator, a role; a button names nothing.

    ``offer`` makes the value of the button under which an indicator is offered for one nobody knows.

    Raises:
        Refused: it names what the agency or its plan does not have; what there is, is told.
    """
    parts = turn.reading.parts
    if turn.reading.args or not isinstance(parts, Parts):
        return EVERYTHING
    topic = next((one for one in plan.topics if parts.topic_said and one.no == parts.topic_said), None)
    indicator = _indicator_said(turn, plan, parts.indicator_said, offer) if parts.indicator_said else None
    role = _role_said(turn, plan, parts.role_said)
    return Scope(naming.unit_asked(turn, intent, unit), topic, indicator, role)


def _indicator_said(turn: Turn, plan: Plan, said: str, offer: Offer | None) -> Indicator:
    known = indicators.every(turn.records, plan)
    said = said if said.isdecimal() else naming.plain(turn, said) or said
    if found := find_indicator(known, said):
        return found
    near = [] if offer is None else _nearest(known, said)
    choices = tuple(Choice(offer(one), title_of(one)) for one in near) if offer else ()
    told = tuple(title_of(one) for one in known)
    raise Refused(Reply(say=say("scoping-no-indicator", said=said, indicators=told), choices=choices))


def _nearest(known: list[Indicator], said: str) -> list[Indicator]:
    """The indicators whose names are likest to what was said."""
    hits = Index({int(one.no): [(one.name, 1.0)] for one in known}).look(said, {}, NEAREST)
    return [one for hit in hits for one in known if one.no == str(hit.name)]


def find_indicator(known: list[Indicator], said: str) -> Indicator | None:
    """The indicator with this number, or whose name a text holds or is much like."""
    if said.isdecimal():
        return next((one for one in known if one.no == str(int(said))), None)
    letters = key(said)
    holding = [one for one in known if key(one.name) in letters]
    if holding:
        return max(holding, key=lambda one: len(one.name))
    hits = Index({int(one.no): [(one.name, 1.0)] for one in known}).look(said, {}, 2)
    if not hits or hits[0].share < ALIKE:
        return None
    return next(one for one in known if one.no == str(hits[0].name))


def _role_said(turn: Turn, plan: Plan, said: str) -> str:
    """The role that is said; an office only where the plan names it, else those it names are told."""
    if said in ("", *roles.ROLES) or roles.of_office(turn.records, plan, said):
        return said
    raise Refused(_no_office(said, roles.offices(turn.records, plan)))


def _no_office(said: str, known: list[str]) -> Say:
    if not known:
        return say("scoping-no-offices", said=said)
    return say("scoping-no-office", said=said, offices=tuple(quote(one) for one in known[:MANY]))


def by_words(
    records: Session, plan: Plan, *, unit: str = "", topic: str = "", indicator: str = "", role: str = ""
) -> Scope:
    """The scope a command or form names. Raises Refused for what there is not."""
    mine = find_unit(records, unit) if unit else None
    if unit and mine is None:
        raise Refused(say("cli-unit-unknown", name=unit))
    topics = {one.no: one for one in plan.topics}
    if topic and topic not in topics:
        raise Refused(say("cli-topic-unknown", topic=topic, topics=", ".join(topics)))
    known = indicators.every(records, plan)
    meant = find_indicator(known, indicator) if indicator else None
    if indicator and meant is None:
        told = ", ".join(f"{one.no} {one.name}" for one in known)
        raise Refused(say("cli-indicator-unknown", indicator=indicator, indicators=told))
    if role not in ("", *roles.ROLES) and not roles.of_office(records, plan, role):
        raise Refused(_no_office(role, roles.offices(records, plan)))
    return Scope(mine, topics.get(topic), meant, role)


def part_of(records: Session, agency: Agency, plan: Plan, whole: Standing, scope: Scope) -> Standing:
    """The part of a plan's standing that a scope is about. Raises Refused where no measure belongs to it."""
    if scope == EVERYTHING:
        return whole
    found = whole.only(
        topic=scope.topic.no if scope.topic else None, measures=_measures(records, agency, plan, scope)
    )
    if scope.role in roles.ROLES:
        found = _of_role(records, plan, found, scope)
    elif scope.unit is not None:
        found = found.only(unit=scope.unit.id)
    if not found.measures and (scope.indicator or scope.role):
        raise Refused(say("scoping-nothing", of=about(scope)))
    return found


def _measures(records: Session, agency: Agency, plan: Plan, scope: Scope) -> set[int] | None:
    """The measures that the indicator and the office leave; None where neither is named."""
    kept: list[set[int]] = []
    if scope.indicator is not None:
        own = dict(agency.settings.get(indicators.SETTING, {}))
        kept.append(indicators.measures_of(records, plan, scope.indicator, own))
    if scope.role and scope.role not in roles.ROLES:
        kept.append(roles.of_office(records, plan, scope.role))
    return set.intersection(*kept) if kept else None


def _of_role(records: Session, plan: Plan, found: Standing, scope: Scope) -> Standing:
    """What units answer for in a role. Supporters owe nothing: theirs is how the measures stand."""
    mine = [
        one
        for one in roles.answering(records, plan)
        if one.role == scope.role and (scope.unit is None or one.unit_id == scope.unit.id)
    ]
    if scope.role == Duty.SUPPORT:
        return found.only(measures={one.measure_id for one in mine})
    pairs = {(one.measure_id, one.unit_id) for one in mine if one.unit_id is not None}
    return found.only(pairs=pairs)


def tells(scope: Scope, now: Standing) -> set[tuple[int, int]] | None:
    """The (measure, unit) pairs whose reports are in a scope; None where those of every unit are."""
    if scope.unit is None and scope.role not in roles.ROLES:
        return None
    return {(one.measure_id, one.unit_id) for one in now.owed}


def title_of(one: Indicator) -> Say:
    """An indicator by its number and name."""
    return say("scoping-indicator", no=one.no, name=one.name)


def titled(title: Say, scope: Scope) -> Say:
    """A title with what it is about."""
    return title if scope == EVERYTHING else say("summary-title-of", title=title, of=about(scope))


def about(scope: Scope) -> Say:
    """What a scope is about, by name."""
    return say("scoping-names", names=tuple(_names(scope)))


def _names(scope: Scope) -> Iterable[Say]:
    if scope.topic is not None:
        yield charts.topic((scope.topic.no, scope.topic.title))
    if scope.indicator is not None:
        yield title_of(scope.indicator)
    unit = quote(scope.unit.name) if scope.unit is not None else None
    role = say(f"scoping-{scope.role}") if scope.role in roles.ROLES else quote(scope.role)
    if unit is not None and scope.role:
        yield say("scoping-unit-role", unit=unit, role=role)
    elif unit is not None or scope.role:
        yield unit or role
