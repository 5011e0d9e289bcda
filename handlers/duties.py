"""What a unit or person is responsible for, and who is responsible for something."""

from collections import defaultdict
from dataclasses import replace

from handlers import naming, shared, telling
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import measures as records_of
from storage import rounds
from storage.agencies import Unit
from storage.measures import Duty, Measure, Step
from storage.rounds import Occurrence

SHOWN = 14
STEPS_SHOWN = 3
AS_MUCH = 0.5  # of what the first holds of the thing asked about
ORDER = (Duty.LEAD, Duty.JOINT, Duty.SUPPORT, Duty.ALL_UNITS)


def mine(turn: Turn) -> Reply:
    """What the asker's own unit answers for."""
    if turn.unit is None:
        raise Refused(Reply(say=say("duties-no-unit"), choices=(Choice("due-all", say("duties-all")),)))
    return _of(turn, turn.unit)


def unit(turn: Turn) -> Reply:
    """What the unit named in the question answers for; one's own when none is named."""
    several = [] if turn.reading.args else naming.units(turn)
    parts = turn.reading.parts
    if (
        isinstance(parts, Parts)
        and parts.together
        and len(several) == 1
        and turn.unit not in (None, several[0])
    ):
        several = [turn.unit, *several]  # "what do we share with …"
    if len(several) > 1:
        return shared.of_several(turn, several, _of)
    named = naming.unit_asked(turn, "duties-unit", turn.unit)
    return _of(turn, named) if named else mine(turn)


def _of(turn: Turn, unit: Unit) -> Reply:
    """All that a unit answers for; of the role alone that is asked for, where it has any of it."""
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("duties-no-plan"))
    now = {one.measure_id: one for one in _current(turn, rounds.occurrences(turn.records, plan, unit.id))}
    by_role: dict[Duty, list[Measure]] = defaultdict(list)
    steps: list[Row] = []
    stepped: list[Measure] = []
    for measure in records_of.measures(turn.records, plan):
        if role := _role(measure, unit):
            by_role[role].append(measure)
        else:
            stepped += [measure] if any(step.for_all_units for step in measure.steps) else []
            steps += [_step(measure, step) for step in measure.steps if step.for_all_units]
    if (role := _role_asked(turn)) and by_role[role]:
        by_role, steps, stepped = defaultdict(list, {role: by_role[role]}), [], []
    rows = [row for role in ORDER for row in _section(turn, role, by_role[role], now)]
    if steps:
        rows += [Row(say("duties-steps"), mark="note"), *steps[:SHOWN], *_more(len(steps))]
    found = [measure for role in ORDER for measure in by_role[role]]
    return Reply(
        say=_headline(unit, by_role),
        cards=(
            Card(
                title=say("duties-unit", unit=unit.name), subtitle=_year(plan.fiscal_year), rows=tuple(rows)
            ),
        )
        if rows
        else (),
        choices=tuple(telling.show(measure) for measure in found[:3]),
        found=Found(measures=tuple(one.code for one in found or stepped), units=(unit.name,)),
    )


def _role_asked(turn: Turn) -> Duty | None:
    parts = turn.reading.parts
    said = parts.role_said if isinstance(parts, Parts) else ""
    return Duty(said) if said in {role.value for role in ORDER} else None


def everyone(turn: Turn) -> Reply:
    """What every unit has to do: whole measures, and single steps inside others."""
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("duties-no-plan"))
    rows: list[Row] = []
    found: list[Measure] = []
    for measure in records_of.measures(turn.records, plan):
        whole = any(one.role == Duty.ALL_UNITS for one in measure.responsibilities)
        steps = [] if whole else [step for step in measure.steps if step.for_all_units]
        rows += [Row(telling.named(measure), value=telling.text(measure.schedule_text))] if whole else []
        rows += [_step(measure, step) for step in steps]
        found += [measure] if whole or steps else []
    if not found:
        return Reply(say=say("duties-everyone-none"))
    shown = (*rows[:SHOWN], *_more(len(rows)))
    return Reply(
        say=say("duties-everyone-some", count=len(found)),
        cards=(Card(title=say("duties-everyone"), subtitle=_year(plan.fiscal_year), rows=shown),),
        found=Found(measures=tuple(one.code for one in found)),
    )


def _more(count: int) -> list[Row]:
    return [Row(say("duties-more", count=count - SHOWN))] if count > SHOWN else []


def _step(measure: Measure, step: Step) -> Row:
    return Row(say("duties-step", code=measure.code, no=step.no, text=telling.short(step.text)))


def _role(measure: Measure, unit: Unit) -> Duty | None:
    roles = {Duty(one.role) for one in measure.responsibilities if one.unit_id in (unit.id, None)}
    return next((role for role in ORDER if role in roles), None)


def _headline(unit: Unit, by_role: dict[Duty, list[Measure]]) -> Say:
    counts = {role: len(by_role[role]) for role in ORDER}
    if not any(counts.values()):
        return say("duties-none", unit=unit.name)
    parts = tuple(say(f"duties-count-{role}", count=counts[role]) for role in ORDER if counts[role])
    return say("duties-some", unit=unit.name, parts=parts)


def _section(turn: Turn, role: Duty, found: list[Measure], now: dict[int, Occurrence]) -> list[Row]:
    if not found:
        return []
    lines = [_line(turn, one, now.get(one.id), role) for one in found]
    rows = [Row(say(f"duties-{role}"), mark="note"), *lines[:SHOWN]]
    return [*rows, *_more(len(lines))]


def _line(turn: Turn, measure: Measure, one: Occurrence | None, role: Duty) -> Row:
    if one is None:
        made = Row(telling.named(measure), value=telling.text(measure.schedule_text))
    else:
        made = telling.row(one, turn.today)
    together = tuple(telling.text(name) for name in names(measure))
    if role == Duty.JOINT and len(together) > 1:
        return replace(made, say=say("duties-together", measure=made.say, units=together))
    return made


def _current(turn: Turn, owed: list[Occurrence]) -> list[Occurrence]:
    """Of each measure the occurrence that matters now: the first not settled, else the last."""
    kept: dict[int, Occurrence] = {}
    for one in owed:
        there = kept.get(one.measure_id)
        if there is None or there.status in rounds.SETTLED:
            kept[one.measure_id] = one
    return list(kept.values())


def _year(number: int) -> Say:
    return say("duties-year", year=str(number))


def who(turn: Turn) -> Reply:
    """Who answers for what the question names, or for the measure whose button was tapped."""
    if turn.reading.args:
        return _who_of([measure_by(turn, turn.reading.args[0])])
    matches = naming.measures(turn)
    if not any(match.sure for match in matches) and (unit := naming.unit_asked(turn, "duties-unit", None)):
        return _of(turn, unit)
    if not matches:
        raise Refused(say("duties-who-unknown"))
    sure = [match.measure for match in matches if match.sure] or [matches[0].measure]
    found = sure if any(match.sure for match in matches) else [match.measure for match in matches]
    found = [*found, matches[1].measure] if len(found) == 1 and _is_as_near(matches) else found
    return _who_of(found)


def _who_of(found: list[Measure]) -> Reply:
    told = dict.fromkeys(name for measure in found for name in names(measure))
    return Reply(
        say=_who_line(found[0]) if len(found) == 1 else _who_lines(found),
        cards=tuple(_who_card(measure, alone=len(found) == 1) for measure in found),
        choices=tuple(telling.show(measure) for measure in found),
        found=Found(measures=tuple(one.code for one in found), units=tuple(told)),
    )


def measure_by(turn: Turn, number: str) -> Measure:
    """The measure a button names. Raises Refused when it is gone."""
    found = turn.records.get(Measure, int(number)) if number.isdecimal() else None
    if found is None:
        raise Refused(say("measures-gone"))
    return found


def _is_as_near(matches: list[naming.Match]) -> bool:
    """Whether the second holds as much of the thing asked about as the first, so that both are told."""
    if len(matches) < 2 or not matches[0].evidence:
        return False
    return matches[1].evidence >= matches[0].evidence * AS_MUCH


def _who_line(measure: Measure) -> Say:
    return say("duties-who", measure=telling.named(measure), units=_named(measure))


def _who_lines(found: list[Measure]) -> Say:
    """Of several measures who answers for each; for all of them at once where it is the same."""
    answering = [_named(one) for one in found]
    if all(one == answering[0] for one in answering):
        return say("duties-who-same", units=answering[0], count=len(found))
    each = (
        say("duties-who-one", code=one.code, units=units) for one, units in zip(found, answering, strict=True)
    )
    return say("duties-who-several", count=len(found), parts=tuple(each))


def _who_card(measure: Measure, *, alone: bool) -> Card:
    rows = [
        Row(
            say(f"duties-{one.role}"),
            value=telling.text(one.unit.name) if one.unit else say("duties-everyone"),
        )
        for one in measure.responsibilities
    ]
    period = telling.text(measure.schedule_text) if measure.schedule_text else say("duties-no-period")
    steps = [
        Row(
            say("duties-step", code=measure.code, no=step.no, text=telling.short(step.text, 300)),
            mark="quote",
        )
        for step in measure.steps[: STEPS_SHOWN if alone else 0]
    ]
    if written := " ".join(measure.responsible_text.split()):
        rows.append(Row(say("measures-responsible-written"), value=telling.text(written)))
    return Card(
        title=telling.named(measure),
        rows=(*rows, Row(say("duties-period"), value=period), *steps),
        about=f"measure:{measure.id}",
    )


def _named(measure: Measure) -> tuple[Say, ...]:
    return tuple(
        telling.text(one.unit.name) if one.unit else say("duties-everyone")
        for one in measure.responsibilities
        if one.role in (Duty.LEAD, Duty.JOINT, Duty.ALL_UNITS)
    )


def names(measure: Measure) -> list[str]:
    """The names of the units that answer for a measure."""
    return [one.unit.name for one in measure.responsibilities if one.unit]


ANSWERS = {"duties-mine": mine, "duties-unit": unit, "duties-who": who, "duties-everyone": everyone}
