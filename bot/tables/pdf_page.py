"""One page of a PDF: its grids of cells, each character in the cell it is drawn in, the rest as lines."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from bot.tables.pdf_lines import Drawn
from bot.tables.pdf_text import MARK, Glyph, Line, folded, lines_of

SMALLEST = 4.0  # points; less is the gap of a double line
NEAR = 2.0
SNAP = 3.0  # points by which lines that should meet may miss each other
MOST_CROSSINGS = 4_000_000
MARGIN = 0.8  # of a page's width, where its text ends at the earliest
PADDING = 3.0  # that a cell keeps free at its edges, when nothing tells how much


@dataclass(slots=True, eq=False)
class Spot:
    """One cell of a grid, however many rows and columns it covers."""

    left: float
    top: float
    right: float
    bottom: float
    lines: list[Line] = field(default_factory=list)
    strong: str = ""

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside, the lines themselves included."""
        return self.left - 1 <= x <= self.right + 1 and self.top - 1 <= y <= self.bottom + 1

    @property
    def text(self) -> str:
        """Its text, wrapped lines as one."""
        return folded(self.lines, self.edge)

    @property
    def edge(self) -> float:
        """How far to the right its lines may go: as far from the line as they begin on the left."""
        padding = min((line.left for line in self.lines), default=self.left) - self.left
        return self.right - min(max(padding, PADDING), 4 * PADDING)


@dataclass(slots=True)
class Ruled:
    """A ruled table: each row's cells from left to right, those merged over rows in each of them."""

    top: float
    bottom: float
    rows: list[list[Spot]]

    @property
    def lefts(self) -> list[float]:
        """Where its columns begin."""
        made: list[float] = []
        for left in sorted(spot.left for row in self.rows for spot in row):
            if not made or left - made[-1] > NEAR:
                made.append(left)
        return made

    @property
    def right(self) -> float:
        """Where its last column ends."""
        return max(spot.right for row in self.rows for spot in row)

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.lefts)

    def grid(self) -> list[list[Spot | None]]:
        """The cell at every row and column; None where nothing is ruled."""
        lefts = self.lefts
        made: list[list[Spot | None]] = []
        for row in self.rows:
            line: list[Spot | None] = [None] * len(lefts)
            for spot in row:
                for x, left in enumerate(lefts):
                    if spot.left - NEAR <= left < spot.right - NEAR:
                        line[x] = spot
            made.append(line)
        return made


@dataclass(slots=True)
class Page:
    """What one page holds."""

    no: int
    height: float
    edge: float  # how far to the right its text goes
    tables: list[Ruled]
    lines: list[Line]
    letters: int = 0
    has_picture: bool = False


def page_of(page: Any, no: int) -> Page:
    """The tables and lines of pdfium's page."""
    drawn = Drawn(page)
    ruling = drawn.lines()
    tables = _tables(ruling)
    spots = [spot for one in tables for row in one.rows for spot in row]
    inside: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    letters, current = 0, None
    for glyph in drawn.glyphs():
        if glyph.text.strip():
            letters += len(glyph.text)
            if not MARK.match(glyph.text):
                current = _spot(spots, current, glyph)
        (inside.setdefault(id(current), []) if current else outside).append(glyph)
    for spot in spots:
        if not spot.lines and id(spot) in inside:
            spot.lines = lines_of(inside[id(spot)])
            spot.strong = _begun(drawn, spot, [one for one in ruling if one["orientation"] == "h"])
    drawn.close()
    edge = max([MARGIN * drawn.width, *(one.right for one in tables)])
    return Page(no, drawn.height, edge, tables, lines_of(outside), letters, drawn.has_picture)


def _spot(spots: list[Spot], current: Spot | None, glyph: Glyph) -> Spot | None:
    if current is not None and current.holds(glyph.left, glyph.y):
        return current
    return next((spot for spot in spots if spot.holds(glyph.left, glyph.y)), None)


def _begun(drawn: Drawn, spot: Spot, ruling: list[dict[str, Any]]) -> str:
    """The bold or underlined text a cell begins with."""
    begun: list[Line] = []
    for line in spot.lines:
        begun.append(Line())
        for glyph in line.glyphs:
            if glyph.text.strip() and not (_is_underlined(glyph, spot, ruling) or drawn.is_bold(glyph)):
                return folded([one for one in begun if one.text], spot.edge).replace("\n", " ")
            begun[-1].glyphs.append(glyph)
    return folded(begun, spot.edge).replace("\n", " ")


def _is_underlined(glyph: Glyph, spot: Spot, ruling: list[dict[str, Any]]) -> bool:
    return any(
        0 <= one["top"] - glyph.y <= 0.35 * glyph.size
        and one["x0"] - NEAR <= glyph.left <= one["x1"]
        and not (one["x0"] <= spot.left + NEAR and one["x1"] >= spot.right - NEAR)
        for one in ruling
    )


def _tables(lines: list[dict[str, Any]]) -> list[Ruled]:
    from pdfplumber import table as finder  # noqa: PLC0415 - heavy, and needed for this kind of file alone

    edges = finder.merge_edges(lines, SNAP, SNAP, SNAP, SNAP)
    edges = [edge for edge in edges if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) >= SNAP]
    across = sum(edge["orientation"] == "h" for edge in edges)
    if across * (len(edges) - across) > MOST_CROSSINGS:
        return []
    cells = finder.intersections_to_cells(finder.edges_to_intersections(edges, SNAP, SNAP))
    made = []
    for boxes in finder.cells_to_tables(cells):
        kept = [box for box in boxes if box[2] - box[0] > SMALLEST and box[3] - box[1] > SMALLEST]
        if kept:
            made.append(_grid([Spot(*box) for box in kept]))
    return made


def _grid(spots: list[Spot]) -> Ruled:
    tops: list[float] = []
    for top in sorted(spot.top for spot in spots):
        if not tops or top - tops[-1] > NEAR:
            tops.append(top)
    rows: list[list[Spot]] = [[] for _ in tops]
    for spot in sorted(spots, key=lambda spot: spot.left):
        first = bisect_right(tops, spot.top + NEAR / 2) - 1
        for at in range(max(first, 0), len(tops)):
            if tops[at] < spot.bottom - NEAR:
                rows[at].append(spot)
    return Ruled(tops[0], max(spot.bottom for spot in spots), rows)
