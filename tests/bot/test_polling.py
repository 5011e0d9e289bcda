"""The real program on Telegram, without a public address: it asks, keeps, answers; and with one it is called."""

import pytest
from sqlalchemy import select

from storage.people import Group, Identity, Person
from storage.progress import Update
from tests.accounts import add_account, url_of
from tests.builders import a_plan
from tests.fakes.botapi import FakeTelegram
from tests.program import Program

SOMCHAI, GROUP = 700, -100900


@pytest.fixture
def telegram():
    with FakeTelegram() as platform:
        yield platform


@pytest.fixture
def program(database, stage, telegram, tmp_path):
    made = Program(url_of(database), tmp_path, {"PRONGSAI_TELEGRAM_API_URL": telegram.url})
    a_plan(stage)
    add_account(stage, tmp_path, "telegram", {"token": telegram.token, "secret": "drawn"})
    with stage.database.agency(stage.agency.id) as records:
        person = records.scalars(select(Person).where(Person.name == "สมชาย")).one()
        records.add(Identity(address=f"telegram:{SOMCHAI}", person_id=person.id))
        records.add(Group(address=f"telegram:{GROUP}", unit_id=stage.unit().id))
    yield made
    made.stop()


def test_what_came_is_asked_for_answered_and_confirmed(program, stage, telegram):
    program.start()
    telegram.waiting.append(telegram.says(SOMCHAI, "4.1 เวียนหนังสือแล้ว"))
    program.until(lambda: len(telegram.sent) == 1)
    assert "4.1" in telegram.sent[0].text
    (button, *_) = [one["callback_data"] for one in telegram.sent[0].buttons]
    telegram.waiting.append(telegram.taps(SOMCHAI, button))
    program.until(lambda: len(telegram.sent) == 2)
    telegram.waiting.append(telegram.says(SOMCHAI, "กินข้าวยัง", chat=GROUP))
    telegram.waiting.append(telegram.says(SOMCHAI, "ของเรา", chat=GROUP, mention=True))
    program.until(lambda: len(telegram.sent) == 3)
    assert telegram.sent[2].chat == GROUP
    assert len(telegram.answered) == 1  # the tap's button rests
    assert telegram.refused == []
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Update)).first().channel == "telegram"


def test_of_several_processes_one_asks(program, stage, telegram):
    if stage.database.is_sqlite:
        pytest.skip("several processes need PostgreSQL")
    program.start("--workers", "2")
    for number in range(1, 4):
        telegram.waiting.append(telegram.says(SOMCHAI, "ของเรา"))
        program.until(lambda number=number: len(telegram.sent) == number)
    assert telegram.conflicts == 0


def test_with_a_public_address_the_webhook_is_set_and_used(program, stage, telegram):
    program.settings["PRONGSAI_PUBLIC_URL"] = "https://ita.example.go.th"
    program.start()
    program.until(lambda: bool(telegram.webhook))
    path = f"/hooks/telegram/{stage.agency.slug}"
    assert telegram.webhook["url"] == f"https://ita.example.go.th{path}"
    secret = telegram.webhook["secret"]
    assert telegram.post(program.base + path, telegram.says(SOMCHAI, "ของเรา"), "wrong") == 401
    assert telegram.post(program.base + path, b"[]", secret) == 400
    assert telegram.post(program.base + path, telegram.says(SOMCHAI, "ของเรา"), secret) == 200
    program.until(lambda: len(telegram.sent) == 1)
    assert "กองคลัง" in telegram.sent[0].text
