"""The doubts of a reading as a person can work through them: few, each with its place; nothing dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.tables import plan_rows
from bot.tables.places import place
from bot.tables.plan_found import FOUND
from bot.tables.plan_progress import TICKS
from bot.tables.plan_words import bare, flat, items
from bot.tables.shapes import Cell, Document, Table
from storage.drafts import Draft, DraftDoubt

FEWEST_LETTERS = 1
LONGEST = 600  # letters of a cell shown beside a doubt
NEAR = 4  # texts between two that found no home, so that both are one doubt
CODES = 10  # codes named in the place of a doubt about several measures
MEASURE = "measure:"
NOTE = "note-column"


def named(doubts: Iterable[DraftDoubt], codes: list[str]) -> list[DraftDoubt]:
    """Doubts about measures met on the way, under the codes these have now."""
    return [
        replace(one, about=MEASURE + codes[int(one.about.removeprefix(FOUND))])
        if one.about.startswith(FOUND)
        else one
        for one in doubts
    ]


def merged(doubts: Iterable[DraftDoubt]) -> list[DraftDoubt]:
    """The same doubt about several measures as one, decided once."""
    together: dict[tuple[str, str, str], list[DraftDoubt]] = {}
    for one in _notes(list(doubts)):
        together.setdefault((one.said, one.guess, one.why), []).append(one)
    return [one for same in together.values() for one in _one(same)]


def _notes(doubts: list[DraftDoubt]) -> list[DraftDoubt]:
    """What stands in columns that a plan has no place for (budgets, remarks): one doubt for all rows."""
    notes = [one for one in doubts if one.why == NOTE]
    if len(notes) < 2:
        return doubts
    said = "\n".join(f"{one.where}: {one.said}" for one in notes)
    about = MEASURE + ",".join(one.about.removeprefix(MEASURE) for one in notes)
    return [*(one for one in doubts if one.why != NOTE), DraftDoubt(place("notes"), said, "", NOTE, about)]


def _one(same: list[DraftDoubt]) -> list[DraftDoubt]:
    first = same[0]
    if len(same) == 1 or not all(one.about.startswith(MEASURE) for one in same):
        return list(dict.fromkeys(same))
    codes = list(dict.fromkeys(code for one in same for code in one.about.removeprefix(MEASURE).split(",")))
    return [replace(first, where=_place(first, codes), about=MEASURE + ",".join(codes))]


def _place(first: DraftDoubt, codes: list[str]) -> str:
    label = first.where.removeprefix(first.about.removeprefix(MEASURE)).strip()
    more = " …" if len(codes) > CODES else ""
    return f"{label} {', '.join(codes[:CODES])}{more}".strip()


def swept(document: Document, made: Draft, placed: list[str]) -> Draft:
    """Text that found no home is listed, so that nothing is dropped; what stands together is one doubt."""
    cells = [f"{one.title} {one.aim}" for one in made.measures]  # told apart here, one cell there
    home = "\n".join(bare(text) for text in (*made.texts(), *placed, *cells))
    seen: set[str] = set()
    left: list[tuple[str, list[str], int]] = []
    running = {place("line", one.no) for one in document.paragraphs}
    for at, (where, text) in enumerate(places(document)):
        lost = [part for part in _pieces(text) if bare(part) not in home and bare(part) not in seen]
        seen.update(map(bare, lost))
        if not lost:
            continue
        near = left and (left[-1][2] >= at - NEAR or {left[-1][0], where} <= running)
        if near:
            left[-1] = (left[-1][0], [*left[-1][1], text], at)
        else:
            left.append((where, [text], at))
    more = tuple(DraftDoubt(where, "\n".join(texts), "", "homeless") for where, texts, _ in left)
    return replace(made, doubts=(*made.doubts, *more))


def _pieces(text: str) -> list[str]:
    parts = [part for line in items(text) for part in TICKS.split(line)]
    return [part for part in parts if len(bare(part)) >= FEWEST_LETTERS]


def places(document: Document) -> list[tuple[str, str]]:
    """Every text of a document with its place, as a person counts."""
    made: list[tuple[str, str]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            for number, row in enumerate(block.rows):
                made += [
                    (place("cell", plan_rows.place(block, number), x + 1), cell.text)
                    for x, cell in enumerate(row)
                    if cell and not cell.inherited
                ]
        else:
            made.append((place("line", block.no), flat(block.text)))
    return made


def beside_rows(document: Document, made: Draft, stood: Mapping[str, str]) -> Draft:
    """Each doubt with the document's row it comes of; ``stood`` tells where a measure's row is."""
    rows: dict[str, tuple[str, ...]] = {}
    for table in document.tables:
        for number, row in enumerate(table.rows):
            where, cells = plan_rows.place(table, number), _beside(row)
            rows |= dict.fromkeys([where, *(place("cell", where, x + 1) for x in range(len(row)))], cells)
    return replace(made, doubts=tuple(_beside_row(one, rows, stood) for one in made.doubts))


def _beside(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """The texts of a row, those of merged cells once."""
    texts = [
        cell.text[:LONGEST]
        for x, cell in enumerate(row)
        if cell and not (cell.inherited and any(cell.text == one.text for one in row[:x]))
    ]
    return tuple(texts)


def _beside_row(
    doubt: DraftDoubt, rows: Mapping[str, tuple[str, ...]], stood: Mapping[str, str]
) -> DraftDoubt:
    code = doubt.about.removeprefix(MEASURE).partition(",")[0] if doubt.about.startswith(MEASURE) else ""
    at = (stood.get(code, ""), stood.get(doubt.where.split(" ")[0], ""))
    row = next((rows[one] for one in (doubt.where, *at) if rows.get(one)), ())
    return replace(doubt, row=row) if row else doubt


def o_items(numbers: list[str], where: Mapping[str, tuple[str, ...]]) -> list[DraftDoubt]:
    """That numbered lines beside measures of the part on open data are O items is one guess for all."""
    about = MEASURE + ",".join(where)
    told = ", ".join(numbers)
    return (
        [DraftDoubt("OIT", numbers[0][1:] + " - " + numbers[-1][1:], told, "o-items-guessed", about)]
        if numbers
        else []
    )
