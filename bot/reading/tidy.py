"""A message made even before it is read: digits, doubled letters, words of numbers, the wrong keyboard."""

import os
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

from bot.reading.lexicon import either, lexicon
from storage.codes import group_code, person_code

MOST = 5000  # letters of a message that are read; LINE and Telegram allow about as many
_DIGITS = {0x0E50 + digit: ord("0") + digit for digit in range(10)}
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060))
_TRAILING = re.compile(
    r"(?P<kept>https?://\S+|www\.\S+|" + chr(0x0E2D) * 3 + "(?=[" + chr(0x0E01) + "-" + chr(0x0E2C) + "]))"
    r"|(?P<one>[^\W\d_.]|[" + chr(0x0E30) + "-" + chr(0x0E4E) + r"])(?P=one){2,}"
)
_E, _AE = chr(0x0E40), chr(0x0E41)
_THAI = re.compile("[" + chr(0x0E01) + "-" + chr(0x0E4E) + "]")
_LATIN = re.compile("[a-zA-Z]")
_KEPT_TOKEN = re.compile(r"[\d.,/:%()-]+|https?://\S+|\S+@\S+|[ioe]\d{1,2}", re.IGNORECASE)


def tidy(text: str) -> str:
    """Arabic digits, no unseen signs, no letter three times in a row, numbers in digits."""
    text = text[:MOST].translate(_DIGITS).translate(_UNSEEN).replace(_E + _E, _AE)
    text = _TRAILING.sub(lambda found: found["kept"] or found["one"], text)
    for slip, meant in _slips():
        text = slip.sub(meant, text)
    return _numbers(text)


def plain(text: str) -> str:
    """A tidy text without courtesy, fillers, codes and numbers, with other words for the same thing."""
    text = tidy(text)
    text = lexicon().pattern("papers", "document").sub(" ", text)
    text = lexicon().pattern("papers", "link").sub(" ", text)
    text = lexicon().pattern("tidy", "fillers").sub(" ", text)
    text = _measured().sub(" ", text)
    more = [formal for pattern, formal in _same() if pattern.search(text)]
    return " ".join([text, *more])


def related(text: str) -> str:
    """The words that plans have for what a report says in everyday ones."""
    return " ".join(dict.fromkeys(formal for pattern, formal in _families() if pattern.search(text)))


def other_keyboard(text: str) -> str:
    """What was meant when the keyboard was left in English; the text itself when it has Thai letters.

    ``8^j,nv`` gives the Thai word for handbook; codes (invitations, too), links and addresses are left alone.
    """
    if _THAI.search(text) or _LATIN.search(text) is None or person_code(text, whole=True) or group_code(text):
        return text
    return " ".join(token if _KEPT_TOKEN.fullmatch(token) else _keyboard()(token) for token in text.split())


def has_thai(text: str) -> bool:
    """Whether any letter is Thai."""
    return _THAI.search(text) is not None


@cache
def _slips() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(slip), meant) for slip, meant in lexicon()("tidy", "slips"))


@cache
def _measured() -> re.Pattern[str]:
    """A number with its sign of percent or the word that it counts."""
    counted = lexicon().raw("tidy", "counted")
    percent = lexicon().raw("tidy", "percent")
    return re.compile(rf"\d+(?:[.,/]\d+)*\s*(?:%|{percent}|(?:{counted}))?", re.IGNORECASE)


@cache
def _keyboard() -> Callable[[str], str]:
    """Pythainlp's table of the Thai keyboard; loaded when the first such message comes, never online."""
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    found: Callable[[str], str] = import_module("pythainlp.util").eng_to_thai
    return found


@cache
def _families() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = lexicon()("tidy", "families")
    return tuple((re.compile(one, re.IGNORECASE), formal) for one, formal in found)


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(one, re.IGNORECASE), formal) for one, formal in lexicon()("tidy", "same"))


@cache
def _number_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Words of numbers: after a word that wants one, before a word that wants one, with a point."""
    words = lexicon()
    parts = [*words("tidy", "ones"), words("tidy", "ten"), words("tidy", "hundred")]
    number = f"(?:{'|'.join(sorted(parts, key=len, reverse=True))}){{1,10}}"
    part_of_a_word = "".join(f"(?<!{one})" for one in words("tidy", "not_after_number"))
    number = part_of_a_word + number
    point = words("tidy", "point")
    return (
        re.compile(f"(?:{words.raw('tidy', 'number_before')})({number}(?:{point}{number})?)"),
        re.compile(f"({number}(?:{point}{number})?)(?={either(words('tidy', 'number_after'))})"),
        re.compile(f"({number}){point}({number})"),
    )


def _numbers(text: str) -> str:
    before, after, _ = _number_words()
    text = _fraction().sub(_percent_of, text)
    text = before.sub(lambda one: one.group().removesuffix(one.group(1)) + _digits(one.group(1)), text)
    return after.sub(lambda one: _digits(one.group(1)), text)


@cache
def _fraction() -> re.Pattern[str]:
    """Two words of numbers with "in" between and nothing that is counted after: a part of the whole."""
    words = lexicon()
    one, within = either(words("tidy", "ones")), words("tidy", "parts_of")
    ends = rf"(?=\s|$|{words.raw('status', 'past')})"
    return re.compile(rf"({one})\s?{within}\s?({one}){ends}")


def _percent_of(found: re.Match[str]) -> str:
    part, whole = _value(found.group(1)), _value(found.group(2))
    return f"{100 * part / whole:.1f}% " if 0 < part < whole else found.group()


def _digits(words: str) -> str:
    if words in lexicon()("tidy", "not_numbers"):
        return words
    return ".".join(str(_value(part)) for part in words.split(lexicon()("tidy", "point")))


def _value(words: str) -> int:
    ones, ten, hundred = (lexicon()("tidy", name) for name in ("ones", "ten", "hundred"))
    total, last = 0, -1
    while words:
        name = next(one for one in (*ones, ten, hundred) if words.startswith(one))
        words = words[len(name) :]
        if name in ones:
            last = ones[name]
            continue
        total += (1 if last < 0 else last) * (10 if name == ten else 100)
        last = -1
    return total + max(last, 0)
