"""What a page of a PDF draws, in points from its upper left corner: glyphs in order, straight lines."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.tables.pdf_text import MARK, Glyph

MOST_DEPTH = 8  # drawings inside drawings
MOST_LINES = 20_000  # a page with more is a map or a plan of a house
SAMPLE = 200  # characters that tell how a page is turned
STRAIGHT = 1.0  # points a line may lean
Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1, 0, 0, 1, 0, 0)


class Drawn:
    """One page of pdfium's, turned so that most of its text runs from left to right."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._box = page.get_bbox()
        page.set_rotation(0)
        self._text = page.get_textpage()
        self._turn = self._turned()
        if self._turn:
            self._text.close()
            page.set_rotation(self._turn)
            self._text = page.get_textpage()
        self.has_picture = False

    def close(self) -> None:
        """Give the page's memory back."""
        self._text.close()
        self._page.close()

    def _turned(self) -> int:
        """By how many degrees, clockwise; what the file says of itself is often wrong."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415 - heavy, and needed for this kind of file alone

        count = self._text.count_chars()
        angles = (
            round(-math.degrees(pdfium.FPDFText_GetCharAngle(self._text.raw, at)) / 90) * 90 % 360
            for at in range(0, count, max(count // SAMPLE, 1))
        )
        return max(Counter(angles).items(), key=lambda one: one[1], default=(0, 0))[0]

    @property
    def height(self) -> float:
        """How high the page is when it is looked at."""
        left, bottom, right, top = self._box
        return float(right - left if self._turn in (90, 270) else top - bottom)

    @property
    def width(self) -> float:
        """How wide the page is when it is looked at."""
        left, bottom, right, top = self._box
        return float(top - bottom if self._turn in (90, 270) else right - left)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._box
        match self._turn:
            case 90:
                return y - bottom, x - left
            case 180:
                return right - x, y - bottom
            case 270:
                return top - y, right - x
            case _:
                return x - left, top - y

    def glyphs(self) -> Iterator[Glyph]:
        """What stands at one point is one glyph, however many characters it means.

        One that says the syllable before it once more, above the line, draws the tone mark of that
        syllable alone: it is left out.
        """
        last: Glyph | None = None
        before: Glyph | None = None
        for one in self._characters():
            if last and one.left == last.left and one.y == last.y and one.text.strip() and last.text.strip():
                last.text += one.text
                last.right = max(last.right, one.right)
                continue
            if last and not _repeats(before, last):
                yield last
                before = last
            last = one
        if last and not _repeats(before, last):
            yield last

    def _characters(self) -> Iterator[Glyph]:
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        raw, loose = self._text.raw, pdfium.FS_RECTF()
        x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
        for at in range(self._text.count_chars()):
            letter = chr(pdfium.FPDFText_GetUnicode(raw, at))
            if letter in "\r\n\0":
                continue
            pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
            pdfium.FPDFText_GetCharBox(raw, at, left, right, bottom, top)
            pdfium.FPDFText_GetLooseCharBox(raw, at, loose)
            begin, line = self._at(x.value, y.value)
            ends = self._at(left.value, bottom.value), self._at(right.value, top.value)
            size = abs(loose.top - loose.bottom) if self._turn in (0, 180) else abs(loose.right - loose.left)
            made = pdfium.FPDFText_IsGenerated(raw, at) == 1
            (_, right_end), (top_end, bottom_end) = (sorted(side) for side in zip(*ends, strict=True))
            yield Glyph(letter, begin, right_end, line, bottom_end, top_end, size, made, at)

    def is_bold(self, glyph: Glyph) -> bool:
        """Whether a glyph's font is called so."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text.raw, glyph.no, name, 200, flags)
        return b"bold" in name.value.lower()

    def lines(self) -> list[dict[str, Any]]:
        """The straight lines, as the finder of grids wants them; thin boxes count as lines."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        made: list[dict[str, Any]] = []
        for path, matrix in self._paths(pdfium, self._page.raw, SAME, 0):
            for one, other in _segments(pdfium, path):
                line = _line(self._at(*_moved(one, matrix)), self._at(*_moved(other, matrix)))
                made += [line] if line else []
                if len(made) > MOST_LINES:
                    return []
        return made

    def _paths(self, pdfium: Any, parent: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
        count, get = (
            (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
            if depth
            else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
        )
        for at in range(count(parent)):
            found = get(parent, at)
            kind = pdfium.FPDFPageObj_GetType(found)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.has_picture = True
            elif kind == pdfium.FPDF_PAGEOBJ_PATH and _is_seen(pdfium, found):
                yield found, _product(_matrix(pdfium, found), matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MOST_DEPTH:
                yield from self._paths(pdfium, found, _product(_matrix(pdfium, found), matrix), depth + 1)


def _repeats(before: Glyph | None, glyph: Glyph) -> bool:
    return (
        before is not None
        and len(glyph.text) > 1
        and glyph.text == before.text
        and bool(MARK.search(glyph.text))
        and glyph.bottom < before.top
    )


def _is_seen(pdfium: Any, path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value or stroke.value)


def _matrix(pdfium: Any, found: Any) -> Matrix:
    made = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(found, made):
        return SAME
    return made.a, made.b, made.c, made.d, made.e, made.f


def _product(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    k, l, m, n, o, p = other  # noqa: E741 - the six of a matrix
    return a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + o, e * l + f * n + p


def _moved(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def _segments(pdfium: Any, path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    begun = last = (0.0, 0.0)
    for at in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point, kind = (x.value, y.value), pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, begun
            last = begun


def _line(one: tuple[float, float], other: tuple[float, float]) -> dict[str, Any] | None:
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    wide, high = right - left, bottom - top
    if min(wide, high) > STRAIGHT or max(wide, high) <= STRAIGHT:
        return None
    side = "h" if wide > high else "v"
    return {"x0": left, "x1": right, "top": top, "bottom": bottom, "width": wide, "height": high} | {
        "orientation": side,
        "object_type": "line",
    }
