"""Replies as JSON and back, so that a letter can wait in the database."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from handlers import talk
from handlers.talk import Reply

KINDS = {
    kind.__name__: kind
    for kind in (talk.Say, talk.Choice, talk.Row, talk.Card, talk.Act, talk.Found, talk.Reply)
}


def pack(value: Any) -> Any:
    """Any part of a reply as plain JSON; empty fields are left out."""
    if is_dataclass(value):
        body = {
            field.name: pack(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) not in (None, "", (), {})
        }
        return {"$": type(value).__name__, **body}
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
        return tuple(unpack(part) for part in value)
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
