"""LINE: a reply as text, flex bubbles and quick replies.

Limits from LINE's reference: 5 objects a request, text 5,000 UTF-16 units, alt text 1,500, bubble
30 KB, carousel 12 bubbles and 50 KB, 13 quick replies, labels 20 (flex buttons 40) letters.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.graphemes import cut, split
from bot.words import Words
from handlers.talk import Card, Choice, Reply, Row

OBJECTS, TEXT, ALT, BUBBLES, QUICK = 5, 5000, 400, 12, 13
BUBBLE_BYTES, CAROUSEL_BYTES = 29_000, 48_000
LABEL, BUTTON, PAIRED = 20, 40, 12
SHORT = 14  # a value of up to so many letters stands at the right of its line
INK, SOFT, LINE, PALE, ACCENT = "#1F2937", "#6B7280", "#E5E7EB", "#F3F6F5", "#0F766E"
COLOURS = {
    "done": "#15803D",
    "overdue": "#B91C1C",
    "due": "#B45309",
    "delayed": "#7C3AED",
    "cancelled": "#6B7280",
    "open": "#0F766E",
}
SIGNS = {"done": "✓", "overdue": "!", "due": "●", "open": "○", "delayed": "↻", "cancelled": "✕", "quote": "–"}
Json = dict[str, Any]


def messages(replies: Sequence[Reply], words: Words) -> tuple[list[Json], list[str]]:
    """The message objects of a letter (at most five), and what each is about."""
    made: list[tuple[Json, str]] = []
    for reply in replies:
        made += [(text, "") for text in _texts(reply, words)]
        made += [(_image(card.picture), "") for card in reply.cards if card.picture]
        made += _flexes(reply.cards, words)
    if len(made) > OBJECTS:
        made = _packed(replies, words)
    objects, about = [one for one, _ in made], [what for _, what in made]
    quick = _quick(replies, words)
    if objects and quick:
        objects[-1]["quickReply"] = {"items": quick}
    return objects, about


def _image(address: str) -> Json:
    """A picture that LINE fetches itself (PNG, at most 10 MB; our charts are a quarter of one)."""
    return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}


def _packed(replies: Sequence[Reply], words: Words) -> list[tuple[Json, str]]:
    """Too much for one request: all texts as one, all cards side by side; the rest is left out."""
    text = "\n\n".join(filter(None, (_sentence(reply, words) for reply in replies)))
    cards = [card for reply in replies for card in reply.cards]
    texts = [(_text(part), "") for part in split(text, TEXT)[:2]] if text else []
    return (texts + _flexes(cards, words))[:OBJECTS]


def _texts(reply: Reply, words: Words) -> list[Json]:
    text = _sentence(reply, words)
    return [_text(part) for part in split(text, TEXT)[:3]] if text else []


def _sentence(reply: Reply, words: Words) -> str:
    """The sentence; what can be chosen is numbered under it, because not every LINE shows buttons."""
    lines = [words(reply.say)]
    if reply.asks:
        lines += [f"{number}) {words(choice.label)}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join(filter(None, lines)).strip()


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _flexes(cards: Sequence[Card], words: Words) -> list[tuple[Json, str]]:
    """One card as a bubble, several side by side; as many as fit into one object go together."""
    made: list[tuple[Json, str]] = []
    held: list[tuple[Json, Card]] = []
    for card in cards:
        bubble = _bubble(card, words)
        size = sum(_size(one) for one, _ in held) + _size(bubble)
        if held and (len(held) == BUBBLES or size > CAROUSEL_BYTES):
            made.append(_flex(held, words))
            held = []
        held.append((bubble, card))
    return [*made, _flex(held, words)] if held else made


def _flex(held: list[tuple[Json, Card]], words: Words) -> tuple[Json, str]:
    bubbles = [bubble for bubble, _ in held]
    contents = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": bubbles}
    alt = " · ".join(dict.fromkeys(words(card.title) for _, card in held))
    about = held[0][1].about if len(held) == 1 else ""
    return {"type": "flex", "altText": cut(alt, ALT) or "…", "contents": contents}, about


def _size(part: Json) -> int:
    return len(json.dumps(part))


def _bubble(card: Card, words: Words) -> Json:
    rows = list(card.rows)
    bubble = _drawn(card, rows, words)
    while _size(bubble) > BUBBLE_BYTES and rows:
        rows = rows[: len(rows) * 3 // 4]
        bubble = _drawn(card, rows, words, is_cut=True)
    return bubble


def _drawn(card: Card, rows: Iterable[Row], words: Words, *, is_cut: bool = False) -> Json:
    lines = [_row(row, words) for row in rows]
    if is_cut:
        lines.append(_label("…", SOFT))
    bubble: Json = {
        "type": "bubble",
        "size": "mega",
        "header": _head(card, words),
        "styles": {"footer": {"separator": True}},
    }
    if lines:
        bubble["body"] = _box(lines, spacing="md", paddingAll="16px")
    if card.choices:
        bubble["footer"] = _box(_buttons(card.choices[:6], words), spacing="sm", paddingAll="12px")
    else:
        del bubble["styles"]
    return bubble


def _head(card: Card, words: Words) -> Json:
    parts: list[Json] = [_label(words(card.title), INK, weight="bold", size="md")]
    if subtitle := words(card.subtitle):
        parts.append(_label(subtitle, SOFT, size="sm", margin="xs"))
    if card.share is not None:
        parts.append(_bar(card.share, COLOURS.get(card.mark, ACCENT), margin="md"))
    colour = COLOURS.get(card.mark, ACCENT)
    stripe = {"type": "box", "layout": "vertical", "contents": [], "height": "4px", "backgroundColor": colour}
    inner = _box(parts, paddingAll="16px")
    return _box([stripe, inner], paddingAll="0px", backgroundColor=PALE)


def _row(row: Row, words: Words) -> Json:
    text, value = words(row.say), words(row.value)
    colour = COLOURS.get(row.mark, SOFT)
    if row.mark == "note":
        return _label(text, SOFT, weight="bold", size="sm", margin="lg")
    line: list[Json] = [_label(text, INK if row.mark != "quote" else SOFT, size="sm", flex=1)]
    if sign := SIGNS.get(row.mark):
        mark = {"type": "text", "text": sign, "color": colour, "weight": "bold", "size": "sm", "flex": 0}
        line.insert(0, mark)
    is_short = bool(value) and len(value) <= SHORT
    if is_short:
        line.append(_label(value, colour, size="sm", flex=0, align="end", wrap=False))
    drawn: list[Json] = [{"type": "box", "layout": "horizontal", "spacing": "sm", "contents": line}]
    if value and not is_short:
        under = {"paddingStart": "18px"} if sign else {}
        drawn.append(_box([_label(value, colour, size="xs")], margin="xs", **under))
    if row.share is not None:
        drawn.append(_bar(row.share, colour, margin="sm"))
    box = _box(drawn)
    if row.choice is not None:
        box["action"] = _action(row.choice, words, BUTTON)
    return box


def _label(text: str, colour: str, **style: Any) -> Json:
    return {"type": "text", "text": text or " ", "color": colour, "wrap": True, "scaling": True, **style}


def _box(contents: list[Json], **style: Any) -> Json:
    return {"type": "box", "layout": "vertical", "contents": contents, **style}


def _bar(share: float, colour: str, **style: Any) -> Json:
    """A progress bar of two boxes; an empty one keeps a sliver, so that it reads as a bar."""
    width = max(2, min(100, round(share * 100)))
    fill = {
        "type": "box",
        "layout": "vertical",
        "contents": [],
        "width": f"{width}%",
        "height": "6px",
        "backgroundColor": colour,
        "cornerRadius": "3px",
    }
    return _box([fill], height="6px", backgroundColor=LINE, cornerRadius="3px", **style)


def _buttons(choices: Sequence[Choice], words: Words) -> list[Json]:
    """The main button over the whole width; short others two in a row, so that a thumb reaches all."""
    made: list[Json] = []
    pair: list[Json] = []
    for choice in choices:
        button = _button(choice, words)
        if choice.style == "main" or len(button["action"]["label"]) > PAIRED:
            made.append(button)
            continue
        pair.append(button)
        if len(pair) == 1:
            made.append({"type": "box", "layout": "horizontal", "spacing": "sm", "contents": pair})
        else:
            pair = []
    return made


def _button(choice: Choice, words: Words) -> Json:
    button: Json = {
        "type": "button",
        "action": _action(choice, words, BUTTON),
        "height": "sm",
        "style": "primary" if choice.style == "main" else "secondary",
        "adjustMode": "shrink-to-fit",
    }
    if choice.style == "main":
        button["color"] = ACCENT
    return button


def _quick(replies: Sequence[Reply], words: Words) -> list[Json]:
    """LINE shows the quick replies of the last object only: those of the last reply that has any."""
    choices = next((reply.choices for reply in reversed(replies) if reply.choices), ())
    return [{"type": "action", "action": _action(choice, words, LABEL)} for choice in choices[:QUICK]]


def _action(choice: Choice, words: Words, most: int) -> Json:
    full = words(choice.label)
    label = cut(full, most)
    if choice.link:
        return {"type": "uri", "label": label, "uri": choice.link}
    if choice.picks == "day":
        return {"type": "datetimepicker", "label": label, "data": choice.value, "mode": "date"}
    return {"type": "postback", "label": label, "data": choice.value, "displayText": cut(full, 300)}
