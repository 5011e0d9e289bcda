"""The running program: kept before it is acknowledged, answered once and in order, sent once."""

import json
import random
import re
import time
import uuid

import pytest
from sqlalchemy import select

from storage import evidence, files, jobs, outbox
from storage.evidence import Evidence
from storage.jobs import Job
from storage.outbox import Letter, SentMessage
from storage.people import Identity, Person
from storage.plans import Plan
from tests.accounts import add_toy, event, hook, serving, waiting
from tests.fakes.toy import SECRET, signed


@pytest.fixture(scope="module")
def served(database, tmp_path_factory):
    yield from serving(database, tmp_path_factory.mktemp("data"))


@pytest.fixture
def program(served, stage, platform):
    """The program that runs, with the agency's account in the toy channel."""
    add_toy(stage, platform, served.folder)
    return served


def test_a_signed_webhook_is_answered_once_however_often_it_comes(program, stage, platform):
    one, before = event(), sent_letters(program)
    assert [hook(program, stage, one) for _ in range(3)] == [200, 200, 200]
    assert hook(program, stage, one, one, event(sender="toy:suda")) == 200
    program.until(lambda: len(platform.sent) == 2)
    program.until(lambda: not waiting(stage))
    assert len(platform.texts("toy:somchai")) == len(platform.texts("toy:suda")) == 1
    assert all(sent["token"] for sent in platform.sent), "answered by the free reply"
    with stage.database.look(stage.agency.id) as records:
        assert outbox.what_was_said(records, "s-1") == "measure:7"
        assert records.scalars(select(SentMessage)).all()
    assert sent_letters(program) - before == 2
    assert stage.agency.slug not in program.get("/metrics")[1]


def sent_letters(program):
    status, told = program.get("/metrics")
    assert status == 200
    found = re.search(r'^prongsai_letters_total{channel="toy",end="sent"} ([\d.]+)$', told, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_what_is_wrong_gets_the_right_refusal_and_leaves_nothing(program, stage, platform):
    path = f"/hooks/toy/{stage.agency.slug}"
    body, headers = signed(event())
    assert program.post(path, body, {}) == 401
    assert program.post(path, body + b" ", headers) == 401
    assert program.post("/hooks/toy/nobody", body, headers) == 404
    assert program.post(f"/hooks/nothing/{stage.agency.slug}", body, headers) == 404
    assert program.post(f"/hooks/web/{stage.agency.slug}", body, headers) == 404
    assert program.post(path, bytes(2_000_000), headers) == 413
    assert hook(program, stage, {"type": "unheard-of"}) == 200
    assert hook(program, stage) == 200
    assert not waiting(stage)
    assert not platform.sent
    log = (program.folder / "log").read_text()
    assert SECRET not in log
    assert "ช่วย" not in log


def test_what_is_not_said_to_us_is_never_kept(program, stage, platform):
    ordinary = event(text="กินข้าวกัน", place="toy:quiet", addressed=False)
    assert hook(program, stage, ordinary, event(place="toy:quiet")) == 200
    program.until(lambda: len(platform.sent) == 1)
    assert platform.sent[0]["place"] == "toy:quiet"


def test_a_line_of_talk_keeps_its_order(program, stage, platform):
    at = time.time()
    said = [event(at=at + number / 1000) for number in range(10)]
    random.Random(1).shuffle(said)
    assert hook(program, stage, *said) == 200
    program.until(lambda: len(platform.sent) == 10)
    in_order = [one["token"] for one in sorted(said, key=lambda one: one["at"])]
    assert [sent["token"] for sent in platform.sent] == in_order


def test_a_letter_goes_out_once_through_every_kind_of_failure(program, stage, platform):
    late = (500, {"why": "later"})
    platform.fails = [(429, {"why": "rate", "after": 0.2}), None, late, late, late]
    platform.hangs = True
    assert hook(program, stage, event()) == 200
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 1, "the reply that arrived without an answer was not pushed again"


def test_a_used_token_falls_back_to_a_push_with_the_letters_key(program, stage, platform):
    """Even where that push fails at first: the refused token proves no arrival later."""
    one = event()
    platform.used.add(one["token"])
    platform.fails = [None, (500, {"why": "later"})]
    assert hook(program, stage, one) == 200
    program.until(lambda: not waiting(stage))
    [sent] = platform.sent
    assert sent["token"] == ""
    with stage.database.look(stage.agency.id) as records:
        letter = records.scalars(select(Letter)).one()
    assert (sent["key"], letter.state, letter.cost) == (letter.retry_key, outbox.SENT, 1)


def test_what_can_never_be_delivered_is_set_aside_and_does_not_hold_up_the_next(program, stage, platform):
    platform.fails = [(400, {"why": "bad"})]
    assert hook(program, stage, event()) == 200
    program.until(lambda: [one.state for one in waiting(stage)] == [jobs.DEAD])
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)
    with stage.database.look(stage.agency.id) as records:
        states = records.scalars(select(Letter.state).order_by(Letter.id)).all()
    program.until(lambda: len(waiting(stage)) == 1)
    assert states[0] == outbox.DEAD

    [told] = json.loads(
        "[" + program.run("jobs", "list", "--agency", stage.agency.slug, "--json").stdout + "]"
    )
    assert (told[0]["kind"], told[0]["state"]) == ("letter", jobs.DEAD)
    assert "bad" in told[0]["fault"]
    shown = program.run("jobs", "show", told[0]["number"])
    assert told[0]["number"] in shown.stdout
    assert program.run("jobs", "show", "0").returncode == 1
    assert program.run("jobs", "replay", told[0]["number"]).returncode == 0
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 2


def test_a_letter_waits_for_the_next_months_quota_and_holds_up_nobody(program, stage, platform):
    platform.fails = [(429, {"why": "quota"})]
    assert hook(program, stage, event()) == 200
    program.until(lambda: [one.state for one in waiting(stage)] == [jobs.HELD])
    with stage.database.look(stage.agency.id) as records:
        letter = records.scalars(select(Letter)).one()
    assert letter.state == outbox.HELD
    program.until(lambda: "used up" in (program.folder / "log").read_text())
    assert hook(program, stage, event()) == 200
    program.until(lambda: not waiting(stage))
    assert len(platform.sent) == 1, "both in one, by the free reply"


def test_an_event_that_cannot_be_answered_is_set_aside_with_an_apology(program, stage, platform, database):
    """A broken body stands for any fault in a handler; the pauses are cut short."""
    with database.shared() as session:
        body = {"channel": "toy", "broken": True}
        jobs.add(session, "event", f"event:{uuid.uuid4()}", body, agency_id=stage.agency.id)
    program.until(lambda: [bool(one.fault) for one in waiting(stage)] == [True])
    [job] = waiting(stage)
    assert "inbox.py" in job.fault
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)
    with database.shared() as session:
        session.delete(session.get(Job, job.id))


@pytest.mark.once
@pytest.mark.parametrize("kind", ["event", "letter", "fetch", "forget", "plan"])
def test_a_job_nobody_can_read_ends_set_aside_and_stops_nothing(program, stage, platform, database, kind):
    """As an older version might have left it; it is at its last try, so nothing more can be done for it."""
    with database.shared() as session:
        jobs.add(session, kind, f"{kind}:{uuid.uuid4()}", {"broken": True}, agency_id=stage.agency.id)
        session.scalars(select(Job).where(Job.agency_id == stage.agency.id)).one().attempts = jobs.TRIES - 1
    program.until(lambda: [one.state for one in waiting(stage)] == [jobs.DEAD])
    for _ in range(2):
        assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 2)


@pytest.mark.parametrize("kind", ["event", "timed"])
def test_what_waits_for_an_agency_that_is_gone_is_dropped_and_stops_nothing(program, stage, platform, kind):
    gone, keys = stage.agency.id + 1, [f"{kind}:{uuid.uuid4()}" for _ in range(3)]
    with stage.database.shared() as session:
        for number, key in enumerate(keys):
            jobs.add(session, kind, key, {"name": "upkeep"}, agency_id=gone)
            if not number:  # one of them was begun before
                session.scalars(select(Job).where(Job.key == key)).one().attempts = 2
    assert hook(program, stage, event()) == 200
    program.until(lambda: len(platform.sent) == 1)

    def left():
        with stage.database.shared(write=False) as session:
            return list(session.scalars(select(Job.key).where(Job.key.in_(keys))))

    program.until(lambda: not left())
    assert "an agency that is gone" in (program.folder / "log").read_text()


def test_evidence_is_fetched_kept_by_hash_and_told_by_content(program, stage, platform):
    png = b"\x89PNG\r\n\x1a\n" + bytes(300)
    platform.files = {"1": (202, png), "3": (200, bytes(20_000_001))}
    with stage.database.agency(stage.agency.id) as records:
        made = [Evidence(kind="photo", name="a.exe", state=evidence.WAITING) for _ in range(3)]
        records.add_all(made)
        records.flush()
        for number, one in enumerate(made, 1):
            files.want(records, one, "toy", {"id": str(number), "kind": "photo"})
    program.until(lambda: not waiting(stage))
    with stage.database.look(stage.agency.id) as records:
        first, second, third = (records.get(Evidence, one.id) for one in made)
    assert (first.state, first.media_type, first.size) == (evidence.KEPT, "image/png", len(png))
    kept = program.folder / "blobs" / str(stage.agency.id) / first.sha256[:2] / first.sha256
    assert kept.read_bytes() == png
    assert second.state == third.state == evidence.GONE
    assert len([path for path in kept.parent.parent.rglob("*") if path.is_file()]) == 1


def test_a_plan_sent_as_a_file_is_read_apart_and_shown_to_who_sent_it(program, stage, platform):
    with stage.database.agency(stage.agency.id) as records:
        malee = records.scalars(select(Person).where(Person.name == "มาลี")).one()
        malee.identities.append(Identity(agency_id=stage.agency.id, address="toy:malee"))
    text = "แผนปีงบประมาณ พ.ศ. 2567\nมาตรการ\tระยะเวลา\tผู้รับผิดชอบ\nเล่าแผนเงิน\tจ.ค.66\tกองคลัง\n"
    platform.files = {"9": (200, text.encode())}
    sent = event(sender="toy:malee", text="", files=[{"id": "9", "kind": "file", "name": "แผน.txt"}])
    assert hook(program, stage, sent) == 200
    program.until(lambda: len(platform.texts("toy:malee")) == 2)
    received, shown = platform.texts("toy:malee")
    assert "แผน.txt" in received
    assert "จุดที่ไม่แน่ใจ" in shown
    program.until(lambda: not waiting(stage))
    with stage.database.look(stage.agency.id) as records:
        (plan,) = records.scalars(select(Plan)).all()
        assert (plan.fiscal_year, plan.status) == (2567, "draft")


def test_what_a_stranger_writes_into_an_address_makes_no_line_of_the_log(program, stage, platform):
    path = f"/hooks/x%0A2026-01-01%20ERROR%20forged%0D%1B[31m/{stage.agency.slug}"
    assert program.post(path, bytes(2_000_000), {}) == 413
    log = (program.folder / "log").read_text(encoding="utf-8")
    assert "a webhook was refused" in log
    assert not [line for line in log.splitlines() if line.startswith("2026-01-01 ERROR forged")]
    assert "\x1b" not in log
