"""A report in an agency's own Word file: its blanks are filled, its look stays as it is.

Blanks are written ``{{ title }}``, rows ``{%tr for row in rows %}`` … ``{{ row[0] }}`` … ``{%tr endfor %}``.
There are: title, covers, heads (name, value), prose, sections (title, lines of sign, text, value), tables
(title, columns, rows), rows and columns (of the first table), signed (role, name), foot.
"""

from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from bot.reports.printed import Printed, printed
from bot.words import Words
from handlers.report import Report
from handlers.talk import Refused, say


def fill(template: bytes, report: Report, words: Words) -> bytes:
    """The agency's file with its blanks filled.

    Raises:
        Refused: it is no Word file, or a blank in it is written wrongly; which one is said.
    """
    import docx.opc.exceptions  # noqa: PLC0415 - loaded by those who write papers
    from docxtpl import DocxTemplate  # noqa: PLC0415
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    made = BytesIO()
    try:
        paper = DocxTemplate(BytesIO(template))
        # a template is an agency's file, not our code: it can read what it is given and nothing else
        rules = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        paper.render(_blanks(printed(report, words)), jinja_env=rules, autoescape=True)
        paper.save(made)
    except TemplateError as fault:
        raise Refused(say("papers-template-wrong", why=str(fault.message or fault))) from fault
    except (docx.opc.exceptions.OpcError, BadZipFile, ValueError, KeyError, OSError) as fault:
        raise Refused(say("papers-template-no-word")) from fault
    return made.getvalue()


def _blanks(shown: Printed) -> dict[str, Any]:
    tables = [
        {
            "title": table.title,
            "columns": list(table.titles),
            "rows": [[_kept(cell) for cell in row] for row in table.rows if not isinstance(row, str)],
        }
        for table in shown.tables
    ]
    first: dict[str, Any] = tables[0] if tables else {"columns": [], "rows": []}
    return {
        "title": shown.title,
        "covers": shown.covers,
        "heads": [{"name": name, "value": _kept(value)} for name, value in shown.heads],
        "prose": list(shown.prose),
        "sections": [
            {
                "title": title,
                "lines": [{"sign": sign, "text": text, "value": value} for sign, text, value in lines],
            }
            for title, lines in shown.sections
        ],
        "tables": tables,
        "columns": first["columns"],
        "rows": first["rows"],
        "signed": [{"role": role, "name": name} for role, name in shown.signed],
        "foot": shown.foot,
    }


def _kept(text: str) -> Any:
    """A text whose lines stay lines."""
    from docxtpl import Listing  # noqa: PLC0415 - with the templates

    return Listing(text) if "\n" in text else text
