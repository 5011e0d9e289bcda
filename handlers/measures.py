"""Show one measure: steps, KPIs, period, units, progress, evidence, findings; its history; search."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from handlers import measure_card, measure_lists, naming, scoping, telling, told
from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, say
from storage import evidence, indicators
from storage.measures import Measure
from storage.measures import measures as records_of
from storage.plans import Plan
from storage.progress import Update

VERSIONS_SHOWN = 8
ALL_SHOWN, PAIR, NEAR, FEW = 60, 2, 12, 12
AS_NEAR = 0.5  # of what the first holds of the thing asked about


def show(turn: Turn) -> Reply:
    """One measure, by button or by what the message names."""
    if turn.reading.args:
        return measure_card.shown(turn, _by_id(turn))
    return search(turn)


def search(turn: Turn) -> Reply:
    """The measure a message names; several that come close are offered.

    Where a number of something is asked for that no measure counts, a sentence of the plan may hold it;
    else it is said that none is there.
    """
    what = _counted(turn)
    counted = what and any(naming.counts(turn, one, what) for one in naming.measures(turn))
    if what and (found := told.figure(turn, is_counted=bool(counted))):
        return found
    near = _named(turn)
    parts = turn.reading.parts
    if not what or counted or (isinstance(parts, Parts) and told.holds(near, parts)):
        return near
    absent = say("measures-not-counted", what=what) if near.cards else say("measures-absent")
    return Reply(say=absent, cards=near.cards, found=near.found)


def _counted(turn: Turn) -> str:
    """Of what a number is asked for, where no code says of which measure."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not parts.counts_things or naming.refs(turn, turn.reading.text):
        return ""
    return parts.counts


def _named(turn: Turn) -> Reply:
    matches = naming.measures(turn)
    spoken = naming.spoken_of(turn)
    if not matches and (items := _items(turn)):
        raise Refused(say("measures-no-item", codes=", ".join(items)))
    if not matches and spoken is not None:
        return measure_card.shown(turn, spoken)
    if not matches and (no_such := _no_such_code(turn)):
        raise Refused(no_such)
    if not matches:
        raise Refused(say("measures-unknown"))
    if papers := _with_paper(turn, matches):
        return measure_card.shown(turn, papers)
    sure = [match.measure for match in matches if match.sure]
    if len(sure) == PAIR:
        return measure_lists.both(turn, sure)
    if len(sure) == 1 or _leads(matches):
        return measure_card.shown(turn, (sure or [matches[0].measure])[0])
    return _several(turn, matches, sure)


def _several(turn: Turn, matches: list[naming.Match], sure: list[Measure]) -> Reply:
    """Of measures that come close two are shown, several listed where that is asked; else it asks back."""
    if not sure and (_are_two(matches) or (len(matches) == PAIR and _asks_several(turn))):
        return measure_lists.both(turn, [match.measure for match in matches[:2]])
    found = sure or [match.measure for match in matches]
    if (parts := _parts(turn)) and (parts.only_counts or parts.asks_several):
        return measure_lists.listed(
            [one.measure for one in matches if one.evidence >= matches[0].evidence * AS_NEAR]
        )
    return Reply(
        say=say("measures-several", count=len(found)),
        choices=tuple(Choice(f"measures-show:{one.id}", telling.named(one, 60)) for one in found[:6]),
        asks="measures-show",
        found=Found(measures=tuple(one.code for one in sure), candidates=tuple(one.code for one in found)),
    )


def _parts(turn: Turn) -> Parts | None:
    return turn.reading.parts if isinstance(turn.reading.parts, Parts) else None


def _no_such_code(turn: Turn) -> Say | None:
    """A code the plan does not have is told so, with those of the same topic it has."""
    plan = naming.plan_of(turn)
    codes = [one.value for one in naming.refs(turn, turn.reading.text) if one.kind == "code"]
    if plan is None or not codes:
        return None
    begins = codes[0].split(".")[0]
    near = [one.code for one in records_of(turn.records, plan) if one.code.split(".")[0] == begins]
    name = "measures-no-code-near" if near else "measures-no-code"
    return say(name, codes=", ".join(codes), year=str(plan.fiscal_year), near=", ".join(near[:NEAR]))


def _items(turn: Turn) -> list[str]:
    return [one.value for one in naming.refs(turn, turn.reading.text) if one.kind == "o"]


def _with_paper(turn: Turn, matches: list[naming.Match]) -> Measure | None:
    """Where a document's number is asked for: the likest measure that has shown one."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not parts.asks_paper:
        return None
    papers = evidence.with_documents(turn.records, [one.id for one in matches])
    return next((one.measure for one in matches if one.id in papers), None)


def _leads(matches: list[naming.Match]) -> bool:
    """Whether the best is so far ahead that showing it is no guess; nothing is written by it."""
    if len(matches) == 1 or matches[0].weight >= matches[1].weight * naming.SURE_LEAD:
        return True
    second = max(one.evidence for one in matches[1:])
    return matches[0].evidence >= naming.ALONE and matches[0].evidence >= second * naming.FAR_AHEAD


def _are_two(matches: list[naming.Match]) -> bool:
    """Whether two stand together before the rest: both are shown."""
    third = matches[2].weight if len(matches) > 2 else 0.0
    return matches[1].weight >= naming.STRONG and matches[1].weight >= third * naming.SURE_LEAD


def _asks_several(turn: Turn) -> bool:
    parts = turn.reading.parts
    return isinstance(parts, Parts) and parts.asks_several


def every(turn: Turn) -> Reply:
    """All measures of the year's plan, or of the part of it that is said, by code and title."""
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("measures-unknown"))
    within = _of_part(turn, plan)
    found = [one for one in records_of(turn.records, plan) if within is None or one.id in within]
    parts = turn.reading.parts
    counts = isinstance(parts, Parts) and (parts.of_topics or (parts.only_counts and len(found) > FEW))
    if within is None and counts:
        return measure_lists.by_topic(plan, found)
    rows = [Row(telling.named(one), value=telling.text(telling.responsible(one))) for one in found]
    left = len(rows) - ALL_SHOWN
    more = [Row(say("measures-more", count=left))] if left > 0 else []
    topic = found[0].topic if within is not None and len({one.topic_id for one in found}) == 1 else None
    told = say(
        "measures-all" if within is None else "measures-all-part",
        count=len(found),
        year=str(plan.fiscal_year),
    )
    if topic is not None:
        told = say("measures-all-topic", no=topic.no, title=telling.short(topic.title), count=len(found))
    return Reply(
        say=told,
        cards=(Card(title=say("measures-all-title"), rows=(*rows[:ALL_SHOWN], *more)),),
        found=Found(measures=tuple(one.code for one in found)),
    )


def _of_part(turn: Turn, plan: Plan) -> set[int] | None:
    """The measures of the topic or indicator whose number is said; nothing where none is said."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts) or not (parts.topic_said or parts.indicator_said.isdecimal()):
        return None
    scope = scoping.asked(turn, plan, "measures-all")
    if scope.indicator is not None:
        own = turn.agency.settings.get(indicators.SETTING, {})
        return set(indicators.measures_of(turn.records, plan, scope.indicator, own))
    if scope.topic is None:
        raise Refused(say("measures-no-part", part=parts.topic_said, parts=[one.no for one in plan.topics]))
    return {one.id for one in records_of(turn.records, plan) if one.topic_id == scope.topic.id}


def absent(turn: Turn) -> Reply:
    """What plans do not hold (telephone numbers, persons, rooms, sums): said so, beside the measure."""
    if not naming.refs(turn, turn.reading.text) and (found := told.figure(turn)):
        return found
    matches = naming.measures(turn)
    sure = [match.measure for match in matches if match.sure]
    if not sure and not (matches and _leads(matches) and matches[0].evidence >= naming.ALONE):
        return Reply(say=say("measures-absent"))
    near = measure_card.shown(turn, (sure or [matches[0].measure])[0])
    return Reply(say=say("measures-absent"), cards=near.cards, found=near.found)


def _by_id(turn: Turn) -> Measure:
    number = turn.reading.args[0] if turn.reading.args else ""
    measure = turn.records.get(Measure, int(number)) if number.isdecimal() else None
    if measure is None:
        raise Refused(say("measures-gone"))
    return measure


def history(turn: Turn) -> Reply:
    """Every version reported on a measure, newest first: who, when, through which channel."""
    measure = _by_id(turn) if turn.reading.args else naming.spoken_of(turn)
    named = naming.measures(turn) if not turn.reading.args else []
    measure = named[0].measure if named else measure
    if measure is None:
        raise Refused(say("measures-unknown"))
    found = turn.records.scalars(
        select(Update)
        .where(Update.measure_id == measure.id)
        .order_by(Update.said_at.desc(), Update.version.desc())
        .options(joinedload(Update.occurrence))
    ).all()
    if not found:
        return Reply(
            say=say("measures-history-none", measure=telling.named(measure)),
            found=Found(measures=(measure.code,)),
        )
    rows = tuple(_version(turn, one) for one in found[:VERSIONS_SHOWN])
    return Reply(
        say=say("measures-history", measure=telling.named(measure), count=len(found)),
        cards=(Card(title=telling.named(measure), rows=rows, about=f"measure:{measure.id}"),),
        found=Found(measures=(measure.code,)),
    )


def _version(turn: Turn, one: Update) -> Row:
    unit = one.occurrence.unit.label
    if one.state == "unsent":
        return Row(
            say("measures-version-unsent", version=one.version, unit=unit, at=one.said_at), mark="cancelled"
        )
    who = one.person.name if one.person and turn.place.is_private else unit
    told = say(
        "measures-version",
        version=one.version,
        status=say(f"status-{one.status}"),
        note=telling.short(one.note, 160),
        who=who,
        at=one.said_at,
        channel=one.channel,
    )
    withdrawn = one.state in ("withdrawn", "returned")
    return Row(
        told,
        mark="cancelled" if withdrawn else "quote",
        value=say(f"measures-{one.state}") if withdrawn else None,
    )


ANSWERS = {
    "measures-show": show,
    "measures-search": search,
    "measures-history": history,
    "measures-absent": absent,
    "measures-all": every,
}
