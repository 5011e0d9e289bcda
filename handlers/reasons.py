"""Why a report was read as it was: which words led to the measure, the status, the day."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from handlers import rights
from handlers.grounds import FAIRLY, SURE
from handlers.parts import Reason
from handlers.recording import status
from handlers.talk import Card, Choice, Found, Mark, Refused, Reply, Row, Say, Turn, say
from handlers.telling import named, short
from storage import progress
from storage.measures import Measure
from storage.progress import UNSENT, Update

ZONE = "Asia/Bangkok"
SHOWN = 200  # letters of what was said
TOLD = ("status", "percent", "count_done", "step", "fact_on", "new_due_on", "blocker")
COLUMNS = {"step": "step_no"}  # where a report keeps it under another name


def sureness(confidence: float) -> Say:
    """How sure a finding is, in words."""
    if confidence >= SURE:
        return say("reasons-sure")
    return say("reasons-fairly-sure" if confidence >= FAIRLY else "reasons-unsure")


def ground(measure: Measure, by: str, words: str, confidence: float) -> Say:
    """What led to a measure."""
    return say(f"reasons-measure-{by}", measure=named(measure), words=words, sureness=sureness(confidence))


def finding(one: Reason) -> Say:
    """What led to a status, a number or a day."""
    return say(
        f"reasons-{one.what.replace('_', '-')}",
        value=status(str(one.value)) if one.what == "status" else one.value,
        words=one.words,
        sureness=sureness(one.confidence),
    )


def show(turn: Turn) -> Reply:
    """The reasons of the report on the button or on the card replied to; in private where it was a group."""
    update = _meant(turn)
    measure = turn.records.get_one(Measure, update.measure_id)
    versions = [one for one in progress.chain(turn.records, update) if one.version <= update.version][::-1]
    by, words, confidence = _why(versions)
    led = say(
        f"reasons-measure-{by}", measure=say("reasons-this"), words=words, sureness=sureness(confidence)
    )
    rows = [Row(led, mark=_mark(confidence)), *_findings(turn, update, versions)]
    card = Card(
        title=named(measure),
        subtitle=say("reasons-said", text=short(update.source_text or update.note, SHOWN), at=update.said_at),
        rows=tuple(rows),
        choices=(
            Choice(f"progress-edit:{update.id}", say("progress-button-edit")),
            Choice(f"progress-withdraw:{update.id}", say("progress-button-withdraw"), style="danger"),
        ),
        about=f"update:{update.id}",
    )
    return Reply(say=say("reasons-told"), cards=(card,), found=Found(measures=(measure.code,)))


def _meant(turn: Turn) -> Update:
    kind, _, number = turn.about.partition(":")
    number = next(iter(turn.reading.args), "") or (number if kind == "update" else "")
    if not number and not turn.about and turn.thread.update_id:
        number = str(turn.thread.update_id)
    found = turn.records.get(Update, int(number)) if number.isdecimal() else None
    if found is None:
        raise Refused(say("reasons-which"))
    if not rights.may_report_for(turn, found.unit_id):
        raise Refused(say("reasons-not-yours"))
    if found.state == UNSENT:
        raise Refused(say("reasons-gone"))
    return found


def _why(versions: list[Update]) -> tuple[str, str, float]:
    """How the measure was found: a correction keeps the ground of what it corrects."""
    kept = next((one.details["why"] for one in versions if "why" in one.details), None)
    if kept is None:
        return "unknown", "", 0.0
    return kept["by"], kept["words"], kept["confidence"]


def _mark(confidence: float) -> Mark:
    """What is not sure stands out."""
    return "" if confidence >= SURE else "due"


def _findings(turn: Turn, update: Update, versions: list[Update]) -> Iterator[Row]:
    """Each thing the report holds with its words: its own, else those of the version it corrects."""
    found: dict[str, Reason] = {}
    for one in versions:
        for reason in _read(turn, one):
            if reason.what not in found and _holds(update, reason):
                found[reason.what] = reason
    for what in TOLD:
        if what in found:
            yield Row(finding(found[what]), mark=_mark(found[what].confidence))
        elif what == "status":
            yield Row(say("reasons-status-assumed", value=status(update.status)), mark="due")


def _read(turn: Turn, one: Update) -> tuple[Reason, ...]:
    zone = ZoneInfo(turn.agency.settings.get("timezone", ZONE))
    day = one.said_at.astimezone(zone).date()
    texts = dict.fromkeys(text for text in (one.note, one.source_text) if text)
    return tuple(reason for text in texts for reason in turn.reasons(text, day))


def _holds(update: Update, reason: Reason) -> bool:
    """Whether the report says what the words do: a day may have been mended since."""
    value: str | float | date | None = getattr(update, COLUMNS.get(reason.what, reason.what), None)
    return value == reason.value


ANSWERS = {"reasons-show": show}
