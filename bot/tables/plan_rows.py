"""The rows of the plan's tables, page after page, gathered into topics, findings and measures."""

import re
from dataclasses import replace

from bot.tables import places, plan_findings, plan_gantt, plan_pieces, plan_progress, plan_scores, plan_topics
from bot.tables.plan_found import Found, Gathered, Row
from bot.tables.plan_headings import ANALYSIS, PLAN, SCORES, Layout, headed, is_heading, layout, unheaded
from bot.tables.plan_words import dotted, flat, leading, numbers, tight
from bot.tables.shapes import Cell, Document, Table
from storage.digits import arabic
from storage.drafts import DraftScore

SECTION = re.compile(
    r"^\(?\d{1,2}[.)]\)?\s*\S|^\(\d{1,2}\)|^ตัวชี้วัด|^การประเมิน|^การเปิดเผย|^ประเด็น(?:ที่)?\s?\d|^ด้าน|^นโยบาย|"
    r"^ส่วนที่|^แบบ(?:วัด|สำรวจ)|^หมวด|^ยุทธศาสตร์|^มิติ|^กลยุทธ์"
)
GUESS = 120  # letters of a measure's title in a doubt
IN_ROW = ("period", "lead", "joint", "support", "progress", "status", "kpi", "constraints")


def gather(document: Document) -> Gathered:
    """Read every table; tables that go on from the page before keep its headings."""
    made, last = Gathered(), None
    rows: list[Row] = []
    for table in document.tables:
        last = _table(made, table, last, rows)
    made.sections = any(_is_section(row) for row in rows)
    _plan(made, rows)
    plan_topics.join(made)
    return made


def _table(made: Gathered, table: Table, last: Layout | None, rows: list[Row]) -> Layout | None:
    """Sort one table's rows by its kind; the plan's rows are collected over all pages."""
    for score, head, cell in plan_scores.across(table.rows):
        made.scores.append(score)
        made.placed += [head.text, cell.text]
    now: Layout | None = None
    skip, after = 0, False
    for number, raw in enumerate(table.rows):
        if skip:
            skip -= 1
            continue
        found = layout(table.rows, number) or _known_again(last, table, number)
        if found and (found[0].kind or now is None):
            now, skip, after = found[0], found[1] - 1, True
            known = is_heading(raw) or now is last  # else its texts stay in sight as text without a home
            for said, role in now.guessed if now.kind == PLAN and now is not last else ():
                made.doubt(place(table, number), said, places.place(role), "column-guessed")
            heads = table.rows[number : number + found[1]] if known else ()
            made.placed += [cell.text for one in heads for cell in one]
            continue
        if now is None and last is not None and _goes_on(last, table, number):
            now, after = last, True
            where = place(table, number)
            made.doubt(where, flat(" ".join(cell.text for cell in raw))[:200], "", "heading-carried")
        if now is not None and now.kind:
            _sorted(made, now, Row(place(table, number), _by_role(now, raw), raw, after), rows)
            after = False
    return now if now is not None and now.kind else last


def _known_again(last: Layout | None, table: Table, number: int) -> tuple[Layout, int] | None:
    """Headings that are hardly known: on the first page by what the columns hold, then by their words."""
    if number:
        return None
    if last is not None:
        return (last, 1) if last.heads == headed(table.rows[0]) else None
    told = unheaded(table.rows)
    return (told, 1) if told else None


def _goes_on(last: Layout, table: Table, number: int) -> bool:
    """Whether a table without headings goes on under those of the table before."""
    near = range(number + 1, min(number + 3, len(table.rows)))
    above_headings = any((found := layout(table.rows, at)) and found[0].kind for at in near)
    return bool(last.kind) and len(last.roles) == len(table.rows[number]) and not above_headings


def place(table: Table, number: int) -> str:
    """Where a row is, as a person counts."""
    if table.name:
        return places.place("row-named", table.no, table.name, number + 1)
    return places.place("row", table.no, number + 1)


def _by_role(now: Layout, raw: tuple[Cell, ...]) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for role, cell in zip(now.roles, raw, strict=False):
        if role and cell:
            if role in made and tight(made[role].text) != tight(cell.text):
                made[role] = Cell(made[role].text + "\n" + cell.text, made[role].strong)
            else:
                made.setdefault(role, cell)
    drawn = plan_gantt.period(now.roles, now.labels, raw)
    made = {role: cell for role, cell in made.items() if not role.startswith(plan_gantt.COLUMN)}
    if drawn:
        made["period"] = Cell(f"{drawn}, {made['period'].text}" if "period" in made else drawn)
    return made


def _sorted(made: Gathered, now: Layout, row: Row, rows: list[Row]) -> None:
    if not any(row.raw) or _is_blank_form(row):
        return
    if now.kind == PLAN:
        rows.append(row)
    elif now.kind == SCORES:
        if score := plan_scores.in_row(row.cells):
            made.scores.append(score)
            made.placed += [row.cells[one].text for one in plan_scores.USED if one in row.cells]
        if "finding" in row.cells:
            _analysis(made, row)
    elif now.kind == ANALYSIS:
        _analysis(made, row)


def _is_blank_form(row: Row) -> bool:
    """A row of dots to be written on."""
    return all(not re.sub(r"ฯลฯ|[\d๐-๙.…_\s()]", "", cell.text) for cell in row.raw)


def _analysis(made: Gathered, row: Row) -> None:
    """A topic and what was found weak in it."""
    if row.text("topic"):
        plan_topics.open_topic(made, row.text("topic"), row.where)
    text = row.text("finding")
    if not text:
        return
    topic = made.topic if "topic" in row.cells or "kpi" not in row.cells else ""
    for told in plan_findings.several(text):
        if not topic and (label := row.text("kpi")):
            made.labelled.append((len(made.findings), label))
        point = plan_findings.point(told, topic, row.text("question"), row.text("score"))
        made.findings.append(point)
        if point.question and point.score is not None:
            made.scores.append(DraftScore("question", point.score, point.question))
    made.placed += [text, row.text("question")]


def _is_section(row: Row) -> bool:
    """A row that only names a topic: its first cell alone, or one text merged over the row."""
    texts = {cell.text for cell in row.raw if cell}
    if len(texts) != 1 or not row.raw[0]:
        return False
    return bool(SECTION.match(arabic(row.raw[0].flat))) and len(row.raw[0].text) < 200


def _plan(made: Gathered, rows: list[Row]) -> None:
    """Walk over the plan's rows."""
    for number, row in enumerate(rows):
        if _is_section(row):
            plan_topics.section(made, row)
            continue
        plan_topics.topic_or_finding(made, row)
        if _begins(made, row):
            _measure(made, row, rows[number + 1 :])
        elif made.measures:
            _more(made, row)
        else:
            made.doubt(row.where, " / ".join(cell.flat for cell in row.raw if cell), "", "homeless")


def _begins(made: Gathered, row: Row) -> bool:
    """Whether a row begins a measure, rather than going on with the one before."""
    name = "measure" if "measure" in row.cells else "steps"
    if not row.own(name) or (name == "steps" and made.measures and not row.own(*IN_ROW)):
        return False
    if not made.measures:
        return True
    if row.own(*IN_ROW) and (row.own("period", "lead") or not row.after_heading):
        return True
    if row.after_heading:
        no = leading(row.text(name))[0]
        return bool(no) and (row.own("steps") or _is_sibling(made.measures[-1].text("measure"), no))
    return name == "measure"


def _is_sibling(before: str, no: str) -> bool:
    """Whether ``4.2`` follows a measure that told ``4.1`` alone: each is a measure of its own then."""
    stem, _, last = no.rpartition(".")
    same = [one for one in dotted(before) if one.rpartition(".")[0] == stem]
    return bool(stem) and len(same) == 1 and int(same[0].rpartition(".")[2]) + 1 == int(last)


def _measure(made: Gathered, row: Row, following: list[Row]) -> None:
    """Begin a measure, or several where one row holds them."""
    name = "measure" if "measure" in row.cells else "steps"
    cell = row.cells[name]
    _spilled(made, row)
    after = next((one.text(name) for one in following if one.own(name)), "")
    beside = {role: row.text(role) for role in plan_pieces.PARTS}
    texts = plan_pieces.texts(cell.text, after, beside)
    count, numbered = len(texts), numbers(cell.text)
    given = {
        role: plan_pieces.shares(role, one.text, count, beside)
        for role, one in row.cells.items()
        if role not in (name, "topic", "finding", "no")
    }
    for at, text in enumerate(texts):
        found = Found(row.where, made.topic, strong=cell.strong if count == 1 else "")
        if count == 1:
            found.no = arabic(row.cells["no"].flat) if "no" in row.cells else ""
        elif len(numbered) == count:
            found.no = str(numbered[at])
        found.add("measure", cell.text if count == 1 else text)
        for role, shares in given.items():
            found.add(role, shares[at])
        found.o_items = _o_items(made, row)
        made.measures.append(found)
        merged = [role for role in given if row.cells[role].inherited and role in ("steps", *IN_ROW)]
        _take_over(made, found, row, merged)
    if count > 1:
        made.placed += [one.text for one in row.raw]
        made.doubt(row.where, cell.flat, " | ".join(texts), "split", made.last)


def _spilled(made: Gathered, row: Row) -> None:
    """What belongs to the row above: the end of its steps once more, the end of its story above our ticks."""
    if made.measures and (steps := row.cells.get("steps")):
        end, rest = plan_pieces.stray(made.measures[-1].text("steps"), steps.text)
        if end:
            row.cells["steps"] = replace(steps, text=rest)
            made.placed.append(steps.text)
            made.doubt(row.where, end, "", "repeated-end")
    told = row.cells.get("progress")
    end, rest = plan_progress.spilled(told.text) if told else ("", "")
    if told and end and row.after_heading and made.measures and made.measures[-1].text("progress"):
        made.measures[-1].add("progress", end)
        made.doubt(row.where, end, flat(made.measures[-1].text("measure"))[:GUESS], "joined", made.last)
        row.cells["progress"] = replace(told, text=rest)


def _o_items(made: Gathered, row: Row) -> tuple[str, ...]:
    """In the part on open data the numbered lines beside a measure are O items (O1-O43)."""
    text = row.text("finding") or row.text("topic")
    if "OIT" not in made.tool or not text or not row.own("finding", "topic"):
        return ()
    found = [int(no) for no in re.findall(r"(?:^|\s)(\d{1,2})[.\s]\s*(?=[ก-๙A-Z])", arabic(text))]
    rising = [no for at, no in enumerate(found) if all(no > before for before in found[:at])]
    codes = tuple(f"O{no}" for no in rising)
    made.o_numbers += codes
    return codes


def _take_over(made: Gathered, found: Found, row: Row, merged: list[str]) -> None:
    """Merged cells, and cells left empty below a filled one: the row above answers for both."""
    if len(made.measures) > 1 and not row.own(*IN_ROW):
        above, alone = made.measures[-2], not row.own("steps")
        for role in ("period", "lead", "joint", "support", *(("steps", "kpi") if alone else ())):
            if above.topic == found.topic and above.text(role) and role not in found.parts:
                found.add(role, above.text(role))
                merged.append(role)
    if merged:
        taken = flat(" · ".join(found.text(role) for role in merged))
        made.doubt(row.where, "", taken, "inherited", made.last)


def _more(made: Gathered, row: Row) -> None:
    """More of the measure before: its next page, or further steps beside merged cells."""
    open_one = made.measures[-1]
    open_one.o_items += _o_items(made, row)
    added: list[str] = []
    for role, cell in row.cells.items():
        if cell.inherited or role in ("topic", "finding", "no"):
            continue
        if row.after_heading and open_one.goes_on(role, cell.text):
            open_one.go_on(role, cell.text)
        else:
            open_one.add(role, cell.text)
        added.append(cell.flat)
    if added and not any(one.inherited for one in row.raw):
        said = " / ".join(added)
        made.doubt(row.where, said, flat(open_one.text("measure"))[:GUESS], "joined", made.last)
