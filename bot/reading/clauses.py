"""A message cut by its own words: list items, "and", "as for", and clauses that each tell something."""

import re
from functools import cache

from bot.reading.lexicon import lexicon

LONGEST = 900  # letters of a message that is cut; a longer one is a document, not a line of reports
MOST = 12


def items(text: str) -> list[tuple[str, int]]:
    """The parts between list marks, line ends and words that begin something else; with their places."""
    return _cut(text, _between())


def clauses(text: str) -> list[tuple[str, int]]:
    """The stretches between spaces, a stretch that tells nothing joined with the one after it."""
    made: list[tuple[str, int]] = []
    begun: int | None = None
    for found in re.finditer(r"\S+", text):
        begun = found.start() if begun is None else begun
        if _tells(found.group()):
            made.append((text[begun : found.end()], begun))
            begun = None
    if begun is not None and made:
        last, start = made.pop()
        made.append((text[start:].rstrip() or last, start))
    return made if len(made) <= MOST else []


def _cut(text: str, pattern: re.Pattern[str]) -> list[tuple[str, int]]:
    if len(text) > LONGEST:
        return []
    made, start = [], 0
    for found in (*pattern.finditer(text), None):
        end = found.start() if found else len(text)
        if text[start:end].strip():
            made.append((text[start:end], start))
        start = found.end() if found else end
    return made if 1 < len(made) <= MOST else []


def _tells(word: str) -> bool:
    words = lexicon()
    return any(
        words.has("status", name, word)
        for name in ("done_strong", "done_weak", "past", "not_started", "not_yet", "in_progress", "cancelled")
    ) or any(words.has("numbers", name, word) for name in ("percent", "half"))


@cache
def _between() -> re.Pattern[str]:
    words = lexicon()
    return re.compile(rf"{words.raw('refs', 'between')}", re.IGNORECASE)
