"""The question which measure is meant: it waits for days and through restarts, and swallows nothing meant otherwise."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli import main
from handlers import known
from storage.forms import Thread
from storage.measures import Measure
from storage.plans import CLOSED, Plan
from storage.progress import Update
from storage.rounds import Occurrence
from tests.builders import MEASURES, a_plan

UNCLEAR, ASKED = "ประชุมชี้แจงเรียบร้อยแล้วค่ะ 60 คน", "เรื่องไหนคะ แตะเลือก"
LOCALES = Path(__file__).parents[2] / "locales" / "th"
COMMANDS = sorted(
    command
    for file in LOCALES.glob("*.toml")
    if file.stem not in ("calendar", "reading")
    for intent, said in tomllib.loads(file.read_text(encoding="utf-8")).items()
    for command in said.get("commands", [])[-1:]
    if intent not in ("progress-nothing", "forms-resume")  # they ask the same: which measure
)


def recorded(stage):
    with stage.database.look(stage.agency.id) as records:
        rows = select(Measure.code).join(Update, Update.measure_id == Measure.id).order_by(Update.id)
        return list(records.scalars(rows))


def test_no_command_is_swallowed_by_the_open_question(stage):
    if not stage.database.is_sqlite:
        pytest.skip("which intent a line has is the same on every database; once is enough")
    a_plan(stage)
    for command in COMMANDS:
        assert ASKED in stage.chat("suda", UNCLEAR), command
        assert not stage.chat("suda", command).text.startswith(ASKED), command
        stage.chat("suda", "/cancel")
    assert recorded(stage) == []


@pytest.mark.parametrize("kind", ["flooded", "day-full"])
def test_an_event_that_nobody_put_to_us_begins_nothing(stage, kind):
    a_plan(stage)
    heard = {"place": "finance", "addressed": False}
    assert stage.chat("suda", "4.1 เสร็จแล้ว", kind=kind, **heard).replies == []
    assert recorded(stage) == []


def test_talk_that_goes_on_about_another_measure_is_no_answer(stage):
    a_plan(stage)
    heard = {"place": "finance", "addressed": False}
    assert ASKED in stage.chat("suda", UNCLEAR, **heard)
    stage.chat("suda", "เผยแพร่แผนการใช้จ่ายงบประมาณและการจัดซื้อจัดจ้างทางเว็บไซต์ 15/1/67 จ้า", **heard)
    with stage.database.look(stage.agency.id) as records:
        assert UNCLEAR not in [one.note for one in records.scalars(select(Update))]
    stage.chat("suda", "4.1 ค่ะ", **heard)
    with stage.database.look(stage.agency.id) as records:
        assert UNCLEAR in [one.note for one in records.scalars(select(Update))]


@pytest.mark.parametrize(
    "line",
    [
        "เดือนนี้ต้องส่งอะไรบ้างคะ",
        "5.1 ใครทำ",
        "คะแนนรวมปีที่แล้วเท่าไหร่",
        "4.1 ถึงไหนแล้ว",
        "รับกระเช้าได้ไหม",
        "กองคลังรับผิดชอบข้อไหนบ้าง",
        "ขอสรุปสัปดาห์นี้",
    ],
)
def test_a_question_is_answered_and_the_open_one_goes_on_waiting(stage, line):
    a_plan(stage)
    stage.chat("suda", UNCLEAR)
    assert not stage.chat("suda", line).text.startswith(ASKED)
    assert recorded(stage) == []
    assert "บันทึกแล้ว" in stage.chat("suda", "2")
    assert len(recorded(stage)) == 1


def test_another_report_with_its_own_code_is_no_answer(stage):
    a_plan(stage)
    stage.chat("suda", UNCLEAR)
    stage.chat("suda", "1.1 เสร็จแล้ว 80%")
    assert recorded(stage) == ["1.1"]


@pytest.mark.parametrize("answer", ["1", "ข้อ 1", "๑", "4.1", "เรื่องยืมทรัพย์สิน", "4.1 ค่ะ"])
def test_it_is_answered_days_later_by_a_number_a_code_or_words(stage, answer):
    a_plan(stage)
    told = stage.chat("suda", UNCLEAR)
    first = next(value for value in told.values if value.startswith("progress-pick")).split(":")[1]
    with stage.database.look(stage.agency.id) as records:
        code = records.get_one(Measure, int(first)).code
    stage.at += timedelta(days=3)
    assert "บันทึกแล้ว" in stage.chat("suda", answer)
    assert recorded(stage) == [code if "4.1" not in answer and "ยืม" not in answer else "4.1"]


def test_it_is_answered_by_another_run_of_the_program(stage, tmp_path, monkeypatch, capsys):
    a_plan(stage)
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))

    def say(number, text):
        known._kept.clear()  # nothing is left of the run before but its records
        row = {"id": number, "from": "สุดา", "unit": "กองคลัง", "chat": "private", "text": text}
        (tmp_path / "line").write_text(json.dumps({**row, "at": f"2024-01-{17 + number}T10:00:00+07:00"}))
        assert (
            main(["chat", "--agency", stage.agency.slug, "--script", str(tmp_path / "line"), "--json"]) == 0
        )
        return json.loads(capsys.readouterr().out)

    asked = say(1, UNCLEAR)
    assert asked["candidates"]
    assert say(2, "2")["measures"] == [asked["candidates"][1]]


OTHER = "อบรมให้ความรู้เสร็จแล้วค่ะ 35 คน"


def told(stage):
    with stage.database.look(stage.agency.id) as records:
        rows = select(Update.source_text, Measure.code).join(Measure, Update.measure_id == Measure.id)
        return dict(records.execute(rows.where(Update.state == "counted")).all())


def picks(answer):
    return [value for value in answer.values if value.startswith("progress-pick:") and "none" not in value]


def test_a_card_answers_for_the_line_it_was_shown_for(stage):
    a_plan(stage)
    older = stage.chat("suda", UNCLEAR)
    newer = stage.chat("suda", OTHER)
    assert ASKED in newer.text
    saved = stage.chat("suda", tap=picks(older)[0])
    assert "บันทึกแล้ว" in saved.text
    assert OTHER in saved.text  # the other line is asked about again, by its words
    assert list(told(stage)) == [UNCLEAR]
    assert "บันทึกแล้ว" in stage.chat("suda", "1").text
    assert set(told(stage)) == {UNCLEAR, OTHER}
    assert "ไม่มีรายงานที่รอ" in stage.chat("suda", tap=picks(older)[0]).text


def test_what_is_typed_answers_for_the_newest_and_the_one_before_is_asked_about_next(stage):
    a_plan(stage)
    stage.chat("suda", UNCLEAR)
    stage.chat("suda", OTHER)
    assert UNCLEAR in stage.chat("suda", "4.1").text
    assert told(stage) == {OTHER: "4.1"}
    stage.chat("suda", "5.1")
    assert told(stage) == {OTHER: "4.1", UNCLEAR: "5.1"}


def test_a_form_begun_in_between_loses_no_line(stage):
    a_plan(stage)
    older = stage.chat("suda", UNCLEAR)
    stage.chat("suda", "รายงานความก้าวหน้า")
    stage.chat("suda", "ยกเลิก")
    stage.chat("suda", tap=picks(older)[0])
    assert list(told(stage)) == [UNCLEAR]


def test_throwing_away_one_line_asks_about_the_other(stage):
    a_plan(stage)
    stage.chat("suda", UNCLEAR)
    stage.chat("suda", OTHER)
    assert UNCLEAR in stage.chat("suda", "ยกเลิก").text
    assert "บันทึกแล้ว" in stage.chat("suda", "1").text
    assert list(told(stage)) == [UNCLEAR]


def test_a_line_that_is_taken_back_waits_no_longer(stage):
    a_plan(stage)
    asked = stage.chat("suda", UNCLEAR, message="m1")
    stage.chat("suda", "", kind="unsent", message="m1")
    assert "ไม่มีรายงานที่รอ" in stage.chat("suda", tap=picks(asked)[0]).text
    assert told(stage) == {}


def test_a_line_like_no_measure_is_asked_for_in_words_without_an_empty_choice(stage):
    a_plan(stage, [one for one in MEASURES if one[0] == "4.1"])
    answer = stage.chat("mana", "ถ่ายเอกสารเสร็จแล้วค่ะ")
    assert "พิมพ์เลขข้อ" in answer
    assert answer.values == []


@pytest.mark.parametrize("tap", ["progress-pick", "progress-nothing", "progress-report"])
def test_an_older_card_writes_to_the_plan_that_counts(stage, tap):
    old = a_plan(stage)
    card = picks(stage.chat("suda", UNCLEAR))[0].replace("progress-pick", tap)
    with stage.database.agency(stage.agency.id) as records:
        records.get_one(Plan, old.id).status = CLOSED
    new = a_plan(stage)
    stage.chat("suda", tap=card)
    if tap == "progress-report":
        stage.chat("suda", "เสร็จแล้ว")
        stage.chat("suda", "จัดประชุมแล้ว")
        stage.chat("suda", "วันนี้")
        stage.chat("suda", "ถูกต้อง")
    with stage.database.look(stage.agency.id) as records:
        written = records.scalars(select(Occurrence.plan_id).where(Occurrence.version > 0)).all()
    assert written == [new.id]


def test_a_card_of_a_measure_that_is_in_the_plan_no_more_asks_again(stage):
    old = a_plan(stage)
    card = picks(stage.chat("suda", UNCLEAR))[0]
    with stage.database.agency(stage.agency.id) as records:
        records.get_one(Plan, old.id).status = CLOSED
    a_plan(stage, fiscal_year=2568)
    assert "เรื่องไหนคะ" in stage.chat("suda", tap=card).text
    assert not told(stage)
    stage.chat("suda", "5.1")
    assert told(stage) == {UNCLEAR: "5.1"}


def test_an_older_card_leaves_a_form_that_is_open_as_it_is(stage):
    a_plan(stage)
    older = stage.chat("suda", UNCLEAR)
    stage.chat("suda", OTHER)
    stage.chat("suda", "รายงานความก้าวหน้า")
    asked = stage.chat("suda", "4.1")
    saved = stage.chat("suda", tap=picks(older)[0])
    assert "บันทึกแล้ว" in saved.text
    assert OTHER not in saved.text  # nothing else is asked while the form waits for its answer
    going = next(value for value in asked.values if value.startswith("answer:"))
    assert "ไม่มีคำถามที่รอ" not in stage.chat("suda", tap=going).text
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Thread.form).where(Thread.sender == "test:suda")).one() == "progress"


def test_a_correction_is_of_the_line_that_waits_and_not_of_an_older_report(stage):
    a_plan(stage)
    heard = {"place": "finance", "addressed": False}
    stage.chat("suda", "4.1 เวียนแล้ว 12 หน่วย", **heard)
    heard["at"] = stage.at + timedelta(minutes=5)
    assert ASKED in stage.chat("suda", UNCLEAR, **heard)
    answer = stage.chat("suda", "ขอโทษค่ะ ที่แจ้งว่า 60 คน จริง ๆ 58", **heard)
    assert [one.say.id for one in answer.replies] == ["progress-amended"]
    assert recorded(stage) == ["4.1"]


def test_a_line_that_waits_is_taken_back_before_anything_older(stage):
    a_plan(stage)
    stage.chat("suda", "4.1 เวียนแล้ว 12 หน่วย")
    later = stage.at + timedelta(minutes=5)
    assert ASKED in stage.chat("suda", UNCLEAR, at=later)
    assert "ทิ้งร่างแล้ว" in stage.chat("suda", "ขอถอนรายงานเมื่อกี้ก่อนนะคะ", at=later)
    assert recorded(stage) == ["4.1"]
    with stage.database.look(stage.agency.id) as records:
        assert [one.state for one in records.scalars(select(Update))] == ["counted"]
