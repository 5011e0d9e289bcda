"""Telegram: what an update says, read tolerantly. Facts: Bot API documentation, "Available types"."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels import Heard, Kind
from handlers.talk import File

log = logging.getLogger("prongsai.telegram")
Json = Mapping[str, Any]
TAP_LIVES = timedelta(minutes=2)  # a tap that is answered later has lost its spinner anyway
WORDLESS = ("text", "sticker", "location", "venue", "contact", "dice", "poll", "animation", "video_note")
IN, OUT = ("member", "administrator", "creator"), ("left", "kicked")


def read(update: Any, bot_id: int, username: str) -> Heard | None:
    """One update as an event, or nothing when it is of no use to us; never a fault."""
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return None
    try:
        return _read(update, bot_id, username.lower())
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        log.warning("an update could not be read", extra={"fault": type(fault).__name__})
        return None


def _read(update: Json, bot_id: int, username: str) -> Heard | None:
    key = str(update["update_id"])
    if "message" in update:
        return _message(key, "message", update["message"], bot_id, username)
    if "edited_message" in update:
        return _message(key, "edited", update["edited_message"], bot_id, username)
    if "callback_query" in update:
        return _button(key, update["callback_query"])
    if "my_chat_member" in update:
        return _membership(key, update["my_chat_member"])
    log.info("an update of another kind was left alone", extra={"kinds": sorted(update)[:3]})
    return None


def _message(key: str, kind: Kind, message: Json, bot_id: int, username: str) -> Heard | None:
    place, is_private = _place(message["chat"])
    plain = Heard(
        key=key,
        kind=kind,
        at=datetime.fromtimestamp(message.get("edit_date") or message["date"], UTC),
        channel="telegram",
        place=place,
        is_private=is_private,
        sender=_sender(message.get("from")),
    )
    if moved := message.get("migrate_to_chat_id"):
        return replace(plain, kind="group-moved", details={"args": [f"telegram:{moved}"]})
    if change := _change(message, bot_id):
        return replace(plain, kind=change[0], details={"members": change[1]}) if change[1] else None
    files = _files(message)
    text, is_ours = _addressed(message.get("text") or message.get("caption") or "", message, bot_id, username)
    is_said = bool(text or files) or any(name in message for name in WORDLESS)
    if not is_said or not (text or files or is_private or is_ours):
        return None  # a notice of the platform, a sticker among colleagues; one sent to us is answered
    quoted, together = message.get("reply_to_message") or {}, message.get("media_group_id")
    begins = kind == "message" and is_private and text == "/start"
    return replace(
        plain,
        kind="followed" if begins else kind,
        text=text,
        message=_id(message),
        quoted=_id({**quoted, "chat": message["chat"]}) if quoted else "",
        files=files,
        addressed=is_private or is_ours,
        details={"set": together} if together else {},
    )


def _change(message: Json, bot_id: int) -> tuple[Kind, list[str]] | None:
    """Who came into a group or left it, ourselves not counted (that is told apart)."""
    if "new_chat_members" in message:
        came = message["new_chat_members"]
        return "member-joined", [_sender(one) for one in came if one.get("id") != bot_id]
    if "left_chat_member" in message:
        gone = message["left_chat_member"]
        return "member-left", [_sender(gone)] if gone.get("id") != bot_id else []
    return None


def _addressed(text: str, message: Json, bot_id: int, username: str) -> tuple[str, bool]:
    """The text without our name, and whether it is said to us: mention, command, reply to us."""
    units = text.encode("utf-16-le")
    is_ours = (message.get("reply_to_message") or {}).get("from", {}).get("id") == bot_id
    for entity in reversed(message.get("entities") or message.get("caption_entities") or []):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        part = units[2 * start : 2 * end].decode("utf-16-le", "ignore").lower()
        if (entity["type"] == "mention" and _is_us(part.removeprefix("@"), username)) or (
            entity["type"] == "text_mention" and entity.get("user", {}).get("id") == bot_id
        ):
            units, is_ours = units[: 2 * start] + units[2 * end :], True
        elif entity["type"] == "bot_command":
            command, _, name = part.partition("@")
            if not name or _is_us(name, username):
                units = units[: 2 * start] + command.encode("utf-16-le") + units[2 * end :]
                is_ours = True
    return units.decode("utf-16-le", "ignore").strip(), is_ours


def _is_us(name: str, username: str) -> bool:
    """Our name; before it is known, any name a bot can have (Telegram wants them to end so)."""
    return name == username if username else name.endswith("bot")


def _button(key: str, query: Json) -> Heard | None:
    """A tapped button; its message's date is the card's, so the tap is heard as of now."""
    message = query.get("message")
    if not isinstance(message, dict) or not isinstance(query.get("data"), str):
        return None
    place, is_private = _place(message["chat"])
    return Heard(
        key=key,
        kind="button",
        at=datetime.now(UTC),
        channel="telegram",
        place=place,
        is_private=is_private,
        sender=_sender(query.get("from")),
        value=query["data"],
        quoted=_id(message),
        addressed=True,
        reply_token=str(query.get("id", "")),
        reply_by=datetime.now(UTC) + TAP_LIVES,
    )


def _membership(key: str, change: Json) -> Heard | None:
    """We were let into a group or put out of it, or a person blocked us or let us in again."""
    place, is_private = _place(change["chat"])
    before, after = change["old_chat_member"]["status"], change["new_chat_member"]["status"]
    came, went = before in OUT and after in IN, before in IN and after in OUT
    kind: Kind
    if came:
        kind = "followed" if is_private else "group-joined"
    elif went:
        kind = "unfollowed" if is_private else "group-left"
    else:
        return None
    return Heard(
        key=key,
        kind=kind,
        at=datetime.fromtimestamp(change["date"], UTC),
        channel="telegram",
        place=place,
        is_private=is_private,
        sender=_sender(change.get("from")),
        addressed=True,
    )


def _place(chat: Json) -> tuple[str, bool]:
    return f"telegram:{chat['id']}", chat.get("type") == "private"


def _sender(user: Json | None) -> str:
    return f"telegram:{user['id']}" if user and not user.get("is_bot") else ""


def _id(message: Json) -> str:
    return f"telegram:{message['chat']['id']}:{message['message_id']}"


def _files(message: Json) -> tuple[File, ...]:
    if photos := message.get("photo"):
        best = max(photos, key=lambda one: one.get("width", 0) * one.get("height", 0))
        return (File(best["file_id"], "photo", "photo.jpg", best.get("file_size")),)
    for name, kind in (("document", "file"), ("video", "video"), ("audio", "audio"), ("voice", "audio")):
        if one := message.get(name):
            title = one.get("file_name") or name
            return (File(one["file_id"], kind, title, one.get("file_size")),)  # type: ignore[arg-type]
    return ()
