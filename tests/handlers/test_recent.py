"""What was needed lately is kept; what was not used for longest goes first."""

from handlers.recent import Recent


def test_what_is_asked_for_stays_and_the_rest_goes_in_order():
    kept = Recent(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1
    assert kept.keep("c", 3) == 3
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)
    kept.clear()
    assert kept.get("a") is None
