"""A reply as plain text, top to bottom: for the terminal and for e-mail."""

from collections.abc import Sequence

from bot.words import Words
from handlers.talk import Card, Reply, Row

BAR = 10


def plain(reply: Reply, words: Words) -> str:
    """All a reply says, top to bottom."""
    lines = [words(reply.say)]
    for card in reply.cards:
        lines += _card(card, words)
    return "\n".join(filter(None, lines))


def labels(replies: Sequence[Reply], words: Words) -> list[str]:
    """What can be tapped, in the order of its numbers."""
    return [
        words(choice.label)
        for reply in replies
        for choice in (*reply.choices, *(one for card in reply.cards for one in card.choices))
    ]


def _card(card: Card, words: Words) -> list[str]:
    head = " · ".join(filter(None, (words(card.title), words(card.subtitle))))
    return [f"{head}{_bar(card.share)}", *(_row(row, words) for row in card.rows)]


def _row(row: Row, words: Words) -> str:
    said = "  ".join(filter(None, (words(row.say), words(row.value))))
    return f"  {said}{_bar(row.share)}" if said else ""


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    full = round(max(0.0, min(1.0, share)) * BAR)
    return f"  [{'#' * full}{'.' * (BAR - full)}] {share:.0%}"
