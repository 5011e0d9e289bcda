"""Reads a policy as agencies write it: numbered clauses in Markdown or plain text.

The form the assistant itself writes and the sample uses::

    ---
    kind: no-gift
    title: …            (the heading ``# …`` or the first line where it is missing)
    short_title: …
    version: 2          (the next number where it is missing)
    effective_on: 2024-01-02
    source: …
    ---
    ## ข้อ 1 heading
    the clause's text
    คำค้น: everyday words, divided by commas

A plain text with lines that begin ``ข้อ ๑ …``, ``1. …`` or ``๑) …`` is read as well; what stands on
such a line is then the clause's text.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from storage.digits import arabic

_FIELD = re.compile(r"(kind|title|short_title|version|effective_on|source)\s*:\s*(.*)")
_CLAUSE = re.compile(r"(#{1,6}\s*)?(?:(ข้อ(?:ที่)?\s*)([0-9๐-๙]+(?:\.[0-9๐-๙]+)*)|([0-9๐-๙]+)[.)])[.)\s]*(.*)")
_KEYWORDS = re.compile(r"(?:คำค้น|keywords)\s*:\s*(.*)", re.IGNORECASE)
_TITLE = re.compile(r"#\s+(.*)")


@dataclass
class Text:
    """One clause as it is printed: ``no`` in Arabic digits, ``keywords`` everyday words for it."""

    no: str
    heading: str = ""
    text: str = ""
    keywords: str = ""


@dataclass
class Paper:
    """A policy's text with what its head says about it; empty where the head is silent."""

    kind: str = ""
    title: str = ""
    short_title: str = ""
    version: int = 0
    effective_on: date | None = None
    source: str = ""
    clauses: list[Text] = field(default_factory=list)


def read(text: str) -> Paper:
    """A policy out of Markdown or plain text. Raises ValueError (the day) for a day that is none."""
    paper, inside = Paper(), False
    lines = text.lstrip("\ufeff").splitlines()
    # where clauses are called so, a bare number is a list inside one
    named = any(one.group(2) for line in lines if (one := _CLAUSE.fullmatch(line.strip())))
    for number, raw in enumerate(lines):
        line = raw.strip()
        if line == "---" and (inside or not any(one.strip() for one in lines[:number])):
            inside = not inside
        elif inside:
            _head(paper, line)
        elif line:
            _body(paper, line, named=named)
    return paper


def _head(paper: Paper, line: str) -> None:
    if not (found := _FIELD.fullmatch(line)):
        return
    name, value = found.group(1), found.group(2).strip().strip("\"'")
    match name:
        case "version":
            paper.version = int(value) if value.isdecimal() else 0
        case "effective_on":
            paper.effective_on = read_day(value)
        case _:
            setattr(paper, name, value)


def _body(paper: Paper, line: str, *, named: bool) -> None:
    words, found = _KEYWORDS.fullmatch(line), _CLAUSE.fullmatch(line)
    if words and paper.clauses:
        paper.clauses[-1].keywords = _joined(paper.clauses[-1].keywords, words.group(1), ", ")
    elif found and (found.group(2) or not named):
        hashes, _, no, plain, rest = found.groups()
        clause = Text(no=arabic(no or plain))
        if hashes:
            clause.heading = rest.strip()
        else:
            clause.text = rest.strip()
        paper.clauses.append(clause)
    elif paper.clauses:
        paper.clauses[-1].text = _joined(paper.clauses[-1].text, line.lstrip("# "), " ")
    elif not paper.title:
        heading = _TITLE.fullmatch(line)
        paper.title = heading.group(1).strip() if heading else line


def _joined(one: str, other: str, between: str) -> str:
    return f"{one}{between}{other.strip()}" if one else other.strip()


def read_day(value: str) -> date:
    """A day as ``2024-01-02`` or ``2/1/2567``. Raises ValueError."""
    value = arabic(value.strip())
    if "/" not in value:
        return date.fromisoformat(value)
    day, month, year = map(int, value.split("/"))
    return date(year - 543 if year > 2400 else year, month, day)
