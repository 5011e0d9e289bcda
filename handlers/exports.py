"""The official papers in chat: asked for by name, with a unit, days and a format where they are said."""

from collections.abc import Callable
from functools import partial

from handlers import issuing, naming, periods, rulebook, scoping
from handlers.issuing import Wanted
from handlers.orders import Order
from handlers.parts import Parts
from handlers.scope import EVERYTHING, Period, Scope
from handlers.talk import Refused, Reply, Turn, say
from storage.calendar import fiscal_year, fiscal_year_of
from storage.policies import PolicyVersion

FORMATS = ("docx", "pdf", "xlsx")
NAMES_STAFF = "acknowledgements"


def paper(kind: str, turn: Turn) -> Reply:
    """One official paper, as a card of its figures with the file.

    Raises:
        Refused: there is no plan, or what it is about is missing (the unit, the policy), or it names
            people and others listen.
    """
    if kind == NAMES_STAFF and not turn.place.is_private:
        raise Refused(say("exports-names-private"))
    wanted = issuing.same_as(turn) or _wanted(kind, turn)
    plan = issuing.plan_for(turn.records, wanted.covers, turn.today)
    made = issuing.KINDS[kind](
        Order(turn.records, turn.agency, plan, wanted.covers, turn.today, wanted.scope, wanted.policy)
    )
    return issuing.give(turn, wanted, made, f"exports-{kind}", FORMATS)


def _wanted(kind: str, turn: Turn) -> Wanted:
    """What a message names; a form is one's own unit's where none is said."""
    covers = _covers(turn)
    plan = issuing.plan_for(turn.records, covers, turn.today)
    scope = scoping.asked(turn, plan, f"exports-{kind}", turn.unit if kind == "form" else None)
    if scope == EVERYTHING:  # a button's unit
        scope = Scope(naming.unit_asked(turn, f"exports-{kind}", turn.unit if kind == "form" else None))
    return Wanted(kind, format_of(turn), covers, scope, _policy(turn, kind))


def format_of(turn: Turn) -> str:
    """The format of a button or of the message; Word where none is said."""
    if turn.reading.args and turn.reading.args[0] in issuing.OFFERED:
        return turn.reading.args[0]
    parts = turn.reading.parts
    return (parts.format if isinstance(parts, Parts) else "") or FORMATS[0]


def _covers(turn: Turn) -> Period:
    """The days that are said; else the fiscal year so far."""
    plan = naming.plan_of(turn)
    said = periods.asked(turn, plan) if plan is not None and not turn.reading.args else None
    return said or Period(fiscal_year(fiscal_year_of(turn.today))[0], turn.today)


def _policy(turn: Turn, kind: str) -> PolicyVersion | None:
    if kind != NAMES_STAFF:
        return None
    return rulebook.named(turn, turn.reading.text)


ANSWERS: dict[str, Callable[[Turn], Reply]] = {
    f"exports-{kind}": partial(paper, kind) for kind in issuing.KINDS
}
