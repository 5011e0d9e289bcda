"""Charts as SVG of our own, and as PNG: status by topic or unit, a course over weeks, scores over years.

The SVG is for pages (presentation attributes only, so that a strict content policy lets it be), the
PNG for chat and papers. Letters are drawn with Sarabun; no font of the system is asked for.
"""

from collections.abc import Sequence
from itertools import pairwise

from bot.graphemes import cut, graphemes
from bot.reports import fonts
from bot.reports.drawing import INK, LETTER, PAD, PALE, SMALL, TEXT, WIDTH, Drawing, high_of, width_of
from bot.words import Words
from handlers.report import Bars, Curve, Lines

BESIDE = 28  # labels of up to so many letters stand beside their bar, longer ones above it
MANY = 24  # bars from which on they are drawn thinner
GRID, TRACK = "#d9dee4", "#eef1f4"
COLOURS = {
    "done": "#19764a",
    "continuous": "#3d9a8b",
    "in_progress": "#2f6db5",
    "delayed": "#b7791f",
    "overdue": "#b83227",
    "not_started": "#c3ccd5",
    "cancelled": "#8b95a1",
}
DARK_ON = frozenset({"not_started"})  # colours that carry dark figures
CURVES = ("#2f6db5", "#b7791f", "#19764a", "#7b4ab3", "#b83227", "#3d6b7d", "#8a5a2b", "#52606d")
ZOOM, ZOOM_TALL, TALL = 1.4, 1.0, 800  # 17 cm wide on paper; a page high; from which height on
HIGH = 330  # of the field in which curves are drawn


def svg(chart: Bars | Lines, words: Words) -> str:
    """A chart as a picture of vectors, as high as it needs."""
    return drawing(chart, words).whole(words(chart.title))


def drawing(chart: Bars | Lines, words: Words) -> Drawing:
    """A chart's shapes and words, for who puts them together."""
    drawn = Drawing(words)
    drawn.title(words(chart.title))
    if isinstance(chart, Bars):
        _bars(drawn, chart)
    else:
        _lines(drawn, chart)
    return drawn


def png(chart: Bars | Lines, words: Words, zoom: float = 0.0) -> bytes:
    """A chart as pixels, sharp on a phone and on paper; a tall one is made smaller there, and needs fewer."""
    drawn = svg(chart, words)
    tall = high_of(drawn) > TALL
    return pixels(drawn, zoom or (ZOOM_TALL if tall else ZOOM))


def pixels(picture: str, zoom: float = ZOOM) -> bytes:
    """An SVG of ours as PNG."""
    import resvg_py  # noqa: PLC0415 - 10 MB that a process which draws nothing does not need

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture,
            font_files=[str(one) for one in fonts.files()],
            skip_system_fonts=True,
            zoom=zoom,
            languages=["th"],
        )
    )


def _bars(drawn: Drawing, chart: Bars) -> None:
    words = drawn.words
    drawn.legend([(COLOURS[name], words(title)) for name, title in chart.parts])
    labels = [words(bar.label) for bar in chart.bars]
    beside = max((len(list(graphemes(label))) for label in labels), default=0) <= BESIDE
    names = max((width_of(label, TEXT) for label in labels), default=0) + 12 if beside else 0
    left, notes = PAD + names, max((width_of(words(bar.note), SMALL) for bar in chart.bars), default=0)
    wide = WIDTH - PAD - left - notes - (12 if notes else 0)
    largest = max((sum(bar.counts) for bar in chart.bars), default=0) or 1
    high = 20 if len(chart.bars) > MANY else 28
    for bar, label in zip(chart.bars, labels, strict=True):
        if beside:
            drawn.text(left - 12, drawn.y + high * 0.5 + 7, label, anchor="end")
        else:
            drawn.text(PAD, drawn.y + TEXT - 2, cut(label, int((WIDTH - 2 * PAD) / (LETTER * TEXT))))
            drawn.y += TEXT + 6
        drawn.box(left, drawn.y, wide, high, TRACK)
        most = sum(bar.counts) or 1 if chart.is_share else largest
        _stack(drawn, chart, bar.counts, left, wide / most, high)
        drawn.text(WIDTH - PAD, drawn.y + high * 0.5 + 6, words(bar.note), SMALL, "end", PALE)
        drawn.y += high + (9 if beside else 14)


def _stack(
    drawn: Drawing, chart: Bars, counts: Sequence[int], left: float, scale: float, high: float
) -> None:
    """One bar's parts side by side, each with its figure where there is room."""
    for (name, title), count in zip(chart.parts, counts, strict=True):
        if not count:
            continue
        wide, text = count * scale, drawn.number(count)
        drawn.box(left, drawn.y, max(wide - 1, 2), high, COLOURS[name], f"{drawn.words(title)} {text}")
        if wide > width_of(text, SMALL) + 8:
            fill = INK if name in DARK_ON else "#ffffff"
            drawn.text(left + wide / 2, drawn.y + high / 2 + 6, text, SMALL, "middle", fill)
        left += wide


def _lines(drawn: Drawing, chart: Lines) -> None:
    words = drawn.words
    names = [words(curve.title) for curve in chart.curves]
    drawn.legend([(CURVES[no % len(CURVES)], name) for no, name in enumerate(names)])
    field = _Field(drawn, chart)
    field.grid()
    for value, title in chart.limits:
        field.limit(value, words(title))
    for no, curve in enumerate(chart.curves):
        field.curve(curve, CURVES[no % len(CURVES)])
    field.ends()
    drawn.y += HIGH + 40


class _Field:
    """The part of a chart in which curves run, with its two scales."""

    def __init__(self, drawn: Drawing, chart: Lines) -> None:
        self._drawn, self._chart, self._top = drawn, chart, drawn.y + 10
        known = known_of(chart)
        self._low = low_of(chart)
        self._high = max(chart.high if chart.high is not None else max(known, default=1), self._low + 1)
        self._left, self._right = PAD + 52, WIDTH - PAD - 78
        self._last: list[tuple[float, str, str]] = []

    def x(self, no: int) -> float:
        """Where a point in time stands."""
        return self._left + (self._right - self._left) * (no + 0.5) / max(len(self._chart.at), 1)

    def y(self, value: float) -> float:
        """Where a value stands."""
        return self._top + HIGH * (1 - (value - self._low) / (self._high - self._low))

    def grid(self) -> None:
        """The scales, and the ground on which what is only guessed stands."""
        drawn, chart = self._drawn, self._chart
        if chart.guessed:
            begins = len(chart.at) - chart.guessed
            first = (self.x(begins) + self.x(begins - 1)) / 2
            drawn.box(first, self._top, self._right - first, HIGH, TRACK)
            middle = (first + self._right) / 2
            drawn.text(middle, self._top + HIGH - 12, drawn.words(chart.guess), 15, "middle", PALE)
        step = _step(self._high - self._low)
        value = -(-self._low // step) * step
        while value <= self._high:
            drawn.line((self._left, self.y(value), self._right, self.y(value)), GRID)
            drawn.text(self._left - 10, self.y(value) + 6, drawn.number(value), SMALL, "end", PALE)
            value += step
        every = -(-len(chart.at) // 14)
        for no, at in enumerate(chart.at):
            if no % every == 0:
                drawn.text(self.x(no), self._top + HIGH + 26, drawn.words(at), SMALL, "middle", PALE)

    def limit(self, value: float, title: str) -> None:
        """A line to be reached."""
        self._drawn.line((self._left, self.y(value), self._right, self.y(value)), INK, 1.5, "7 5")
        self._drawn.text(self._left + 4, self.y(value) - 6, title, 15, fill=PALE)

    def curve(self, curve: Curve, colour: str) -> None:
        """One curve: drawn through where it is known, in dashes where it is guessed."""
        known = [(no, value) for no, value in enumerate(curve.values) if value is not None]
        begins = len(curve.values) - self._chart.guessed
        for (one, a), (other, b) in pairwise(known):
            dash = "5 5" if other >= begins else ""
            self._drawn.line((self.x(one), self.y(a), self.x(other), self.y(b)), colour, 3, dash)
        for no, value in known:
            self._drawn.dot(self.x(no), self.y(value), colour, is_open=no >= begins)
        if known:
            self._last.append((self.y(known[-1][1]), self._drawn.number(known[-1][1]), colour))

    def ends(self) -> None:
        """The last value of each curve at its right, none over another."""
        before = -100.0
        for y, text, colour in sorted(self._last):
            before = max(y, before + 20)
            self._drawn.text(self._right + 8, before + 6, text, SMALL, fill=colour, weight="bold")


def known_of(chart: Lines) -> list[float]:
    """Every value that is drawn."""
    values = [value for curve in chart.curves for value in curve.values if value is not None]
    return [*values, *(value for value, _ in chart.limits)]


def low_of(chart: Lines) -> float:
    """The lowest value shown: the ten below, so that small changes are seen and nothing is cut off."""
    lowest = min(known_of(chart), default=0.0)
    return chart.low if chart.low is not None else max(0.0, (lowest - 2) // 10 * 10)


def _step(reach: float) -> float:
    """The distance of the lines of a scale: 1, 2, 5, 10, 20 … so that there are about six."""
    tens = float("1" + "0" * (len(str(int(reach))) - 2))
    return next(tens * step for step in (1, 2, 5, 10, 20) if reach / (tens * step) <= 8)
