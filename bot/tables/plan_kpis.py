"""What a plan counts its success by: the kind of an indicator and its number."""

import re

from bot.tables.plan_words import items
from storage.digits import arabic
from storage.drafts import DraftKpi

NUMBER = r"(?<![\d,.])(?!25\d\d(?!\d))(\d+(?:,\d{3})*(?:\.\d+)?)"  # a year is no number to be reached
AT_LEAST = "(?:ไม่น้อยกว่า|อย่างน้อย|ไม่ต่ำกว่า|มากกว่า)?"
PASSED = "(?:ผ่านเกณฑ์|สอบผ่าน|ผ่านการทดสอบ|ผ่านการประเมิน)"
THINGS = (
    "ครั้ง|คน|ราย|เรื่อง|ฉบับ|โครงการ|กิจกรรม|หลักสูตร|แห่ง|รุ่น|ชุด|เล่ม|ระบบ|หน่วยงาน|หน่วย|ช่อง|กระบวนงาน|กระบวนการ|"
    "จุด|รายการ|ประเด็น|ข้อ|แผน|วัน|สื่อ|ชิ้น|คู่มือ|มาตรการ|รางวัล|องค์ความรู้|นวัตกรรม|เวที|กลุ่ม"
)
RULES = (
    (
        "pass_rate",
        rf"{PASSED}.*?(?:ร้อยละ\s*{AT_LEAST}\s*{NUMBER}|{NUMBER}\s*(?:%|คะแนน))|(?:ร้อยละ\s*{NUMBER}|{NUMBER}\s*%).*?{PASSED}",
    ),
    ("percent", rf"ร้อยละ\s*(?:{AT_LEAST}|ของ[^\d]{{0,40}})?\s*{NUMBER}|{NUMBER}\s*%"),
    ("times_per_month", rf"เดือนละ\s*{AT_LEAST}\s*{NUMBER}\s*ครั้ง|{NUMBER}\s*ครั้ง\s*(?:/|ต่อ)\s*เดือน"),
    ("times_per_quarter", rf"ไตรมาสละ\s*{AT_LEAST}\s*{NUMBER}\s*ครั้ง|{NUMBER}\s*ครั้ง\s*(?:/|ต่อ)\s*ไตรมาส"),
    ("times_per_year", rf"(?:ปีละ|ต่อปี)\s*{AT_LEAST}\s*{NUMBER}\s*ครั้ง|{NUMBER}\s*ครั้ง\s*(?:/|ต่อ)\s*ปี"),
    ("open", r"ภายใน\s*\d+\s*(?:วัน|ชั่วโมง|นาที)"),
    ("times_per_year", rf"ครบ\S*\s*(?:ทั้ง\s*)?{NUMBER}\s*(?:เดือน|รอบ|ไตรมาส)|ทั้ง\s*{NUMBER}\s*รอบ"),
    ("channels", rf"{NUMBER}\s*ช่องทาง|^จำนวนช่องทาง"),
    ("count", rf"{NUMBER}\s*(?:{THINGS})"),
    ("monthly", r"ทุก\s?เดือน|รายเดือน"),
    ("quarterly", r"ทุก\s?ไตรมาส|รายไตรมาส"),
    ("percent", r"ร้อยละ"),
    ("exists", r"^(?:ทุกหน่วยงาน)?(?:มี|จัดทำ|จัดให้มี|ได้จัดทำ|เปิดใช้|ประกาศ)"),
    ("count", r"^จำนวน"),
)
OFTEN = {"times_per_month": 12, "times_per_quarter": 4, "monthly": 12, "quarterly": 4}  # times a year
EVERY = re.compile(r"ครบทุก|ทุกหน่วยงาน|ทุกรายการ|ทุกคน")
COMPILED = tuple((kind, re.compile(rule)) for kind, rule in RULES)


def kpis(text: str) -> tuple[DraftKpi, ...]:
    """Every indicator of a cell, the text as it stands."""
    return tuple(one_kpi(item) for item in items(text))


def one_kpi(text: str) -> DraftKpi:
    """One indicator with its kind and number."""
    plain = arabic(text)
    for kind, rule in COMPILED:
        if found := rule.search(plain):
            said = next((group for group in found.groups() if group), None)
            number = float(said.replace(",", "")) if said else None
            if times := OFTEN.get(kind):
                return DraftKpi(text, "times_per_year", (number or 1.0) * times)
            return DraftKpi(text, kind, number)
    return DraftKpi(text, "percent", 100.0) if EVERY.search(plain) else DraftKpi(text)
