"""One doubt after the other: take the guess, leave the cell unread, or type what it should be."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from handlers import plan_deciding
from handlers.forms import Form, Question, begin
from handlers.talk import Card, Choice, Refused, Reply, Row, Say, Turn, quote, say
from storage.doubts import CHANGED, DECLINED, STATUS, open_doubts
from storage.plans import Doubt, Plan
from storage.rounds import STATUSES

ASKS = "plans-import"
CELLS = ("schedule-", "unit-", "status-", "date-")  # doubts about one cell of a measure
SHOWN = 5  # doubts shown in the preview
GUESS = 200  # letters of a guess
SAID = 600  # letters of what stands there
LONGEST = 400  # letters of what is typed instead


def card(left: list[Doubt]) -> Card:
    """The first open doubts, each with its guess."""
    rows = [Row(_line(one), "note", value=guess_of(one)) for one in left[:SHOWN]]
    if len(left) > SHOWN:
        rows.append(Row(say("plans-more-doubts", count=len(left) - SHOWN)))
    return Card(title=say("plans-doubts", count=len(left)), rows=tuple(rows), mark="note")


def _line(one: Doubt) -> Say:
    return say("plans-doubt-line", where=one.where, said=one.said[:120], why=say(f"plans-why-{one.why}"))


def guess_of(one: Doubt) -> Say | None:
    """The best guess in the reader's words: days in the reader's calendar, statuses by their names."""
    days = list(_days(one.guess))
    if days:
        pairs = zip(days[::2], days[1::2], strict=False)
        spans = [say("plans-span", start=start, end=end) for start, end in pairs]
        return say("plans-spans", spans=tuple(spans)) if spans else say("plans-day", day=days[0])
    if one.why in STATUS and one.guess in STATUSES:
        return status_name(one.guess)
    return quote(one.guess[:GUESS]) if one.guess else None


def no_guess(one: Doubt) -> Say:
    """What stands in the guess's place: a cell that could not be read, or a text that has no cell."""
    return say("plans-no-reading" if one.why.startswith(CELLS) else "plans-no-guess")


def status_name(status: str) -> Say:
    """A status in the reader's words."""
    return say(f"plans-status-{status.replace('_', '-')}")


def _days(guess: str) -> Iterator[date]:
    """The days of a guess that is made of days alone."""
    words = guess.replace(",", " ").split()
    told = [word for word in words if word != "-"]
    try:
        yield from [date.fromisoformat(word) for word in told]
    except ValueError:
        return


def shown(turn: Turn, doubt: Doubt, head: Say | None = None) -> Reply:
    """One doubt with what can be done about it."""
    plan = _plan(turn, doubt)
    left = open_doubts(turn.records, plan)
    guess = guess_of(doubt)
    rows = [Row(quote(doubt.said[:SAID]), "quote")] if doubt.said else []
    rows.append(Row(say("plans-guess", guess=guess) if guess else no_guess(doubt)))
    title = say("plans-doubt-title", number=doubt.position + 1, why=say(f"plans-why-{doubt.why}"))
    made = Card(
        title=title, subtitle=quote(doubt.where) if doubt.where else None, rows=tuple(rows), mark="note"
    )
    return Reply(
        say=head or say("plans-left", count=len(left)),
        cards=(made,),
        choices=(
            Choice(f"plans-doubt:{doubt.id}:yes", say("plans-yes"), "main"),
            Choice(f"plans-doubt:{doubt.id}:no", say("plans-no")),
            Choice(f"plans-change:{doubt.id}", say("plans-change")),
            Choice(f"plans-accept:{plan.id}", say("plans-accept")),
            Choice(f"plans-cancel:{plan.id}", say("plans-cancel"), "danger"),
        ),
        asks=ASKS,
    )


def named(turn: Turn) -> Doubt:
    """The doubt a button names, in a plan that is still a draft."""
    number = next(iter(turn.reading.args), "")
    return plan_deciding.doubt(turn.records, int(number) if number.isdecimal() else 0)[1]


def _plan(turn: Turn, doubt: Doubt) -> Plan:
    plan = turn.records.get(Plan, doubt.plan_id)
    if plan is None:
        raise Refused(say("plans-none"))
    return plan


def after(turn: Turn, doubt: Doubt) -> Doubt | None:
    """The next open doubt, from the beginning again at the end."""
    left = open_doubts(turn.records, _plan(turn, doubt))
    return next((one for one in left if one.position > doubt.position), left[0] if left else None)


def change(turn: Turn) -> Reply:
    """Ask what should stand there instead of the guess."""
    doubt = named(turn)
    return begin("plans-change", CHANGE, turn, {"doubt": doubt.id})


class _Change(Form):
    """What should stand there; read again as the document's own cell would be."""

    def __init__(self) -> None:
        self.questions = {"value": Question(_read, _ask)}

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply:
        """Put it in, and go on with the next doubt."""
        doubt = plan_deciding.change(turn.records, turn.person, answers["doubt"], answers["value"])
        return decided(turn, doubt)


def decided(turn: Turn, doubt: Doubt) -> Reply:
    """What was decided, and the next doubt; after the last one the whole plan again."""
    following = after(turn, doubt)
    plan = _plan(turn, doubt)
    if following is None:
        return Reply(
            say=say("plans-all-decided"),
            choices=(
                Choice(f"plans-activate:{plan.id}", say("plans-activate"), "main"),
                Choice(f"plans-cancel:{plan.id}", say("plans-cancel"), "danger"),
            ),
            asks=ASKS,
        )
    left = len(open_doubts(turn.records, plan))
    word = {DECLINED: "plans-was-declined", CHANGED: "plans-was-changed"}.get(
        doubt.decision, "plans-was-accepted"
    )
    return shown(turn, following, say("plans-decided-left", what=say(word), count=left))


def _read(turn: Turn, answers: dict[str, Any]) -> str | None:
    if turn.reading.intent == "answer" and turn.reading.args:
        return turn.reading.args[0]
    text = " ".join(turn.reading.text.split())
    return text if 0 < len(text) <= LONGEST else None


def _ask(turn: Turn, answers: dict[str, Any]) -> Reply:
    doubt = turn.records.get(Doubt, answers["doubt"])
    if doubt is None:
        raise Refused(say("plans-none"))
    offered = (
        tuple(Choice(f"answer:{one}", status_name(one)) for one in STATUSES) if doubt.why in STATUS else ()
    )
    back = Choice(f"plans-doubt:{doubt.id}", say("plans-change-back"))
    rows = (Row(quote(doubt.said[:SAID]), "quote"),) if doubt.said else ()
    return Reply(
        say=say("plans-change-ask", example=plan_deciding.example(doubt)),
        cards=(Card(title=say(f"plans-why-{doubt.why}"), rows=rows, mark="note"),),
        choices=(*offered, back),
    )


CHANGE = _Change()
