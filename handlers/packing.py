"""Replies as JSON and back, so that a letter can wait in the database."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from handlers import talk
from handlers.talk import Reply

KINDS = {
    kind.__name__: kind
    for kind in (talk.Say, talk.Choice, talk.Row, talk.Card, talk.Act, talk.Found, talk.Reply)
}


NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS.values()}
FIGURES = frozenset({int, float, bool})
PLAIN = FIGURES | {str, type(None)}


def pack(value: Any) -> Any:
    """Any part of a reply as plain JSON; empty fields are left out."""
    kind = type(value)
    if kind in PLAIN:  # most of what there is: every letter comes by here
        return value
    if (names := NAMES.get(kind)) is not None:
        parts = ((name, getattr(value, name)) for name in names)
        filled = {name: pack(part) for name, part in parts if part or type(part) in FIGURES}
        return {"$": kind.__name__, **filled}
    return _pack_other(value)


def _pack_other(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$": "moment", "at": value.isoformat()}
    if isinstance(value, date):
        return {"$": "day", "on": value.isoformat()}
    if isinstance(value, Mapping):
        return {key: pack(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [pack(part) for part in value]
    return value


def unpack(value: Any) -> Any:
    """What ``pack`` made, as it was (lists come back as tuples)."""
    if isinstance(value, list):
        return tuple([unpack(part) for part in value])
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind == "day":
        return date.fromisoformat(value["on"])
    if kind == "moment":
        return datetime.fromisoformat(value["at"])
    body = {key: unpack(part) for key, part in value.items() if key != "$"}
    return KINDS[kind](**body) if kind else body


def unpack_reply(value: Mapping[str, Any]) -> Reply:
    """A packed reply, as it was."""
    made = unpack(dict(value))
    if not isinstance(made, Reply):
        raise TypeError("not a packed reply")
    return made
