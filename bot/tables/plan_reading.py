"""What was read of a plan as a workbook, to be corrected in Excel and read back.

It is the form of a plan with every doubtful cell coloured and noted, a sheet of the doubts with a column
for the right value, and, hidden, the reading itself: what nobody touched comes back exactly as it was.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from bot.tables import plan_form, plan_sheets
from bot.tables.plan_form import COLUMNS, STATUSES
from bot.tables.plan_progress import status_of
from bot.tables.shapes import KEPT, Cell, Document
from bot.words import FIRST, words
from handlers.talk import Refused, say
from storage.doubts import ACCEPTED, DECLINED, STATUS, Asked
from storage.drafts import Draft, DraftDoubt, DraftMeasure, check, pack, unpack

WIDTHS = (6, 30, 48, 36, 36, 12, 40)
HEADS = ("number", "where", "said", "guess", "why", "decision", "value")
AMBER, OPEN = "#fde9b8", "#fff6df"
PART = 30_000  # characters of one cell; Excel takes 32 767
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CELLS = {
    "schedule-": "period",
    "unit-": "lead",
    "status-": "status",
    "o-items-": "o_items",
    "duty-in-step": "steps",
    "code-": "code",
}  # the column of the plan's sheet that a doubt is about


def called(name: str) -> str:
    """A word of the sheet of doubts; what is written is matched when it comes back."""
    return words(FIRST)(say(f"plans-book-{name}"))


def _decisions() -> dict[str, str]:
    return {ACCEPTED: called("accepted"), DECLINED: called("declined")}


def write(plan: Draft, asked: Iterable[Asked]) -> bytes:
    """The workbook of a reading; ``asked`` are its doubts in their order."""
    there = list(asked)
    return plan_sheets.write(plan, lambda book: _beside(book, plan, there))


def _beside(book: Any, plan: Draft, there: list[Asked]) -> None:
    _noted(book, plan, there)
    _doubts(book, there)
    kept = book.add_worksheet(KEPT)
    text = json.dumps(pack(plan))
    for y, start in enumerate(range(0, len(text), PART)):
        kept.write_string(y, 0, text[start : start + PART])
    kept.hide()


def _noted(book: Any, plan: Draft, there: list[Asked]) -> None:
    """Doubtful cells in colour, each with what is doubted about it."""
    voice, sheet = words(FIRST), book.get_worksheet_by_name(plan_form.PLAN)
    amber = book.add_format({**plan_sheets.LINES, "bg_color": AMBER})
    notes: dict[tuple[int, str], list[str]] = {}
    for doubt, one in zip(plan.doubts, there, strict=True):
        if not one.decision:
            line = " ".join((f"{one.number}.", voice(say(f"plans-why-{one.why}")), _shown(one.guess)))
            for place in _places(plan, doubt):
                notes.setdefault(place, []).append(line)
    titles = {topic.no: topic.title for topic in plan.topics}
    columns = list(COLUMNS)
    for (at, column), lines in notes.items():
        x = columns.index(column)
        sheet.write_string(at + 1, x, plan_sheets.row_of(plan.measures[at], titles)[x], amber)
        sheet.write_comment(
            at + 1, x, "\n".join(lines), {"x_scale": 2, "y_scale": 1.5, "author": called("sheet")}
        )


def _places(plan: Draft, doubt: DraftDoubt) -> Iterator[tuple[int, str]]:
    """The cells a doubt is about: the number of the measure (from 0) and the column."""
    kind, _, about = doubt.about.partition(":")
    codes = about.split(",") if kind == "measure" else doubt.where.split()[:1]
    for at, one in enumerate(plan.measures):
        if kind == "unit" or doubt.why == "unit-made":
            name = about or doubt.said
            hosts = [unit.role for unit in one.responsible if unit.name == name]
            yield from ((at, "lead" if role == "all_units" else role) for role in hosts[:1])
        elif one.code in codes and (column := _column(one, doubt)):
            yield at, column


def _column(one: DraftMeasure, doubt: DraftDoubt) -> str:
    if doubt.why == "inherited":
        return "period" if one.schedule.text and one.schedule.text in doubt.guess else "lead"
    return next((column for why, column in CELLS.items() if doubt.why.startswith(why)), "title")


def _doubts(book: Any, there: list[Asked]) -> None:
    voice, sheet = words(FIRST), book.add_worksheet(called("sheet"))
    head, lines = book.add_format(plan_sheets.HEAD), book.add_format(plan_sheets.LINES)
    decisions = _decisions()
    wanted = book.add_format({**plan_sheets.LINES, "bg_color": OPEN})
    for x, (name, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, called(name), head)
    for y, one in enumerate(there, 1):
        cells = (str(one.number), one.where, one.said, _shown(one.guess), voice(say(f"plans-why-{one.why}")))
        for x, text in enumerate((*cells, decisions.get(one.decision, ""), _shown(one.value))):
            style = wanted if x >= len(cells) and not one.decision else lines
            sheet.write_string(y, x, text[:PART], style)
    sheet.data_validation(
        1, 5, max(len(there), 1), 5, {"validate": "list", "source": list(decisions.values())}
    )
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _shown(text: str) -> str:
    """Days and statuses as people write them."""
    return STATUSES.get(text) or DAY.sub(lambda day: plan_sheets.day_of(day[0]), text)


def is_one(document: Document) -> bool:
    """Whether a workbook is a reading that was written here."""
    return bool(document.kept) and plan_form.is_one(document)


def read(document: Document, fiscal_year: int | None) -> Draft:
    """The reading with what was corrected in it. Raises Refused when it was written elsewhere or broken."""
    from bot import tables  # noqa: PLC0415 - it loads this file on demand

    try:
        plan = unpack(json.loads(document.kept))
        check(plan)
        for doubt in plan.doubts:
            words(FIRST)(say(f"plans-why-{doubt.why}"))  # a KeyError where it is no reason of ours
        before = tables.read(plan_sheets.write(plan), document.name)
        was = plan_form.read(before, plan.fiscal_year, None)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise Refused(say("plans-file-broken")) from fault
    now = plan_form.read(document, fiscal_year, plan.fiscal_year)
    told = list(_told(document, plan))
    new = [one for one in now.doubts if one not in was.doubts]
    changed = {
        one.name: getattr(now, one.name)
        for one in fields(Draft)
        if one.name not in ("measures", "topics", "doubts", "source")
        and getattr(now, one.name) != getattr(was, one.name)
    }
    aims = {topic.no: topic.aim for topic in plan.topics}
    return replace(
        plan,
        **changed,
        measures=tuple(_measures(plan, was, now)),
        topics=tuple(replace(one, aim=aims.get(one.no, "")) for one in now.topics),
        doubts=(*_still(told, was, now), *new),
    )


def _told(document: Document, plan: Draft) -> Iterator[DraftDoubt]:
    """Every doubt with what its row on the sheet of doubts says of it."""
    rows = next((table.rows for table in document.tables if table.name == called("sheet")), ())
    said = {row[0].flat: row for row in rows[1:] if len(row) >= len(HEADS)}
    decisions = {word: key for key, word in _decisions().items()}
    for number, doubt in enumerate(plan.doubts, 1):
        row = said.get(str(number), (Cell(),) * len(HEADS))
        value = row[6].flat
        if doubt.why in STATUS:
            value = status_of(value) or value
        yield replace(doubt, decision=decisions.get(row[5].flat, ""), value=value)


def _still(told: list[DraftDoubt], was: Draft, now: Draft) -> Iterator[DraftDoubt]:
    """The doubts but those about a cell that was written anew on the plan's own sheet."""
    before = {one.code: one for one in was.measures}
    here = {one.code: one for one in now.measures}
    for doubt in told:
        kind, _, about = doubt.about.partition(":")
        codes = about.split(",") if kind == "measure" else doubt.where.split()[:1]
        pairs = [(before[code], here[code]) for code in codes if code in before and code in here]
        if not any(_is_answered(doubt, old, new) for old, new in pairs):
            yield doubt


def _is_answered(doubt: DraftDoubt, old: DraftMeasure, new: DraftMeasure) -> bool:
    match doubt.why:
        case why if why.startswith("schedule-"):
            return old.schedule != new.schedule
        case why if why.startswith("unit-"):
            return old.responsible != new.responsible
        case why if why in STATUS:
            return old.status != new.status
        case "o-items-guessed":
            return old.o_items != new.o_items
        case _:
            return False


def _measures(plan: Draft, was: Draft, now: Draft) -> Iterator[DraftMeasure]:
    """The measures as they are now; of a field that was not touched, what was read of it first."""
    first, before = {one.code: one for one in plan.measures}, {one.code: one for one in was.measures}
    for one in now.measures:
        if one.code not in first or one.code not in before:
            yield one
            continue
        old = before[one.code]
        changed = {
            part.name: getattr(one, part.name)
            for part in fields(DraftMeasure)
            if getattr(one, part.name) != getattr(old, part.name)
        }
        if "steps" in changed:
            changed["steps_of_all"] = ()
        yield replace(first[one.code], **changed)
