"""Accept a report, return it, ask a unit how a measure stands, close a round: the same for chat and page."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import recording, telling
from handlers.packing import pack
from handlers.talk import Card, Choice, Refused, Reply, Row, say
from storage import forms, history, outbox, people, reviews, rounds
from storage.agencies import Agency, Unit
from storage.measures import Measure
from storage.outbox import Letter
from storage.people import Person, Role
from storage.progress import COUNTED, Update
from storage.reviews import Asking, Review
from storage.rounds import Occurrence, Round

COMMENT_MOST = 1000
ASKED_SHOWN = 8


def find(records: Session, number: int) -> Update:
    """The version to be looked at, held until the word on it is written.

    Raises:
        Refused: it is gone, was taken back, or a newer one stands in its place.
    """
    update = records.get(Update, number)
    if update is None:
        raise Refused(say("review-gone"))
    reviews.hold(records, update.occurrence_id)
    records.refresh(update)
    newest = reviews.latest(records, update.occurrence)
    if update.state != COUNTED or (newest is not None and newest.version > update.version):
        raise Refused(say("review-changed", code=update.occurrence.measure.code))
    return update


def waiting_of(records: Session, owed: Iterable[Occurrence]) -> list[Update]:
    """The reports on some things owed that nobody has looked at yet."""
    found = [reviews.latest(records, one) for one in owed if one.reported_at and not one.review]
    return [one for one in found if one is not None]


def buttons(update: Update) -> tuple[Choice, ...]:
    """What the secretary can say to a report."""
    return (
        Choice(f"review-accept:{update.id}", say("review-accept"), style="main"),
        Choice(f"review-return:{update.id}", say("review-return")),
    )


def accept(records: Session, by: Person, number: int, at: datetime, channel: str) -> Update:
    """The report stands. Raises Refused."""
    update = find(records, number)
    if update.occurrence.review == reviews.ACCEPTED:
        raise Refused(say("review-accepted-already", code=update.occurrence.measure.code))
    word = Review(update_id=update.id, person_id=by.id, at=at, channel=channel, comment="")
    reviews.accept(records, word, update)
    history.note(records, "review-accepted", f"measure:{update.measure_id}", by, update=update.id)
    return update


def give_back(records: Session, by: Person, number: int, comment: str, at: datetime, channel: str) -> Update:
    """The report is returned, and its reporter told why. Raises Refused, also without a comment."""
    comment = comment.strip()[:COMMENT_MOST]
    if not comment:
        raise Refused(say("review-comment-needed"))
    update = find(records, number)
    word = Review(update_id=update.id, person_id=by.id, at=at, channel=channel, comment=comment)
    reviews.give_back(records, word, update)
    history.note(records, "review-returned", f"measure:{update.measure_id}", by, update=update.id)
    _tell_reporter(records, update, by, comment, at)
    return update


def _tell_reporter(records: Session, update: Update, by: Person, comment: str, at: datetime) -> None:
    measure = update.occurrence.measure
    card = Card(
        title=recording.title(measure),
        subtitle=say("review-told-by", name=by.name),
        rows=(Row(telling.text(comment), mark="quote"), Row(say("review-told-next"), mark="note")),
        choices=(
            Choice(f"review-again:{update.id}", say("review-again"), style="main"),
            Choice(f"progress-report:{measure.id}", say("review-report-anew")),
        ),
        about=f"update:{update.id}",
        mark="overdue",
    )
    reply = Reply(say=say("review-told", code=measure.code), cards=(card,))
    for place, language in places_of(records, update.person, update.occurrence.unit)[:1]:
        if update.person is not None and language:
            talk = forms.thread(records, place, place)
            talk.measure_id, talk.update_id, talk.touched_at = measure.id, update.id, at
            records.flush()  # it is another's talk: it must not be undone with theirs
        _write(records, place, reply, language)


def places_of(records: Session, person: Person | None, unit: Unit) -> list[tuple[str, str]]:
    """Where a person is reached, with the language; else the unit's group, else its coordinators."""
    found: list[tuple[str, str]] = []
    if person is not None and person.left_at is None:
        reached = (one for one in person.identities if one.is_chat and one.unfollowed_at is None)
        found += [(one.address, person.language) for one in reached]
    return found or unit_places(records, unit)


def unit_places(records: Session, unit: Unit) -> list[tuple[str, str]]:
    """Where a unit is reached: its group, else its coordinators in private."""
    if groups := people.groups_of(records, unit.id):
        return [(groups[0].address, "")]
    leading = select(Person).where(
        Person.unit_id == unit.id, Person.role == Role.COORDINATOR, Person.left_at.is_(None)
    )
    led = (
        (one, next((each for each in one.identities if each.is_chat), None))
        for one in records.scalars(leading)
    )
    return [(reached.address, one.language) for one, reached in led if reached]


def ask(
    records: Session, by: Person, unit: Unit, measures: Iterable[Measure], at: datetime, today: date
) -> int:
    """Ask a unit, in its group, how measures stand; how many were asked about that were not today already.

    Raises:
        Refused: all were asked about today, or nobody of the unit can be reached.
    """
    reviews.hold(records, unit.id, Unit)
    new = [one for one in measures if not reviews.was_asked(records, unit.id, one.id, today)]
    if not new:
        raise Refused(say("review-asked-today", unit=unit.name))
    places = unit_places(records, unit)
    if not places:
        raise Refused(say("review-nobody", unit=unit.name))
    for one in new:
        records.add(Asking(unit_id=unit.id, measure_id=one.id, asked_on=today, person_id=by.id, at=at))
        history.note(records, "review-asked", f"measure:{one.id}", by, unit=unit.id)
    records.flush()
    reply = _question(records, unit, new, today)
    for place, language in places:
        _write(records, place, reply, language)
    return len(new)


def _question(records: Session, unit: Unit, measures: list[Measure], today: date) -> Reply:
    owed = records.scalars(
        select(Occurrence)
        .where(Occurrence.unit_id == unit.id, Occurrence.measure_id.in_([one.id for one in measures]))
        .order_by(Occurrence.due_on)
    )
    first: dict[int, Occurrence] = {}
    for one in owed:
        if one.status not in rounds.SETTLED:
            first.setdefault(one.measure_id, one)
    rows = tuple(
        telling.row(first[one.id], today) if one.id in first else Row(telling.named(one))
        for one in measures[:ASKED_SHOWN]
    )
    return Reply(
        say=say("review-ask", unit=unit.name, count=len(measures)),
        cards=(Card(title=say("review-ask-title"), rows=rows),),
        choices=tuple(telling.report(one) for one in measures[:3]),
    )


def close(records: Session, by: Person, call: Round, at: datetime) -> int:
    """Close a round: how everything in it stands is kept as it is; how much that is. Raises Refused."""
    if call.frozen_at is not None:
        raise Refused(say("review-closed-already", name=call.name, day=call.frozen_at))
    owed = reviews.owed_in(records, call)
    reviews.freeze(records, call, owed, at)
    history.note(records, "round-closed", f"round:{call.id}", by, count=len(owed))
    return len(owed)


def reopen(records: Session, by: Person, call: Round, why: str) -> None:
    """Open a closed round again, with the reason in the history. Raises Refused, also without a reason."""
    why = why.strip()[:COMMENT_MOST]
    if call.frozen_at is None:
        raise Refused(say("review-open-already", name=call.name))
    if not why:
        raise Refused(say("review-reopen-why", name=call.name))
    closed = call.frozen_at
    reviews.thaw(records, call)
    history.note(records, "round-reopened", f"round:{call.id}", by, why=why, closed=closed.isoformat())


def _write(records: Session, place: str, reply: Reply, language: str) -> None:
    agency = records.get_one(Agency, records.info["agency"])
    outbox.write(
        records,
        Letter(
            agency_id=agency.id,
            channel=place.partition(":")[0],
            place=place,
            language=language or agency.settings.get("language", "th"),
            replies=[pack(reply)],
            purpose="review",
        ),
    )
