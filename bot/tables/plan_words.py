"""Small rules for reading Thai papers: digits, folding, list markers, codes."""

import re
from collections.abc import Iterator

from storage.digits import arabic

NOT_LETTERS = re.compile(r"[^0-9A-Za-z\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e]")
BULLETS = "-–•●▪■◦○*➢✓"
MARKER = re.compile(
    r"(?:(?<=\s)|^)(?:\((?P<paren>\d{1,2})\)|(?P<number>\d{1,2}(?:\.\d{1,2})*)\s?[.)]|"
    rf"(?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,2}})(?=\s)|(?P<bullet>[{re.escape(BULLETS)}]))"
    r"(?=\s|[ก-๙A-Za-z(])",
    re.MULTILINE,
)
BETWEEN = re.compile(r"\d\s*[-–]\Z")
QUESTION = re.compile(r"(?<![A-Za-z])([iIeE])\s?(\d{1,2})(?![\dA-Za-z.])")
O_RANGE = re.compile(r"(?<![A-Za-z])[oO]\s?(\d{1,2})\s*(?:-|–|ถึง)\s*[oO]?\s?(\d{1,2})(?!\d)")
O_ITEM = re.compile(r"(?<![A-Za-z])[oO]\s?(\d{1,2})(?![\dA-Za-z])")
O_ITEMS_MOST = 60


def flat(text: str) -> str:
    """In one line, spaces folded."""
    return " ".join(text.split())


def tight(text: str) -> str:
    """Without any space, Arabic digits, small letters: to compare words whose wrapping differs."""
    return "".join(arabic(text).lower().split())


def bare(text: str) -> str:
    """Letters and digits alone: to find a text again in spite of punctuation."""
    return NOT_LETTERS.sub("", arabic(text)).lower()


def markers(text: str) -> Iterator[re.Match[str]]:
    """The places where a list item really begins, not every number with a dot."""
    plain, bulleted = arabic(text), False
    last: tuple[int, ...] = (0,)
    for found in MARKER.finditer(plain):
        at_line_start = found.start() == 0 or plain[found.start() - 1] == "\n"
        if found["bullet"]:
            if (
                BETWEEN.search(plain[max(0, found.start() - 4) : found.end()])
                and plain[found.end() :].lstrip()[:1].isdigit()
            ):
                continue  # "2561 - 2564" is one range
            if at_line_start or (bulleted and plain[found.end() : found.end() + 1].isspace()):
                bulleted = True
                yield found
            continue
        number = _number(found)
        if at_line_start or _follows(number, last):
            last = number
            yield found


def _number(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(map(int, (found["paren"] or found["number"] or found["dotted"]).split(".")))


def _follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    return number in ((*last[:-1], last[-1] + 1), (*last, 1), (last[0] + 1,))


def items(text: str) -> list[str]:
    """A cell as the items of its list, markers gone; without markers each line is one."""
    starts = list(markers(text))
    if not starts:
        return [flat(line) for line in text.splitlines() if line.strip()]
    made = [text[: starts[0].start()]]
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        made.append(text[found.end() : following.start() if following else len(text)])
    return [flat(part) for part in made if part.strip()]


def steps(text: str) -> list[str]:
    """A cell's steps: where they are numbered, dashes below a number are part of its step."""
    starts = list(markers(text))
    numbered = [one for one in starts if not one["bullet"]]
    if len(numbered) < 2 or starts[0]["bullet"]:
        return items(text)
    made = [text[: numbered[0].start()]]
    for found, following in zip(numbered, [*numbered[1:], None], strict=True):
        made.append(text[found.end() : following.start() if following else len(text)])
    return [flat(part) for part in made if part.strip()]


def leading(text: str) -> tuple[str, str]:
    """The number a text begins with (``1.2``, Arabic, without brackets) and the text after it."""
    plain = arabic(text)
    found = re.match(
        r"\s*(?:ข้อ(?:ที่)?\s*)?(?:\((\d{1,2}(?:\.\d{1,2})*)\)|(\d{1,2}(?:\.\d{1,2})+)(?=[.)\s])|"
        r"(\d{1,2})(?=[.)]))[.)]?\s*(?=\S)",
        plain,
    )
    if not found:
        return "", text.strip()
    return next(group for group in found.groups() if group), text[found.end() :].strip()


def numbers(text: str) -> list[int]:
    """The plain numbers its list items carry, in order."""
    return [_number(one)[0] for one in markers(text) if not one["bullet"] and len(_number(one)) == 1]


def dotted(text: str) -> list[str]:
    """The numbers with a dot inside that its list items carry (``4.1``), in order."""
    return [
        ".".join(map(str, _number(one)))
        for one in markers(text)
        if not one["bullet"] and len(_number(one)) > 1
    ]


def questions(text: str) -> list[str]:
    """The question codes named (``i10``, ``e5``); e-mail and E-Service are none."""
    return list(dict.fromkeys(kind.lower() + str(int(no)) for kind, no in QUESTION.findall(arabic(text))))


def o_items(text: str) -> list[str]:
    """The O items named, ranges written out."""
    plain, found = arabic(text), list[str]()
    for first, last in O_RANGE.findall(plain):
        found += [f"O{no}" for no in range(int(first), min(int(last), O_ITEMS_MOST) + 1)]
    found += [f"O{int(no)}" for no in O_ITEM.findall(plain)]
    return sorted(set(found), key=lambda code: int(code[1:]))
