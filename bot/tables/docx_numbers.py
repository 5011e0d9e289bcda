"""Word's automatic numbers: they are in no text, yet "1.2" of a measure often stands in one."""

import re
from collections import defaultdict
from typing import Any

from docx.oxml.ns import qn

from bot.tables.docx_text import BULLET
from storage.digits import thai

LEVEL = re.compile(r"%(\d)")
LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MOST_NUMBER = 9999


class Numbers:
    """Counts the lists of one document in its order."""

    def __init__(self, part: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # list -> level -> format, text, start
        self._lists: dict[str, str] = {}  # numId -> its abstract list
        self._styles: dict[str, tuple[str, int]] = {}  # style -> numId and level
        self._based: dict[str, str] = {}
        self._anew: dict[str, dict[int, int]] = {}  # lists that begin again, and with which number
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        for one in part.rels.values():
            if not one.is_external and one.reltype.endswith("/numbering"):
                self._learn(one.target_part.element)
            elif not one.is_external and one.reltype.endswith("/styles"):
                self._learn_styles(one.target_part.element)

    def _learn(self, element: Any) -> None:
        for kind in element.iter(qn("w:abstractNum")):
            levels: dict[int, tuple[str, str, int]] = {}
            for level in kind.iter(qn("w:lvl")):
                start = _value(level, "w:start")
                levels[_whole(level.get(qn("w:ilvl"), ""), 0)] = (
                    _value(level, "w:numFmt") or "decimal",
                    _value(level, "w:lvlText"),
                    _whole(start, 1),
                )
            self._levels[kind.get(qn("w:abstractNumId"), "")] = levels
        for num in element.iter(qn("w:num")):
            number = num.get(qn("w:numId"), "")
            self._lists[number] = _value(num, "w:abstractNumId")
            self._anew[number] = {
                _whole(one.get(qn("w:ilvl"), ""), 0): _whole(_value(one, "w:startOverride"), 1)
                for one in num.iter(qn("w:lvlOverride"))
                if _value(one, "w:startOverride")
            }

    def _learn_styles(self, element: Any) -> None:
        for style in element.iter(qn("w:style")):
            key = style.get(qn("w:styleId"), "")
            self._based[key] = _value(style, "w:basedOn")
            if (found := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None:
                self._styles[key] = (_value(found, "w:numId"), _whole(_value(found, "w:ilvl"), 0))

    def label(self, paragraph: Any) -> str:
        """The paragraph's number as Word prints it, a bullet sign, or nothing."""
        number, at = self._list(paragraph)
        levels = self._levels.get(self._lists.get(number, ""), {})
        if at not in levels:
            return ""
        counts = self._counts[self._lists[number]]
        counts |= {level: first - 1 for level, first in self._anew.pop(number, {}).items()}
        counts[at] = min(counts.get(at, levels[at][2] - 1) + 1, MOST_NUMBER)
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        kind, text, _ = levels[at]
        if kind == "bullet":
            return BULLET
        return "" if kind == "none" else LEVEL.sub(lambda one: self._one(levels, counts, int(one[1])), text)

    def _one(self, levels: dict[int, tuple[str, str, int]], counts: dict[int, int], no: int) -> str:
        kind, _, start = levels.get(no - 1, ("decimal", "", 1))
        return _written(counts.get(no - 1, start), kind)

    def _list(self, paragraph: Any) -> tuple[str, int]:
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if own is not None and (number := _value(own, "w:numId")):
            return number, _whole(_value(own, "w:ilvl"), 0)
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = named.get(qn("w:val"), "") if named is not None else ""
        for _ in range(10):  # styles rest on each other; a ring of them must end
            if key in self._styles:
                return self._styles[key]
            key = self._based.get(key, "")
        return "", 0


def _written(number: int, kind: str) -> str:
    match kind:
        case "thaiNumbers":
            return thai(str(number))
        case "thaiLetters":
            return LETTERS[(number - 1) % len(LETTERS)]
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (number - 1) % 26)
            return letter.upper() if kind == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            return _roman(number).upper() if kind == "upperRoman" else _roman(number)
        case "decimalZero":
            return f"{number:02d}"
        case _:
            return str(number)


def _roman(number: int) -> str:
    made, left = "", number % 50
    for worth, sign in ROMAN:
        made, left = made + sign * (left // worth), left % worth
    return made


def _value(parent: Any, name: str) -> str:
    element = parent.find(qn(name))
    return str(element.get(qn("w:val"), "")) if element is not None else ""


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() else otherwise
