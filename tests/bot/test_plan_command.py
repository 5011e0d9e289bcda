"""`plan import`, `plan show`, `plan template` on the command line."""

import json
from pathlib import Path

import pytest

from bot import tables
from bot.cli import main
from bot.tables import plan_sheets
from bot.tables.plan import draft
from storage import agencies, imports
from storage.drafts import Draft, DraftMeasure, DraftSchedule, DraftTopic, DraftUnit

DOCUMENT = Path(__file__).parent.parent / "documents" / "two_row_headings.txt"
KEYS = {
    "agency", "fiscal_year", "assessed_year", "status", "scores", "grade", "rank", "topics", "findings", "measures",
    "rounds", "policies", "limits", "doubts",
}  # fmt: skip


@pytest.fixture
def plan(stage, monkeypatch, tmp_path, capsys):
    """Run a plan command on the stage's database: exit status, output, what was said on standard error."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(verb, *words, agency=stage.agency.slug):
        try:
            status = main(["plan", verb, *map(str, words), *(["--agency", agency] if agency else [])])
        except SystemExit as ended:
            status = ended.code
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_a_plan_with_doubts_is_kept_as_a_draft_and_told_how_to_go_on(plan):
    status, out, told = plan("import", DOCUMENT, "--activate")
    assert status == 1
    assert "--accept-guesses" in told
    assert "5 measures" in out
    shown = json.loads(plan("show", "--json")[1])
    assert shown["status"] == "draft"
    assert {one["said"] for one in shown["doubts"]} >= {"จ.ค.66", "ต.ค. 66 - ธ.ค. 67"}


def test_accepted_and_activated_it_counts_and_is_shown_as_agreed(plan, stage, noise):
    status, out, _ = plan("import", DOCUMENT, "--accept-guesses", "--activate", "--json")
    assert status == 0
    shown = json.loads(plan("show", "--json")[1])
    assert shown.keys() >= KEYS
    assert (shown["status"], shown["fiscal_year"], shown["assessed_year"]) == ("active", 2567, 2566)
    assert shown["measures"][2]["responsible"] == [{"unit": "กองคลัง", "role": "lead"}]
    assert shown["measures"][0]["kpis"] == [{"text": "จำนวนผู้ใช้ 500 คน", "kind": "count", "value": 500.0}]
    assert shown["measures"][0]["schedule"]["ranges"] == [{"start": "2023-12-01", "end": "2024-03-31"}]
    assert shown["limits"][:2] == ["คนน้อย", "งบไม่พอ"]
    assert json.loads(out)["measures"] == shown["measures"]
    assert plan("show", agency=noise.slug)[0] == 1


def test_importing_again_tells_what_changed(plan, tmp_path):
    plan("import", DOCUMENT, "--accept-guesses", "--activate")
    changed = tmp_path / "changed.txt"
    changed.write_text(
        DOCUMENT.read_text(encoding="utf-8").replace("ทุกเดือน\tกองคลัง", "ทุกไตรมาส\tกองคลัง"), encoding="utf-8"
    )
    _, out, _ = plan("import", changed, "--accept-guesses")
    assert "Changed, 1: 2.1" in out
    assert json.loads(plan("show", "--json")[1])["status"] == "active"


def test_the_form_is_written_empty_or_filled_and_comes_back(plan, tmp_path):
    empty, filled = tmp_path / "empty.xlsx", tmp_path / "filled.xlsx"
    assert plan("template", empty, agency="")[0] == 0
    assert "has not been filled in" in plan("import", empty)[2]
    plan("import", DOCUMENT, "--accept-guesses", "--activate")
    assert plan("template", filled)[0] == 0
    _, out, _ = plan("import", filled)
    assert "Nothing differs" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "/nowhere.xlsx"), "cannot be read"),
        (("import", DOCUMENT, "--fiscal-year", "2024"), "Buddhist era"),
        (("show", "--fiscal-year", "2570"), "no plan yet"),
        (("template", "/nowhere/form.xlsx"), "no plan yet"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(plan, words, said):
    status, _, told = plan(*words)
    assert status == 1
    assert said in told


def test_three_hundred_measures_come_in(stage):
    topics = tuple(DraftTopic(str(no), f"ประเด็นที่ลอง {no}") for no in range(1, 8))
    measures = tuple(
        DraftMeasure(
            code=f"{at % 7 + 1}.{at // 7 + 1}",
            title=f"มาตรการทดลองข้อ {at} เพื่อดูว่าอ่านเร็วพอ",
            topic=str(at % 7 + 1),
            steps=tuple(f"ขั้นที่ลอง {no} ของข้อ {at}" for no in range(4)),
            schedule=DraftSchedule("ธ.ค. 66 - มี.ค. 67"),
            responsible=(DraftUnit(f"กองทดลอง{at % 60}", "lead"), DraftUnit("ทุกหน่วยงาน", "all_units")),
        )
        for at in range(300)
    )
    content = plan_sheets.write(Draft(fiscal_year=2567, topics=topics, measures=measures))
    with stage.database.agency(stage.agency.id) as session:
        read = draft(tables.read(content, "big.xlsx"), units=agencies.unit_names(session))
        kept = imports.keep(session, read)
    assert len(read.measures) == 300
    assert kept.fiscal_year == 2567


def test_doubts_are_listed_with_numbers_and_decided_by_them(plan, stage):
    plan("import", DOCUMENT)
    told = json.loads(plan("doubts", "--json")[1])
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))
    assert told[0].keys() == {
        "number",
        "where",
        "said",
        "guess",
        "why",
        "code",
        "measures",
        "decided",
        "value",
    }
    month = next(one for one in told if one["code"] == "schedule-misread-month")
    status, out, _ = plan("decide", month["number"], "--value", "ก.พ. 67", "--json")
    assert (status, json.loads(out)["decided"], json.loads(out)["left"]) == (0, "changed", len(told) - 1)
    shown = json.loads(plan("show", "--json")[1])
    changed = next(one for one in shown["measures"] if one["code"] == month["measures"][0])
    assert changed["schedule"]["ranges"] == [{"start": "2024-02-01", "end": "2024-02-29"}]
    assert "--accept-guesses" in plan("activate")[2]
    for one in told:
        if one is not month:
            assert plan("decide", one["number"], "--accept")[0] == 0
    assert "plan activate" in plan("doubts")[1]
    assert plan("activate")[0] == 0
    assert plan("decide", 1, "--accept")[0] == 1
    assert len(json.loads(plan("doubts", "--all", "--json")[1])) == len(told)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("doubts",), "no plan yet"),
        (("decide", 1, "--accept"), "no draft plan"),
        (("activate",), "no draft plan"),
        (("next",), "No plan is in force"),
        (("close",), "none can be closed"),
    ],
)
def test_without_a_plan_each_verb_says_what_to_do(plan, words, said):
    status, _, told = plan(*words)
    assert status == 1
    assert said in told


def test_a_wrong_number_and_a_value_that_cannot_be_read_are_told(plan):
    plan("import", DOCUMENT)
    assert "There is no doubt 999" in plan("decide", 999, "--accept")[2]
    told = json.loads(plan("doubts", "--json")[1])
    month = next(one for one in told if one["code"] == "schedule-misread-month")
    assert "could not be read" in plan("decide", month["number"], "--value", "สักวันหนึ่ง")[2]


def test_the_next_plan_is_drafted_and_the_old_one_closed(plan):
    plan("import", DOCUMENT, "--accept-guesses", "--activate")
    status, out, _ = plan("next", "--json")
    made = json.loads(out)
    assert (status, made["fiscal_year"], made["status"]) == (0, 2568, "draft")
    assert len(made["measures"]) == 5
    assert plan("close")[0] == 0
    assert json.loads(plan("show", "--fiscal-year", "2567", "--json")[1])["status"] == "closed"
