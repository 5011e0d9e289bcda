"""What many ask to be written is written at once, and each is told."""

import time

import pytest

from bot.together import Together


@pytest.fixture
def written():
    return []


def writer(written, apart):
    def write(items):
        written.append(items)
        return [item * 2 for item in items]

    return Together(write, apart=(apart, apart))


def test_the_first_is_written_at_once_and_what_follows_soon_together(written):
    keep = writer(written, apart=0.5)
    began = time.monotonic()
    assert keep.put(1).result(5) == 2
    assert time.monotonic() - began < 0.4
    told = []
    for item in (2, 3, 4):
        told.append(keep.put(item))
        time.sleep(0.01)
    assert [one.result(5) for one in told] == [4, 6, 8]
    assert written == [[1], [2, 3, 4]]
    keep.close()


def test_one_that_cannot_be_written_is_told_so_and_the_others_are_written():
    keep = Together(
        lambda items: [ValueError(item) if item == 2 else item for item in items], apart=(0.5, 0.5)
    )
    told = [keep.put(item) for item in (1, 2, 3)]
    assert (told[0].result(5), told[2].result(5)) == (1, 3)
    with pytest.raises(ValueError, match="2"):
        told[1].result(5)
    keep.close()
