"""A report as plain lines, with bars of letters."""

from bot.words import Words
from handlers.report import Line, Report

BAR = 10


def write(report: Report, words: Words) -> bytes:
    """The report as UTF-8 text."""
    lines = [words(report.headline), "", words(report.title), words(report.covers)]
    for section in report.sections:
        lines += ["", words(section.title), *(_line(line, words) for line in section.lines)]
        if section.left:
            lines.append(f"  … +{section.left}")
    return ("\n".join(lines) + "\n").encode()


def _line(line: Line, words: Words) -> str:
    parts = [words(line.say), words(line.value)]
    if line.share is not None:
        full = round(line.share * BAR)
        parts.append(f"[{'#' * full}{'.' * (BAR - full)}] {line.share:.0%}")
    return "  " + "  ".join(filter(None, parts))
