"""Questions that lean on the one before: "and the treasury?", "next month?", "who does the first one?".

What is written decides; only what it leaves out is taken from what was asked and answered just before:
the kind of question, the unit, the days, the measure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers import assessed, naming
from handlers.known import known_of
from handlers.parts import Parts
from handlers.talk import Reading, Reply, Turn
from storage.agencies import Unit
from storage.spans import find_spans

FRESH = timedelta(minutes=30)
LONGEST, KEPT, MANY = 60, 300, 20  # letters of what leans, letters kept, measures kept
PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
OF_DAYS = ("due-", "listing-", "summary-")
OF_UNITS = (*OF_DAYS, "duties-unit", "duties-mine")
OF_MEASURES = ("measures-show", "measures-search", "measures-absent", "duties-who", "findings-show")
OF_SCORES = ("scores-", "findings-")
CARRIED = (*OF_UNITS, *OF_MEASURES, *OF_SCORES, "measures-all", "duties-everyone")
OF_ONE_UNIT = {"duties-mine": "duties-unit", "due-all": "due-list", "due-late-all": "due-late"}
NEAR = 1.0  # evidence from which a measure is named


def keep(turn: Turn, intent: str, replies: Sequence[Reply]) -> None:
    """Remember what was asked and told, for a question that leans on it."""
    if not turn.addressed or turn.thread.form or not intent.startswith(CARRIED) or not replies:
        return
    found = [*(code for one in replies for code in (one.found.measures or one.found.candidates))]
    told = list(dict.fromkeys(found))[:MANY]
    named = naming.units(turn) if turn.reading.text else []
    turn.thread.answers[turn.thread.TALK] = {
        "intent": intent,
        "text": turn.reading.text[:KEPT],
        "asks": _asks(turn),
        "measures": told,
        "list": told if len(told) > 1 else _talk(turn).get("list", []),
        "unit": named[0].name if named else "",
        "at": turn.at.isoformat(),
    }


def _asks(turn: Turn) -> str:
    """The question whose words tell what is asked for: of one that leans, the one before."""
    parts = turn.reading.parts
    leant = parts.leant if isinstance(parts, Parts) else ""
    return leant or turn.reading.text[:KEPT]


def meant(turn: Turn) -> Turn:
    """The turn with what it leaves out put back; the turn itself where it leans on nothing."""
    parts, talk = turn.reading.parts, _talk(turn)
    if not isinstance(parts, Parts) or turn.thread.form or turn.reading.certain or turn.reading.args:
        return turn
    is_asked = parts.kind in ("", "question") or (parts.kind == "promise" and parts.leans)
    if not talk or not turn.addressed or not is_asked or len(turn.reading.text) > LONGEST:
        return turn
    if (measure := _one_told(turn, parts, talk)) is not None:
        intent = "duties-who" if parts.asks_who else "measures-show"
        return turn.read_as(intent, str(measure))
    return _leaning(turn, parts, talk) if parts.leans else turn


def _talk(turn: Turn) -> dict[str, Any]:
    kept: dict[str, Any] = turn.thread.answers.get(turn.thread.TALK) or {}
    is_fresh = kept and turn.at - datetime.fromisoformat(kept["at"]) <= FRESH
    return kept if is_fresh else {}


def _one_told(turn: Turn, parts: Parts, talk: dict[str, Any]) -> int | None:
    """The one of the measures just told that is meant, by its place, as "this one", or by asking alone."""
    told: list[str] = talk["measures"]
    if naming.refs(turn, turn.reading.text) or parts.asks_score or parts.asks_late:
        return None
    if parts.nth:
        at, several = PLACES[parts.nth], talk["list"] or told
        return _id(turn, several[at]) if at < len(several) else None
    if not told:
        return None
    asks = parts.aspect or parts.asks_who or (parts.that_one and parts.kind == "question")
    if len(told) > 1 or not asks or naming.units(turn) or parts.has_window:
        return None
    return _id(turn, told[0]) if parts.that_one or parts.names_nothing else None


def _id(turn: Turn, code: str) -> int | None:
    known = known_of(turn)
    found = known.codes.get(code.lower(), ()) if known else ()
    return next(iter(found), None)


def _leaning(turn: Turn, parts: Parts, talk: dict[str, Any]) -> Turn:
    """The question before, asked again of what is said now."""
    said = turn.reads(parts.rest)
    inner = said.parts if isinstance(said.parts, Parts) else Parts()
    there = replace(turn, reading=said)
    if _asks_itself(inner):
        return _with_unit(turn, there, inner, talk)
    intent, text = _carried(there, inner, talk)
    return _asked_again(turn, intent, text, talk) if intent else turn


def _asks_itself(inner: Parts) -> bool:
    asks = inner.aspect or inner.asks_who or inner.extreme or inner.sums_up or inner.format or inner.which
    return bool(asks) or inner.kind == "question" or inner.asks_score or inner.asks_late


def _with_unit(turn: Turn, there: Turn, inner: Parts, talk: dict[str, Any]) -> Turn:
    """A question of days that names no unit is about the one just spoken of."""
    of_days = there.reading.intent.startswith(OF_DAYS) and talk["intent"].startswith(OF_UNITS)
    if not of_days or not talk["unit"] or inner.everyone or naming.units(there):
        return turn
    return replace(turn, reading=turn.reads(f"{inner.said} {talk['unit']}"))


def _carried(there: Turn, inner: Parts, talk: dict[str, Any]) -> tuple[str, str]:
    """The intent that goes on and the line it is asked with; an empty intent where nothing does."""
    intent, text = str(talk["intent"]), there.reading.text
    kinds = {one.kind for one in naming.refs(there, text)}
    of_units = intent.startswith(OF_UNITS)
    if named := naming.units(there) or _unit_meant(there, of_units=of_units):
        days = "" if inner.has_window else _days(there, talk["text"])
        intent = OF_ONE_UNIT.get(intent, intent) if of_units else "duties-unit"
        return intent, f"{named[0].name} {text} {days}"
    if "code" in kinds or "o" in kinds:
        return (intent if intent in OF_MEASURES else "measures-show"), text
    if intent.startswith(OF_SCORES):
        return intent, f"{text} {talk['text']}" if assessed.YEAR.search(text) else text
    if inner.has_window:
        intent = "due-list" if intent.startswith("duties-") else intent
        return (intent, f"{text} {talk['unit']}") if intent.startswith(OF_DAYS) else ("", "")
    if intent in OF_MEASURES and any(one.sure or one.evidence >= NEAR for one in naming.measures(there)):
        return intent, text
    return "", ""


def _unit_meant(turn: Turn, *, of_units: bool) -> list[Unit]:
    """The unit of a part of its name, where units are spoken of."""
    found = naming.ending(turn, turn.reading.text) or naming.unit_meant(turn) if of_units else None
    return [] if found is None else [found]


def _days(turn: Turn, text: str) -> str:
    """The days said in the question before, as they were said."""
    spans = find_spans(text, turn.today, planning=True)
    return next((one.said for one in spans if not one.of_document), "")


def _asked_again(turn: Turn, intent: str, text: str, talk: dict[str, Any]) -> Turn:
    said, before = turn.reads(text), turn.reads(talk["asks"]).parts
    if isinstance(said.parts, Parts) and isinstance(before, Parts):
        parts = replace(
            said.parts,
            kind="question",
            aspect="" if before.aspect == "step" else before.aspect,
            asks_who=before.asks_who,
            asks_score=before.asks_score,
            counts=before.counts,
            counts_things=before.counts_things,
            counted=before.counted,
            which=before.which,
            role_said=said.parts.role_said or before.role_said,
            format=before.format,
            leant=talk["asks"],
        )
        said = Reading(text=text, intent=intent, certain=True, likely=said.likely, parts=parts)
    return replace(turn, reading=said)
