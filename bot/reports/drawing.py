"""A picture of vectors in the making: words, boxes and lines, Thai marks where they belong."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal, NamedTuple

from bot.graphemes import SARA_AM, cut, graphemes
from bot.words import Words

WIDTH, PAD = 1040, 28  # of the picture, in its own units
TITLE, TEXT, SMALL = 27, 20, 17  # letter sizes
FAMILY = "Sarabun, 'TH Sarabun New', 'Noto Sans Thai', sans-serif"
LETTER = 0.56  # the width of a letter of Sarabun, in letter sizes
INK, PALE = "#1f2933", "#52606d"


Anchor = Literal["start", "middle", "end"]


class Text(NamedTuple):
    """Words in a picture: their foot is at ``y``; at ``x`` they start, have their middle, or end."""

    x: float
    y: float
    text: str
    size: int
    anchor: Anchor
    fill: str
    weight: str


class Drawing:
    """Shapes put one under the other, and the words over them; ``y`` is where the next one goes."""

    def __init__(self, words: Words) -> None:
        self.words, self.shapes, self.texts, self.y = words, list[str](), list[Text](), float(PAD)

    @property
    def high(self) -> float:
        """How high the picture is by now, in its own units."""
        return self.y + PAD - 8

    def title(self, text: str) -> None:
        """The heading, over two lines where it is long."""
        for line in _folded(text, TITLE):
            self.y += TITLE
            self.text(PAD, self.y, line, TITLE, weight="bold")
            self.y += 8
        self.y += 6

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int = TEXT,
        anchor: Anchor = "start",
        fill: str = INK,
        weight: str = "normal",
    ) -> None:
        """Words, their foot at ``y``."""
        self.texts.append(Text(x, y, text, size, anchor, fill, weight))

    def box(self, x: float, y: float, width: float, height: float, fill: str, told: str = "") -> None:
        """A filled box; ``told`` is what a browser says over it."""
        title = f"<title>{escape(told)}</title>" if told else ""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" fill="{fill}">'
            f"{title}</rect>"
        )

    def line(self, ends: Sequence[float], stroke: str, width: float = 1, dash: str = "") -> None:
        """A straight line between two points."""
        x1, y1, x2, y2 = ends
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}"'
            f' stroke-width="{width}"{f" stroke-dasharray={dash!r}" if dash else ""}/>'
        )

    def dot(self, x: float, y: float, colour: str, *, is_open: bool = False) -> None:
        """A point of a curve; hollow where it is a guess."""
        fill = "#ffffff" if is_open else colour
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
        )

    def number(self, value: float) -> str:
        """A figure in the agency's digits."""
        return self.words.figure(f"{round(value, 2) or 0.0:,.2f}".rstrip("0").rstrip("."))

    def legend(self, entries: Sequence[tuple[str, str]]) -> None:
        """Coloured boxes with what they mean, folded to the picture's width."""
        x, self.y = float(PAD), self.y + SMALL
        for colour, text in entries:
            wide = 26 + width_of(text, SMALL) + 22
            if x + wide > WIDTH - PAD and x > PAD:
                x, self.y = float(PAD), self.y + SMALL + 10
            self.box(x, self.y - 14, 17, 17, colour)
            self.text(x + 25, self.y, text, SMALL, fill=PALE)
            x += wide
        self.y += 16

    def paragraph(self, text: str) -> None:
        """A sentence, over two lines where it is long."""
        for line in _folded(text, TEXT):
            self.y += TEXT
            self.text(PAD, self.y, line)
            self.y += 10

    def whole(self, title: str, *, is_bare: bool = False) -> str:
        """The finished picture; a bare one has no words, for those who put ``texts`` there themselves."""
        texts = () if is_bare else map(_written, self.texts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.high:.0f}" width="{WIDTH}"'
            f' height="{self.high:.0f}" role="img" font-family="{FAMILY}" xml:lang="{self.words.language}">'
            f'<title>{escape(title)}</title><rect width="{WIDTH}" height="{self.high:.0f}" fill="#ffffff"/>'
            f"{''.join(self.shapes)}{''.join(texts)}</svg>"
        )


def _written(one: Text) -> str:
    return (
        f'<text x="{one.x:.1f}" y="{one.y:.1f}" font-size="{one.size}" text-anchor="{one.anchor}"'
        f' fill="{one.fill}" font-weight="{one.weight}">{escape(one.text)}</text>'
    )


def width_of(text: str, size: float) -> float:
    """About how wide a text is drawn: marks above and below take no room."""
    return sum(0.9 if chr(SARA_AM) in one else LETTER for one in graphemes(text)) * size


def _folded(text: str, size: int) -> Iterator[str]:
    """A text over at most two lines, broken at a space."""
    most = int((WIDTH - 2 * PAD) / (LETTER * size))
    if len(list(graphemes(text))) <= most or " " not in text:
        yield cut(text, most)
        return
    first, rest = "", text
    while " " in rest and len(list(graphemes(f"{first}{rest.partition(' ')[0]}"))) <= most:
        word, _, rest = rest.partition(" ")
        first += f"{word} "
    if first:
        yield first.rstrip()
    yield cut(rest, most)


def high_of(picture: str) -> int:
    """How high a picture of ours is, in its own units."""
    return int(picture.partition('height="')[2].partition('"')[0])


def under(pictures: Sequence[str]) -> str:
    """Pictures of ours one under the other, as one."""
    parts, y = [], 0
    for picture in pictures:
        parts.append(picture.replace("<svg ", f'<svg y="{y}" ', 1))
        y += high_of(picture)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">'
        f"{''.join(parts)}</svg>"
    )
