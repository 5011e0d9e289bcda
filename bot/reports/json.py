"""A report for other programs: names in English, texts in the agency's language."""

import json
from typing import Any

from bot.words import Words
from handlers.report import Line, Report


def write(report: Report, words: Words) -> bytes:
    """The report as UTF-8 JSON."""
    told = {
        "title": words(report.title),
        "covers": words(report.covers),
        "start": report.start.isoformat(),
        "end": report.end.isoformat(),
        "as_of": report.as_of.isoformat(),
        "headline": words(report.headline),
        "sections": [
            {
                "name": section.name,
                "title": words(section.title),
                "lines": [_line(line, words) for line in section.lines],
                "left": section.left,
            }
            for section in report.sections
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _line(line: Line, words: Words) -> dict[str, Any]:
    return {
        "text": words(line.say),
        "value": words(line.value) or None,
        "mark": line.mark or None,
        "share": None if line.share is None else round(line.share, 4),
    }
