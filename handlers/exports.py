"""The official papers in chat: asked for by name, with a unit, days and a format where they are said."""

from collections.abc import Callable
from functools import partial

from handlers import issuing, naming, rulebook
from handlers.issuing import Wanted
from handlers.orders import Order
from handlers.parts import Parts
from handlers.scope import Period
from handlers.talk import Refused, Reply, Turn, say
from storage.agencies import Unit
from storage.calendar import fiscal_year, fiscal_year_of
from storage.policies import PolicyVersion
from storage.spans import find_spans

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
    args = turn.reading.args
    covers = issuing.days_of(args[1:3]) or _covers(turn)
    wanted = Wanted(kind, format_of(turn), covers, _unit(turn, kind), None, _policy(turn, kind))
    plan = issuing.plan_for(turn.records, covers, turn.today)
    made = issuing.KINDS[kind](
        Order(turn.records, turn.agency, plan, covers, turn.today, wanted.unit, wanted.policy)
    )
    return issuing.give(turn, wanted, made, f"exports-{kind}", FORMATS)


def format_of(turn: Turn) -> str:
    """The format of a button or of the message; Word where none is said."""
    if turn.reading.args and turn.reading.args[0] in issuing.OFFERED:
        return turn.reading.args[0]
    parts = turn.reading.parts
    return (parts.format if isinstance(parts, Parts) else "") or FORMATS[0]


def _covers(turn: Turn) -> Period:
    """The days that are said; else the fiscal year so far."""
    spans = [one for one in find_spans(turn.reading.text, turn.today) if not one.of_document]
    if spans:
        return Period(spans[0].start, spans[0].end)
    return Period(fiscal_year(fiscal_year_of(turn.today))[0], turn.today)


def _unit(turn: Turn, kind: str) -> Unit | None:
    if len(turn.reading.args) > 3:
        return issuing.unit_of(turn, turn.reading.args[3])
    return naming.unit_asked(turn, f"exports-{kind}", turn.unit if kind == "form" else None)


def _policy(turn: Turn, kind: str) -> PolicyVersion | None:
    if kind != NAMES_STAFF:
        return None
    args = turn.reading.args
    if len(args) > 4 and args[4].isdecimal():
        return turn.records.get(PolicyVersion, int(args[4]))
    return rulebook.named(turn, turn.reading.text)


ANSWERS: dict[str, Callable[[Turn], Reply]] = {
    f"exports-{kind}": partial(paper, kind) for kind in issuing.KINDS
}
