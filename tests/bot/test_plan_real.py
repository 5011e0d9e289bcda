"""Real documents, where they lie beside this checkout: every cell against truth written by hand."""

import json
import re
from pathlib import Path

import pytest

from bot import tables
from bot.tables.plan import draft

DOCUMENTS = Path(__file__).parent.parent / "documents" / "real"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not beside this checkout")


@pytest.fixture(scope="module", params=["004", "001"])
def read(request):
    (file,) = (SHARED / "seeds").glob(f"{request.param}_*.txt")
    truth = json.loads((DOCUMENTS / f"{request.param}.json").read_text(encoding="utf-8"))
    return draft(tables.read(file.read_bytes(), file.name), likely_year=2567), truth


def key(name):
    return "ALL" if name.startswith("ทุกหน่วยงาน") else "".join(name.split())


def test_every_measure_is_found_in_its_order_and_none_is_invented(read):
    made, truth = read
    assert [one.code for one in made.measures] == [one["code"] for one in truth["measures"]]
    for one, wanted in zip(made.measures, truth["measures"], strict=True):
        assert one.title.startswith(wanted["begins"]), one.code


def test_periods_units_and_statuses_are_those_of_its_cells(read):
    made, truth = read
    for one, wanted in zip(made.measures, truth["measures"], strict=True):
        hosts = [key(unit.name) for unit in one.responsible if unit.role != "support"]
        if "support" in wanted:
            beside = {key(unit.name) for unit in one.responsible if unit.role in ("support", "all_units")}
            assert beside == set(map(key, wanted["support"])), one.code
            hosts = [name for name in hosts if name != "ALL"]
            assert (one.schedule.every or "") == wanted["every"], one.code
            assert len(one.steps) == wanted["steps"], (one.code, one.steps)
            assert [[kpi.kind, kpi.value] for kpi in one.kpis] == wanted["kpis"], one.code
        else:
            assert [list(span) for span in one.schedule.ranges] == wanted["ranges"], one.code
            assert one.status == wanted["status"], one.code
            assert one.o_items == tuple(f"O{no}" for no in wanted["o_items"]), one.code
        assert hosts == list(map(key, wanted["units"])), one.code


def test_years_scores_rounds_and_clauses_are_read(read):
    made, truth = read
    assert (made.fiscal_year, made.assessed_year) == (truth["fiscal_year"], truth["assessed_year"])
    assert {f"{one.level}:{one.code}": one.score for one in made.scores} == truth["scores"]
    if "rounds" in truth:
        assert [[one.name, one.due, one.receiver, one.channel] for one in made.rounds] == truth["rounds"]
        said = {policy.no: [clause.no for clause in policy.clauses] for policy in made.policies}
        assert said == truth["clauses"]
        wanted = truth["topics"]
        assert [a for a, b in zip([one.title for one in made.topics], wanted, strict=True) if b] == [
            one for one in wanted if one
        ]
    else:
        assert [bool(one.aim) for one in made.topics] == [True] * 8 + [False] * 2


def test_stories_are_whole_and_few_doubts_tell_what_needs_a_look(read):
    made, truth = read
    stories = {one.code: one.progress for one in made.measures}
    for code, parts in truth.get("progress", {}).items():
        assert all(part in stories[code] for part in parts), code
    assert not any(re.search("[☐☑☒]", story) for story in stories.values())
    said = "\n".join(one.said for one in made.doubts)
    assert all(text in said for text in truth["doubted"]), said
    assert len(made.doubts) <= truth["most_doubts"]
    assert all(one.where for one in made.doubts)
