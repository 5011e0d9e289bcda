from datetime import date

import pytest

from bot.reading import reader
from handlers import naming
from handlers.talk import Place, Turn
from storage import forms
from storage.agencies import Agency, UnitAlias
from storage.people import by_address
from tests.builders import a_plan, an_alias


def _turn(records, stage, text, who="test:somchai"):
    person = by_address(records, who)
    thread = forms.thread(records, who, who)
    return Turn(
        records=records,
        agency=records.get_one(Agency, stage.agency.id),
        place=Place("test", who, True),
        sender=who,
        person=person,
        reading=reader().read(text),
        at=stage.at,
        today=date(2024, 1, 18),
        thread=thread,
    )


def _codes(stage, text, who="test:somchai"):
    with stage.database.agency(stage.agency.id) as records:
        return [(one.measure.code, one.sure) for one in naming.measures(_turn(records, stage, text, who))]


def test_a_code_names_its_measure_whatever_the_words_say(stage):
    a_plan(stage)
    assert _codes(stage, "6.1 เรื่องยืมทรัพย์สิน") == [("6.1", True)]


def test_words_name_a_measure_surely_when_only_one_fits(stage):
    a_plan(stage)
    assert _codes(stage, "การยืมทรัพย์สินของราชการ")[0] == ("4.1", True)


def test_typing_slips_do_not_matter(stage):
    a_plan(stage)
    assert _codes(stage, "ยิมทรัพย์สินราชการ")[0][0] == "4.1"


def test_words_of_nothing_name_nothing_surely(stage):
    a_plan(stage)
    assert not [code for code, sure in _codes(stage, "พรุ่งนี้ฝนจะตกหรือเปล่า") if sure]


def test_an_alias_is_learned_at_once(stage):
    a_plan(stage)
    assert not [code for code, sure in _codes(stage, "กุญแจโกดัง") if sure]
    an_alias(stage, "4.1", "ดูแลกุญแจโกดังหลังตึก")
    assert _codes(stage, "กุญแจโกดัง")[0] == ("4.1", True)


def test_another_agencys_measures_are_never_named(stage, noise):
    a_plan(stage)
    stage.agency, mine = noise, stage.agency
    assert _codes(stage, "4.1") == []
    stage.agency = mine


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("กองคลังต้องทำอะไร", ["กองคลัง"]),
        ("กค. เหลืออะไร", ["กองคลัง"]),
        ("กค เหลืออะไร", ["กองคลัง"]),
        ("กกจ กับ กองคลัง", ["กองการเจ้าหน้าที่", "กองคลัง"]),
        ("โครงการ กคช. คืออะไร", []),
        ("พัสดุกลางต้องทำอะไร", ["กองคลัง"]),
    ],
)
def test_units_are_named_by_name_short_form_or_alias(stage, text, names):
    with stage.database.agency(stage.agency.id) as records:
        records.add(UnitAlias(unit_id=stage.unit().id, text="พัสดุกลาง"))
    with stage.database.agency(stage.agency.id) as records:
        assert [unit.name for unit in naming.units(_turn(records, stage, text))] == names


def test_people_are_named_by_their_names(stage):
    with stage.database.agency(stage.agency.id) as records:
        assert [one.name for one in naming.people(_turn(records, stage, "แทนคุณสุดานะ"))] == ["สุดา"]
