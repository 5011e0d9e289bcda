"""A report as PDF/A-2b: Sarabun embedded, its text to be searched and copied, for the web and archives."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.reports import chart
from bot.reports.printed import Printed, printed
from bot.words import Words
from handlers.report import Report

LOOK = Path(__file__).with_name("paper.typ")


def write(report: Report, words: Words) -> bytes:
    """The report as PDF."""
    import typst  # noqa: PLC0415 - 70 MB that only papers need

    shown = printed(report, words)
    with TemporaryDirectory() as folder:
        source = Path(folder) / LOOK.name
        source.write_bytes(LOOK.read_bytes())
        pictures = []
        for no, drawn in enumerate(shown.charts):
            (Path(folder) / f"{no}.png").write_bytes(chart.png(drawn, words, zoom=2))
            pictures.append({"file": f"{no}.png", "alt": words(drawn.title)})
        made = typst.compile(
            str(source),
            root=folder,
            font_paths=[str(chart.font_folder())],
            ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(_told(shown, pictures, words.language), ensure_ascii=False)},
            pdf_standards=["a-2b"],
        )
    assert isinstance(made, bytes)
    return made


def _told(shown: Printed, pictures: list[dict[str, str]], language: str) -> dict[str, object]:
    """What the look asks for, as plain values."""
    return {
        **{
            name: getattr(shown, name)
            for name in ("title", "covers", "heads", "prose", "signed", "foot", "page")
        },
        "language": language,
        "wide": shown.is_wide,
        "memo": shown.kind in ("memo", "meeting"),
        "sections": [{"title": title, "lines": lines} for title, lines in shown.sections],
        "charts": pictures,
        "tables": [asdict(table) for table in shown.tables],
    }
