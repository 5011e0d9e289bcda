"""Telegram: a reply as HTML text with an inline keyboard.

Limits: 4,096 letters after the tags are taken away, 64 bytes in a button.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from bot.graphemes import cut, units
from bot.words import Words
from handlers.talk import Card, Choice, Reply, Row, say

LONGEST = 4000
LABEL = 40
BAR = 10
FULL, EMPTY = chr(0x25B0), chr(0x25B1)
SIGNS = {
    "done": "✅",
    "overdue": "🔴",
    "due": "🟠",
    "open": "⚪",
    "delayed": "🟣",
    "cancelled": "✖️",
    "quote": "›",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One message: its HTML, its buttons in rows, and what it is about."""

    html: str
    buttons: tuple[tuple[Choice, str], ...] = ()
    about: str = ""


def pages(replies: Sequence[Reply], words: Words) -> list[Page]:
    """The messages of a letter: one a card, so that a reply to it is understood."""
    made: list[Page] = []
    for reply in replies:
        made += _pages(reply, words)
    return made


def _pages(reply: Reply, words: Words) -> list[Page]:
    head = escape(_sentence(reply, words))
    buttons = _buttons(reply.choices, words)
    if not reply.cards:
        return _split(Page(head, buttons))
    made = []
    for number, card in enumerate(reply.cards):
        html = _card(card, words)
        if number == 0 and head:
            html = f"{head}\n\n{html}"
        made += _split(Page(html, _buttons(card.choices, words), card.about))
    last = made[-1]
    made[-1] = replace(last, buttons=(*last.buttons, *buttons))
    return made


def _sentence(reply: Reply, words: Words) -> str:
    lines = [words(reply.say)]
    if reply.asks:
        lines += [f"{number}) {words(choice.label)}" for number, choice in enumerate(reply.choices, 1)]
    if any(choice.picks for choice in reply.choices):
        lines.append(words(say("forms-type-day")))
    return "\n".join(filter(None, lines)).strip()


def _card(card: Card, words: Words) -> str:
    lines = [f"<b>{escape(words(card.title))}</b>"]
    if subtitle := words(card.subtitle):
        lines.append(f"<i>{escape(subtitle)}</i>")
    if card.share is not None:
        lines.append(_bar(card.share))
    return "\n".join([*lines, *(_row(row, words) for row in card.rows)])


def _row(row: Row, words: Words) -> str:
    text, value = escape(words(row.say)), escape(words(row.value))
    if row.mark == "note":
        return f"\n<b>{text}</b>"
    line = f"{SIGNS.get(row.mark, '•')} {text}"
    if value:
        line += f"\n     <i>{value}</i>"
    return line if row.share is None else f"{line}\n     {_bar(row.share)}"


def _bar(share: float) -> str:
    full = round(max(0.0, min(1.0, share)) * BAR)
    return FULL * full + EMPTY * (BAR - full)


def _buttons(choices: Sequence[Choice], words: Words) -> tuple[tuple[Choice, str], ...]:
    """What can be tapped; a day cannot be picked here, it is typed (the text says so)."""
    return tuple((choice, cut(words(choice.label), LABEL)) for choice in choices if not choice.picks)


def _split(page: Page) -> list[Page]:
    """Cut between lines, so that no tag is torn; the buttons stay under the last part."""
    parts, held = [], ""
    for line in page.html.split("\n"):
        short = line if units(line) <= LONGEST else escape(cut(line, LONGEST // 4))
        if held and units(held) + units(short) + 1 > LONGEST:
            parts.append(held)
            held = short
        else:
            held = f"{held}\n{short}" if held else short
    made = [Page(part.strip("\n"), about=page.about) for part in [*parts, held] if part.strip()]
    if made:
        made[-1] = replace(made[-1], buttons=page.buttons)
    return made
