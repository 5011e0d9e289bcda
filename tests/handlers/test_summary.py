import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select

from handlers import periods, reminders, summary, summed
from handlers.orders import Order
from handlers.scope import Period
from handlers.timed import Errand
from storage import plans, rounds
from storage.agencies import Agency
from storage.measures import Measure
from storage.people import Group, Identity
from storage.progress import Update, record
from storage.rounds import Occurrence
from tests.builders import MEASURES, a_plan
from tests.conftest import BANGKOK, Stage, bangkok, plain


@pytest.fixture
def plan(stage):
    return a_plan(stage)


def report(stage, code, unit, day, status="in_progress", **more):
    with stage.database.agency(stage.agency.id) as records:
        one = records.scalars(
            select(Occurrence)
            .join(Measure)
            .where(Measure.code == code, Occurrence.unit_id == stage.unit(unit).id)
        ).one()
        at = datetime(day.year, day.month, day.day, 10, tzinfo=BANGKOK)
        record(records, one, Update(status=status, note="", said_at=at, **{"fact_on": day, **more}))


def errand(stage, records, today, since=None):
    agency = records.get_one(Agency, stage.agency.id)
    return Errand(
        records, agency, datetime(today.year, today.month, today.day, 9, tzinfo=BANGKOK), today, since
    )


def posts(stage, work, today, since=None):
    with stage.database.agency(stage.agency.id) as records:
        return work(errand(stage, records, today, since))


def test_the_week_is_summed_up_with_what_changed_is_late_and_is_coming(stage, plan):
    report(stage, "4.1", "กองคลัง", date(2024, 3, 12))
    report(stage, "6.1", "กองการเจ้าหน้าที่", date(2024, 3, 13), status="done")
    answer = stage.chat("malee", "ขอสรุปสัปดาห์นี้", at=datetime(2024, 3, 18, 9, tzinfo=BANGKOK))
    assert "11 มี.ค. 67 - 17 มี.ค. 67" in answer or "18 มี.ค. 67 - 24 มี.ค. 67" in answer
    answer = stage.chat("malee", tap="summary-show:week", at=datetime(2024, 3, 18, 9, tzinfo=BANGKOK))
    assert "11 มี.ค. 67 - 17 มี.ค. 67" in answer
    assert "มีรายงาน 2 เรื่องจาก 2 หน่วยงาน" in answer
    assert "6.1" in answer
    assert "เลยกำหนด 1 เรื่อง" in answer  # 7.1 was due in December
    assert "ครบกำหนดใน 14 วัน" in answer
    assert "รายงานว่าแล้วเสร็จแต่ยังไม่มีหลักฐาน 1 ข้อ" in answer


def test_silence_is_told_too(stage, plan):
    answer = stage.chat("malee", tap="summary-show")
    assert "ยังไม่มีหน่วยใดรายงาน" in answer
    assert "หน่วยงานที่ยังไม่เคยรายงาน 2 หน่วย" in answer


def test_units_are_named_and_persons_are_not(stage, plan):
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว")
    answer = stage.chat("malee", tap="summary-show")
    assert "กค." in answer
    assert "สมชาย" not in answer


def test_nothing_to_report_needs_no_evidence(stage, plan):
    report(stage, "4.1", "กองคลัง", date(2024, 1, 17), status="done", nothing_to_report=True)
    assert "รายงานว่าแล้วเสร็จแต่ยังไม่มีหลักฐาน" not in stage.chat("malee", tap="summary-show")


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("ขอสรุปเดือนที่แล้ว", "1 ธ.ค. 66 - 31 ธ.ค. 66"),
        ("ขอสรุปไตรมาส 1", "1 ต.ค. 66 - 31 ธ.ค. 66"),
        ("สรุปปีนี้", "1 ต.ค. 66 - 30 ก.ย. 67"),
    ],
)
def test_any_range_can_be_asked(stage, plan, text, covers):
    assert covers in stage.chat("malee", text)


def test_a_time_to_come_is_not_summed_up(stage, plan):
    assert "ยังมาไม่ถึง" in stage.chat("malee", "ขอสรุปเดือนหน้า")


@pytest.mark.once
def test_a_time_that_is_over_is_told_as_it_stood_when_it_ended(stage, plan):
    report(stage, "4.1", "กองคลัง", date(2023, 12, 12))
    report(stage, "7.1", "กองการเจ้าหน้าที่", date(2024, 1, 9), status="done")
    report(stage, "6.1", "กองการเจ้าหน้าที่", date(2023, 12, 20), status="done")
    report(stage, "6.1", "กองการเจ้าหน้าที่", date(2024, 2, 9), new_due_on=date(2024, 6, 30))
    asked = datetime(2024, 3, 18, 9, tzinfo=BANGKOK)
    answer = stage.chat("malee", "ขอสรุปไตรมาส 1", at=asked)
    assert "ณ 31 ธ.ค. 66" in answer
    assert "เลยกำหนด 1 เรื่อง" in answer  # 7.1 was due on the last day
    assert counted(answer) == {"ดำเนินการแล้วเสร็จ": 1, "อยู่ระหว่างดำเนินการ": 1, "ยังไม่ได้ดำเนินการ": 3}
    answer = stage.chat("malee", "ขอสรุปไตรมาส 2", at=asked)
    assert "ณ 18 มี.ค. 67" in answer
    assert "ไม่มีเรื่องเลยกำหนด" in answer
    assert counted(answer) == {"ดำเนินการแล้วเสร็จ": 1, "อยู่ระหว่างดำเนินการ": 2, "ยังไม่ได้ดำเนินการ": 2}
    assert "ณ 31 ธ.ค. 66" in stage.chat("malee", "ความก้าวหน้าแยกหน่วยงานไตรมาส 1", at=asked)
    with stage.database.look(stage.agency.id) as records:
        agency, covers = (
            records.get_one(Agency, stage.agency.id),
            Period(date(2023, 10, 1), date(2023, 12, 31)),
        )
        paper = Order(records, agency, plan, covers, date(2024, 3, 18))
        stood = {
            paper.now.measures[one.measure_id].code: one.status for one in paper.now.overdue(paper.seen_on)
        }
        told = summed.report(records, agency, plan, covers, date(2024, 3, 18), is_paper=True)
    assert stood == {"7.1": "not_started"}
    assert told.charts[2].curves[1].values[-1] == 1.0
    assert len(told.charts[2].at) == 14  # up to the last week of December


@pytest.mark.once
def test_what_had_happened_in_time_counts_though_it_was_told_later(stage, plan):
    report(stage, "7.1", "กองการเจ้าหน้าที่", date(2024, 1, 9), status="done", fact_on=date(2023, 12, 28))
    answer = stage.chat("malee", "ขอสรุปไตรมาส 1", at=datetime(2024, 3, 18, 9, tzinfo=BANGKOK))
    assert "ไม่มีเรื่องเลยกำหนด" in answer


def counted(answer):
    """The figures of a summary by what they count."""
    names = ("ดำเนินการแล้วเสร็จ", "อยู่ระหว่างดำเนินการ", "ยังไม่ได้ดำเนินการ")
    return {name: int(re.search(f"{name}[^\\d]*(\\d+) ข้อ", str(answer.text)).group(1)) for name in names}


def test_the_plan_of_the_year_it_is_counts_though_the_next_is_there_already(stage, plan):
    following = a_plan(stage, [(*MEASURES[1][:-1], date(2024, 4, 30))], fiscal_year=2568)
    due = [plain(one.reply) for one in posts(stage, reminders.daily, date(2024, 3, 30))]
    assert any("31 มี.ค." in text for text in due)
    assert not any("30 เม.ย." in text for text in due)
    assert "ปีงบประมาณ 2567" in stage.chat("malee", tap="summary-show")
    with stage.database.agency(stage.agency.id) as records:
        assert plans.active_plan(records, date(2024, 10, 1)).id == following.id
        assert plans.active_plan(records, date(2026, 1, 1)).id == following.id  # until there is another
        records.get_one(plans.Plan, plan.id).status = plans.CLOSED
        assert plans.active_plan(records, date(2024, 3, 30)).id == following.id  # better than none
        records.get_one(plans.Plan, following.id).status = plans.CLOSED
        assert plans.active_plan(records, date(2024, 3, 30)) is None


def test_each_unit_is_shown_with_its_share(stage, plan):
    answer = stage.chat("malee", tap="summary-units")
    assert "กองคลัง" in answer
    assert "เสร็จ 0/3" in answer


def test_on_monday_it_goes_to_the_working_group(stage, plan):
    (post,) = posts(stage, summary.weekly, date(2024, 3, 18))
    assert post.place == "test:board"
    assert "11 มี.ค. 67" in plain(post.reply)
    assert summary.WEEKLY.weekday == 0


def test_a_unit_or_topic_that_is_named_is_summed_up_alone_and_a_format_gives_the_file(stage, plan):
    assert "5 ข้อ" in stage.chat("malee", "ขอสรุปสัปดาห์นี้")
    told = stage.chat("malee", "ขอสรุปสัปดาห์นี้เฉพาะประเด็นที่ 4")
    assert "1 ข้อ" in told
    assert "5 ข้อ" not in told
    assert "· กองคลัง" in stage.chat("malee", "ขอสรุปสัปดาห์นี้ของกองคลัง")
    a_plan(stage, MEASURES[:3], fiscal_year=2568)  # a past year's topics are that year's own
    assert "1 ข้อ" in stage.chat("malee", "ขอสรุปไตรมาส 2 ปี 2567 ประเด็น 4", at=bangkok(2024, 11, 5))
    answer = stage.chat("malee", "ขอสรุปไตรมาส 2 ประเด็น 4 เป็น excel")
    (other,) = [value for value in answer.values if value.startswith("summary-file:docx")]
    assert "1 ข้อ" in stage.chat("malee", tap=other)


def test_another_agency_is_not_in_it(stage, plan, noise):
    assert "ยังไม่มีแผน" in Stage(stage.database, noise).chat("malee", tap="summary-show")


def test_a_summary_takes_few_statements_however_large_the_plan(stage, plan):
    statements = []
    event.listen(stage.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with stage.database.look(stage.agency.id) as records:
        agency = records.get_one(Agency, stage.agency.id)
        summed.report(records, agency, plan, periods.week_of(date(2024, 3, 12)), date(2024, 3, 12))
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10


def test_a_unit_is_reminded_30_7_and_1_days_before_and_for_a_while_after(stage, plan):
    due = date(2024, 3, 31)
    told = {}
    for days in (31, 30, 29, 8, 7, 6, 2, 1, 0, -1, -2, -7, -28, -35):
        day = date.fromordinal(due.toordinal() - days)
        found = [one for one in posts(stage, reminders.daily, day) if one.place == "test:finance"]
        told[days] = any("4.1" in plain(one.reply) for one in found)
    assert [days for days, is_told in told.items() if is_told] == [30, 7, 1, -1, -7, -28]


def test_days_without_a_run_are_made_up(stage, plan):
    friday, tuesday = date(2024, 3, 22), date(2024, 3, 26)  # seven days before was Sunday the 24th
    found = [one for one in posts(stage, reminders.daily, tuesday, friday) if one.place == "test:finance"]
    assert "4.1" in plain(found[0].reply)
    assert posts(stage, reminders.daily, tuesday, date(2024, 3, 25)) == []


def test_one_letter_a_unit_and_none_to_those_who_are_done(stage, plan):
    report(stage, "6.1", "กองการเจ้าหน้าที่", date(2024, 3, 1), status="done")
    day = date(2024, 3, 30)
    found = posts(stage, reminders.daily, day)
    places = [one.place for one in found]
    assert places.count("test:finance") == 1
    texts = [plain(one.reply) for one in found]
    assert not any("6.1" in text for text in texts)
    assert not any("สมชาย" in text for text in texts)


def test_what_was_reported_lately_is_left_alone_until_its_day(stage, plan):
    report(stage, "4.1", "กองคลัง", date(2024, 2, 20))
    found = [plain(one.reply) for one in posts(stage, reminders.daily, date(2024, 3, 24))]
    assert not any("4.1" in text for text in found)
    found = [plain(one.reply) for one in posts(stage, reminders.daily, date(2024, 3, 30))]
    assert any("4.1" in text for text in found)


def test_a_unit_without_a_group_is_reached_through_its_coordinator(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        group = records.scalars(select(Group).where(Group.address == "test:finance")).one()
        group.unit_id = None
    found = posts(stage, reminders.daily, date(2024, 3, 30))
    assert "test:suda" in [one.place for one in found]


def test_units_that_nobody_can_remind_are_told_to_the_secretary_once_a_week(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Group).where(Group.address == "test:finance")).one().unit_id = None
        for one in records.scalars(select(Identity).where(Identity.address == "test:suda")):
            one.unfollowed_at = datetime(2024, 3, 1, tzinfo=UTC)
    told = [one for one in posts(stage, reminders.daily, date(2024, 3, 30)) if "unheard" in one.key]
    assert [one.place for one in told] == ["test:malee"]
    assert "กองคลัง" in plain(told[0].reply)
    assert "2024-13" in told[0].key  # the week's key goes out once


def test_a_postponed_day_is_the_one_that_counts(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence).join(Measure).where(Measure.code == "4.1")):
            one.new_due_on, one.status = date(2024, 4, 30), rounds.DELAYED
    found = [plain(one.reply) for one in posts(stage, reminders.daily, date(2024, 3, 30))]
    assert not any("4.1" in text for text in found)


@pytest.mark.parametrize("text", ["ขอกราฟหน่อย", "ขอดูกราฟสัปดาห์นี้"])
def test_a_chart_is_asked_for_by_its_name(stage, text):
    a_plan(stage)
    answer = stage.chat("suda", text)
    assert "เปิดไฟล์ รูปภาพ" in answer
