import pytest
from sqlalchemy import select

from handlers import desk, rights
from storage.people import Person, Role


def test_every_intent_is_decided_for_every_role():
    undecided = set(desk.answers()) - set(rights.MAY)
    assert not undecided


def test_what_a_stranger_may_is_only_coming_in():
    assert not {
        one for one in rights.STRANGERS if one.startswith(("due", "duties", "measures", "policies", "plans"))
    }


@pytest.mark.parametrize("role", sorted(rights.READERS))
def test_who_only_reads_cannot_write(stage, role):
    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Person).where(Person.name == "มานะ")).one().role = role
    for intent in sorted(rights.WRITES & set(desk.answers())):
        answer = stage.chat("mana", tap=intent)
        assert "อ่านอย่างเดียว" in answer, intent


def test_who_may_write_is_never_a_reader():
    for intent in rights.WRITES:
        assert not rights.MAY[intent] & rights.READERS
    assert Role.OFFICER in rights.MAY["progress-report"]
    assert Role.OFFICER not in rights.MAY["plans-import"]


def test_a_refusal_names_who_can(stage):
    assert "มาลี" in stage.chat("somchai", tap="people-left:1")
