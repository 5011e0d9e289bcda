"""The report rounds of the year: when each is due, to whom and through which channel."""

import re

from handlers import naming, telling
from handlers.grams import Index
from handlers.talk import Card, Mark, Refused, Reply, Row, Turn, say
from storage import rounds
from storage.rounds import Round

LIKE = 0.5
_NUMBER = re.compile(r"\d+")


def show(turn: Turn) -> Reply:
    """The round a message names by its name, else the next one; all of them stand on the card."""
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("rounds-no-plan"))
    known = rounds.rounds(turn.records, plan)
    if not known:
        return Reply(say=say("rounds-none"))
    rows = tuple(_row(turn, one) for one in known)
    card = Card(title=say("rounds-title", year=str(plan.fiscal_year)), rows=rows)
    meant = _meant(turn, known)
    if meant is None:
        return Reply(say=say("rounds-over"), cards=(card,))
    days = (meant.due_on - turn.today).days
    name = "rounds-due" if days >= 0 else "rounds-past"
    return Reply(say=say(name, name=meant.name, day=meant.due_on, days=abs(days)), cards=(card,))


def _meant(turn: Turn, known: list[Round]) -> Round | None:
    """The round whose name stands in the message, else the next that is due."""
    said = set(_NUMBER.findall(turn.reading.text))
    numbered = [one for one in known if said and set(_NUMBER.findall(one.name)) & said]
    if len(numbered) == 1:
        return numbered[0]
    index = Index({one.id: [(one.name, 1.0)] for one in known})
    hits = index.look(turn.reading.text, {}, 2)
    if hits and hits[0].share >= LIKE and (len(hits) < 2 or hits[0].weight > hits[1].weight):
        return next(one for one in known if one.id == hits[0].name)
    return next((one for one in known if one.due_on >= turn.today), None)


def _row(turn: Turn, one: Round) -> Row:
    mark: Mark = "done" if one.due_on < turn.today else "due"
    told = say("rounds-row", name=one.name, day=one.due_on)
    return Row(told, mark=mark, value=telling.text(one.receiver) if one.receiver else None)


ANSWERS = {"rounds-show": show}
