"""Words people use for a measure: proposed when they pick it, one letter for all, decided in chat, used at once."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.cli import main
from handlers import aliases as answering
from handlers.timed import Errand
from storage import aliases, plans
from storage.agencies import Agency
from storage.aliases import AliasProposal
from storage.people import Identity
from tests.builders import a_plan
from tests.conftest import BANGKOK

MORNING = datetime(2024, 1, 19, 9, 5, tzinfo=BANGKOK)


@pytest.fixture
def said(stage):
    """A line of an officer's and the measure picked when asked which is meant."""
    a_plan(stage)

    def say(text, code, who="mana"):
        assert "เรื่องไหน" in stage.chat(who, text)
        assert "บันทึกแล้ว" in stage.chat(who, code)

    return say


def letters(stage, at=MORNING):
    with stage.database.agency(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        return answering.daily(Errand(records, agency, at, at.date()))


def names(stage):
    with stage.database.look(stage.agency.id) as records:
        return sorted(one.text for one in records.scalars(select(AliasProposal)))


def test_words_that_were_asked_about_are_proposed_once_and_counted(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    said("ปิ่นโต เสร็จแล้วค่ะ", "7.1", "somchai")
    with stage.database.look(stage.agency.id) as records:
        (one,) = aliases.waiting(records)
        assert (one.text, one.measure.code, one.use_count) == ("ปิ่นโต", "7.1", 2)


@pytest.mark.parametrize("text", ["ประชุมชี้แจงเรียบร้อยแล้วค่ะ 60 คน", "เสร็จแล้วค่ะ 80%", "กองคลัง เรียบร้อยแล้วค่ะ"])
def test_deeds_numbers_and_units_are_no_names(said, stage, text):
    said(text, "5.1", "suda")
    assert names(stage) == []


def test_several_words_come_in_one_letter_and_are_not_told_twice(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    said("พวงหรีดเรียบร้อยแล้วค่ะ", "6.1")
    (letter,) = letters(stage)
    assert letter.place == "test:malee"
    assert len(letter.reply.cards) == 2
    assert not any(one.numbered for card in letter.reply.cards for one in card.choices)
    assert letters(stage, MORNING + timedelta(days=1)) == []


def test_nobody_is_told_where_there_is_no_secretary_and_nothing_is_lost(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    with stage.database.agency(stage.agency.id) as records:
        malee = records.scalars(select(Identity).where(Identity.address == "test:malee")).one()
        malee.unfollowed_at = MORNING
    assert letters(stage) == []
    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Identity).where(Identity.address == "test:malee")).one().unfollowed_at = None
    assert len(letters(stage)) == 1


def test_a_number_typed_after_the_letter_decides_nothing(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    letters(stage)
    stage.chat("malee", "1")
    with stage.database.look(stage.agency.id) as records:
        assert len(aliases.waiting(records)) == 1


def test_the_words_of_a_button_decide_after_the_letter(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    letters(stage)
    assert "จำแล้วค่ะ" in stage.chat("malee", "จำ ปิ่นโต")
    assert "บันทึกแล้ว" in stage.chat("somchai", "ปิ่นโต 80% แล้วค่ะ")


def test_a_line_in_ones_own_words_accepts_what_it_names(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    said("พวงหรีดเรียบร้อยแล้วค่ะ", "6.1")
    told = stage.chat("malee", "จำคำว่า พวงหรีด ไว้")
    assert "“พวงหรีด” คือ 6.1" in told
    assert "ปิ่นโต" not in told
    with stage.database.look(stage.agency.id) as records:
        assert [one.text for one in aliases.waiting(records)] == ["ปิ่นโต"]


def test_declined_words_are_asked_about_again_but_not_proposed_again(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    first = stage.chat("malee", "คำเรียก").values
    assert "ไม่จำแล้ว" in stage.chat("malee", tap=next(one for one in first if "decline" in one))
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1", "somchai")
    assert letters(stage) == []
    assert "ไม่มีคำใหม่" in stage.chat("malee", tap=next(one for one in first if "accept" in one))


def test_all_are_accepted_with_one_button(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    said("พวงหรีดเรียบร้อยแล้วค่ะ", "6.1")
    stage.chat("malee", tap="aliases-accept:all")
    with stage.database.look(stage.agency.id) as records:
        assert aliases.waiting(records) == []
    for text, code in (("ปิ่นโต 50% แล้ว", "7.1"), ("พวงหรีด 30% แล้ว", "6.1")):
        assert code in stage.chat("mana", text)


def test_officers_do_not_decide(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    assert "จำแล้วค่ะ" not in stage.chat("mana", tap="aliases-accept:all")
    with stage.database.look(stage.agency.id) as records:
        assert len(aliases.waiting(records)) == 1


def test_another_agency_knows_nothing_of_it(said, stage, noise):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    with stage.database.look(noise.id) as records:
        assert aliases.waiting(records) == []


def test_other_words_that_name_another_measure_plainly_are_still_asked_about(said, stage):
    said("ปิ่นโตเรียบร้อยแล้วค่ะ", "7.1")
    stage.chat("malee", tap="aliases-accept:all")
    told = stage.chat("suda", "ปิ่นโตกับทบทวนคู่มือการปฏิบัติงานให้เป็นปัจจุบันแล้วค่ะ")
    assert "1.1" in told


@pytest.fixture
def prongsai(stage, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    a_plan(stage)

    def run(*words):
        status = main(["alias", *words, "--agency", stage.agency.slug])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_names_are_added_listed_and_removed_on_the_command_line(prongsai, stage):
    assert prongsai("add", "7.1", "โนกิฟ")[0] == 0
    assert prongsai("add", "7.1", "โนกิฟ")[0] == 1
    assert prongsai("add", "9.9", "โนกิฟ")[0] == 1
    assert "โนกิฟ" in prongsai("list")[1]
    assert "7.1" in stage.chat("mana", "โนกิฟเสร็จแล้วค่ะ")
    assert prongsai("remove", "7.1", "โนกิฟ")[0] == 0
    assert prongsai("remove", "7.1", "โนกิฟ")[0] == 1


def test_names_go_out_to_a_table_and_come_in_again(prongsai, stage, tmp_path):
    prongsai("add", "7.1", "โนกิฟ")
    prongsai("add", "1.1", "เล่มเขียว")
    file = tmp_path / "names.csv"
    assert prongsai("export", str(file))[0] == 0
    prongsai("remove", "7.1", "โนกิฟ")
    with file.open("a", encoding="utf-8") as more:
        more.write("9.9,,อะไรก็ไม่รู้\r\n")
    status, told = prongsai("import", str(file))
    assert status == 0
    assert "1 คำ" in told
    assert "อะไรก็ไม่รู้" in told
    assert prongsai("import", str(tmp_path / "nowhere.csv"))[0] == 1
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert prongsai("import", str(tmp_path / "bad.csv"))[0] == 1


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("รายงานเล่มเขียว", "รายงานเล่มเขียว 80% แล้วค่ะ"),
        ("COI", "coi 40% แล้วค่ะ"),
        ("สขร", "สขร. เสร็จแล้ว 60%"),
        ("เล่มเขียว", "ทำเล่มเขียวไป 30% แล้ว"),
    ],
)
def test_a_name_of_few_letters_or_with_everyday_words_is_found(prongsai, stage, name, line):
    assert prongsai("add", "6.1", name)[0] == 0
    assert "6.1" in stage.chat("mana", line)


def test_a_short_name_is_not_found_inside_another_word(prongsai, stage):
    assert prongsai("add", "6.1", "COI")[0] == 0
    assert "6.1" not in stage.chat("somchai", "bitcoin 40% แล้วค่ะ").text.split("\n")[1]


def test_names_serve_each_piece_of_a_line_apart(prongsai, stage):
    prongsai("add", "7.1", "ปิ่นโต")
    prongsai("add", "1.1", "เล่มเขียว")
    with stage.database.look(stage.agency.id) as records:
        assert len(aliases.of_plan(records, plans.active_plan(records, date(2024, 1, 18)))) == 2
    told = stage.chat("suda", "1) เล่มเขียวเสร็จแล้ว 2) 5.1 ได้ 40%")
    assert "5.1" in told


def test_words_of_a_message_that_is_taken_back_are_proposed_no_more(stage):
    a_plan(stage)
    stage.chat("mana", "ปิ่นโตเรียบร้อยแล้วค่ะ", message="m1")
    stage.chat("mana", "7.1")
    assert names(stage) == ["ปิ่นโต"]
    stage.chat("mana", kind="unsent", message="m1")
    assert names(stage) == []
