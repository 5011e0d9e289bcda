from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import words
from storage.calendar import fiscal_year, fiscal_year_of, month_of, quarter, quarter_of, read_schedule

YEAR = 2567
TABLE = [
    [*line.split("\t"), "", ""][:4]
    for line in (Path(__file__).parent / "periods.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def ranges(text, year=YEAR):
    return [f"{a}..{b}" for a, b in read_schedule(text, year).ranges]


@pytest.mark.parametrize(
    ("text", "kind", "every", "expected"),
    [
        ("ธ.ค. 66 - มี.ค. 67", "range", None, ["2023-12-01..2024-03-31"]),
        ("ธค. ๖๖ - กย. ๖๗", "range", None, ["2023-12-01..2024-09-30"]),
        ("มค. - กพ. ๖๗", "range", None, ["2024-01-01..2024-02-29"]),
        ("พ.ย.-ธ.ค.๖๖", "range", None, ["2023-11-01..2023-12-31"]),
        ("มค. ๖๗", "range", None, ["2024-01-01..2024-01-31"]),
        ("มกราคม ๒๕๖๗ – มีนาคม ๒๕๖๗", "range", None, ["2024-01-01..2024-03-31"]),
        ("พฤศจิกายน - มีนาคม", "range", None, ["2023-11-01..2024-03-31"]),
        ("ก.ค. - ก.ย. 67", "range", None, ["2024-07-01..2024-09-30"]),
        ("ไตรมาส ๑", "range", None, ["2023-10-01..2023-12-31"]),
        ("ไตรมาสที่ ๑-๒", "range", None, ["2023-10-01..2024-03-31"]),
        ("ไตรมาสที่ 2 ถึงไตรมาสที่ 4", "range", None, ["2024-01-01..2024-09-30"]),
        ("ภายในวันที่ ๓๑ สิงหาคม ๒๕๖๗", "range", None, ["2024-08-31..2024-08-31"]),
        ("รอบ 6 เดือน", "range", None, ["2023-10-01..2024-03-31"]),
        ("ทุกไตรมาส", "recurring", "quarter", ["2023-10-01..2024-09-30"]),
        ("อย่างน้อยไตรมาสละ ๑ ครั้ง", "recurring", "quarter", ["2023-10-01..2024-09-30"]),
        ("ทุกเดือน", "recurring", "month", ["2023-10-01..2024-09-30"]),
        ("ปีละ ๑ ครั้ง", "recurring", "year", ["2023-10-01..2024-09-30"]),
        ("ปีละ ๒ ครั้ง", "recurring", "half_year", ["2023-10-01..2024-09-30"]),
        ("ภายในเดือนมีนาคมของทุกปี", "recurring", "year", ["2024-03-01..2024-03-31"]),
        ("ดำเนินการต่อเนื่อง", "continuous", None, ["2023-10-01..2024-09-30"]),
        ("ตลอดปีงบประมาณ", "continuous", None, ["2023-10-01..2024-09-30"]),
        ("", "unknown", None, []),
    ],
)
def test_periods_are_read_as_papers_write_them(text, kind, every, expected):
    read = read_schedule(text, YEAR)
    assert (read.kind, read.every, ranges(text)) == (kind, every, expected)
    assert read.rest == ""
    assert read.notes == ()


@pytest.mark.parametrize(("text", "kind", "expected", "notes"), TABLE, ids=[row[0] for row in TABLE])
def test_every_form_of_a_period_is_read_or_noted(text, kind, expected, notes):
    read = read_schedule(text, YEAR)
    assert (read.every or read.kind, " ".join(ranges(text)), " ".join(read.notes)) == (kind, expected, notes)


@given(st.dates(date(1960, 1, 1), date(2050, 1, 1)), st.sampled_from(["short", "full", "long", "month"]))
def test_a_period_we_wrote_is_read_back(day, style):
    ((start, end),) = read_schedule(words("th").day(day, style), YEAR).ranges
    assert start <= day <= end
    assert (end - start).days < (31 if style == "month" else 1)


@given(st.text(alphabet="ธคมยพก. -–0123456789๐๑๖๗ไตรมาสทุกเดือน()/จันทร์ที่วพ", max_size=40))
def test_what_a_cell_says_is_read_or_given_back(text):
    read = read_schedule(f"{text} กขค", YEAR)
    assert read.kind == "unknown" or "กขค" in read.rest + read.remark


def test_a_remark_in_brackets_is_kept_apart():
    read = read_schedule("ไตรมาสที่ ๑-๒ (จัดทำคู่มือแล้ว)", YEAR)
    assert read.remark == "จัดทำคู่มือแล้ว"
    assert ranges("ไตรมาสที่ ๑-๒ (จัดทำคู่มือแล้ว)") == ["2023-10-01..2024-03-31"]


def test_a_period_over_two_fiscal_years_is_read_as_written_and_flagged():
    read = read_schedule("ต.ค. 66 - ธ.ค. 67", YEAR)
    assert ranges("ต.ค. 66 - ธ.ค. 67") == ["2023-10-01..2024-12-31"]
    assert read.notes == ("over-two-fiscal-years",)


@pytest.mark.parametrize("text", ["๕.ค. ๖๖", "จ.ค.๖๖"])
def test_a_misread_month_is_proposed_never_mended_silently(text):
    read = read_schedule(text, YEAR)
    assert "misread-month" in read.notes
    assert ranges(text) == ["2023-12-01..2023-12-31"]


def test_several_periods_in_one_cell_are_all_read():
    assert ranges("ม.ค. - มี.ค.๖๗ พ.ค.๖๗") == ["2024-01-01..2024-03-31", "2024-05-01..2024-05-31"]
    assert "several" in read_schedule("ม.ค. - มี.ค.๖๗ พ.ค.๖๗", YEAR).notes


@pytest.mark.parametrize("text", ["30 ก.พ. 67", "เมื่อพร้อม", "???"])
def test_what_cannot_be_read_is_unknown_and_kept(text):
    read = read_schedule(text, YEAR)
    assert read.kind == "unknown"
    assert read.rest
    assert read.notes == ("not-read",)


def test_text_that_was_not_used_is_given_back():
    read = read_schedule("ธ.ค. 66 - มี.ค. 67 โดยกลุ่มพัสดุ", YEAR)
    assert "กลุ่มพัสดุ" in read.rest
    assert "partly-read" in read.notes


@given(st.text(alphabet="ธคมยพก. -–0123456789๐๑๖๗ไตรมาสทุกเดือน()/", max_size=60), st.integers(2550, 2600))
def test_no_cell_breaks_the_reader(text, year):
    read = read_schedule(text, year)
    assert read.kind in {"range", "recurring", "continuous", "unknown"}
    assert all(isinstance(day, date) for span in read.ranges for day in span)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_day_lies_in_its_fiscal_year_and_quarter(day):
    year = fiscal_year_of(day)
    start, end = fiscal_year(year)
    assert start <= day <= end
    first, last = quarter(year, quarter_of(day))
    assert first <= day <= last


def test_months_are_known_by_every_short_form():
    forms = {"ธ.ค.": 12, "ธค": 12, "ธ. ค.": 12, "ธันวา": 12, "มี.ค": 3, "มค.": 1, "กพ": 2, "ก.ย.": 9, "มิ.ย.": 6}
    assert {form: month_of(form) for form in forms} == forms
