"""``read``: what is read from a line, why, and how sure; nothing of it is kept."""

import argparse
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.reading import leaning
from bot.reading.reasons import reasons
from bot.reading.tidy import tidy
from bot.script import Line, Stage, Undone, as_json, voice
from handlers import overheard
from handlers.grounds import Ground, grounds
from handlers.parts import Fact, Parts
from handlers.reasons import finding, ground
from handlers.talk import Refused, Turn, quote, say
from storage import agencies
from storage.agencies import Agency
from storage.base import now

BECAUSE = 8  # of what speaks for taking a line are told, and of what speaks against it
READER = "read"  # stands for whoever would type it


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "read", say("cli-read-help"))
    parser.add_argument("line", help=text(say("cli-read-line-help")))
    needs_agency(parser)
    offers_json(parser)
    parser.add_argument("--unit", default="", help=text(say("cli-chat-unit-help")))
    parser.add_argument("--group", action="store_true", help=text(say("cli-chat-group-help")))
    parser.add_argument("--at", default="", metavar="ISO", help=text(say("cli-chat-at-help")))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Read a line as it would be read in a chat, and undo everything."""
    agency = app.agency(args.agency)
    at = _moment(args.at, agency)
    with suppress(Undone), app.database.agency(agency.id) as records:
        if args.unit and agencies.find_unit(records, args.unit) is None:
            raise Refused(say("cli-unit-unknown", name=args.unit))
        stage = Stage(app, agency.id, records)
        line = Line(READER, args.line, at, args.unit, args.group, addressed=not args.group)
        turn, is_heeded = stage.understand(line)
        told = _read(turn)
        told |= {"overheard": _overheard(turn) if args.group else None}
        told |= {"heeded": is_heeded, "does": as_json("", stage.hear(line), voice(agency))}
        if args.json:
            show(told)
        else:
            _tell(turn, told)
        raise Undone
    return 0


def _moment(written: str, agency: Agency) -> datetime:
    zone = ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok"))
    try:
        made = datetime.fromisoformat(written) if written else now()
    except ValueError as fault:
        raise Refused(say("cli-day-bad", value=written)) from fault
    return made if made.tzinfo else made.replace(tzinfo=zone)


def _facts(turn: Turn) -> tuple[Fact, ...]:
    parts = turn.reading.parts
    return parts.facts if isinstance(parts, Parts) else ()


def _read(turn: Turn) -> dict[str, Any]:
    reading, parts = turn.reading, turn.reading.parts
    return {
        "text": reading.text,
        "day": turn.today,
        "unit": turn.unit.name if turn.unit else None,
        "kind": (parts.kind or None) if isinstance(parts, Parts) else None,
        "strength": round(parts.strength, 2) if isinstance(parts, Parts) else 0.0,
        "intent": reading.intent or None,
        "certain": reading.certain,
        "likely": [{"intent": intent, "share": round(share, 2)} for intent, share in reading.likely[:3]],
        "pieces": [
            {
                "text": fact.note,
                "measures": [_ground(one) for one in grounds(turn, fact)],
                "findings": [
                    {
                        "what": one.what,
                        "value": one.value,
                        "words": one.words,
                        "confidence": one.confidence,
                    }
                    for one in reasons(fact.note, turn.today)
                ],
            }
            for fact in _facts(turn)
        ],
    }


def _overheard(turn: Turn) -> dict[str, Any] | None:
    """What makes a line that nobody addressed be taken or left alone, what speaks for it first."""
    parts = turn.reading.parts
    if not isinstance(parts, Parts):
        return None
    found = [("words", *one) for one in leaning.weighed(tidy(turn.reading.text), parts)]
    found += [("plan", *one) for one in overheard.weighed(turn, parts)]
    found.sort(key=lambda one: -one[2])
    told = [*found[:BECAUSE], *[one for one in found[BECAUSE:][-BECAUSE:] if one[2] < 0]]
    return {
        "odds": round(overheard.odds(turn, parts), 2),
        "taken_from": overheard.TAKEN,
        "because": [{"of": of, "what": what, "weight": round(weight, 2)} for of, what, weight in told],
    }


def _ground(one: Ground) -> dict[str, Any]:
    return {
        "code": one.measure.code,
        "title": one.measure.title,
        "by": one.by,
        "words": one.words,
        "weight": one.weight,
        "confidence": one.confidence,
        "sure": one.sure,
    }


def _tell(turn: Turn, told: dict[str, Any]) -> None:
    """The same in sentences: what sort of line, each piece with its measures and findings, what follows."""
    intent = told["intent"] or ""
    tell(say("reasons-line", text=told["text"], kind=say(f"reasons-kind-{told['kind'] or 'none'}")))
    if not told["kind"]:
        tell(say("reasons-asks", intent=intent) if intent else say("reasons-asks-nothing"))
    for fact in _facts(turn):
        if len(_facts(turn)) > 1:
            tell(say("reasons-piece", text=fact.note))
        for one in (found := grounds(turn, fact)):
            is_other = one.by == "words" and one is not found[0]
            led = ground(one.measure, one.by, one.words, one.confidence)
            tell(say("reasons-row-other" if is_other else "reasons-row", told=led))
        for reason in reasons(fact.note, turn.today):
            tell(say("reasons-row", told=finding(reason)))
    if heard := told["overheard"]:
        tell(say("reasons-overheard", odds=heard["odds"], bar=heard["taken_from"]))
    tell(_follows(told))


def _follows(told: dict[str, Any]) -> Any:
    does = told["does"]
    codes = tuple(quote(act["measure"]) for act in does["acts"])
    if codes:
        return say("reasons-follows-acts", codes=codes)
    if does["candidates"]:
        return say("reasons-follows-asks", codes=tuple(quote(code) for code in does["candidates"]))
    if not does["answered"]:
        return say("reasons-follows-quiet")
    return say("reasons-follows-answer", intent=does["intent"])
