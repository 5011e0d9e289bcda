from datetime import date
from types import SimpleNamespace

import pytest

from bot.reading import leaning
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
    told = [ranking.values(KNOWN, hit, 1.0, 7, TODAY) for hit in hits]
    assert told[0]["ours"] == told[0]["now"] == told[1]["every-unit"] == 1
    assert "ours" not in told[1]
    assert "now" not in told[1]
    weights = leaning.weights().ranks
    scores = [ranking.score(one, weights) for one in ranking.with_best(told)]
    assert ranking.chances(scores)[0] > 0.8


def test_what_was_learned_speaks_for_words_duty_and_time():
    weights = leaning.weights().ranks
    assert all(weights[name] > 0 for name in ("words", "evidence", "deed", "ours", "every-unit", "now"))
