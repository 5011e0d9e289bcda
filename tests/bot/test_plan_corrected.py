"""What was read goes out as Excel, is corrected there, and comes back."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import tables
from bot.cli import main
from bot.tables import plan_form, plan_reading, plan_sheets
from bot.tables.plan import draft
from handlers.talk import Refused
from storage import doubts, exports, imports
from storage.drafts import Draft, pack
from tests.forms_of_papers import as_pdf

DOCUMENTS = Path(__file__).parent.parent / "documents"
OWN = ("by_question.md", "two_row_headings.txt")
VALUE, DECISION = plan_reading.HEADS.index("value") + 1, plan_reading.HEADS.index("decision") + 1


@pytest.fixture
def plan(stage, monkeypatch, tmp_path, capsys):
    """Run a plan command on the stage's database: what it printed."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path / "var"))

    def run(*words):
        assert main(["plan", *map(str, words), "--agency", stage.agency.slug]) == 0
        return capsys.readouterr().out

    return run


def shown(plan):
    told = json.loads(plan("show", "--json"))
    return {key: value for key, value in told.items() if key != "version"}


@pytest.mark.parametrize("name", OWN)
def test_a_reading_that_nobody_touched_changes_nothing(plan, tmp_path, name):
    file = tmp_path / "อ่านได้.xlsx"
    plan("import", DOCUMENTS / name)
    before = shown(plan)
    assert str(len(before["doubts"])) in plan("reading", file)
    plan("import", file)
    assert shown(plan) == before
    plan("import", file, "--accept-guesses", "--activate")
    active = shown(plan)
    plan("reading", file)
    plan("import", file)
    again = json.loads(plan("show", "--json", "--fiscal-year", active["fiscal_year"]))
    assert {**again, "status": "active", "version": 0} == {**active, "version": 0}


def corrected(file, **cells):
    """Put values into a reading as Excel would: ``doubts`` by their number, ``plan`` by code and column."""
    book = load_workbook(file)
    for row in book[plan_reading.called("sheet")].iter_rows(min_row=2):
        for column, told in cells.get("doubts", {}).get(row[2].value or row[1].value, {}).items():
            row[column - 1].value = told
    columns = list(plan_form.COLUMNS)
    for row in book[plan_form.PLAN].iter_rows(min_row=2):
        for column, told in cells.get("plan", {}).get(row[0].value, {}).items():
            row[columns.index(column)].value = told
    book.save(file)


def test_right_values_and_decisions_are_taken_from_the_sheet_of_doubts(plan, tmp_path):
    file = tmp_path / "อ่านได้.xlsx"
    plan("import", DOCUMENTS / OWN[1])
    plan("reading", file)
    corrected(
        file,
        doubts={
            "จ.ค.66": {VALUE: "ม.ค. 67"},
            "ต.ค. 66 - ธ.ค. 67": {DECISION: "รับ"},
            "กองการ เจ้าหน้าที่": {DECISION: "ไม่รับ"},
        },
    )
    plan("import", file)
    told = shown(plan)
    (mended,) = [one for one in told["measures"] if one["code"] == "3.1"]
    assert mended["schedule"]["ranges"] == [{"start": "2024-01-01", "end": "2024-01-31"}]
    decided = {one["said"]: one["decided"] for one in told["doubts"] if one["decided"]}
    assert decided == {
        "จ.ค.66": "changed",
        "ต.ค. 66 - ธ.ค. 67": "accepted",
        "กองการ เจ้าหน้าที่": "declined",
    }
    plan("reading", file)
    plan("import", file)
    assert shown(plan) == told


def test_a_cell_that_was_written_anew_counts_and_its_doubt_is_answered(plan, tmp_path):
    file = tmp_path / "อ่านได้.xlsx"
    plan("import", DOCUMENTS / OWN[1])
    before = shown(plan)
    plan("reading", file)
    corrected(
        file, plan={"3.1": {"period": "ม.ค. 67"}, "1.1": {"lead": "กองคลัง", "joint": "", "title": "เปิดคิว"}}
    )
    plan("import", file)
    now = {one["code"]: one for one in shown(plan)["measures"]}
    was = {one["code"]: one for one in before["measures"]}
    assert now["3.1"]["schedule"]["ranges"] == [{"start": "2024-01-01", "end": "2024-01-31"}]
    assert now["1.1"] == {**was["1.1"], "title": "เปิดคิว", "responsible": [{"unit": "กองคลัง", "role": "lead"}]}
    assert [now[code] for code in ("1.2", "2.1", "3.2")] == [was[code] for code in ("1.2", "2.1", "3.2")]
    assert "จ.ค.66" not in [one["said"] for one in shown(plan)["doubts"]]


def test_a_value_that_cannot_be_read_leaves_its_doubt_open(plan, tmp_path):
    file = tmp_path / "อ่านได้.xlsx"
    plan("import", DOCUMENTS / OWN[1])
    before = shown(plan)
    plan("reading", file)
    corrected(file, doubts={"จ.ค.66": {VALUE: "เมื่อพร้อม"}})
    plan("import", file)
    assert shown(plan) == before


def test_doubtful_cells_are_coloured_and_noted(stage):
    content = reading_of(stage, DOCUMENTS / OWN[1])
    sheet = load_workbook(io.BytesIO(content))[plan_form.PLAN]
    column = list(plan_form.COLUMNS).index("period") + 1
    (cell,) = [row[column - 1] for row in sheet.iter_rows(min_row=2) if row[0].value == "3.1"]
    assert cell.value == "จ.ค.66"
    assert "1 ธ.ค. 2566 - 31 ธ.ค. 2566" in cell.comment.text
    assert cell.fill.fgColor.rgb.endswith(plan_reading.AMBER[1:].upper())
    assert load_workbook(io.BytesIO(content))["_prongsai"].sheet_state == "hidden"


def reading_of(stage, file):
    with stage.database.agency(stage.agency.id) as session:
        kept = imports.keep(session, draft(tables.read(file.read_bytes(), file.name), likely_year=2567))
        return plan_reading.write(exports.as_draft(session, kept), doubts.listed(kept))


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("doubts", 0, "why"), "../../x"),
        (("doubts", 0, "row"), 5),
        (("doubts", 0, "about"), "x\x00"),
        (("assessed_year",), 10**20),
        (("fiscal_year",), "2567"),
        (("scores",), [{"level": "all", "score": float("nan")}]),
        (("measures", 0, "schedule", "ranges"), [["x", "y"]]),
        (("measures", 0, "schedule", "ranges"), [["2023-01-01"]]),
        (("measures", 0, "schedule", "ranges"), [["0001-01-01", "9999-12-31"]]),
        (("measures", 0, "steps"), [{"a": 1}]),
        (("measures", 0, "kpis"), 7),
        (("measures",), {}),
    ],
)
def test_a_reading_whose_memory_was_forged_is_refused(path, value):
    read = draft(tables.read((DOCUMENTS / "two_row_headings.txt").read_bytes(), "ก.txt"), 2567)
    kept = json.loads(json.dumps(pack(read)))
    place = kept
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    document = tables.read(plan_sheets.write(read), "ก.xlsx")
    with pytest.raises(Refused):
        plan_reading.read(replace(document, kept=json.dumps(kept)), None)


def test_a_reading_whose_memory_was_broken_is_refused(stage):
    book = load_workbook(io.BytesIO(reading_of(stage, DOCUMENTS / OWN[0])))
    book["_prongsai"]["A1"] = '{"measures": 7'
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused) as refused:
        draft(tables.read(out.getvalue(), "อ่านได้.xlsx"))
    assert refused.value.reply.say.id == "plans-file-broken"


def test_a_plan_from_a_pdf_goes_the_same_way(stage, tmp_path):
    file = tmp_path / "แผน.pdf"
    file.write_bytes(as_pdf(tables.read((DOCUMENTS / OWN[0]).read_bytes(), OWN[0])))
    again = draft(tables.read(reading_of(stage, file), "อ่านได้.xlsx"))
    with stage.database.agency(stage.agency.id) as session:
        first = exports.as_draft(session, imports.keep(session, draft(tables.read(file.read_bytes()))))
        second = exports.as_draft(session, imports.keep(session, again))
    assert isinstance(second, Draft)
    assert second == Draft(
        **{**{f: getattr(first, f) for f in first.__dataclass_fields__}, "source": second.source}
    )
