"""Bringing in a plan in 1:1: preview before it counts, doubts decided, progress kept."""

from datetime import date

from sqlalchemy import select

from bot import tables
from bot.tables.plan import draft
from handlers.talk import File
from storage import agencies, doubts, imports, plans
from storage.history import Entry
from storage.jobs import Job
from storage.measures import Measure, measures
from storage.people import Person
from storage.plans import Doubt, Plan, Score
from storage.progress import Update
from storage.rounds import Occurrence

HEAD = "แผนส่งเสริมความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567\n\nได้คะแนนในภาพรวม 91.5 จากผลการประเมิน ITA ปี 2566\n\n"
TABLE = "ประเด็น\tมาตรการ\tขั้นตอน\tระยะเวลา\tผู้รับผิดชอบ\n"
FIRST = "1. งานคลัง\tเล่าแผนเงินให้ทุกคนฟัง\t1) ประชุม 2) ลงเว็บ\tม.ค. 67 - มี.ค. 67\tกองคลัง\n"
SECOND = "2. งานคน\tทบทวนเกณฑ์เลื่อนขั้น\tร่างเกณฑ์\tจ.ค.66\tกองการ เจ้าหน้าที่/กองพัฒนาระบบ\n"
BOTH = HEAD + TABLE + FIRST + SECOND


def keep(stage, text, year=None):
    with stage.database.agency(stage.agency.id) as session:
        known = agencies.unit_names(session)
        return imports.keep(session, draft(tables.read(text.encode(), "แผน.txt"), year, units=known)).id


def activated(stage, text=BOTH):
    keep(stage, text)
    return stage.chat("malee", tap="plans-accept")


def look(stage, kind):
    with stage.database.look(stage.agency.id) as session:
        return list(session.scalars(select(kind)))


def test_a_secretary_sees_counts_and_doubts_before_the_plan_counts(stage, noise):
    keep(stage, BOTH)
    answer = stage.chat("malee", "นำเข้าแผน")
    assert "2567" in answer
    assert "จ.ค.66" in answer
    assert "ชื่อเดือนน่าจะพิมพ์ผิด" in answer
    assert "1 ธ.ค. 66 - 31 ธ.ค. 66" in answer
    assert "2 จาก 2" in answer
    assert look(stage, Plan)[0].status == plans.DRAFT
    assert not look(stage, Occurrence)


def test_accepting_every_guess_makes_the_plan_count_and_units_owe(stage, noise):
    answer = activated(stage)
    assert "2 มาตรการ" in answer
    assert look(stage, Plan)[0].status == plans.ACTIVE
    owed = {(one.measure.code, one.unit.name) for one in look(stage, Occurrence)}
    assert owed == {("1.1", "กองคลัง"), ("2.1", "กองการเจ้าหน้าที่"), ("2.1", "กองพัฒนาระบบ")}
    assert [(one.level, one.score) for one in look(stage, Score)] == [("overall", 91.5)]
    with stage.database.look(noise.id) as session:
        assert session.scalars(select(Plan)).all() == []
        assert "กองพัฒนาระบบ" not in [unit.name for unit in agencies.units(session)]


def test_a_plan_with_open_doubts_is_refused_with_what_to_do(stage):
    keep(stage, BOTH)
    answer = stage.chat("malee", tap="plans-activate")
    assert "ตรวจทีละข้อ" in answer
    assert look(stage, Plan)[0].status == plans.DRAFT


def test_doubts_are_decided_one_by_one_and_a_declined_period_is_no_period(stage):
    keep(stage, BOTH)
    answer = stage.chat("malee", "นำเข้าแผน")
    tap = next(value for value in answer.values if value.startswith("plans-doubt"))
    answer = stage.chat("malee", tap=tap)
    while any(value.endswith(":yes") for value in answer.values):
        word = "no" if "เดือน" in answer else "yes"
        answer = stage.chat("malee", tap=next(value for value in answer.values if value.endswith(f":{word}")))
        assert "ค้างอยู่" not in answer
    stage.chat("malee", tap=next(value for value in answer.values if value.startswith("plans-activate")))
    measure = next(one for one in look(stage, Measure) if one.code == "2.1")
    assert (measure.schedule_kind, measure.schedule_text) == ("unknown", "จ.ค.66")
    assert look(stage, Plan)[0].status == plans.ACTIVE


def test_cancelling_throws_only_the_draft_away(stage):
    activated(stage)
    keep(stage, BOTH.replace("ร่างเกณฑ์", "ร่างเกณฑ์ใหม่"))
    assert "ไม่เปลี่ยนแปลง" in stage.chat("malee", tap="plans-cancel")
    assert [one.status for one in look(stage, Plan)] == [plans.ACTIVE]
    assert "ไม่พบแผนร่าง" in stage.chat("malee", tap="plans-cancel")


def test_importing_again_shows_the_difference_and_keeps_what_was_reported(stage):
    activated(stage)
    report(stage, "1.1")
    later = BOTH.replace("มี.ค. 67", "เม.ย. 67").replace(SECOND, "3. งานใหม่\tเปิดตู้รับฟัง\tตั้งตู้\tทุกเดือน\tกองคลัง\n")
    keep(stage, later)
    answer = stage.chat("malee", "นำเข้าแผน")
    assert "ใหม่ 1 ข้อ: 3.1" in answer
    assert "เปลี่ยน 1 ข้อ: 1.1" in answer
    assert "ไม่มีในฉบับใหม่ 1 ข้อ: 2.1" in answer
    stage.chat("malee", tap="plans-accept")
    with stage.database.look(stage.agency.id) as session:
        plan = plans.active_plan(session, date(2024, 1, 18))
        assert plan.version == 2
        owed = session.scalars(select(Occurrence).where(Occurrence.plan_id == plan.id)).all()
        told = [one for one in owed if one.version]
        assert [(one.measure.code, one.due_on.isoformat(), one.percent) for one in told] == [
            ("1.1", "2024-04-30", 40.0)
        ]
        assert session.scalars(select(Update)).one().measure_id == told[0].measure_id
        closed = session.scalars(select(Plan).where(Plan.status == plans.CLOSED)).one()
        left = session.scalars(select(Occurrence).where(Occurrence.plan_id == closed.id)).all()
        assert {one.measure.code for one in left} == {"2.1"}


def report(stage, code):
    with stage.database.agency(stage.agency.id) as session:
        one = next(one for one in session.scalars(select(Occurrence)) if one.measure.code == code)
        one.version, one.percent, one.status = 1, 40.0, "in_progress"
        person = session.scalars(select(Person)).first()
        session.add(
            Update(
                occurrence_id=one.id,
                measure_id=one.measure_id,
                unit_id=one.unit_id,
                person_id=person.id,
                version=1,
                status="in_progress",
                said_at=stage.at,
            )
        )


def test_a_new_draft_of_the_year_replaces_the_one_before(stage):
    keep(stage, BOTH)
    keep(stage, HEAD + TABLE + FIRST)
    assert [one.code for one in look(stage, Measure)] == ["1.1"]


def test_an_alias_is_remembered_for_the_next_document(stage):
    with stage.database.agency(stage.agency.id) as session:
        session.add(agencies.Unit(name="สำนักส่งเสริมจริยธรรม", position=9))
    activated(stage, HEAD + TABLE + FIRST.replace("กองคลัง", "สำนักส่งเสริมจริยธรม"))
    with stage.database.look(stage.agency.id) as session:
        assert agencies.find_unit(session, "สำนักส่งเสริมจริยธรม").name == "สำนักส่งเสริมจริยธรรม"
    keep(stage, HEAD + TABLE + FIRST.replace("กองคลัง", "สำนักส่งเสริมจริยธรม"))
    with stage.database.look(stage.agency.id) as session:
        plan = session.scalars(select(Plan).where(Plan.status == plans.DRAFT)).one()
        assert not [one for one in plan.doubts if "unit" in one.why]


def test_a_file_sent_by_the_secretary_waits_to_be_read(stage):
    file = File("f1", "file", "แผนปี 67.xlsx", 1000)
    answer = stage.chat("malee", files=(file,), message="msg1")
    assert "กำลังอ่าน" in answer
    with stage.database.shared() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "plan", Job.agency_id == stage.agency.id))
    assert job.body["file"]["name"] == "แผนปี 67.xlsx"
    assert "แผนปี" not in stage.chat("somchai", files=(file,)).text


def test_an_officer_may_not_bring_in_a_plan(stage):
    keep(stage, BOTH)
    for tap in ("plans-import", "plans-accept", "plans-activate", "plans-cancel"):
        stage.chat("somchai", tap=tap)
    assert [one.status for one in look(stage, Plan)] == [plans.DRAFT]


def test_declining_the_guessed_year_takes_the_printed_one_and_moves_the_quarters(stage):
    text = BOTH.replace("ปี 2566", "ปี 2567").replace("ม.ค. 67 - มี.ค. 67", "ไตรมาสที่ 1").replace(SECOND, "")
    keep(stage, text)
    assert look(stage, Plan)[0].fiscal_year == 2568
    answer = stage.chat("malee", "นำเข้าแผน")
    answer = stage.chat(
        "malee", tap=next(value for value in answer.values if value.startswith("plans-doubt"))
    )
    assert "ปีงบประมาณ" in answer
    stage.chat("malee", tap=next(value for value in answer.values if value.endswith(":no")))
    assert look(stage, Plan)[0].fiscal_year == 2567
    assert look(stage, Measure)[0].schedule_ranges == [["2023-10-01", "2023-12-31"]]


def doubt_of(stage, why):
    with stage.database.look(stage.agency.id) as session:
        return next(one for one in session.scalars(select(Doubt)) if one.why == why)


def first_tap(answer, start):
    return next(value for value in answer.values if value.startswith(start))


def test_a_doubt_is_changed_to_what_is_typed_and_the_next_one_is_shown(stage):
    keep(stage, BOTH)
    doubt = doubt_of(stage, "schedule-misread-month")
    answer = stage.chat("malee", tap=f"plans-doubt:{doubt.id}")
    assert f"จุดที่ {doubt.position + 1}" in answer
    answer = stage.chat("malee", tap=first_tap(answer, "plans-change"))
    assert "ควรเป็นอะไร" in answer
    assert "อ่าน “เดือนไหนสักเดือน” ไม่ออก" in stage.chat("malee", "เดือนไหนสักเดือน")
    answer = stage.chat("malee", "ก.พ. - มี.ค. 67")
    assert "แก้แล้ว" in answer
    measure = next(one for one in look(stage, Measure) if one.code == "2.1")
    assert measure.schedule_ranges == [["2024-02-01", "2024-03-31"]]
    decided = next(one for one in look(stage, Doubt) if one.id == doubt.id)
    assert (decided.decision, decided.details["value"]) == ("changed", "ก.พ. - มี.ค. 67")
    noted = [one for one in look(stage, Entry) if one.action == "doubt-decided"]
    assert [(one.details["number"], one.details["decision"]) for one in noted] == [
        (doubt.position + 1, "changed")
    ]
    assert noted[0].person_id is not None


def test_what_was_decided_is_decided_so_again_when_the_document_comes_once_more(stage):
    keep(stage, BOTH)
    doubt = doubt_of(stage, "schedule-misread-month")
    with stage.database.agency(stage.agency.id) as session:
        plan, one = session.get(Plan, doubt.plan_id), session.get(Doubt, doubt.id)
        doubts.change(session, plan, one, "ทุกเดือน")
    keep(stage, BOTH.replace("ร่างเกณฑ์", "ร่างเกณฑ์ใหม่"))
    again = doubt_of(stage, "schedule-misread-month")
    assert again.decision == "changed"
    assert next(one for one in look(stage, Measure) if one.code == "2.1").schedule_every == "month"


def test_a_unit_that_is_not_known_becomes_another_name_of_one_that_is(stage):
    activated(stage)
    strange = BOTH.replace("กองพัฒนาระบบ", "กองระบบงานพัฒน์")
    keep(stage, strange)
    doubt = next(one for one in look(stage, Doubt) if one.said == "กองระบบงานพัฒน์")
    assert doubt.why == "unit-made"
    stage.chat("malee", tap=f"plans-change:{doubt.id}")
    stage.chat("malee", "กองพัฒนาระบบ")
    stage.chat("malee", tap="plans-accept")
    with stage.database.look(stage.agency.id) as session:
        assert agencies.find_unit(session, "กองระบบงานพัฒน์").name == "กองพัฒนาระบบ"
        assert "กองระบบงานพัฒน์" not in [unit.name for unit in agencies.units(session)]
    keep(stage, strange)
    assert not [one for one in look(stage, Doubt) if one.why == "unit-made" and not one.decision]


def test_next_years_plan_carries_over_what_is_open_and_repeats_what_recurs(stage):
    third = "3. งานประจำ\tอ่านตู้รับฟัง\tเปิดตู้\tทุกเดือน\tกองคลัง\n"
    activated(stage, BOTH + third)
    with stage.database.agency(stage.agency.id) as session:
        for one in session.scalars(select(Occurrence)):
            if one.measure.code == "2.1":
                one.status = "done"
    answer = stage.chat("malee", "ทำแผนปีหน้า")
    assert "2568" in answer
    assert "ยังไม่เสร็จในปีนี้" in answer
    with stage.database.look(stage.agency.id) as session:
        plan = plans.newest_draft(session)
        told = {one.code: (one.schedule_text, one.schedule_ranges) for one in measures(session, plan)}
        whys = {one.why: one.said for one in plan.doubts}
    assert told == {
        "1.1": ("ม.ค. 68 - มี.ค. 68", [["2025-01-01", "2025-03-31"]]),
        "3.1": ("ทุกเดือน", [["2024-10-01", "2025-09-30"]]),
    }
    assert whys["left-out"] == "2.1 ทบทวนเกณฑ์เลื่อนขั้น"
    assert "ม.ค. 67" in whys["carried-over"]
    stage.chat("malee", tap="plans-accept")
    assert [one.status for one in look(stage, Plan)].count(plans.ACTIVE) == 2


def test_an_officer_may_not_make_next_years_plan(stage):
    activated(stage)
    stage.chat("somchai", "ทำแผนปีหน้า")
    assert len(look(stage, Plan)) == 1


def test_what_the_document_itself_reports_as_done_is_not_carried_over(stage):
    table = TABLE.replace("ผู้รับผิดชอบ", "ผู้รับผิดชอบ\tสถานะ")
    rows = FIRST.replace("กองคลัง\n", "กองคลัง\tแล้วเสร็จ\n") + SECOND.replace("ระบบ\n", "ระบบ\tยังไม่ได้ดำเนินการ\n")
    activated(stage, HEAD + table + rows)
    stage.chat("malee", "ทำแผนปีหน้า")
    with stage.database.look(stage.agency.id) as session:
        made = measures(session, plans.newest_draft(session))
    assert [one.code for one in made] == ["2.1"]
