"""The lines of one Word paragraph: tracked changes accepted, tick boxes and symbols as signs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

TICKED, EMPTY, CROSSED, BULLET = "\u2611", "\u2610", "\u2612", "\u2022"
# Wingdings and Wingdings 2 as Word stores them, the letter on the key moved to U+F000
SYMBOLS = {
    "wingdings 2": {0x50: TICKED, 0x52: TICKED, 0x4F: CROSSED, 0x51: CROSSED, 0x53: CROSSED, 0x54: CROSSED}
    | {0x30: EMPTY, 0x2A: EMPTY, 0xA3: EMPTY, 0x35: EMPTY},
    "wingdings": {0xFC: TICKED, 0xFE: TICKED, 0xFB: CROSSED, 0xFD: CROSSED, 0x78: CROSSED}
    | {0x6F: EMPTY, 0x70: EMPTY, 0x71: EMPTY, 0x72: EMPTY, 0xA8: EMPTY},
}
LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:delText"), qn("w:instrText"), qn("w:pPr"), qn("w:rPr")}
SIGNS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:ptab"): " "}
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the bold or underlined run it begins with."""

    text: str
    strong: str = ""

    def after(self, label: str) -> "Line":
        """The line behind its number or bullet."""
        return replace(self, text=f"{label} {self.text}", strong=f"{label} {self.strong}" * bool(self.strong))


def lines_of(paragraph: Any) -> list[Line]:
    """The paragraph's lines, white space folded; the lines of text boxes in it come after its own."""
    boxes: list[Any] = []
    pieces = list(_pieces(paragraph, boxes))
    made = [line for line in map(_line, _split(pieces)) if line.text]
    for box in boxes:
        for inner in box.iter(qn("w:p")):
            made += lines_of(inner)
    return made


def _line(pieces: list[tuple[str, bool]]) -> Line:
    begun, strong = "", True
    for text, is_strong in pieces:
        strong = strong and (is_strong or not text.strip())
        begun += text if strong else ""
    return Line(_folded("".join(text for text, _ in pieces)), _folded(begun))


def _folded(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def _split(pieces: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, strong in pieces:
        first, *rest = text.split("\n")
        lines[-1].append((first, strong))
        lines += [[(one, strong)] for one in rest]
    return lines


def _pieces(element: Any, boxes: list[Any], run: Any = None) -> Iterator[tuple[str, bool]]:
    """Pieces of text with whether they are bold or underlined; text boxes are put aside."""
    for child in element:
        if child.tag in LEFT_OUT:
            continue
        if child.tag == qn("w:t"):
            yield _private(child.text or "", run), _is_strong(run)
        elif child.tag in SIGNS:
            yield SIGNS[child.tag], _is_strong(run)
        elif child.tag == qn("w:sym"):
            yield _symbol(child), _is_strong(run)
        elif child.tag == qn("w:checkBox"):
            yield f"{_box(child)} ", _is_strong(run)
        elif child.tag == qn("w:txbxContent"):
            boxes.append(child)
        elif child.tag == CHOICE + "AlternateContent":
            yield from _pieces(child[0] if len(child) else child, boxes, run)
        else:
            yield from _pieces(child, boxes, child if child.tag == qn("w:r") else run)


def _symbol(element: Any) -> str:
    try:
        code = int(element.get(qn("w:char"), ""), 16)
    except ValueError:
        return BULLET
    return _sign(code & 0xFF, element.get(qn("w:font"), ""))


def _sign(code: int, font: str) -> str:
    """What a key of a symbol font shows; what is neither tick nor box is most often a bullet."""
    return SYMBOLS.get(font.lower(), SYMBOLS["wingdings"]).get(code, BULLET)


def _private(text: str, run: Any) -> str:
    """Text in which symbols stand as private letters (older files)."""
    if not any("\uf000" <= one <= "\uf0ff" for one in text):
        return text
    fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") if run is not None else None
    font = fonts.get(qn("w:ascii"), "") if fonts is not None else ""
    return "".join(_sign(ord(one) & 0xFF, font) if "\uf000" <= one <= "\uf0ff" else one for one in text)


def _box(element: Any) -> str:
    """A tick box of an old form field: its own state, else the one it began with."""
    for name in ("w:checked", "w:default"):
        if (state := element.find(qn(name))) is not None:
            return EMPTY if state.get(qn("w:val"), "1") in OFF else TICKED
    return EMPTY


def _is_strong(run: Any) -> bool:
    style = run.find(qn("w:rPr")) if run is not None else None
    if style is None:
        return False
    marks = (style.find(qn(name)) for name in ("w:b", "w:bCs", "w:u"))
    return any(mark is not None and mark.get(qn("w:val"), "1") not in OFF for mark in marks)
