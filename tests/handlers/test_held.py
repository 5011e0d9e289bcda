"""What was told in short for want of messages can be read in full where it was told, and nowhere else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handlers.packing import pack
from handlers.talk import Card, Reply, Row, quote
from storage import jobs, outbox
from storage.jobs import Job
from storage.outbox import Letter
from storage.people import Person


def short(stage, place, *names, days=1):
    """Letters that went along with an answer as a headline."""
    numbers = []
    with stage.database.agency(stage.agency.id) as records:
        for name in names:
            card = Card(title=quote(f"สรุป {name}"), rows=(Row(quote(f"แถวลึก {name}")),))
            letter = Letter(channel="test", place=place, replies=[pack(Reply(quote(f"หัว {name}"), (card,)))])
            numbers.append(outbox.write(records, letter).id)
            records.flush()
            letter.state, letter.written_at = outbox.JOINED, stage.at - timedelta(days=days)
    return numbers


def test_the_whole_of_it_is_said_where_it_was_meant_for(stage):
    short(stage, "test:finance", "หนึ่ง", "สอง")
    short(stage, "test:finance", "เก่า", days=60)
    short(stage, "test:people", "ของอีกกอง")
    said = stage.chat("somchai", "ขอที่ค้าง", place="finance").text
    assert "แถวลึก หนึ่ง" in said
    assert "แถวลึก สอง" in said
    assert "เก่า" not in said
    assert "ของอีกกอง" not in said
    assert "ไม่มีเรื่อง" in stage.chat("somchai", "ขอที่ค้าง").text


def test_many_come_a_few_at_a_time_from_the_one_that_was_tapped(stage):
    numbers = short(stage, "test:finance", *"กขคงจ")
    first = stage.chat("somchai", tap=f"held-show:{numbers[1]}", place="finance")
    assert [name in first.text for name in ("แถวลึก ก", "แถวลึก ข", "แถวลึก ง", "แถวลึก จ")] == [
        False, True, True, False
    ]  # fmt: skip
    (more,) = [choice.value for reply in first.replies for choice in reply.choices]
    assert "แถวลึก จ" in stage.chat("somchai", tap=more, place="finance").text
    for wrong in ("held-show:x", "held-show:" + "9" * 40, "held-show:-1", "held-show:²"):
        assert stage.chat("somchai", tap=wrong, place="finance").text


def hold(stage, place):
    """A letter that waits for the next month's messages; its number."""
    with stage.database.agency(stage.agency.id) as records:
        letter = Letter(channel="test", place=place, replies=[pack(Reply(quote("เรื่องภายใน")))])
        outbox.write(records, letter)
        records.flush()
        letter.state = outbox.HELD
        mine = update(Job).where(Job.agency_id == stage.agency.id, Job.kind == outbox.KIND)
        records.execute(mine.values(state=jobs.HELD))
        return letter.id


def state(stage, number):
    with stage.database.look(stage.agency.id) as records:
        left = records.scalars(select(Job).where(Job.agency_id == stage.agency.id, Job.kind == outbox.KIND))
        return records.get_one(Letter, number).state, [one.state for one in left if one.state == jobs.HELD]


@pytest.mark.parametrize("way", ["left", "unlinked"])
def test_who_has_left_is_not_told_what_was_held_back(stage, way):
    number = hold(stage, "test:somchai")
    with stage.database.look(stage.agency.id) as records:
        somchai = records.scalars(select(Person.id).where(Person.name == "สมชาย")).one()
    if way == "left":
        stage.chat("malee", tap=f"people-left:{somchai}")
    else:
        stage.chat("somchai", tap="people-unlink:yes")
    assert state(stage, number) == (outbox.DEAD, []), "neither with an answer nor when there is quota again"


def test_who_is_in_a_group_later_is_not_told_what_was_held_back(stage):
    number = hold(stage, "test:finance")
    stage.chat("somchai", place="finance", kind="group-left")
    stage.chat("stranger", place="finance", kind="group-joined")
    assert state(stage, number) == (outbox.DEAD, [])
