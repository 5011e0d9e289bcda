from datetime import date
from types import SimpleNamespace

import pytest

from bot.reading import leaning
from bot.reading.themes import themes
from handlers import ranking
from handlers.grams import Hit

TODAY = date(2024, 2, 15)
KNOWN = SimpleNamespace(
    duties={1: frozenset({7}), 2: frozenset({8})},
    of_all=frozenset({2}),
    periods={1: ((date(2024, 2, 1), date(2024, 2, 28)),), 2: ((date(2023, 10, 1), date(2023, 11, 30)),)},
)


def test_chances_are_shares_of_one_and_follow_the_scores():
    shares = ranking.chances([9.0, 8.0, 2.0])
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert ranking.chances([]) == []


def test_a_measure_of_the_unit_that_is_due_now_is_likelier_than_anothers_that_is_over():
    hits = [Hit(name, share=0.5, weight=20.0, words="", evidence=3.0) for name in (1, 2)]
    told = [ranking.values(KNOWN, hit, 1.0, 7, TODAY, 0.0, {}) for hit in hits]
    assert told[0]["ours"] == told[0]["now"] == told[1]["every-unit"] == 1
    assert "ours" not in told[1]
    assert "now" not in told[1]
    weights = leaning.weights().ranks
    scores = [ranking.score(one, weights) for one in ranking.with_best(told)]
    assert ranking.chances(scores)[0] > 0.8


def test_subjects_in_common_speak_for_a_measure_and_the_more_so_the_less_else_it_is_about():
    themed = {1: {"no-gift": 1.0}, 2: {"no-gift": 1.0, "ethics": 1.0, "training": 1.0}, 3: {"vehicles": 1.0}}
    found = ranking.on_themes(themes("ป้ายงดรับกระเช้าปีใหม่"), themed)
    assert found == {1: 1.0, 2: 1.0}
    hits = {one: Hit(one, share=0.0, weight=0.0, words="") for one in found}
    covers = {
        one: ranking.values(KNOWN, hits[one], 1.0, None, TODAY, found[one], themed[one]) for one in found
    }
    assert covers[1]["theme-cover"] == 1
    assert covers[2]["theme-cover"] == pytest.approx(1 / 3)


def test_a_subject_is_known_by_the_words_of_plans_and_by_those_of_officers():
    for formal, said in (
        ("ขับเคลื่อนนโยบาย No Gift Policy", "แปะป้ายงดรับกระเช้าแล้ว"),
        ("ปรับปรุงคู่มือปฏิบัติงาน", "แก้ SOP ครบทุกเล่มแล้ว"),
        ("จัดทำแบบสำรวจความพึงพอใจของผู้รับบริการ", "เก็บข้อติชมจากคนมาติดต่อ"),
        ("การขอยืมทรัพย์สินของราชการ", "ทำสมุดคุมของหลวง"),
    ):
        assert themes(formal) & themes(said), said
    assert themes("สามารถเดินทางไปถึงแล้ว") == frozenset()
    assert themes("it is done") == {"systems"}  # a short Latin word stands alone
    assert "systems" not in themes("waiting for italy")


def test_what_was_learned_speaks_for_words_duty_and_time():
    weights = leaning.weights().ranks
    assert all(weights[name] > 0 for name in ("words", "evidence", "deed", "ours", "every-unit", "now"))
