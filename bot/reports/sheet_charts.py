"""Charts of a workbook: Excel's own, so that they stay sharp, can be restyled, and go on into slides.

The figures behind them stand on a sheet of their own.
"""

from typing import Any

from bot.graphemes import cut
from bot.reports.chart import COLOURS, CURVES, DARK_ON, low_of
from bot.reports.drawing import INK, PALE
from bot.words import Words
from handlers.report import Bars, Lines
from handlers.talk import say

FONT, BIG, MIDDLE, SMALL = "TH SarabunPSK", 18, 14, 12
WIDE = 705  # pixels: the first sheet's columns
HEAD, BAR, MANY, THIN, CURVED = 100, 40, 12, 26, 380  # pixels: title and legend, a bar, a bar of many, curves
NAMED = 44  # letters of a bar's name
FEW = 14  # moments that have their names side by side
SHARE = 0.06  # of its bar a part needs for its figure to have room
GAP, THIN_LINE, THICK_LINE, DOT = 45, 1.25, 2.25, 6


class Charts:
    """The charts of one workbook, and the sheet their figures stand on."""

    def __init__(self, book: Any, sheet: Any, words: Words) -> None:
        self._book, self._sheet, self._words = book, sheet, words
        self._bold = book.add_format({"font_name": FONT, "font_size": 16, "bold": True})
        self._row = 0
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 20, 16)

    def put(self, sheet: Any, line: int, chart: Bars | Lines) -> None:
        """Put a chart on a sheet's line."""
        drawn, unnamed = self._bars(chart) if isinstance(chart, Bars) else self._lines(chart)
        title = {"name": FONT, "size": BIG, "bold": True, "color": INK}
        drawn.set_title({"name": self._words(chart.title), "name_font": title, "overlay": False})
        drawn.set_legend({"position": "top", "font": _font(MIDDLE), "delete_series": unnamed})
        drawn.set_chartarea({"border": {"none": True}})
        drawn.set_size({"width": WIDE, "height": high_of(chart)})
        sheet.insert_chart(line, 0, drawn, {"description": self._words(chart.title), "object_position": 3})

    def _bars(self, chart: Bars) -> tuple[Any, list[int]]:
        words = self._words
        kind = "percent_stacked" if chart.is_share else "stacked"
        drawn = self._book.add_chart({"type": "bar", "subtype": kind})
        labels = [
            f"{cut(words(bar.label), NAMED)} ({words(bar.note)})"
            if bar.note
            else cut(words(bar.label), NAMED)
            for bar in chart.bars
        ]
        first = self._figures(
            words(chart.title),
            [words(title) for _, title in chart.parts],
            list(zip(labels, (bar.counts for bar in chart.bars), strict=True)),
        )
        largest = max((sum(bar.counts) for bar in chart.bars), default=0) or 1
        for no, (name, _) in enumerate(chart.parts, 1):
            shown = [
                {} if _has_room(bar.counts, no - 1, chart, largest) else {"delete": True}
                for bar in chart.bars
            ]
            colour = INK if name in DARK_ON else "#FFFFFF"
            drawn.add_series(
                {
                    **self._series(first, no, len(chart.bars)),
                    "fill": {"color": COLOURS[name]},
                    "gap": GAP,
                    "data_labels": {
                        "value": True,
                        "custom": shown,
                        "font": {**_font(SMALL), "color": colour},
                        "num_format": "#,##0",
                    },
                }
            )
        names = {"reverse": True, "interval_unit": 1, "num_font": _font(MIDDLE), "line": {"none": True}}
        drawn.set_y_axis(names)
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        return drawn, []

    def _lines(self, chart: Lines) -> tuple[Any, list[int]]:
        """Curves; what is guessed is a curve of its own, in dashes, and its moments are named so. The second
        value tells which curves the legend need not name."""
        words, begins = self._words, len(chart.at) - chart.guessed
        drawn = self._book.add_chart({"type": "line"})
        columns, unnamed = list[tuple[str, tuple[float | None, ...], dict[str, Any]]](), list[int]()
        for no, curve in enumerate(chart.curves):
            colour, title = CURVES[no % len(CURVES)], words(curve.title)
            line = {"color": colour, "width": THICK_LINE}
            dot = {"type": "circle", "size": DOT, "fill": {"color": colour}, "border": {"color": colour}}
            known = tuple(value if at < begins else None for at, value in enumerate(curve.values))
            columns.append((title, known, {"line": line, "marker": dot}))
            if chart.guessed and any(value is not None for value in curve.values[begins:]):
                guessed = tuple(value if at >= begins - 1 else None for at, value in enumerate(curve.values))
                named = f"{title} ({words(chart.guess)})" if chart.guess else title
                unnamed.append(len(columns))
                hollow = {**dot, "fill": {"color": "#FFFFFF"}}
                columns.append((named, guessed, {"line": {**line, "dash_type": "dash"}, "marker": hollow}))
        for value, limit in chart.limits:
            line = {"color": PALE, "width": THIN_LINE, "dash_type": "long_dash"}
            columns.append(
                (words(limit), (value,) * len(chart.at), {"line": line, "marker": {"type": "none"}})
            )
        ends = f" ({words(chart.guess)})" if chart.guess else ""
        rows = [
            (words(at) + (ends if no >= begins else ""), tuple(values[no] for _, values, _ in columns))
            for no, at in enumerate(chart.at)
        ]
        first = self._figures(words(chart.title), [title for title, _, _ in columns], rows)
        for no, (_, _, look) in enumerate(columns, 1):
            drawn.add_series({**self._series(first, no, len(rows)), **look})
        scale = {"min": low_of(chart)} | ({} if chart.high is None else {"max": chart.high})
        grid = {"visible": True, "line": {"color": "#D9DEE4"}}
        axis = {"num_font": _font(MIDDLE), "num_format": "#,##0", "major_gridlines": grid}
        drawn.set_y_axis({**axis, **scale, "line": {"none": True}})
        slope = {"rotation": -45} if len(rows) > FEW else {}
        drawn.set_x_axis({"num_font": {**_font(MIDDLE), **slope}, "interval_unit": -(-len(rows) // FEW)})
        return drawn, unnamed

    def _figures(
        self, title: str, heads: list[str], rows: list[tuple[str, tuple[float | None, ...]]]
    ) -> tuple[int, int]:
        """Write a chart's figures under those of the one before; the lines of its heads and first row."""
        sheet, head = self._sheet, self._row + 1
        sheet.write_string(self._row, 0, title, self._bold)
        for no, name in enumerate(heads, 1):
            sheet.write_string(head, no, name, self._bold)
        for line, (label, values) in enumerate(rows, head + 1):
            sheet.write_string(line, 0, label)
            for no, value in enumerate(values, 1):
                if value is not None:
                    sheet.write_number(line, no, value)
        self._row = head + len(rows) + 3
        return head, head + 1

    def _series(self, first: tuple[int, int], no: int, rows: int) -> dict[str, Any]:
        """What a chart needs to find the figures of its part ``no``."""
        head, top = first
        name, last = self._sheet.get_name(), top + max(rows, 1) - 1
        return {
            "name": [name, head, no],
            "categories": [name, top, 0, last, 0],
            "values": [name, top, no, last, no],
        }


def name(words: Words) -> str:
    """What the sheet of the figures is called."""
    return words(say("papers-sheet-figures"))


def high_of(chart: Bars | Lines) -> int:
    """How many pixels high a chart is."""
    if isinstance(chart, Lines):
        return CURVED
    bars = max(len(chart.bars), 1)
    return HEAD + bars * (BAR if bars <= MANY else THIN)


def _font(size: int) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": PALE}


def _has_room(counts: tuple[int, ...], part: int, chart: Bars, largest: int) -> bool:
    return counts[part] > SHARE * ((sum(counts) or 1) if chart.is_share else largest)
