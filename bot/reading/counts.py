"""What a piece of a message counts: done, of how many, of what; people who came; nothing at all."""

import re
from dataclasses import replace
from functools import cache

from bot.reading.lexicon import lexicon
from handlers.parts import Fact

NEAR = 24  # letters between a number and the word that says what it is
_BARE = re.compile(r"(?<![\d.,/:])\d{1,6}(?:\.\d+)?(?![\d.,/:])")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def counted(made: Fact, text: str) -> Fact:
    """A fact with what its text counts; a bare number is kept apart."""
    text = lexicon().pattern("numbers", "percent").sub(_blank, text)
    text = lexicon().pattern("refs", "step").sub(_blank, text)
    text = lexicon().pattern("numbers", "negated").sub(_blank, text)  # "not 60, it is 66"
    for pattern, is_all in _counts():
        for found in pattern.finditer(text):
            if (
                lexicon()
                .pattern("numbers", "left")
                .search(text[max(0, found.start() - NEAR) : found.start()])
            ):
                continue  # what remains to be done
            parts = found.groupdict()
            done = _number(parts["done"])
            of = _number(parts["of"]) if parts.get("of") else done if is_all else None
            if of is not None and done > of:
                continue
            return replace(made, count_done=done, count_of=of, count_what=(parts.get("what") or "").strip())
    told_by = (("status", "past"), ("status", "gathering"), ("refs", "matters"))
    if (came := _came().search(text)) and any(lexicon().has(*one, text) for one in told_by):
        return replace(made, count_done=_number(came.group(1)))
    if lexicon().has("status", "nothing_received", text):
        return replace(made, count_done=0.0)
    number = _BARE.search(text)
    return replace(made, number=float(number.group())) if number and made.percent is None else made


def _number(text: str) -> float:
    return float(text.replace(",", ""))


@cache
def _came() -> re.Pattern[str]:
    """People who came, with a number that no word of counting follows."""
    return re.compile(rf"(?:{lexicon().raw('numbers', 'came')})\s*(\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?=\s|$)")


@cache
def _counts() -> tuple[tuple[re.Pattern[str], bool], ...]:
    words = lexicon()
    what, of = words.raw("numbers", "classifier"), words.raw("numbers", "of")
    number = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d+)?)"
    what = rf"(?:{words.raw('numbers', 'some')})?\s?(?:{what})"
    not_after = r"(?<![\d.,/])(?<!\d\s)"
    of_them = words.raw("numbers", "of_them")
    return (
        (
            re.compile(
                rf"{not_after}(?P<of>{number})\s*(?P<what>{what})\D{{0,30}}?(?:{of_them})\s*(?P<done>{number})"
                rf"(?![\d.,]*\s*(?:%|/))",
                re.IGNORECASE,
            ),
            False,
        ),
        (
            re.compile(
                rf"{not_after}(?P<done>{number})\s*(?:{what})?\s*(?:{of})\s*(?P<of>{number})(?!\s*/)\s*(?P<what>{what})?",
                re.IGNORECASE,
            ),
            False,
        ),
        (
            re.compile(
                rf"(?:{words.raw('numbers', 'all')})\s*(?P<done>{number})\s*(?P<what>{what})", re.IGNORECASE
            ),
            True,
        ),
        (re.compile(rf"{not_after}(?P<done>{number})\s*(?P<what>{what})", re.IGNORECASE), False),
    )
