"""A report as a picture for chat: its charts one under the other."""

from bot.reports import chart, drawing
from bot.words import Words
from handlers.report import Report


def write(report: Report, words: Words) -> bytes:
    """The report's charts as PNG; without charts its figures in words."""
    if report.charts:
        return chart.pixels(drawing.under([chart.svg(one, words) for one in report.charts[:2]]))
    drawn = drawing.Drawing(words)
    drawn.title(words(report.title))
    for line in (words(report.covers), words(report.headline)):
        drawn.paragraph(line)
    return chart.pixels(drawn.whole(words(report.title)))
