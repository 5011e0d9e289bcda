"""Photos and files shown for a report: kept with the report they follow, counted in one answer a set."""

from datetime import timedelta
from typing import Any

from handlers import limits, rights
from handlers.talk import Act, Choice, File, Found, Refused, Reply, Turn, say
from storage import evidence, files, history, reviews
from storage.base import Json
from storage.evidence import WAITING, Evidence
from storage.measures import Measure
from storage.progress import COUNTED, RETURNED, Update
from storage.rounds import Occurrence

FOLLOWS = {True: timedelta(days=1), False: timedelta(minutes=30)}  # in private, in a group


def followed(turn: Turn) -> Update | None:
    """The report that something sent now belongs to: the card's replied to, or the one just made here.

    Nothing goes to another unit's report.
    """
    kind, _, number = turn.about.partition(":")
    if kind == "update" and number.isdecimal():
        answered = turn.records.get(Update, int(number))
        return answered if answered is not None and rights.may_mend(turn, answered) else None
    found = turn.records.get(Update, turn.thread.update_id) if turn.thread.update_id else None
    if (
        found is None
        or found.state not in (COUNTED, RETURNED)
        or turn.at - turn.thread.touched_at > FOLLOWS[turn.place.is_private]
    ):
        return None
    return found


def attach(turn: Turn) -> Reply | tuple[Reply, ...]:
    """Keep what was sent with the report it follows; ask which one it is for when there is none."""
    update = followed(turn)
    if not turn.files:
        return _announced(turn, update)
    if update is None:
        return _kept_for_later(turn) if turn.addressed else ()
    occurrence = turn.records.get_one(Occurrence, update.occurrence_id)
    for file in turn.files:
        add(turn, file, occurrence, update)
    number = _of_the_set(turn, update)
    told = (attached(turn, update.measure_id, number),) if number else ()
    return (*told, *handed_in_again(turn, update))


def handed_in_again(turn: Turn, update: Update) -> tuple[Reply, ...]:
    """What was missing of a returned report has come: it waits to be looked at again."""
    if update.state != RETURNED or update.occurrence.review != RETURNED:
        return ()
    reviews.hand_in_again(turn.records, update)
    history.note(turn.records, "review-again", f"measure:{update.measure_id}", turn.person, update=update.id)
    return (Reply(say=say("review-again-done", code=update.occurrence.measure.code)),)


def attached(turn: Turn, measure_id: int, number: int, names: tuple[str, ...] = ()) -> Reply:
    """Says how many photos or files are now with a measure."""
    measure = turn.records.get_one(Measure, measure_id)
    photos = all(file.kind == "photo" for file in turn.files)
    turn.thread.measure_id = measure.id
    act = Act(action="attach", measure=measure.code, evidence=names)
    return Reply(
        say=say(
            "progress-attached" if photos else "progress-attached-files", count=number, code=measure.code
        ),
        found=Found(acts=(act,), measures=(measure.code,)),
    )


def add(turn: Turn, file: File, occurrence: Occurrence | None, update: Update | None) -> Evidence:
    """A photo or file as evidence that waits for its content; the content is fetched at once."""
    if not limits.has_room(turn.records, turn.agency, file.size or 0):
        raise Refused(say("limits-room"))
    shown = Evidence(
        kind="photo" if file.kind == "photo" else "file",
        name=file.name[:300],
        size=file.size,
        person_id=turn.person.id if turn.person else None,
        state=WAITING,
        channel=turn.place.channel,
        message=turn.message,
        added_at=turn.at,
    )
    if occurrence is not None:
        evidence.attach(turn.records, occurrence, update.id if update else None, shown)
    turn.records.add(shown)
    turn.records.flush()
    files.want(turn.records, shown, turn.place.channel, _body(file))
    return shown


def _body(file: File) -> Json:
    return {"id": file.id, "kind": file.kind, "name": file.name, "size": file.size}


def _of_the_set(turn: Turn, update: Update) -> int:
    """How many pieces to tell of: the whole set once its last piece is here, nothing before."""
    size = max(file.set_size for file in turn.files)
    if size <= len(turn.files):
        return len(turn.files)
    known: dict[str, Any] = turn.thread.answers.get("set") or {}
    here = len(turn.files) + (known.get("count", 0) if known.get("update") == update.id else 0)
    if here >= size:
        turn.thread.answers.pop("set", None)
        return here
    turn.thread.answers["set"] = {"update": update.id, "count": here}
    return 0


def _announced(turn: Turn, update: Update | None) -> Reply | tuple[Reply, ...]:
    """Words that come with photos: they are expected; in a group nothing is said."""
    if update is None:
        if not turn.addressed:
            return ()
        raise Refused(say("progress-attach-to-what"))
    measure = turn.records.get_one(Measure, update.measure_id)
    found = Found(acts=(Act(action="attach", measure=measure.code),), measures=(measure.code,))
    return Reply(say=say("progress-send-them", code=measure.code) if turn.addressed else None, found=found)


def _kept_for_later(turn: Turn) -> Reply:
    """Nothing was reported yet: the pieces are kept, and the measure is asked for."""
    ids = [add(turn, file, None, None).id for file in turn.files]
    turn.thread.answers["papers"] = [*turn.thread.answers.get("papers", []), *ids]
    return Reply(
        say=say("progress-attach-which"), choices=(Choice("progress-report", say("progress-button-report")),)
    )


def give(turn: Turn, occurrence: Occurrence, update: Update) -> int:
    """Put the pieces that waited for a report with it; how many."""
    ids = turn.thread.answers.pop("papers", [])
    for number in ids:
        shown = turn.records.get(Evidence, number)
        if shown is not None:
            evidence.attach(turn.records, occurrence, update.id, shown)
    return len(ids)
