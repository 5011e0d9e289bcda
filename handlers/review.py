"""Reports looked at in chat: what waits, accept, return with a comment, ask a unit, hand in again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from handlers import forms, naming, recording, reviewing, rights, telling
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Turn, quote, say
from storage import evidence, history, reviews
from storage.agencies import Unit
from storage.measures import Measure
from storage.progress import RETURNED, Update
from storage.rounds import Occurrence

AT_ONCE = 3


def waiting(turn: Turn) -> Reply:
    """The reports nobody has looked at yet, the oldest first, each with its two buttons."""
    plan = naming.plan_of(turn)
    found = reviews.waiting(turn.records, plan) if plan is not None else []
    if not found:
        return Reply(say=say("review-none"))
    cards = tuple(card(turn.records, one) for one in found[:AT_ONCE])
    more = (Choice("review-list", say("review-more")),) if len(found) > AT_ONCE else ()
    return Reply(
        say=say("review-waiting", count=len(found)),
        cards=cards,
        choices=more,
        found=Found(measures=telling.codes(found[:AT_ONCE])),
    )


def card(records: Session, one: Occurrence) -> Card:
    """A report as the secretary looks at it."""
    update = reviews.latest(records, one)
    shown = evidence.evidence_of(records, one.id)
    mark = telling.MARKS.get(one.status, "open")
    rows = [Row(say(f"status-{one.status}"), mark=mark, share=telling.share(one))]
    if update is not None and update.note:
        rows.append(Row(telling.text(update.note), mark="quote"))
    if shown:
        rows.append(Row(say("progress-evidence", parts=tuple(recording.papers(shown))), mark="note"))
    elif one.status == "done":
        rows.append(Row(say("measures-no-evidence"), mark="due"))
    who = update.person.name if update is not None and update.person else ""
    at = one.reported_at
    return Card(
        title=recording.title(one.measure),
        subtitle=say("review-of", unit=one.unit.name, who=quote(who) if who else None, at=at),
        rows=tuple(rows),
        choices=reviewing.buttons(update) if update is not None else (),
        about=f"update:{update.id}" if update is not None else "",
    )


def _number(turn: Turn) -> int:
    """The report meant: the button's, or the card's that was replied to."""
    kind, _, about = turn.about.partition(":")
    given = turn.reading.args[0] if turn.reading.args else about if kind == "update" else ""
    if not given.isdecimal():
        raise Refused(say("review-which"))
    return int(given)


def show(turn: Turn) -> Reply:
    """One report, with its two buttons."""
    update = reviewing.find(turn.records, _number(turn))
    code = update.occurrence.measure.code
    return Reply(
        say=say("review-shown", code=code, unit=update.occurrence.unit.name),
        cards=(card(turn.records, update.occurrence),),
        found=Found(measures=(code,)),
    )


def accept(turn: Turn) -> Reply:
    """The report is accepted; what waits next is shown."""
    assert turn.person is not None
    update = reviewing.accept(turn.records, turn.person, _number(turn), turn.at, turn.place.channel)
    return _done(turn, update, "review-accepted")


def _done(turn: Turn, update: Update, name: str) -> Reply:
    plan = naming.plan_of(turn)
    left = reviews.waiting(turn.records, plan) if plan is not None else []
    measure = update.occurrence.measure
    return Reply(
        say=say(name, code=measure.code, unit=update.occurrence.unit.name, left=len(left)),
        cards=tuple(card(turn.records, one) for one in left[:1]),
        found=Found(measures=(measure.code,)),
    )


def begin_return(turn: Turn) -> Reply:
    """Ask what is wrong with a report before it goes back."""
    update = reviewing.find(turn.records, _number(turn))
    return forms.begin("review-return", RETURN, turn, {"update": update.id})


class _Return:
    """A report goes back with one comment."""

    def __init__(self) -> None:
        self.questions: Mapping[str, forms.Question] = {"comment": forms.Question(_read, _ask)}

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        if turn.person is None or not rights.may(turn.person, "review-return"):
            raise Refused(say("rights-leaders"))
        number, told = int(answers["update"]), str(answers["comment"])
        update = reviewing.give_back(turn.records, turn.person, number, told, turn.at, turn.place.channel)
        return _done(turn, update, "review-returned")


def _read(turn: Turn, answers: dict[str, Any]) -> str | None:
    return turn.reading.text.strip() or None


def _ask(turn: Turn, answers: dict[str, Any]) -> Reply:
    update = turn.records.get_one(Update, int(answers["update"]))
    measure = update.occurrence.measure
    return Reply(say=say("review-what", code=measure.code, unit=update.occurrence.unit.name))


def ask_unit(turn: Turn) -> Reply:
    """Ask a unit how a measure stands: both by button, or as the message names them."""
    assert turn.person is not None
    measure, unit = _meant(turn)
    reviewing.ask(turn.records, turn.person, unit, [measure], turn.at, turn.today)
    return Reply(
        say=say("review-asked", code=measure.code, unit=unit.name), found=Found(measures=(measure.code,))
    )


def _meant(turn: Turn) -> tuple[Measure, Unit]:
    numbers = [int(one) for one in turn.reading.args if one.isdecimal()]
    if len(numbers) == 2:
        measure, unit = turn.records.get(Measure, numbers[0]), turn.records.get(Unit, numbers[1])
    else:
        measure = _named(turn)
        unit = next(iter(naming.units(turn)), None)
        if measure is not None and unit is None:
            unit = next((one.unit for one in measure.responsibilities if one.unit), None)
    if measure is None or unit is None:
        raise Refused(say("review-ask-which"))
    return measure, unit


def _named(turn: Turn) -> Measure | None:
    matches = naming.measures(turn)
    return matches[0].measure if matches and (matches[0].sure or len(matches) == 1) else None


def again(turn: Turn) -> Reply:
    """The reporter has mended what was wrong: the same report is looked at again."""
    update = turn.records.get(Update, _number(turn))
    if update is None or update.state != RETURNED or update.occurrence.review != RETURNED:
        raise Refused(say("review-again-no"))
    own = turn.person is not None and update.person_id == turn.person.id
    if not own and not rights.may_report_for(turn, update.unit_id):
        raise Refused(say("progress-not-yours"))
    reviews.hand_in_again(turn.records, update)
    history.note(turn.records, "review-again", f"measure:{update.measure_id}", turn.person, update=update.id)
    code = update.occurrence.measure.code
    return Reply(say=say("review-again-done", code=code), found=Found(measures=(code,)))


RETURN = _Return()
FORMS = {"review-return": RETURN}
ANSWERS = {
    "review-list": waiting,
    "review-show": show,
    "review-accept": accept,
    "review-return": begin_return,
    "review-ask": ask_unit,
    "review-again": again,
}
