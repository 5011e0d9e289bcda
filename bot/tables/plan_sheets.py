"""Writes the form for a plan as a workbook: empty with an example, or filled with a plan."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from bot.tables import plan_form
from bot.tables.plan_form import COLUMNS, EXAMPLE, HELP, LEVELS, OTHER_COLUMNS, PLAN, STATUSES
from bot.tables.shapes import MONTHS
from bot.words import LANGUAGES, words
from handlers.talk import say
from storage.drafts import Draft, DraftMeasure

WIDTHS = {
    "code": 9,
    "topic": 9,
    "title": 44,
    "steps": 54,
    "topic_title": 30,
    "method": 34,
    "progress": 44,
    "kpis": 34,
}
EVERYONE = "ทุกหน่วยงาน"
EMPTY_ROWS = 200  # rows with a drop-down, for plans yet to be written
FONT = {"font_name": "TH SarabunPSK", "font_size": 15, "valign": "top", "text_wrap": True}
HEAD = {**FONT, "bold": True, "font_color": "white", "bg_color": "#1f5f7a", "border": 1, "valign": "vcenter"}
LINES = {**FONT, "border": 1, "border_color": "#c8d4da"}
PALE = {**LINES, "italic": True, "font_color": "#77858c", "bg_color": "#f4f7f8"}
HELP_LINES = ("about", "row", "code", "steps", "period", "units", "all", "status", "rest", "send")


def write(plan: Draft | None = None, beside: Callable[[Any], None] | None = None) -> bytes:
    """The form as .xlsx; with a plan its rows are filled in, without one an example shows how.

    ``beside`` puts more into the workbook before its last sheet, the help.
    """
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # noqa: PLC0415 - loaded by those who write workbooks

    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    _plan(book, plan)
    for name, rows in _others(plan).items():
        _sheet(book, name, OTHER_COLUMNS[name], rows)
    if beside:
        beside(book)
    _help(book)
    book.close()
    return out.getvalue()


def _plan(book: Any, plan: Draft | None) -> None:
    sheet = book.add_worksheet(PLAN)
    heads, lines, pale = book.add_format(HEAD), book.add_format(LINES), book.add_format(PALE)
    for x, (key, head) in enumerate(COLUMNS.items()):
        sheet.set_column(x, x, WIDTHS.get(key, 20))
        sheet.write_string(0, x, head, heads)
    sheet.set_row(0, 42)
    sheet.freeze_panes(1, 4)
    titles = {topic.no: topic.title for topic in plan.topics} if plan else {}
    rows = [row_of(one, titles) for one in plan.measures] if plan else []
    for y, row in enumerate(rows, 1):
        _line(sheet, y, row, lines)
    if not plan:
        _line(sheet, 1, _example(), pale)
    status = list(COLUMNS).index("status")
    sheet.data_validation(
        1, status, len(rows) + EMPTY_ROWS, status, {"validate": "list", "source": list(STATUSES.values())}
    )
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _line(sheet: Any, y: int, row: list[str], style: Any) -> None:
    for x, text in enumerate(row):
        if text:
            sheet.write_string(y, x, text, style)
        else:
            sheet.write_blank(y, x, None, style)


def row_of(one: DraftMeasure, titles: dict[str, str]) -> list[str]:
    """A measure's row on the plan's sheet."""
    by_role: dict[str, list[str]] = {"lead": [], "joint": [], "support": []}
    for unit in one.responsible:
        by_role["lead" if unit.role == "all_units" else unit.role].append(unit.name or EVERYONE)
    told = {
        "code": one.code,
        "topic": one.topic,
        "topic_title": titles.get(one.topic, ""),
        "title": one.title,
        "aim": one.aim,
        "method": one.method,
        "steps": _numbered(one.steps),
        "period": one.schedule.text,
        **{role: "\n".join(names) for role, names in by_role.items()},
        "kpis": _numbered(tuple(kpi.text for kpi in one.kpis)),
        "constraints": one.constraints,
        "status": STATUSES.get(one.status, ""),
        "progress": one.progress,
        "o_items": ", ".join(one.o_items),
        "questions": ", ".join(one.questions),
    }
    return [told[key] for key in COLUMNS]


def _numbered(lines: tuple[str, ...]) -> str:
    return "\n".join(f"{no}) {line}" for no, line in enumerate(lines, 1))


def _example() -> list[str]:
    voice = words("th")
    told = {key: voice(say(f"plans-example-{key.replace('_', '-')}")) for key in COLUMNS if key != "code"}
    return [EXAMPLE if key == "code" else told[key] for key in COLUMNS]


def _others(plan: Draft | None) -> dict[str, list[list[str]]]:
    made = plan or Draft()
    return {
        plan_form.ABOUT: [
            [plan_form.TITLE, made.title],
            [plan_form.YEAR, str(made.fiscal_year or "")],
            [plan_form.ASSESSED, str(made.assessed_year or "")],
            [plan_form.GRADE, made.grade],
            [plan_form.RANK, str(made.rank or "")],
            [plan_form.RANK_GROUP, made.rank_group],
            *([plan_form.LIMIT, limit] for limit in made.limits or ("",)),
        ],
        plan_form.TOPICS: [[topic.no, topic.title] for topic in made.topics],
        plan_form.FINDINGS: [
            [one.topic, one.question, one.text, "" if one.score is None else f"{one.score!r}"]
            for one in made.findings
        ],
        plan_form.SCORES: [
            [LEVELS[one.level], one.code, one.name, f"{one.score!r}", one.qualifier] for one in made.scores
        ],
        plan_form.ROUNDS: [[one.name, day_of(one.due), one.receiver, one.channel] for one in made.rounds],
    }


def day_of(due: str) -> str:
    """An ISO day as offices write it."""
    day = date.fromisoformat(due)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def _sheet(book: Any, name: str, heads: tuple[str, ...], rows: list[list[str]]) -> None:
    sheet = book.add_worksheet(name)
    head, lines = book.add_format(HEAD), book.add_format(LINES)
    for x, title in enumerate(heads):
        sheet.set_column(x, x, 60 if title in ("ข้อค้นพบ", "ข้อความ", "ชื่อประเด็น", "ชื่อ") else 20)
        sheet.write_string(0, x, title, head)
    for y, row in enumerate(rows, 1):
        _line(sheet, y, row, lines)
    sheet.freeze_panes(1, 0)


def _help(book: Any) -> None:
    sheet = book.add_worksheet(HELP)
    head, text = book.add_format({**HEAD, "border": 0}), book.add_format(FONT)
    sheet.set_column(0, len(LANGUAGES) - 1, 70)
    sheet.hide_gridlines(2)
    for x, language in enumerate(LANGUAGES):
        voice = words(language)
        sheet.write_string(0, x, voice(say("plans-form-title")), head)
        for y, line in enumerate(HELP_LINES, 1):
            sheet.write_string(y, x, voice(say(f"plans-form-{line}")), text)
