"""The same plan as text, Word, Excel and PDF: one reading, whatever it was sent as."""

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import tables
from bot.cli import main
from bot.shown_plan import as_json
from bot.tables.plan import draft
from bot.tables.shapes import Cell, Document, Paragraph, inherit, table
from handlers.talk import Refused
from storage import doubts, imports
from tests.forms_of_papers import as_excel, as_pdf, as_word

pytestmark = pytest.mark.once  # how a paper is laid out is the same on every database

DOCUMENTS = Path(__file__).parent.parent / "documents"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"
FORMS = {"docx": as_word, "xlsx": as_excel, "pdf": as_pdf}
OWN = ("by_question.md", "two_row_headings.txt")
HEADS = ["ประเด็น", "มาตรการ", "ขั้นตอน", "ระยะเวลา", "ผู้รับผิดชอบ", "ความก้าวหน้า"]


@pytest.fixture
def plan(stage, monkeypatch, tmp_path, capsys):
    """Run a plan command on the stage's database; what it printed as JSON."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path / "var"))

    def run(*words):
        assert main(["plan", *map(str, words), "--agency", stage.agency.slug, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("form", FORMS)
def test_a_plan_imported_from_another_form_is_the_plan_of_the_text(plan, tmp_path, name, form):
    wanted = plan("import", DOCUMENTS / name)
    sent = tmp_path / f"แผน.{form}"
    sent.write_bytes(FORMS[form](tables.read((DOCUMENTS / name).read_bytes(), name)))
    plan("import", sent)
    shown = plan("show", "--fiscal-year", wanted["fiscal_year"])
    assert figures(shown) == figures(wanted)


def figures(shown):
    """What a plan says, without where it stood and without white space."""
    kept = {key: value for key, value in shown.items() if key not in ("doubts", "version", "difference")}
    said = sorted((letters(one["said"]), letters(one["guess"]), one["why"]) for one in shown["doubts"])
    return letters(kept), [one for one in said if "ตาราง" not in one[0]]


def letters(value):
    match value:
        case dict():
            return {key: letters(one) for key, one in value.items()}
        case list() | tuple():
            return [letters(one) for one in value]
        case str():
            return re.sub(r"\s+|([\u0e48-\u0e4b])(?=\1)", "", value)  # the papers' own doubled tones
        case _:
            return value


@pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not beside this checkout")
@pytest.mark.parametrize("number", ["000", "001", "003", "004"])
@pytest.mark.parametrize("form", FORMS)
def test_every_measure_of_a_real_document_is_the_same_in_another_form(number, form):
    (file,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    document = tables.read(file.read_bytes(), file.name)
    wanted = draft(document, likely_year=2567)
    made = draft(tables.read(FORMS[form](document), f"x.{form}"), likely_year=2567)
    assert [measured(one) for one in made.measures] == [measured(one) for one in wanted.measures]
    assert letters([[one.level, one.code, str(one.score)] for one in made.scores]) == letters(
        [[one.level, one.code, str(one.score)] for one in wanted.scores]
    )
    assert letters([one.title for one in made.topics]) == letters([one.title for one in wanted.topics])


def measured(one):
    said = [one.code, one.title, one.aim, one.steps, one.method, one.constraints, one.status, one.progress]
    return letters(
        [*said, [kpi.text for kpi in one.kpis], [[unit.name, unit.role] for unit in one.responsible]]
    ), (
        one.schedule.kind,
        one.schedule.every,
        one.schedule.ranges,
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not beside this checkout")
@pytest.mark.parametrize("number", ["000", "003"])
@pytest.mark.parametrize("form", FORMS)
def test_real_documents_in_other_forms_score_against_their_truth(stage, number, form, tmp_path):
    if not stage.database.is_sqlite:
        pytest.skip("the reading is the same on every database")
    (file,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    sent = FORMS[form](tables.read(file.read_bytes(), file.name))
    with stage.database.agency(stage.agency.id) as session:
        plan = imports.keep(session, draft(tables.read(sent, f"x.{form}")))
        doubts.accept_all(session, plan)
        shown = tmp_path / "shown.json"
        shown.write_text(json.dumps(as_json(session, stage.agency, plan), ensure_ascii=False))
    tool, truth = SHARED / "tools" / "score_import.py", SHARED / "examples" / f"plan_{number}.json"
    done = subprocess.run([sys.executable, tool, truth, shown], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["score"] >= 0.97, done.stderr
    assert {told[key] for key in ("recall", "precision", "periods", "units", "scores")} == {1.0}, told


WORDS = st.sampled_from(
    [
        "", "", "งานบริการ", "(๒) งานพัสดุ", "๑) ก ๒) ข", "ทำคู่มือ\nเผยแพร่", "ธ.ค. 66 - มี.ค. 67", "ทุกเดือน", "กองคลัง",
        "กองคลัง/ทุกหน่วยงาน", "☐ ยังไม่ได้ดำเนินการ ☑ ดำเนินการ ครบ", "ตัวชี้วัดที่ ๑ การใช้เงิน (คะแนน ๘๘.๑)", "ร้อยละ 80",
        "น้ำใจผู้บริหารทั้งหมดซึ่งขึ้นไป", "ปี่กำปั้น",
    ]
)  # fmt: skip


@st.composite
def disturbed(draw):
    """A plan whose table is cut in two, has cells merged at random, rows missing and words in between."""
    rows = [[Cell(text) for text in HEADS]]
    rows += [[Cell(draw(WORDS)) for _ in HEADS] for _ in range(draw(st.integers(2, 7)))]
    for _ in range(draw(st.integers(0, 3))):
        top, left = draw(st.integers(1, len(rows) - 1)), draw(st.integers(0, 5))
        bottom, right = draw(st.integers(top, len(rows) - 1)), draw(st.integers(left, min(left + 1, 5)))
        area = [(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)]
        if rows[top][left] and not any(rows[y][x].inherited for y, x in area):
            for y, x in area[1:]:
                rows[y][x] = inherit(rows[top][left])
    cut = draw(st.integers(2, len(rows)))
    blocks = [Paragraph("แผนปีงบประมาณ พ.ศ. 2567"), table(rows[:cut], 1)]
    between = draw(st.sampled_from(["", "คั่นกลาง"]))
    blocks += [Paragraph(between)] if between else []
    return Document((*blocks, *([table(rows[cut:], 2)] if rows[cut:] else [])))


@settings(max_examples=25, deadline=None)
@given(disturbed(), st.sampled_from([*FORMS]))
def test_no_text_of_a_disturbed_table_is_lost_in_any_form(document, form):
    read = tables.read(FORMS[form](document), f"x.{form}")
    assert counted(read) == counted(document)
    with contextlib.suppress(Refused):
        draft(read, 2567)


def counted(document):
    """Every text but those of merged cells, its letters alone, sorted."""
    cells = [cell.text for one in document.tables for row in one.rows for cell in row if not cell.inherited]
    return sorted("".join(letters([*cells, *(one.text for one in document.paragraphs)])))


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([*FORMS]), st.integers(0, 2**31), st.lists(st.integers(0, 255), min_size=1, max_size=8)
)
def test_a_file_damaged_anywhere_is_read_or_refused_and_never_breaks_the_reader(form, at, bytes_):
    content = SENT.setdefault(form, FORMS[form](tables.read((DOCUMENTS / OWN[1]).read_bytes(), "x")))
    place = at % len(content)
    broken = content[:place] + bytes(bytes_) + content[place + len(bytes_) :]
    for sent in (broken, content[:place]):
        try:
            tables.read(sent, "x")
        except Refused:
            continue


SENT: dict[str, bytes] = {}
