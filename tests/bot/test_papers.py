"""A plan sent as a file: fetched, read by a process of its own, shown to who sent it."""

import asyncio
import io
import json
from functools import partial
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.channels import NotSent
from bot.holding import Held
from bot.papers import Papers, read_apart
from bot.press import Press
from bot.reading import reader
from handlers.packing import unpack_reply
from handlers.talk import File
from storage import jobs
from storage.blobs import Blobs
from storage.measures import measures
from storage.outbox import Letter
from storage.papers import Paper
from storage.plans import Plan

TEXT = "แผนปีงบประมาณ พ.ศ. 2567\nประเด็น\tมาตรการ\tระยะเวลา\tผู้รับผิดชอบ\n1. คลัง\tเล่าแผนเงิน\tม.ค. 67\tกองคลัง\n"
ASKED = {"name": "แผน.txt", "fiscal_year": None, "likely_year": 2567, "units": []}


class Channel:
    """A channel that has one file, or none."""

    def __init__(self, content):
        self.content = content

    async def fetch(self, file, chunk=65536):
        if self.content is None:
            raise NotSent("gone", permanent=True)
        for at in range(0, len(self.content), chunk):
            yield self.content[at : at + chunk]


def sent(stage, content, name="แผน.txt"):
    """Malee sends a file; what the reading of it did is what the workers would have done."""
    stage.chat("malee", files=(File("f1", "file", name),), message=f"m-{name}")
    app = SimpleNamespace(
        database=stage.database, channel=lambda agency_id, kind: Channel(content), reader=reader()
    )
    with stage.database.shared() as session:
        (job,) = [one for one in jobs.claim(session, "plan", 50) if one.agency_id == stage.agency.id]

    async def work():
        await Papers(app, Held(), lambda: None)._read(job, File(**job.body["file"]))

    asyncio.run(work())
    with stage.database.look(stage.agency.id) as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        return letter.place, unpack_reply(letter.replies[0]), session.scalars(select(Plan)).all()


def test_the_sender_is_shown_the_draft_and_can_answer_with_a_number(stage):
    place, reply, plans = sent(stage, TEXT.encode())
    assert place == "test:malee"
    assert reply.say.id in ("plans-preview-doubts", "plans-preview-sure")
    assert [(plan.fiscal_year, plan.status) for plan in plans] == [(2567, "draft")]
    assert "1 มาตรการ" in stage.chat("malee", "1")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "plans-file-gone"),
        (b"%PDF-1.4", "plans-file-broken-pdf"),
        (b"x\x00y", "plans-file-unknown"),
        ("ก".encode(), "plans-no-table"),
    ],
)
def test_what_cannot_be_read_is_told_to_the_sender_and_nothing_is_kept(stage, content, why):
    place, reply, plans = sent(stage, content)
    assert (place, reply.say.id, plans) == ("test:malee", why, [])


def test_a_reader_that_takes_too_long_is_ended():
    told = asyncio.run(read_apart(TEXT.encode(), ASKED, patience=0.01))
    assert unpack_reply(told["refused"]).say.id == "plans-file-slow"


def test_the_reading_process_gives_the_same_draft_as_reading_at_once():
    from bot import tables
    from bot.tables.plan import draft
    from storage.drafts import pack

    told = asyncio.run(read_apart(TEXT.encode(), ASKED))
    at_once = draft(tables.read(TEXT.encode(), "แผน.txt"), likely_year=2567)
    assert told["draft"] == json.loads(json.dumps(pack(at_once)))


def test_a_draft_is_asked_for_as_a_workbook_and_comes_back_corrected_in_the_same_chat(stage, tmp_path):
    sent(stage, TEXT.replace("ม.ค. 67", "จ.ค.66").encode())
    assert "Excel" in stage.chat("malee", tap="plans-reading")
    with stage.database.look(stage.agency.id) as records:
        (paper,) = records.scalars(select(Paper))
    app = SimpleNamespace(
        database=stage.database, blobs=partial(Blobs, tmp_path), settings=SimpleNamespace(public_url="")
    )
    made = asyncio.run(Press(app).file(stage.agency.id, paper.id))
    assert made.name.endswith(".xlsx")
    book = load_workbook(io.BytesIO(made.body))
    for row in book["ข้อสงสัย"].iter_rows(min_row=2):
        row[6].value = "ก.พ. 67" if row[2].value == "จ.ค.66" else None
    out = io.BytesIO()
    book.save(out)
    sent(stage, out.getvalue(), "อ่านได้.xlsx")
    with stage.database.look(stage.agency.id) as records:
        (plan,) = records.scalars(select(Plan))
        (measure,) = measures(records, plan)
        assert measure.schedule_ranges == [["2024-02-01", "2024-02-29"]]
        assert {one.decision for one in plan.doubts if one.said == "จ.ค.66"} == {"changed"}
