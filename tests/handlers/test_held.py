"""What was told in short for want of messages can be read in full where it was told, and nowhere else."""

from datetime import timedelta

from handlers.packing import pack
from handlers.talk import Card, Reply, Row, quote
from storage import outbox
from storage.outbox import Letter


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
