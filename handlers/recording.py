"""Writing down what was reported, and the card that shows it: shared by all that records progress."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers import grounds, naming, rights
from handlers.packing import pack, unpack
from handlers.parts import Fact, Paper, Parts
from handlers.talk import Act, Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import evidence, history, progress, reviews, rounds
from storage.agencies import Unit
from storage.measures import Duty, Measure
from storage.progress import Update
from storage.rounds import Occurrence
from storage.spans import find_spans

TITLE_MOST = 90
AFTER_ROUND = "after_round"  # in a version's details: the closed round it comes too late for
MARKS = {
    "done": "done",
    "delayed": "delayed",
    "cancelled": "cancelled",
    "not_started": "open",
    "in_progress": "open",
    "continuous": "open",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One version that was written, with what machines are told of it."""

    update: Update
    measure: Measure
    act: Act


def unit_for(turn: Turn, measure: Measure) -> Unit:
    """Whose report it is: the group's unit, else the person's; for the secretary the unit named, else
    the one that leads. Raises Refused when nobody can be meant."""
    here = turn.unit
    if here is not None and rights.may_report_for(turn, here.id):
        return here
    own = turn.person.unit if turn.person else None
    if own is not None:
        return own
    named = naming.units(turn) if isinstance(turn.reading.parts, Parts) else []
    lead = [duty.unit for duty in measure.responsibilities if duty.unit and duty.role == Duty.LEAD]
    other = [duty.unit for duty in measure.responsibilities if duty.unit]
    for unit in (*named, *lead, *other):
        return unit
    raise Refused(say("progress-which-unit", code=measure.code))


def _speaks_of(turn: Turn) -> date:
    """The day whose window is meant: the end of a month or quarter named in the message, else today."""
    named = [
        span
        for span in find_spans(turn.reading.text, turn.today)
        if span.kind in ("month", "quarter") and not span.of_document and not span.until
    ]
    past = [span for span in named if span.start <= turn.today]
    return min(past[0].end, turn.today) if past else turn.today


def occurrence_for(turn: Turn, measure: Measure, unit: Unit) -> Occurrence:
    """What a report belongs to: the unit's own duty, else the duty it helps with."""
    on = _speaks_of(turn)
    found = rounds.open_for(turn.records, measure, unit, on)
    if found is not None:
        return found
    for duty in measure.responsibilities:
        if duty.unit is not None and (helped := rounds.open_for(turn.records, measure, duty.unit, on)):
            return helped
    made = Occurrence(plan_id=measure.plan_id, measure_id=measure.id, unit_id=unit.id, role=Duty.SUPPORT)
    made.measure, made.unit, made.status, made.version, made.evidence_count = (
        measure,
        unit,
        "not_started",
        0,
        0,
    )
    turn.records.add(made)
    turn.records.flush()
    return made


def write(turn: Turn, measure: Measure, fact: Fact, action: str = "report", **more: Any) -> Taken:
    """Append a version for a measure from what was said, with its papers and its line of history."""
    unit = unit_for(turn, measure)
    occurrence = occurrence_for(turn, measure, unit)
    parts = turn.reading.parts
    more.setdefault("details", {"why": grounds.kept(turn, fact, measure)})
    update = Update(
        unit_id=unit.id,
        person_id=turn.person.id if turn.person else None,
        on_behalf_of=parts.colleague if isinstance(parts, Parts) else "",
        status=_status(measure, occurrence, fact, more),
        **_numbers(fact),
        said_at=turn.at,
        channel=turn.place.channel,
        message=turn.message,
        source_text=turn.reading.text,
        **more,
    )
    return keep(turn, measure, occurrence, update, fact, action)


def keep(
    turn: Turn, measure: Measure, occurrence: Occurrence, update: Update, fact: Fact, action: str
) -> Taken:
    """Record a version and its papers; it becomes what was just spoken of."""
    if call := reviews.closed_round(turn.records, occurrence):
        update.details = {AFTER_ROUND: call.name}
    progress.record(turn.records, occurrence, update)
    update.occurrence = occurrence
    add_papers(turn, occurrence, update, fact)
    history.note(turn.records, f"progress-{action}", f"measure:{measure.id}", turn.person, update=update.id)
    turn.thread.measure_id, turn.thread.update_id = measure.id, update.id
    return Taken(update, measure, act(update, measure, fact, action))


def add_papers(turn: Turn, occurrence: Occurrence, update: Update | None, fact: Fact) -> int:
    """Keep the links and document numbers of a message as evidence; how many there were."""
    for paper in fact.papers:
        is_link = paper.kind == "link"
        url = paper.text if "://" in paper.text or not is_link else f"https://{paper.text}"
        shown = evidence.Evidence(
            kind=paper.kind,
            name=paper.text[:300],
            url=url if is_link else "",
            own_date=paper.own_date,
            person_id=turn.person.id if turn.person else None,
            channel=turn.place.channel,
            message=turn.message,
            added_at=turn.at,
        )
        evidence.attach(turn.records, occurrence, update.id if update else None, shown)
    return len(fact.papers)


def act(update: Update, measure: Measure, fact: Fact, action: str) -> Act:
    """What machines are told of a version."""
    return Act(
        action=action if action in ("report", "correct", "retract", "postpone", "attach") else "report",  # type: ignore[arg-type]
        measure=measure.code,
        status=update.status,
        percent=update.percent,
        percent_kind=update.percent_kind,
        count_done=update.count_done,
        count_of=update.count_of,
        fact_on=update.fact_on,
        new_due_on=update.new_due_on,
        evidence=tuple(paper.text for paper in fact.papers),
        blocker=update.blocker,
        note=update.note,
    )


def _status(measure: Measure, occurrence: Occurrence, fact: Fact, more: dict[str, Any]) -> str:
    comes_again = measure.schedule_kind == "recurring"
    is_nil = more.get("nothing_to_report") and not fact.count_done and fact.percent is None
    if comes_again and (is_nil or (fact.status == rounds.IN_PROGRESS and fact.over)):
        return rounds.DONE
    if fact.status:
        return fact.status
    if measure.schedule_kind == "continuous":
        return rounds.CONTINUOUS
    return occurrence.status if occurrence.status != rounds.NOT_STARTED else rounds.IN_PROGRESS


def _numbers(fact: Fact) -> dict[str, Any]:
    return {
        "percent": fact.percent,
        "percent_kind": fact.percent_kind or None,
        "count_done": fact.count_done,
        "count_of": fact.count_of,
        "count_of_what": fact.count_what[:60],
        "step_no": fact.step,
        "fact_on": fact.fact_on,
        "new_due_on": fact.new_due_on,
        "blocker": fact.blocker,
        "note": fact.note,
    }


def title(measure: Measure) -> Say:
    """A measure in a card's head: its code and as much of its title as fits."""
    text = " ".join(measure.title.split())
    short = text if len(text) <= TITLE_MOST else text[: TITLE_MOST - 1].rstrip() + "…"
    return say("progress-title", code=measure.code, title=short)


def card(turn: Turn, taken: Taken) -> Card:
    """The card that confirms a version, with what can be done with it."""
    update, occurrence = taken.update, taken.update.occurrence
    rows = [Row(say=_state(turn, taken), mark=MARKS.get(update.status, ""), share=_share(update))]  # type: ignore[arg-type]
    rows += [Row(say=line) for line in _lines(turn, update, occurrence)]
    rows.append(_evidence_row(turn, update, occurrence))
    return Card(
        title=title(taken.measure),
        subtitle=say("progress-of-unit", unit=occurrence.unit.name),
        rows=tuple(rows),
        choices=buttons(update),
        about=f"update:{update.id}",
        mark=MARKS.get(update.status, ""),  # type: ignore[arg-type]
    )


def buttons(update: Update) -> tuple[Choice, ...]:
    """What can be done with a version: all done, mend, withdraw."""
    done = Choice(f"progress-done:{update.id}", say("progress-button-done"), style="main")
    rest = (
        Choice(f"progress-edit:{update.id}", say("progress-button-edit")),
        Choice(f"progress-withdraw:{update.id}", say("progress-button-withdraw"), style="danger"),
    )
    return rest if update.status in rounds.SETTLED else (done, *rest)


def status(name: str) -> Say:
    """A status in words."""
    return say(f"progress-status-{name.replace('_', '-')}")


def count(update: Update) -> Say:
    """A count in words: 3 of 5 courses, 45 people."""
    what = update.count_of_what
    if update.count_of is None:
        return say("progress-count", done=update.count_done, what=what)
    return say("progress-count-of", done=update.count_done, of=update.count_of, what=what)


def _state(turn: Turn, taken: Taken) -> Say:
    update, steps = taken.update, len(taken.measure.steps)
    parts: list[Say] = [status(update.status)]
    if update.step_no and steps:
        parts.append(say("progress-step", step=str(update.step_no), steps=str(max(steps, update.step_no))))
    if update.percent is not None:
        is_result = update.percent_kind == "result"
        parts.append(say("progress-result" if is_result else "progress-percent", percent=update.percent))
    if update.count_done is not None:
        parts.append(count(update))
    if update.fact_on is not None:
        parts.append(say("progress-on", day=update.fact_on))
    return say("progress-joined", parts=tuple(parts))


def _share(update: Update) -> float | None:
    if update.percent is not None and update.percent_kind == "progress":
        return update.percent / 100
    if update.count_of and update.count_done is not None:
        return min(1.0, update.count_done / update.count_of)
    return 1.0 if update.status == rounds.DONE else None


def _lines(turn: Turn, update: Update, occurrence: Occurrence) -> list[Say]:
    lines = []
    if update.new_due_on is not None:
        lines.append(say("progress-new-due", day=update.new_due_on))
    if update.blocker:
        lines.append(say("progress-blocker", text=update.blocker))
    if update.on_behalf_of:
        by = turn.person.name if turn.person else ""
        lines.append(say("progress-on-behalf", name=update.on_behalf_of, by=by))
    if update.unit_id != occurrence.unit_id:
        lines.append(say("progress-helps", unit=occurrence.unit.name))
    if update.is_late:
        lines.append(say("progress-late"))
    if closed := (update.details or {}).get(AFTER_ROUND):
        lines.append(say("progress-after-round", name=closed))
    if update.version > 1:
        lines.append(say("progress-version", version=str(update.version)))
    return lines


def _evidence_row(turn: Turn, update: Update, occurrence: Occurrence) -> Row:
    shown = evidence.evidence_of(turn.records, occurrence.id) if occurrence.evidence_count else []
    if not shown:
        done = update.status == rounds.DONE
        return Row(say=say("progress-no-evidence-done" if done else "progress-no-evidence"), mark="note")
    return Row(say=say("progress-evidence", parts=tuple(papers(shown))), mark="note")


def papers(shown: list[evidence.Evidence]) -> list[Say]:
    """Evidence in words: photos counted, files and papers by name."""
    photos = [one for one in shown if one.kind == "photo"]
    named = [
        say("progress-paper-dated", name=one.name, day=one.own_date)
        if one.own_date
        else say("progress-paper", name=one.name or one.url)
        for one in shown
        if one.kind != "photo"
    ]
    return [say("progress-photos", count=len(photos)), *named] if photos else named


def saved(turn: Turn, taken: list[Taken], name: str = "progress-saved") -> Reply:
    """The answer to a report: one card a measure."""
    return Reply(
        say=say(name),
        cards=tuple(card(turn, one) for one in taken),
        found=Found(
            acts=tuple(one.act for one in taken),
            measures=tuple(dict.fromkeys(one.measure.code for one in taken)),
            units=tuple(dict.fromkeys(one.update.occurrence.unit.name for one in taken)),
        ),
    )


def pack_fact(fact: Fact) -> dict[str, Any]:
    """A fact as JSON, to wait for its measure."""
    body = {
        name: getattr(fact, name)
        for name in fact.__dataclass_fields__
        if name not in ("refs", "papers") and getattr(fact, name) not in (None, "", False)
    }
    papers_ = [[one.kind, one.text, pack(one.own_date)] for one in fact.papers]
    return {**{name: pack(value) for name, value in body.items()}, "papers": papers_}


def unpack_fact(body: dict[str, Any]) -> Fact:
    """What ``pack_fact`` made, as it was, without its codes."""
    kept = {name: unpack(value) for name, value in body.items() if name != "papers"}
    shown = tuple(Paper(kind, text, unpack(day)) for kind, text, day in body.get("papers", ()))
    return replace(Fact(**kept), papers=shown)


def day_of(value: str) -> date | None:
    """An ISO day, or nothing."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
