"""What people really type → what it asks for. These lines are not learned from; a floor holds accuracy."""

from datetime import date
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as given_as

from bot.reading import reader
from handlers import desk
from storage.codes import LETTERS, NUMBERS
from tests.builders import a_plan

LINES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "th.tsv").read_text(encoding="utf-8").splitlines()
    if line.strip()
]
FLOOR = 0.93
TODAY = date(2024, 1, 18)


def test_there_are_enough_lines_over_every_kind_of_wish():
    assert len(LINES) >= 150
    assert len({intent for _, intent in LINES}) >= 20


def test_most_lines_are_understood_as_they_are_meant():
    known = desk.answers()
    tried = [(text, intent) for text, intent in LINES if not intent or intent in known]
    wrong = [
        (text, intent, found)
        for text, intent in tried
        if (found := reader().read(text, TODAY).intent) != intent
    ]
    assert 1 - len(wrong) / len(tried) >= FLOOR, "\n".join(map(str, wrong))


def test_what_is_no_report_is_left_alone_in_a_listening_group(stage):
    a_plan(stage)
    asked = ("due", "scores", "duties")
    others = [text for text, intent in LINES if not intent or intent.startswith(asked)]
    taken = [text for text in others if stage.chat("somchai", text, place="finance", addressed=False).replies]
    assert taken == []


@given(given_as.text(LETTERS + NUMBERS, min_size=8, max_size=8))
@example("XJ8XBYUQ")
@example("222AAAAQ")
@example("226FFFAQ")
def test_no_invitation_is_taken_for_thai_on_the_wrong_keyboard(drawn):
    if not (set(drawn) & set(LETTERS) and set(drawn) & set(NUMBERS)):
        return  # no code has one sort only
    for typed in (f"{drawn[:4]}-{drawn[4:]}", drawn, drawn.lower()):
        assert reader().read(typed, date(2024, 1, 18)).text == typed
