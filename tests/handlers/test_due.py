import pytest
from sqlalchemy import event, select

from storage import rounds
from storage.rounds import Occurrence
from tests.builders import a_plan
from tests.conftest import bangkok


@pytest.fixture
def plan(stage):
    return a_plan(stage)


def test_this_month_is_asked_for_ones_own_unit(stage, plan):
    answer = stage.chat("somchai", "มี.ค. 67 เราเหลืออะไร")
    assert "กองคลัง" in answer
    assert "4.1" in answer
    assert "6.1" not in answer
    assert answer.replies[0].found.units == ("กองคลัง",)


def test_the_groups_unit_is_meant_in_a_group(stage, plan):
    assert "4.1" in stage.chat("malee", "มี.ค. 67 เหลืออะไร", place="finance")


def test_any_unit_can_be_asked_by_its_short_name(stage, plan):
    answer = stage.chat("somchai", "กกจ. มีอะไรต้องส่งภายใน 31 มี.ค. 67")
    assert answer.replies[0].found.units == ("กองการเจ้าหน้าที่",)
    assert "6.1" in answer


def test_nothing_due_is_said_and_the_next_is_offered(stage, plan):
    answer = stage.chat("somchai", "ครบกำหนด")
    assert "ไม่มีข้อครบกำหนด" in answer
    assert "due-next" in answer.values
    assert "31 มี.ค. 67" in stage.chat("somchai", tap="due-next")


def test_late_things_name_their_unit_and_not_a_person(stage, plan):
    answer = stage.chat("malee", "/lateall")
    assert "7.1" in answer
    assert "กกจ." in answer
    assert "มานะ" not in answer


def test_what_is_done_is_not_counted_as_waiting(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence)):
            one.status = rounds.DONE
    assert "ครบทุกข้อแล้ว" in stage.chat("somchai", "มี.ค. 67 เราเหลืออะไร")


def test_without_a_plan_the_way_to_one_is_told(stage):
    assert "นำเข้าแผน" in stage.chat("somchai", "ครบกำหนด")


def test_another_agencys_duties_are_not_shown(stage, plan, noise):
    from tests.conftest import Stage

    other = Stage(stage.database, noise)
    assert "ยังไม่มีแผน" in other.chat("somchai", "ครบกำหนด")


def test_asking_takes_few_statements_however_much_is_owed(stage, plan):
    statements = []
    event.listen(stage.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    stage.chat("malee", tap="due-all")
    assert len(statements) < 40


def test_english_people_are_answered_in_english(stage, plan):
    from storage.people import Person

    with stage.database.agency(stage.agency.id) as records:
        records.scalars(select(Person).where(Person.name == "สมชาย")).one().language = "en"
    stage.chat("somchai", "what is due this month")
    assert stage.chat("somchai", "what is due this month").letters[0].language == "en"


def test_what_is_under_way_is_shown_with_its_days_when_nothing_is_due(stage, plan):
    answer = stage.chat("somchai", "เดือนนี้เราเหลืออะไร")
    assert "ไม่มีข้อครบกำหนด" in answer
    assert "31 มี.ค. 67 (เหลือ 73 วัน)" in answer
    assert {"1.1", "4.1", "5.1"} == set(answer.replies[0].found.measures)


def test_when_everything_is_done_the_next_date_is_named(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence)):
            if one.measure.code != "5.1":
                one.status = rounds.DONE
            else:
                one.starts_on = one.due_on
    answer = stage.chat("somchai", "เดือนมีนาเราเหลืออะไร")
    assert "ครบทุกข้อแล้ว" in answer
    assert "30 มิ.ย. 67" in answer


def test_a_period_over_two_fiscal_years_is_told_as_printed_and_waits_for_confirmation(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence)):
            if one.measure.code == "5.1":
                one.due_on = one.due_on.replace(month=12, day=31)
    answer = stage.chat("somchai", "เดือนนี้เราเหลืออะไร")
    assert "ตามเอกสารถึง 31 ธ.ค. 67 (เกินปีงบประมาณ รอยืนยัน)" in answer


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ก่อนสิ้นไตรมาส 2 ทุกหน่วยงานต้องส่งอะไร", {"1.1", "4.1", "6.1"}),
        ("ข้อไหนครบกำหนด 31 มี.ค. บ้าง", {"1.1", "4.1"}),
        ("ไตรมาส 3 กองคลังต้องส่งอะไรบ้าง", {"5.1"}),
        ("กกจ. เดือนมีนาคมมีอะไรครบกำหนด", {"1.1", "6.1"}),
        ("ภายใน 30 มิ.ย. กองคลังต้องส่งอะไรบ้าง", {"1.1", "4.1", "5.1"}),
    ],
)
def test_any_unit_and_any_range_can_be_asked_for(stage, plan, text, codes):
    waiting = stage.chat("somchai", text).replies[0].found.measures
    assert codes <= set(waiting)
    assert "6.1" in codes or "6.1" not in waiting


def test_the_count_of_statements_does_not_grow_with_what_is_owed(stage, plan):
    from storage.plans import Plan

    def count():
        statements = []

        def heard(*args):
            statements.append(args[2])

        with stage.database.look(stage.agency.id) as records:
            of = records.get_one(Plan, plan.id)
            event.listen(stage.database.engine, "before_cursor_execute", heard)
            rounds.due_between(records, of, of_year[0], of_year[1])
            rounds.open_between(records, of, of_year[0], of_year[1])
            event.remove(stage.database.engine, "before_cursor_execute", heard)
        return len(statements)

    from storage.calendar import fiscal_year

    of_year = fiscal_year(2567)
    few = count()
    with stage.database.agency(stage.agency.id) as records:
        for one in records.scalars(select(Occurrence)).all():
            for _ in range(20):
                records.add(
                    Occurrence(
                        plan_id=one.plan_id,
                        measure_id=one.measure_id,
                        unit_id=one.unit_id,
                        starts_on=one.starts_on,
                        due_on=one.due_on,
                    )
                )
    assert count() <= few


def test_what_is_late_many_times_is_one_line_with_the_count(stage, plan):
    with stage.database.agency(stage.agency.id) as records:
        one = next(one for one in records.scalars(select(Occurrence)) if one.measure.code == "4.1")
        for month in (10, 11):
            records.add(
                Occurrence(
                    plan_id=one.plan_id,
                    measure_id=one.measure_id,
                    unit_id=one.unit_id,
                    due_on=one.due_on.replace(year=2023, month=month, day=30),
                )
            )
    answer = stage.chat("somchai", "/late")
    assert answer.text.count("4.1") == 2
    assert "เลยกำหนด 2 ครั้ง ตั้งแต่ 30 ต.ค. 66" in answer


@pytest.mark.parametrize("text", ["กองอวกาศต้องทำอะไร", "กองอวกาศเดือนนี้ต้องส่งอะไร", "ฝ่ายดาวเทียมรับผิดชอบข้อไหน"])
def test_a_unit_that_nobody_knows_is_told_as_unknown_with_the_nearest_ones(stage, text):
    a_plan(stage)
    answer = stage.chat("somchai", text)
    assert "ไม่พบหน่วยงานชื่อ" in answer.text
    assert any(value.startswith(("duties-unit:", "due-list:")) for value in answer.values)
    tapped = stage.chat("somchai", tap=answer.values[0])
    assert "กอง" in tapped.text
    assert "ไม่พบ" not in tapped.text


def test_a_slip_in_a_units_name_is_forgiven(stage):
    a_plan(stage)
    assert "กองการเจ้าหน้าที่" in stage.chat("somchai", "กองการเจ้าหน้าทีต้องทำอะไรบ้าง").text


@pytest.mark.parametrize("text", ["ใครยังไม่ส่งบ้าง", "ใครส่งช้ากว่ากำหนด"])
def test_who_has_not_handed_in_asks_of_every_unit(stage, plan, text):
    answer = stage.chat("malee", text, at=bangkok(2024, 4, 20))
    assert "กกจ." in answer
    assert answer.replies[0].found.units == ()


def test_nothing_due_tells_the_next_day(stage, plan):
    answer = stage.chat("somchai", "กุมภาพันธ์ 67 มีอะไรครบกำหนดบ้าง")
    assert "กำหนดถัดไป 31 มี.ค. 67" in answer.text.splitlines()[0]


def test_what_is_late_is_only_counted_where_days_to_come_are_asked_about(stage, plan):
    answer = stage.chat("malee", "มีนาคม 67 กองการเจ้าหน้าที่มีอะไรครบกำหนด")
    assert "เลยกำหนดมาก่อนแล้ว 1 ข้อ" in answer
    assert "7.1" not in answer.text.split("ดูข้อเลยกำหนด")[0].split("เลยกำหนดมาก่อน")[0]


def test_a_unit_whose_name_holds_a_word_of_duties_is_asked_about_its_days(stage, plan):
    answer = stage.chat("somchai", "กองการเจ้าหน้าที่มีอะไรครบกำหนดเดือนมีนาคม 67")
    assert "มีครบกำหนด 2 ข้อ" in answer


def test_the_topic_alone_that_is_named_is_told(stage, plan):
    answer = stage.chat("somchai", "ประเด็นที่ 6 ทุกหน่วยงานมีข้อไหนครบกำหนดเดือนมีนาคม 67")
    assert answer.replies[0].found.measures == ("6.1",)


def test_days_beyond_the_plans_year_are_told_so(stage, plan):
    answer = stage.chat("somchai", "พฤศจิกายน 67 ทุกหน่วยงานมีอะไรครบกำหนด")
    assert "แผนที่เปิดใช้เป็นของปีงบประมาณ 2567" in answer
