from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import words
from storage.spans import find_spans

TUESDAY = date(2024, 3, 12)
TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "days.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def said(text, today=TUESDAY):
    return [f"{s.start}..{s.end}" if s.start != s.end else f"{s.start}" for s in find_spans(text, today)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 มี.ค. 67", "2024-03-12"),
        ("๑๒ มีนาคม ๒๕๖๗", "2024-03-12"),
        ("12/3/67", "2024-03-12"),
        ("12-03-2567", "2024-03-12"),
        ("2567-03-12", "2024-03-12"),
        ("2024-03-12", "2024-03-12"),
        ("2 กพ ค่ะ", "2024-02-02"),
        ("17 ต.ค. มากัน 112 ท่าน", "2023-10-17"),
        ("ประชุมเมื่อวาน", "2024-03-11"),
        ("วานซืน", "2024-03-10"),
        ("เช้านี้", "2024-03-12"),
        ("พรุ่งนี้", "2024-03-13"),
        ("3 วันที่แล้ว", "2024-03-09"),
        ("อีก 2 สัปดาห์", "2024-03-26"),
        ("ใน 14 วัน", "2024-03-12..2024-03-26"),
        ("ศุกร์ที่แล้ว", "2024-03-08"),
        ("วันศุกร์", "2024-03-08"),
        ("วันอังคาร", "2024-03-12"),
        ("วันศุกร์หน้า", "2024-03-22"),
        ("วันที่ 20 นี้", "2024-03-20"),
        ("สัปดาห์นี้", "2024-03-11..2024-03-17"),
        ("อาทิตย์ที่แล้ว", "2024-03-04..2024-03-10"),
        ("อาทิตย์หน้า", "2024-03-18..2024-03-24"),
        ("เดือนนี้", "2024-03-01..2024-03-31"),
        ("เดือนหน้า", "2024-04-01..2024-04-30"),
        ("สิ้นเดือนนี้", "2024-03-31"),
        ("ต้นเดือนหน้า", "2024-04-01..2024-04-10"),
        ("ก่อนสิ้นเดือน", "2024-03-12..2024-03-31"),
        ("ภายใน 4 เมษา", "2024-03-12..2024-04-04"),
        ("เดือนมีนา", "2024-03-01..2024-03-31"),
        ("ธค 64", "2021-12-01..2021-12-31"),
        ("ม.ค. ถึง มี.ค. 67", "2024-01-01..2024-03-31"),
        ("10-12 ม.ค.", "2024-01-10..2024-01-12"),
        ("ไตรมาสนี้", "2024-01-01..2024-03-31"),
        ("ไตรมาสหน้า", "2024-04-01..2024-06-30"),
        ("ไตรมาส 1", "2023-10-01..2023-12-31"),
        ("ครึ่งปีหลัง", "2024-04-01..2024-09-30"),
        ("รอบ 6 เดือน", "2023-10-01..2024-03-31"),
        ("ปีนี้", "2023-10-01..2024-09-30"),
        ("ปีที่แล้ว", "2022-10-01..2023-09-30"),
        ("ปี 66", "2022-10-01..2023-09-30"),
        ("ต้นปีงบหน้า", "2024-10-01..2024-12-31"),
        ("this week", "2024-03-11..2024-03-17"),
        ("next month", "2024-04-01..2024-04-30"),
        ("4 April", "2024-04-04"),
    ],
)
def test_days_and_periods_mean_the_day_they_were_said_on(text, expected):
    assert said(text) == [expected]


@pytest.mark.parametrize(
    "text", ["ชั้น 4", "4.1 เสร็จแล้ว", "พ.ร.บ. จัดซื้อจัดจ้าง พ.ศ. 2560", "คนเข้า 45 คน", "30 ก.พ. 67", "ม.5"]
)
def test_other_numbers_are_not_days(text):
    assert said(text) == []


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_every_way_of_speaking_of_days_is_read(text, expected):
    assert said(text) == ([] if expected == "-" else [expected])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 ก.ย.", "2024-09-30"),
        ("1 ต.ค.", "2023-10-01"),
        ("เดือนกันยายน", "2024-09-01..2024-09-30"),
        ("ต.ค. - ธ.ค.", "2023-10-01..2023-12-31"),
    ],
)
def test_when_planning_a_day_without_a_year_lies_in_the_fiscal_year(text, expected):
    spans = find_spans(text, TUESDAY, planning=True)
    assert [f"{s.start}..{s.end}" if s.start != s.end else f"{s.start}" for s in spans] == [expected]


def test_several_days_in_a_line_keep_their_order_and_places():
    text = "เมื่อวานประชุม สัปดาห์หน้าส่งเล่ม ภายใน 4 เมษา"
    assert [text[slice(*span.at)] for span in find_spans(text, TUESDAY)] == [
        "เมื่อวาน",
        "สัปดาห์หน้า",
        "ภายใน 4 เมษา",
    ]


def test_a_letters_own_date_is_marked():
    (span,) = find_spans("กษ 9999/ว 12 ลว. 15 ม.ค. 67", TUESDAY)
    assert span.of_document


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_line_breaks_the_reader_and_places_are_true(text, today):
    for span in find_spans(text, today):
        a, b = span.at
        assert span.said == text[a:b].strip()
        assert span.start <= span.end


@given(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.sampled_from(["short", "full", "long"]))
def test_a_day_we_wrote_is_read_back(day, style):
    spans = find_spans(words("th").day(day, style), TUESDAY)
    assert [(span.start, span.end) for span in spans] == [(day, day)]


@given(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_days_ago_are_counted_back(today, count):
    assert said(f"{count} วันที่แล้ว", today) == [f"{today - timedelta(days=count)}"]


def test_a_quarter_of_another_year_is_that_years():
    assert said("ขอสรุปไตรมาส 4 ปีที่แล้ว") == ["2023-07-01..2023-09-30"]
    assert said("ไตรมาส 1 ของปี 66") == ["2022-10-01..2022-12-31"]
    assert said("เดือนมกราคม ปีที่แล้ว") == ["2023-01-01..2023-01-31"]
