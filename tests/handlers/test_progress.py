from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers import progress
from handlers.talk import File
from storage import owing
from storage.evidence import Evidence
from storage.history import Entry
from storage.jobs import Job
from storage.measures import Measure
from storage.progress import Update
from storage.rounds import Occurrence
from tests.builders import a_plan
from tests.conftest import bangkok


def _updates(stage, code="4.1"):
    with stage.database.look(stage.agency.id) as records:
        query = select(Update).join(Measure, Measure.id == Update.measure_id).where(Measure.code == code)
        return list(records.scalars(query.order_by(Update.version)))


def test_a_report_tells_machines_what_it_did(stage):
    a_plan(stage)
    found = stage.chat("somchai", "4.1 เสร็จแล้ว 80%").replies[0].found
    assert [(act.action, act.measure, act.percent, act.status) for act in found.acts] == [
        ("report", "4.1", 80, "in_progress")
    ]
    assert found.measures == ("4.1",)
    assert found.units == ("กองคลัง",)


def test_every_version_stays_and_each_act_is_in_the_history(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว คนเข้า 45 คน")
    stage.chat("somchai", "แก้เป็น 48 คน")
    stage.chat("somchai", "ยกเลิกอันเมื่อกี้")
    assert [(one.version, one.count_done, one.state) for one in _updates(stage)] == [
        (1, 45, "withdrawn"),
        (2, 48, "withdrawn"),
    ]
    with stage.database.look(stage.agency.id) as records:
        actions = set(records.scalars(select(Entry.action)))
        assert {"progress-report", "progress-correct", "progress-withdrawn"} <= actions
        occurrence = records.get_one(Occurrence, _updates(stage)[0].occurrence_id)
        assert (occurrence.status, occurrence.version) == ("not_started", 2)


def test_a_report_after_its_day_is_marked_late(stage):
    a_plan(stage)
    answer = stage.chat("mana", "7.1 ประกาศเจตนารมณ์แล้ว", at=bangkok(2024, 1, 18))
    assert _updates(stage, "7.1")[0].is_late
    assert "ส่งหลังกำหนด" in answer


def test_nobody_changes_another_units_report(stage):
    a_plan(stage)
    tap = stage.chat("somchai", "4.1 เสร็จแล้ว").values[-1]
    answer = stage.chat("mana", tap=tap)
    assert "หน่วยงานตัวเอง" in answer
    assert _updates(stage)[0].state == "counted"


def test_another_unit_helps_without_settling_the_duty(stage):
    a_plan(stage)
    assert "รายงานเสริมให้กองคลัง" in stage.chat("mana", "4.1 เสร็จแล้ว")
    with stage.database.look(stage.agency.id) as records:
        occurrence = records.get_one(Occurrence, _updates(stage)[0].occurrence_id)
        assert occurrence.status == "not_started"


def test_another_agency_sees_nothing_of_a_report(stage, noise):
    a_plan(stage)
    stage.chat("somchai", "4.1 เสร็จแล้ว")
    with stage.database.look(noise.id) as records:
        assert records.scalar(select(func.count(Update.id))) == 0


def test_a_photo_waits_to_be_fetched(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว")
    assert "แนบรูป 1 รูปกับ 4.1" in stage.chat("somchai", files=(File("f1", "photo"),))
    with stage.database.look(stage.agency.id) as records:
        shown = records.scalars(select(Evidence)).one()
        assert (shown.kind, shown.state) == ("photo", "waiting")
    with stage.database.shared() as session:
        assert session.scalar(select(Job.kind).where(Job.key == f"fetch:{shown.id}")) == "fetch"


def test_a_photo_without_a_report_is_kept_until_there_is_one(stage):
    a_plan(stage)
    assert "รับไว้แล้ว" in stage.chat("somchai", files=(File("f1", "photo"),))
    assert "หลักฐานที่ส่งไว้ 1" in stage.chat("somchai", "4.1 ประชุมแล้วเมื่อวาน")
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Evidence)).one().update_id == _updates(stage)[0].id


def test_a_photo_taken_back_leaves_only_its_place(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว")
    stage.chat("somchai", files=(File("f1", "photo", name="a.jpg"),), message="p1")
    stage.chat("somchai", kind="unsent", message="p1", addressed=False)
    with stage.database.look(stage.agency.id) as records:
        shown = records.scalars(select(Evidence)).one()
        assert (shown.state, shown.name) == ("removed", "")
        assert records.get_one(Occurrence, shown.occurrence_id).evidence_count == 0


def test_an_unsent_report_keeps_no_text(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว คนเข้า 45 คน", message="r1")
    stage.chat("somchai", "แก้เป็น 48 คน")
    stage.chat("somchai", kind="unsent", message="r1", addressed=False)
    for one in _updates(stage):
        assert (one.state, one.note, one.source_text, one.count_done) == ("unsent", "", "", None)


def test_a_photo_is_expected_for_half_an_hour(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว", place="finance")
    with stage.database.look(stage.agency.id) as records:
        soon, later = stage.at + timedelta(minutes=20), stage.at + timedelta(hours=2)
        assert progress.expects(records, "test:somchai", "test:finance", soon)
        assert not progress.expects(records, "test:somchai", "test:finance", later)
        assert not progress.expects(records, "test:suda", "test:finance", soon)


def test_a_report_of_the_wrong_measure_is_moved(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว คนเข้า 45 คน")
    assert "5.1" in stage.chat("somchai", "แก้เป็นข้อ 5.1")
    assert _updates(stage)[0].state == "withdrawn"
    assert _updates(stage, "5.1")[0].count_done == 45


def test_nothing_to_report_is_a_report(stage):
    a_plan(stage)
    stage.chat("somchai", "เดือนนี้ 5.1 ไม่มีอะไรเพิ่ม")
    assert _updates(stage, "5.1")[0].nothing_to_report


def test_the_secretary_reports_for_the_unit_that_leads(stage):
    a_plan(stage)
    stage.chat("malee", "4.1 เสร็จแล้ว")
    assert _updates(stage)[0].unit_id == stage.unit().id


def test_the_edit_button_takes_the_next_line_as_the_change(stage):
    a_plan(stage)
    answer = stage.chat("somchai", "4.1 ประชุมแล้ว คนเข้า 45 คน")
    edit = next(value for value in answer.values if value.startswith("progress-edit"))
    assert "แก้อะไรคะ" in stage.chat("somchai", tap=edit)
    assert "ฉบับที่ 2" in stage.chat("somchai", "50 คน")
    assert _updates(stage)[-1].count_done == 50


def test_a_reply_to_a_card_is_about_its_report(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมแล้ว คนเข้า 45 คน")
    card = f"b{stage.count}-0"
    stage.chat("somchai", "5.1 ประชุมแล้ว คนเข้า 10 คน")
    stage.chat("somchai", "แก้เป็น 48 คน", quoted=card)
    assert _updates(stage)[-1].count_done == 48


@pytest.mark.parametrize("asked", ["อ่านประมวลจริยธรรม", "ขอสรุปสัปดาห์นี้", "ครบกำหนด"])
def test_a_clear_request_goes_past_an_open_form_which_waits(stage, asked):
    a_plan(stage)
    stage.chat("somchai", "รายงาน")
    stage.chat("somchai", "4.1")
    answer = stage.chat("somchai", asked)
    assert "4.1 ไปถึงไหน" not in answer.text.split("\n")[0]
    assert answer.replies


def test_a_link_is_kept_letter_by_letter(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ขึ้นเว็บแล้ว https://www.example.go.th/aaa/10")
    assert "https://www.example.go.th/aaa/10" in stage.chat("somchai", "4.1 ถึงไหนแล้ว")


def test_a_keyboard_left_in_english_corrects_nothing(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว 50%")
    stage.chat("somchai", "8^j,nv")
    assert [one.percent for one in _updates(stage)] == [50]


@pytest.mark.once
def test_what_no_person_answers_with_changes_no_report(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว 50%")
    for text in ("{{ 7*7 }}", "=1+1", "1*2*3", "${7*7}", "' OR 1=1 --", "<b>9</b>", "191", "100000"):
        stage.chat("somchai", text)
    assert [one.percent for one in _updates(stage)] == [50]


@pytest.mark.once
def test_a_letter_told_right_after_a_report_is_shown_for_it(stage):
    a_plan(stage)
    stage.chat("mana", "6.1 เสร็จแล้วเมื่อวาน")
    answer = stage.chat("mana", "เวียนแล้วค่ะ กษ 9999/ว 31 ลว. 8 ม.ค. 67")
    assert "แนบ กษ 9999/ว 31 กับ 6.1" in answer
    assert len(_updates(stage, "6.1")) == 1
    assert "กษ 9999/ว 31" in stage.chat("mana", "6.1 ส่งมาใหม่ยัง")
    assert len(_updates(stage, "6.1")) == 1


@pytest.mark.once
def test_short_wishes_about_a_measure_are_kept_as_they_are_meant(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ได้สองในสามแล้วค่ะ")
    stage.chat("somchai", "อุปสรรค: รอไอทีเปิดสิทธิ์ให้ค่ะ")
    stage.chat("somchai", "ขอขยายเวลา 4.1 ถึง 30 เม.ย.")
    stage.chat("somchai", "ขอยกเลิก 5.1 เพราะงบถูกตัด")
    told = [(one.status, one.percent, str(one.new_due_on), one.blocker) for one in _updates(stage)]
    assert told[0] == ("in_progress", 66.7, "None", "")
    assert told[1][3] == "รอไอทีเปิดสิทธิ์ให้"
    assert told[2][::2] == ("delayed", "2024-04-30")
    assert [one.status for one in _updates(stage, "5.1")] == ["cancelled"]
    assert "ยกเลิกรายงาน 5.1" in stage.chat("somchai", "ขอยกเลิก 5.1 เพราะแจ้งผิด")


def test_a_month_named_is_the_window_that_is_meant(stage):
    plan = a_plan(stage)
    with stage.database.agency(stage.agency.id) as records:
        measure = records.scalars(select(Measure).where(Measure.code == "4.1")).one()
        measure.schedule_kind, measure.schedule_every = "recurring", "month"
        measure.schedule_ranges = [["2023-10-01", "2024-09-30"]]
        records.flush()
        owing.owe(records, plan)
    stage.chat("somchai", "4.1 ของเดือนตุลาคมเผยแพร่แล้ว")
    with stage.database.look(stage.agency.id) as records:
        (update,) = records.scalars(select(Update))
        assert str(update.occurrence.due_on) == "2023-10-31"


def test_taking_the_last_report_back_leaves_the_ones_before_it(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้ว คนเข้า 45 คน")
    stage.chat("somchai", "4.1 เสร็จแล้ว")
    answer = stage.chat("somchai", "ยกเลิกอันเมื่อกี้")
    assert "กำลังดำเนินการ" in answer
    assert [(one.count_done, one.state) for one in _updates(stage)] == [(45, "counted"), (None, "withdrawn")]


def test_an_older_cards_report_is_mended_alone_and_what_was_told_since_stands(stage):
    a_plan(stage)
    first = stage.chat("somchai", "4.1 ประชุมชี้แจงแล้ว คนเข้า 45 คน").replies[-1].cards[0]
    stage.chat("somchai", "4.1 เสร็จแล้ว")
    edit = next(one for one in first.choices if one.value.startswith("progress-edit"))
    stage.chat("somchai", tap=edit.value)
    assert "48 คน (เดิม จำนวน 45 คน)" in stage.chat("somchai", "แก้เป็น 48 คน")
    assert [one.count_done for one in _updates(stage)] == [45, None, 48]
    with stage.database.look(stage.agency.id) as records:
        assert records.get_one(Occurrence, _updates(stage)[0].occurrence_id).status == "done"
    withdraw = next(one for one in first.choices if one.value.startswith("progress-withdraw"))
    stage.chat("somchai", tap=withdraw.value)
    assert [one.state for one in _updates(stage)] == ["withdrawn", "counted", "withdrawn"]


def test_unsending_a_report_leaves_what_was_reported_since(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้ว คนเข้า 45 คน", message="r1")
    stage.chat("somchai", "4.1 เสร็จแล้ว")
    stage.chat("somchai", kind="unsent", message="r1", addressed=False)
    assert [one.state for one in _updates(stage)] == ["unsent", "counted"]


@pytest.mark.parametrize("text", ["ไม่ใช่ 60 เป็น 66", "ไม่ใช่ 60 คนนะ 66 คน"])
def test_the_number_that_it_is_not_mends_nothing(stage, text):
    a_plan(stage)
    stage.chat("somchai", "4.1 ประชุมชี้แจงแล้ว คนเข้า 60 คน")
    assert "66" in stage.chat("somchai", text)
    assert [one.count_done for one in _updates(stage)] == [60, 66]
