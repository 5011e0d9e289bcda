"""LINE: what a webhook body says, read tolerantly, each event on its own.

Facts: LINE Developers documentation, "Webhook event objects" and "Receive messages (webhook)". New
event types, properties and values come unannounced, so what is not known loses nothing but itself.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.channels import Heard, Kind
from handlers.talk import File

log = logging.getLogger("prongsai.line")
REPLY_SECONDS = 55  # a reply token lives one minute from its event; some of it is spent on the way
REDELIVERED_SECONDS = 50  # redelivered: one minute from the redelivery, never later than 20 minutes
LAST_REPLY = timedelta(minutes=19)
KINDS: dict[str, Kind] = {
    "message": "message",
    "messageEdited": "edited",
    "unsend": "unsent",
    "postback": "button",
    "follow": "followed",
    "unfollow": "unfollowed",
    "join": "group-joined",
    "leave": "group-left",
    "memberJoined": "member-joined",
    "memberLeft": "member-left",
}
FILES: dict[str, Literal["photo", "file", "video", "audio"]] = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "file": "file",
}
NAMELESS = {"image": "photo.jpg", "video": "video.mp4", "audio": "audio.m4a"}


def read(body: bytes, now: datetime) -> list[Heard]:
    """The events of a body we know how to answer. Raises ValueError when it is not LINE's JSON."""
    try:
        told = json.loads(body)
    except (UnicodeDecodeError, RecursionError) as fault:
        raise ValueError("not JSON") from fault
    events = told.get("events") if isinstance(told, dict) else None
    if not isinstance(events, list):
        raise ValueError("no list of events")  # noqa: TRY004 - the door answers 400 to a ValueError
    return [heard for event in events if (heard := _tolerant(event, now)) is not None]


def _tolerant(event: Any, now: datetime) -> Heard | None:
    """One event, or nothing when it is of no use to us; never a fault, so that no other is lost."""
    if not isinstance(event, dict) or event.get("mode") == "standby":
        return None
    kind = KINDS.get(str(event.get("type")))
    if kind is None:
        log.info("an event of another kind was left alone", extra={"kind": str(event.get("type"))[:40]})
        return None
    try:
        return _heard(event, kind, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        log.warning("an event could not be read", extra={"kind": kind, "fault": type(fault).__name__})
        return None


def _heard(event: Mapping[str, Any], kind: Kind, now: datetime) -> Heard | None:
    source = _part(event, "source")
    place, is_private = _place(source)
    if not place:
        return None
    at = _moment(event.get("timestamp"), now)
    message = _part(event, "message")
    text, is_mentioned = _text(message)
    files = _files(message)
    quoted = _id(message.get("quotedMessageId"))
    if kind == "message" and not (text or files or is_private or is_mentioned or quoted):
        return None  # a sticker among colleagues; one sent to us is answered
    return Heard(
        key=_key(event, at),
        kind=kind,
        at=at,
        channel="line",
        place=f"line:{place}",
        is_private=is_private,
        sender=_address(source.get("userId")),
        text=text,
        value=_value(_part(event, "postback")),
        message=_message(event, message),
        quoted=quoted,
        files=files,
        addressed=is_private or is_mentioned or kind == "button" or _is_command(text),
        reply_token=_string(event.get("replyToken")),
        reply_by=_reply_by(event, at, now),
        details=_details(event, message),
    )


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _address(user: Any) -> str:
    return f"line:{user}" if isinstance(user, str) and user else ""


def _id(value: Any) -> str:
    return f"line:{value}" if isinstance(value, str | int) and value != "" else ""


def _place(source: Mapping[str, Any]) -> tuple[str, bool]:
    """Where it was said: a group, an old multi-person room, or the talk with one person."""
    for name in ("groupId", "roomId"):
        if _string(source.get(name)):
            return source[name], False
    return _string(source.get("userId")), True


def _moment(stamp: Any, now: datetime) -> datetime:
    if isinstance(stamp, int | float) and not isinstance(stamp, bool) and 0 < stamp < 1e14:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    return now


def _key(event: Mapping[str, Any], at: datetime) -> str:
    """The event's own id; where it is missing, a digest of what does not change on redelivery."""
    if own := _string(event.get("webhookEventId")):
        return own
    same = {name: value for name, value in event.items() if name not in ("deliveryContext", "replyToken")}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


def _message(event: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    return _id(message.get("id")) or _id(_part(event, "unsend").get("messageId"))


def _reply_by(event: Mapping[str, Any], at: datetime, now: datetime) -> datetime | None:
    if not _string(event.get("replyToken")):
        return None
    if _part(event, "deliveryContext").get("isRedelivery") is True:
        return min(now + timedelta(seconds=REDELIVERED_SECONDS), at + LAST_REPLY)
    return at + timedelta(seconds=REPLY_SECONDS)


def _value(postback: Mapping[str, Any]) -> str:
    """What a button carries; a picked day comes after it as one more argument."""
    value, params = _string(postback.get("data")), _part(postback, "params")
    for name in ("date", "datetime", "time"):
        if _string(params.get(name)):
            return f"{value}:{params[name].replace(':', '.')}"
    return value


def _files(message: Mapping[str, Any]) -> tuple[File, ...]:
    kind = FILES.get(str(message.get("type")))
    provider = _part(message, "contentProvider").get("type", "line")
    if kind is None or not _id(message.get("id")) or provider != "line":
        return ()
    size, together = message.get("fileSize"), _part(message, "imageSet").get("total")
    return (
        File(
            id=str(message["id"]),
            kind=kind,
            name=_string(message.get("fileName")) or NAMELESS.get(str(message.get("type")), "file"),
            size=size if isinstance(size, int) and size >= 0 else None,
            set_size=together if isinstance(together, int) and together > 0 else 1,
        ),
    )


def _text(message: Mapping[str, Any]) -> tuple[str, bool]:
    """The text without our own mention, and whether we were mentioned."""
    if message.get("type") != "text" or not isinstance(message.get("text"), str):
        return "", False
    text, ours = message["text"], list(_own_mentions(_part(message, "mention")))
    units = text.encode("utf-16-le")  # LINE counts in UTF-16 units: an emoji takes two
    for start, length in sorted(ours, reverse=True):
        units = units[: 2 * start] + units[2 * (start + length) :]
    return " ".join(units.decode("utf-16-le", "ignore").split(" ")).strip(), bool(ours)


def _own_mentions(mention: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    found = mention.get("mentionees")
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict) and one.get("isSelf") is True:
            start, length = one.get("index"), one.get("length")
            if isinstance(start, int) and isinstance(length, int) and start >= 0 and length > 0:
                yield start, length


def _is_command(text: str) -> bool:
    """A line that begins with a slash and a word is said to us, as people know it from other bots."""
    return text.startswith("/") and text[1:2].isalpha()


def _details(event: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """What handlers may want to know beside the rest: redelivery, image sets, who came or went."""
    told: dict[str, Any] = {}
    if _part(event, "deliveryContext").get("isRedelivery") is True:
        told["redelivered"] = True
    images = _part(message, "imageSet")
    if images:
        told["set"] = {name: images.get(name) for name in ("id", "index", "total")}
    for name in ("joined", "left"):
        members = _part(event, name).get("members")
        if isinstance(members, list):
            told["members"] = [
                _address(one.get("userId")) for one in members if isinstance(one, dict) and one.get("userId")
            ]
    if _part(event, "follow").get("isUnblocked") is True:
        told["unblocked"] = True
    return told
