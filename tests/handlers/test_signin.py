from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import signins
from storage.base import now
from storage.people import Person
from storage.signins import SigninLink, Visit


@pytest.fixture
def public(stage):
    """The deployment has an address."""
    before = stage.database._site
    stage.database._site = "https://prongsai.example"
    yield stage
    stage.database._site = before


def link_of(answer) -> str:
    choices = [choice for reply in answer.replies for card in reply.cards for choice in card.choices]
    return choices[0].link


def test_a_person_asks_in_private_and_gets_a_link_that_no_record_holds(public):
    address = link_of(public.chat("malee", "ขอลิงก์เข้าเว็บ"))
    assert address.startswith(f"https://prongsai.example/in/{public.agency.slug}/")
    token = address.rpartition("/")[2]
    with public.database.look(public.agency.id) as records:
        kept = records.scalars(select(SigninLink)).one()
        assert token not in kept.digest
        assert signins.find_link(records, token).person.name == "มาลี"


def test_in_a_group_no_link_is_given(public):
    answer = public.chat("malee", "ขอลิงก์เข้าเว็บ", place="board")
    assert "แชตส่วนตัว" in answer
    assert not answer.values


def test_without_a_public_address_it_is_said_what_to_do(stage):
    assert "PRONGSAI_PUBLIC_URL" in stage.chat("malee", "web")


def test_a_stranger_gets_no_link(public):
    answer = public.chat("test:nobody", "web")
    assert "/in/" not in str(answer.replies)


def test_a_new_link_ends_the_one_before(public):
    first, second = (link_of(public.chat("malee", "web")).rpartition("/")[2] for _ in range(2))
    with public.database.look(public.agency.id) as records:
        assert signins.find_link(records, first).state(now()) == "expired"
        assert signins.find_link(records, second).state(now()) == "open"


def test_asking_over_and_over_is_refused(public):
    for _ in range(20):
        public.chat("malee", "web")
    assert "บ่อยเกินไป" in public.chat("malee", "web")


def test_a_link_opens_one_visit_and_no_second(public):
    token = link_of(public.chat("malee", "web")).rpartition("/")[2]
    with public.database.agency(public.agency.id) as records:
        link = signins.find_link(records, token)
        visit = signins.open_visit(records, link, now())
        assert visit
        records.expire_all()
        assert not signins.open_visit(records, link, now())
    with public.database.look(public.agency.id) as records:
        assert signins.find_visit(records, visit, now()).person.name == "มาลี"
        assert signins.find_visit(records, visit, now() + timedelta(hours=3)) is None


def test_who_leaves_the_agency_is_out_at_once(public):
    token = link_of(public.chat("malee", "web")).rpartition("/")[2]
    with public.database.agency(public.agency.id) as records:
        visit = signins.open_visit(records, signins.find_link(records, token), now())
        records.scalars(select(Person).where(Person.name == "มาลี")).one().left_at = now()
    with public.database.look(public.agency.id) as records:
        assert signins.find_visit(records, visit, now()) is None
        assert records.scalars(select(Visit)).one().ended_at is None


def test_another_agency_does_not_know_the_link(public, noise):
    token = link_of(public.chat("malee", "web")).rpartition("/")[2]
    with public.database.look(noise.id) as records:
        assert signins.find_link(records, token) is None
