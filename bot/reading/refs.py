"""Codes in a message, and the message cut into pieces that each speak of their own measures."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

from bot.reading.lexicon import either, lexicon
from handlers.parts import Ref
from storage.calendar import MONTH
from storage.day_words import EN_MONTH

_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3},$")
_CODE = re.compile(r"(?<![\d./:])(\d{1,2}(?:\.\d{1,2}){1,2})(?![\d/])")
_ITEM = re.compile(r"(?<![a-zA-Z0-9])([oO])\s?(\d{1,2})(?!\d)")
_QUESTION = re.compile(r"(?<![a-zA-Z0-9])([iIeE])\s?(\d{1,2})(?!\d)(?!\s?-)")
MOST_OF_A_RANGE = 20
BEGINNING = 3  # letters from the start within which a line begins with a bare code


def find_refs(text: str) -> tuple[Ref, ...]:
    """What looks like a code of a measure, an O item or a question in a tidy text, in order."""
    found = [
        *_codes(text),
        *(Ref("o", f"O{one.group(2)}", *one.span(), marked=True) for one in _ITEM.finditer(text)),
        *(
            Ref("question", one.group(1).lower() + one.group(2), *one.span(), marked=True)
            for one in _QUESTION.finditer(text)
        ),
    ]
    return tuple(_in_parts(text, _with_ranges(text, sorted(found, key=lambda ref: ref.start))))


def _in_parts(text: str, refs: list[Ref]) -> list[Ref]:
    """Codes after the number of a part of the plan count within that part, until another one is said."""
    parts = [(one.end(), one.group(1)) for one in _part().finditer(text)]
    if not parts:
        return refs
    starts = {one.start(1) for one in _part().finditer(text)}
    return [
        replace(ref, part=next((number for end, number in reversed(parts) if end <= ref.start), ""))
        for ref in refs
        if ref.start not in starts
    ]


@cache
def _part() -> re.Pattern[str]:
    """A part's number, where the number of something in it follows."""
    words = lexicon()
    marker = words.raw("refs", "marker")
    return re.compile(
        rf"(?:{words.raw('refs', 'part')})\s*(\d{{1,2}})(?![\d.])(?=.{{0,28}}?(?:{marker})\s*\d)",
        re.IGNORECASE,
    )


def pieces(text: str, refs: tuple[Ref, ...]) -> list[tuple[str, tuple[Ref, ...]]]:
    """The text cut where a new measure begins; codes joined by "and" share one piece."""
    groups = _groups(text, refs)
    if len(groups) < 2:
        return [(text, refs)]
    starts = [_list_start(text, group[0].start) for group in groups]
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [(text[start:end], tuple(group)) for start, end, group in zip(starts, ends, groups, strict=True)]


def without_refs(text: str, refs: tuple[Ref, ...], start: int = 0) -> str:
    """The text with its codes blanked, and the parts they count within, so that they are not taken for
    numbers."""
    text = _part().sub(lambda found: " " * len(found.group()), text)
    for ref in refs:
        a, b = ref.start - start, ref.end - start
        if 0 <= a < b <= len(text):
            text = text[:a] + " " * (b - a) + text[b:]
    return text


def _codes(text: str) -> list[Ref]:
    not_after, not_before, marked = _patterns()
    found = []
    for one in _CODE.finditer(text):
        ahead, behind = text[one.end() : one.end() + 12], text[: one.start()]
        if not_before.match(ahead) or not_after.search(behind[-16:]) or _THOUSANDS.search(behind[-5:]):
            continue
        mark = marked.search(behind[-14:])
        found.append(Ref("code", one.group(1), *one.span(), marked=mark is not None))
    if (first := _first().match(text)) and not not_before.match(text[first.end(1) :]):
        found.append(Ref("code", first.group(1), *first.span(1)))
    found += _listed_codes(text, found)
    taken = {ref.start for ref in found}
    return found + [
        Ref("code", one.group(1), *one.span(1), marked=True)
        for one in _numbered().finditer(text)
        if one.start(1) not in taken
    ]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = lexicon()
    return (
        re.compile(rf"(?:{words.raw('refs', 'not_after')})\s*$", re.IGNORECASE),
        re.compile(rf"\s*(?:{words.raw('refs', 'not_before')})", re.IGNORECASE),
        re.compile(rf"(?:{words.raw('refs', 'marker')})\s*$", re.IGNORECASE),
    )


def _listed_codes(text: str, found: list[Ref]) -> list[Ref]:
    """Bare numbers that something is told of, at the beginning ("4 and 6 are done") and after such a one."""
    listed, told = _bare_list()
    begun, taken = listed.match(text), {ref.start for ref in found}
    if begun is None and not any(ref.start < BEGINNING and ref.value.isdecimal() for ref in found):
        return []
    places = [*re.finditer(r"\d+", begun.group())] if begun else []
    not_after, _, _ = _patterns()
    places += [
        one for one in told.finditer(text) if one.start() and not not_after.search(text[: one.start()][-16:])
    ]
    return [
        Ref("code", one.group().strip(), one.end() - len(one.group().strip()), one.end())
        for one in {one.end(): one for one in places}.values()
        if one.end() - len(one.group().strip()) not in taken
    ]


@cache
def _bare_list() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Numbers joined at the beginning; a number that stands alone. Both before words of a status."""
    words = lexicon()
    status = either(
        words.raw("status", name) for name in ("done_strong", "done_weak", "in_progress", "not_started")
    )
    joined = rf"\s*(?:{words.raw('refs', 'joined_numbers')})\s*"
    return (
        re.compile(rf"\s*\d{{1,2}}(?:{joined}\d{{1,2}})+(?=\s*(?:{status}))", re.IGNORECASE),
        re.compile(rf"(?:(?<=\s)|^)\d{{1,2}}(?=\s+(?:{status}))", re.IGNORECASE),
    )


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon().raw('refs', 'marker')})\s*(\d{{1,2}})(?![\d.%)])", re.IGNORECASE)


@cache
def _first() -> re.Pattern[str]:
    """A bare number at the very beginning that counts nothing: the code of a plan that numbers 1, 2, 3."""
    other = either(
        [MONTH, EN_MONTH, lexicon().raw("numbers", "classifier"), lexicon().raw("refs", "not_a_code")]
    )
    return re.compile(rf"\s*(\d{{1,2}})\s+(?!{other})(?=[^\W\d_])", re.IGNORECASE)


def _with_ranges(text: str, refs: list[Ref]) -> list[Ref]:
    full: list[Ref] = []
    for before, ref in pairwise([None, *refs]):
        assert ref is not None
        if before is not None and before.kind == ref.kind == "o" and _is_range(text, before, ref):
            first, last = int(before.value[1:]), int(ref.value[1:])
            if 0 < last - first <= MOST_OF_A_RANGE:
                full += [Ref("o", f"O{n}", ref.start, ref.end, marked=True) for n in range(first + 1, last)]
        full.append(ref)
    return full


def _is_range(text: str, one: Ref, other: Ref) -> bool:
    between = text[one.end : other.start].strip()
    return lexicon().pattern("refs", "range").fullmatch(between) is not None


@cache
def _joined() -> re.Pattern[str]:
    words = lexicon()
    return re.compile(
        rf"\s*(?:(?:{words.raw('refs', 'joined')}|{words.raw('refs', 'range')})\s*)*", re.IGNORECASE
    )


def _groups(text: str, refs: tuple[Ref, ...]) -> list[list[Ref]]:
    joined = _joined()
    groups: list[list[Ref]] = []
    for ref in refs:
        last = groups[-1][-1] if groups else None
        if last is not None and (
            last.start == ref.start or joined.fullmatch(text[last.end : ref.start]) is not None
        ):
            groups[-1].append(ref)
        elif last is not None and any(ref.value == one.value for one in groups[-1]):
            continue
        else:
            groups.append([ref])
    return groups


def _list_start(text: str, start: int) -> int:
    """Where the piece of a code begins: before its list mark and its word for measure."""
    before = _before().search(text[max(0, start - 20) : start])
    return start - len(before.group()) if before else start


@cache
def _before() -> re.Pattern[str]:
    words = lexicon()
    return re.compile(
        rf"(?:(?:{words.raw('refs', 'list_marker')})\s*)?(?:(?:{words.raw('refs', 'marker')})\s*)?$",
        re.IGNORECASE,
    )
