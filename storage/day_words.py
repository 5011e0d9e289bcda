"""The words in which days are spoken of in chat lines, and the numbers that only look like days."""

import re

from storage.calendar import MONTH
from storage.digits import thai

BACK = "ที่แล้ว|ที่ผ่านมา|ก่อน|ที่ผ่านไป"
NEXT = "หน้า|ถัดไป"
_SPRING = ("january", "february", "march", "april", "may", "june", "july", "august", "september")
ENGLISH_MONTHS = (*_SPRING, "october", "november", "december")
EN_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in ENGLISH_MONTHS)

NEAR = {
    "เมื่อวานซืน": -2,
    "เมื่อวันวาน": -1,
    "เมื่อเช้าวาน": -1,
    "เมื่อบ่ายวาน": -1,
    "เมื่อเย็นวาน": -1,
    "เช้าวาน": -1,
    "บ่ายวาน": -1,
    "เย็นวาน": -1,
    "วานนี้": -1,
    "วานซืน": -2,
    "เมื่อวานนี้": -1,
    "เมื่อวาน": -1,
    "เมื่อคืน": -1,
    "yesterday": -1,
    "วันนี้": 0,
    "เช้านี้": 0,
    "เมื่อเช้านี้": 0,
    "เมื่อเช้า": 0,
    "บ่ายนี้": 0,
    "เย็นนี้": 0,
    "today": 0,
    "พรุ่งนี้": 1,
    "tomorrow": 1,
    "มะรืนนี้": 2,
    "มะรืน": 2,
}

DAYS_IN = {"วัน": 1, "day": 1, "days": 1, "สัปดาห์": 7, "อาทิตย์": 7, "week": 7, "weeks": 7}
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

BETWEEN = re.compile(r"\s*(?:-|จนถึง|ถึง|to|until)\s*(?:วันที่|วัน|เดือน)?\s*")
UNTIL = re.compile(r"(?:ภายใน|ก่อน|ไม่เกิน|ให้ทัน|ถึง|by|before|until)\s*(?:วันที่|วัน|เดือน|สิ้น|the)?\s*$")
LETTER = re.compile(r"(?:ลว\.?|ลงวันที่|ลงวัน|ลง\s?ว\.?|dated)\s*(?:วันที่)?\s*$")
# Numbers that look like dates and are not: years of laws, codes of letters, page and floor numbers.
NOT_DATES = re.compile(
    r"https?://\S+|(?:พ\.?ร\.?บ\.?|พระราชบัญญัติ|ระเบียบ|ประกาศ)[^\n]{0,40}?พ\.?\s?ศ\.?\s?\d{4}"
    rf"|(?<![\dA-Za-z.])3[2-9]\s*{MONTH}"
    r"|(?<![ก-๙])[ก-ฮ]{1,4}\.?\s?\d{2,}(?:\.\d+)*/\s?ว?\s?\d+|(?<![\dก-๙])ว\s?\d+(?=\s|$)"
)

# words after which 8/3 is a day and no fraction
_BEFORE_A_DAY = ("ตั้งแต่", "วันที่", "เมื่อ", "เว็บ")
A_DAY_FOLLOWS = f"(?:{'|'.join(f'(?<={word}{space})' for word in _BEFORE_A_DAY for space in ('', ' '))})"
FAR = 20  # years from which two digits after a month are no year

OF = re.compile(r"\s*(?:ของ|of)?\s*")

_FULL = re.compile(r"(?<!\d)(?:25\d\d|๒๕[๐-๙]{2})(?![\d๐-๙])")
_AFTER_MONTH = re.compile(rf"({MONTH}\s*)([5-9]\d|[๕-๙][๐-๙])(?![\d๐-๙])")


def a_year_later(text: str) -> str:
    """A text with each Buddhist year in it one more, in the digits it is written in."""
    full = _FULL.sub(lambda found: _one_more(found[0]), text)
    return _AFTER_MONTH.sub(lambda found: found[1] + _one_more(found[2]), full)


def _one_more(year: str) -> str:
    number = str(int(year) + 1)
    return number if year.isascii() else thai(number)
