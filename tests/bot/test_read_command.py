"""``read``: what is read from a line, by which words, how sure; and that nothing of it is kept."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.cli import main
from bot.reading.reasons import reasons
from bot.reading.tidy import tidy
from handlers.grams import key
from handlers.grounds import as_typed
from storage.people import Person
from storage.progress import Update
from tests import builders

THURSDAY = date(2024, 1, 18)


@pytest.fixture
def read(stage, monkeypatch, tmp_path, capsys):
    """The command on the stage's agency: (exit status, what was printed)."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    builders.a_plan(stage)

    def run(*words):
        moment = ("--at", "2024-01-18T10:00", "--unit", "กค.")
        status = main(
            ["read", *words, "--agency", stage.agency.slug, *(moment if "--unit" not in words else ())]
        )
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_each_finding_is_told_with_the_words_that_led_to_it(read):
    told = json.loads(read("4.1 ประชุมชี้แจงแล้วค่ะ เมื่อวาน คนมา 48 คน", "--json")[1])
    (piece,) = told["pieces"]
    found = {one["what"]: (one["value"], one["words"]) for one in piece["findings"]}
    assert found["fact_on"] == ("2024-01-17", "เมื่อวาน")
    assert found["count_done"] == (48, "48 คน")
    assert found["status"] == ("in_progress", "แล้ว")
    assert [(one["code"], one["by"], one["words"]) for one in piece["measures"]] == [("4.1", "code", "4.1")]
    assert all(0 < one["confidence"] <= 1 for one in (*piece["findings"], *piece["measures"]))
    assert told["does"]["acts"][0]["measure"] == "4.1"


def test_a_line_without_a_code_gives_candidates_with_scores(read):
    told = json.loads(read("ยืมทรัพย์สินชี้แจงแล้วค่ะ", "--json")[1])
    found = told["pieces"][0]["measures"]
    assert found[0]["words"] in "ยืมทรัพย์สินชี้แจงแล้วค่ะ"
    assert found == sorted(found, key=lambda one: -one["weight"])
    assert sum(one["confidence"] for one in found) <= len(found)


def test_people_get_sentences_and_learn_what_would_follow(read):
    status, told = read("4.1 เสร็จแล้วค่ะ", "--group")
    assert status == 0
    assert "รายงานความก้าวหน้า" in told
    assert "มีเลข “4.1”" in told
    assert "จะบันทึกลง 4.1" in told
    assert "จะไม่ตอบและไม่บันทึก" in read("พรุ่งนี้จะทำ 4.1 นะ", "--group")[1]


def test_what_makes_a_group_line_be_taken_is_told_with_its_weights(read):
    taken = json.loads(read("4.1 ประชุมชี้แจงแล้วค่ะ 48 คน", "--group", "--json")[1])["overheard"]
    left = json.loads(read("เดี๋ยวพรุ่งนี้จะส่ง 4.1 นะคะ", "--group", "--json")[1])["overheard"]
    assert left["odds"] < taken["taken_from"] <= taken["odds"]
    assert {one["of"] for one in taken["because"]} == {"words", "plan"}
    assert left["because"][-1]["weight"] < 0 < taken["because"][0]["weight"]
    assert "ชั่งน้ำหนักได้" in read("4.1 เสร็จแล้วค่ะ", "--group")[1]


def test_nothing_of_what_is_read_is_kept(read, stage):
    def kept():
        with stage.database.look(stage.agency.id) as records:
            return [records.scalar(select(func.count()).select_from(one)) for one in (Update, Person)]

    before = kept()
    read("4.1 เสร็จแล้วค่ะ")
    assert kept() == before


def test_a_unit_that_is_not_there_and_a_bad_moment_are_told(read):
    assert read("x", "--unit", "กองอวกาศ")[0] == 1
    assert read("x", "--unit", "กค.", "--at", "เย็นนี้")[0] == 1


@given(st.text(alphabet="กองคลังเสร็จแล้ว 0123456789%./มคยืมครบเลื่อนไป", max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_words_of_a_reason_stand_in_the_line(text):
    for one in reasons(text, THURSDAY):
        assert one.what in ("blocker", "papers") or one.words in tidy(text)


@given(st.text(alphabet="กคลังยืมเเแโ่้๊ิีทรัพย์สินABC 12", min_size=4, max_size=40), st.data())
@settings(max_examples=80, deadline=None)
def test_folded_words_are_found_again_as_they_were_typed(text, data):
    folded = "".join(key(letter) for letter in text)
    if len(folded) >= 4:
        start = data.draw(st.integers(0, len(folded) - 4))
        assert as_typed(text, folded[start : start + 4]) in text
