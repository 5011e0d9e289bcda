"""The question which measure is meant: it waits for days and through restarts, and swallows nothing meant otherwise."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli import main
from handlers import known
from storage.measures import Measure
from storage.progress import Update
from tests.builders import a_plan

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
