import re
import xml.etree.ElementTree as ET
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from bot.graphemes import graphemes
from bot.reports import chart
from bot.words import words
from handlers import charts
from handlers.report import Bar, Bars
from handlers.talk import quote
from storage import standing
from storage.plans import Score
from tests.builders import a_plan
from tests.conftest import BANGKOK

TODAY = date(2024, 1, 18)
LONG = "ผู้ปฏิบัติหน้าที่ที่ซื่อสัตย์ มีน้ำใจ" * 8


def texts(picture):
    return [one.text for one in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


def a_score(year, value, level="overall", code=""):
    return Score(year=year, level=level, code=code, score=value)


@pytest.fixture
def now(stage):
    plan = a_plan(stage)
    with stage.database.look(stage.agency.id) as records:
        return standing.standing(records, plan)


def test_every_unit_and_topic_has_a_bar_whose_parts_add_up_to_what_is_owed(now):
    for drawn in (charts.by_unit(now, TODAY), charts.by_topic(now, TODAY)):
        assert sum(sum(bar.counts) for bar in drawn.bars) == len(now.owed)
    picture = chart.svg(charts.by_unit(now, TODAY), words("th"))
    assert {"กค.", "กกจ.", "เลยกำหนด", "ยังไม่ได้ดำเนินการ"} <= set(texts(picture))


def test_a_picture_opens_as_png_at_the_size_drawn(now):
    drawn = charts.weeks(now, [], date(2023, 10, 1), date(2024, 9, 30), TODAY, BANGKOK)
    picture = chart.png(drawn, words("th"), zoom=1)
    with Image.open(BytesIO(picture)) as opened:
        assert opened.width == 1040
        assert len(opened.convert("L").getcolors()) > 20  # letters are there, not an empty field


def test_the_course_of_the_year_ends_today(now):
    drawn = charts.weeks(now, [], date(2023, 10, 1), date(2024, 9, 30), TODAY, BANGKOK)
    assert words("th")(drawn.at[-1]) == "18 ม.ค."
    assert drawn.curves[0].values[-1] == sum(
        one.due_on <= date(2024, 1, 20) for one in now.owed if one.due_on
    )


def test_a_long_label_is_cut_between_letters_and_never_inside_one():
    bars = Bars("x", quote("t"), (("done", quote("d")),), (Bar(quote(LONG), (3,)),))
    label = next(one for one in texts(chart.svg(bars, words("th"))) if one.startswith("ผู้"))
    assert label.endswith("…")
    assert LONG.startswith(label[:-1])
    assert list(graphemes(LONG))[: len(list(graphemes(label))) - 1] == list(graphemes(label))[:-1]


def test_what_a_unit_is_called_cannot_break_the_picture():
    name = "<script>กอง & 'ศูนย์'</script>"
    bars = Bars("x", quote(name), (("done", quote(name)),), (Bar(quote(name), (3,)),))
    assert texts(chart.svg(bars, words("th"))).count(name) == 3


def test_a_page_with_a_strict_policy_may_hold_the_picture(now):
    assert not re.search(r"style=|<style|<script|href", chart.svg(charts.by_unit(now, TODAY), words("th")))


def test_scores_stand_against_the_levels_and_the_forecast_is_called_one():
    known = [a_score(2564 + no, value) for no, value in enumerate((80.0, 85.0, 90.0))]
    drawn = charts.scores([*known, a_score(2566, 97.5, "tool", "OIT")])
    assert [curve.values for curve in drawn.curves] == [(80, 85, 90, 95.0), (None, None, 97.5, None)]
    assert [value for value, _ in drawn.limits] == [85, 95]
    assert drawn.guessed == 1
    told = texts(chart.svg(drawn, words("th", "thai")))
    assert {"แนวโน้ม (คาดการณ์)", "เกณฑ์ผ่าน ๘๕", "๒๕๖๗", "๙๗.๕"} <= set(told)


def test_one_year_alone_is_no_trend_and_no_score_is_no_picture():
    assert charts.scores([a_score(2566, 90.0)]).guessed == 0
    assert charts.scores([]) is None
    assert charts.scores([a_score(2565, 99.0), a_score(2566, 100.0)]).curves[0].values[-1] == 100
