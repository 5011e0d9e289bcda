"""Scores in running text and tables: overall, by tool, indicator and question; level and rank."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.tables.plan_words import flat, leading, questions
from bot.tables.shapes import Cell
from storage.digits import arabic
from storage.drafts import DraftScore

NUMBER = r"(\d{1,3}(?:\.\d+)?)(?![\d.]*\d)"
NOT_A_BAR = r"(?!\s*(?:คะแนน|%)?\s*ขึ้นไป)"  # "85 and above" is a threshold, not a score
GETS = r"\s*(?:ได้|มี|เท่ากับ|อยู่ที่|คือ|[:=])?\s*(?:ผล)?(?:คะแนน)?(?:เฉลี่ย|รวม)?\s*(?:ร้อยละ|เท่ากับ|อยู่ที่|[:=])?\s*"
OVERALL = re.compile(
    rf"(?:ภาพรวม|คะแนนเฉลี่ยรวม|คะแนนรวมเฉลี่ย)\*{{0,2}}(?:ของหน่วยงาน)?\s*(?:เท่ากับ|อยู่ที่|ได้|คือ|[:=])?\s*(?:คะแนน)?\s*\*{{0,2}}{NUMBER}{NOT_A_BAR}"
)
TOOL = re.compile(rf"\(?(IIT|EIT|OIT)\)?\s*(?:ส่วนที่\s*([12]))?{GETS}\*{{0,2}}{NUMBER}{NOT_A_BAR}")
A_TOOL = re.compile(
    r"(?:แบบวัด|คะแนน)?\s*\(?(IIT|EIT|OIT)\)?\s*(?:(?:ส่วนที่)?\s*([12]))?(?:\s*\(?(?:คะแนน|ร้อยละ)\)?)?"
)
TOOL_NEEDS = re.compile(r"คะแนน|ร้อยละ|%|\d\.\d\d(?!\d)")
BEHIND = 12  # letters behind a number in which the word for points may stand
INDICATOR = re.compile(
    rf"^(?:ตัวชี้วัด(?:ที่)?\s*)?\(?(\d{{1,2}})[.)]?\s+(.+?)\s*(?:ได้|มี)?\s*(?:ผล)?คะแนน(?:เฉลี่ย|รวม)?\s*(?:ร้อยละ|เท่ากับ)?\s*{NUMBER}"
)
INDICATOR_ROW = re.compile(
    rf"^ตัวชี้วัด(?:ที่)?\s*(\d{{1,2}})\s*(.+?)\s*\(\s*(?:คะแนน(?:รวม)?|ร้อยละ)?\s*{NUMBER}\s*(?:คะแนน|%)?\s*\)"
)
QUESTION = re.compile(
    rf"(?<![A-Za-z])([iIeE])\s?(\d{{1,2}})(?![\dA-Za-z.])"
    rf"(?:[^\d]{{0,160}}?{NUMBER}\s*(?:คะแนน|%|ร้อยละ)|{GETS}\(?\s*(?:คะแนน|ร้อยละ)?\s*(\d{{2}}\.\d\d)(?!\d))"
)
LEVELS = "ผ่านดีเยี่ยม|ผ่านดี|ผ่าน|ต้องปรับปรุงโดยด่วน|ต้องปรับปรุง|ไม่ผ่าน|AA|A|B|C|D|E|F"
GRADE = re.compile(rf"(?:อยู่ใน|มี|ได้)ระดับ(?:เกณฑ์|ผล)?\s*[“\"'”:]?\s*({LEVELS})(?![A-Za-z])")
RANK = re.compile(r"(?:ลำดับ|อันดับ)ที่\s*(\d{1,4})(?:\s*(?:ของ|จาก)\s*(.{0,80}))?")
NEXT_CLAUSE = re.compile(r"\s(?:เป้าหมาย|โดย|ซึ่ง|และ|จึง|เนื่อง|มีผล|ได้|อยู่)")
QUALIFIER = re.compile(r"^(≥|>=|>|≤|<=|<|มากกว่า|ไม่น้อยกว่า|น้อยกว่า|ต่ำกว่า)\s*(?=\d)")
LABELS, NUMBERS = ("name", "kpi", "topic", "finding"), ("indicator_no", "question", "no")
USED = ("score", *NUMBERS)
SIGNS = {"≥": ">=", ">=": ">=", "ไม่น้อยกว่า": ">=", ">": ">", "มากกว่า": ">", "≤": "<=", "<=": "<="}


def in_text(text: str) -> Iterator[DraftScore]:
    """The scores one paragraph (or section row) tells."""
    plain = arabic(flat(text))
    if found := INDICATOR_ROW.search(plain) or (None if TOOL.search(plain) else INDICATOR.search(plain)):
        yield DraftScore("indicator", float(found[3]), str(int(found[1])), _name(found[2]))
        return
    for found in TOOL.finditer(plain):
        beside = plain[found.start() : found.end() + BEHIND]
        if TOOL_NEEDS.search(beside) and float(found[3]) <= 100:
            yield DraftScore("tool", float(found[3]), found[1] + (found[2] or ""), _tool_name(plain, found))
    yield from of_questions(plain)
    for found in OVERALL.finditer(plain):
        if float(found[1]) <= 100:
            yield DraftScore("overall", float(found[1]))


def of_questions(text: str) -> Iterator[DraftScore]:
    """The scores of questions that a text names by their codes."""
    for found in QUESTION.finditer(arabic(flat(text))):
        yield DraftScore("question", float(found[3] or found[4]), found[1].lower() + str(int(found[2])))


def across(rows: Sequence[tuple[Cell, ...]]) -> Iterator[tuple[DraftScore, Cell, Cell]]:
    """Scores that stand below the names of their tools, with the two cells of each."""
    for above, below in pairwise(rows):
        named = [
            (head, cell, A_TOOL.fullmatch(arabic(head.flat)))
            for head, cell in zip(above, below, strict=False)
        ]
        found = [
            (DraftScore("tool", score[0], tool[1] + (tool[2] or ""), head.flat, score[1]), head, cell)
            for head, cell, tool in named
            if tool and (score := number(cell.text))
        ]
        if len(found) > 1:
            yield from found


def _name(text: str) -> str:
    return re.sub(r"\s*(?:ได้|มี|[:=–-])$", "", flat(text)).strip(" :.")


def _tool_name(plain: str, found: re.Match[str]) -> str:
    name = re.sub(r"^\s*\(?\d{1,2}[.)]\s*", "", plain[: found.start()])
    return flat(name)[-120:].strip(" (:-") or found[1]


def grade(text: str) -> str:
    """The level a paragraph states, empty when none."""
    found = GRADE.search(arabic(flat(text)))
    return found[1] if found else ""


def rank(text: str) -> tuple[int, str] | None:
    """The rank a paragraph states, and among whom."""
    found = RANK.search(arabic(flat(text))) if "ประเมิน" in text else None
    return (int(found[1]), NEXT_CLAUSE.split(flat(found[2] or ""))[0]) if found else None


def number(text: str) -> tuple[float, str] | None:
    """A cell that is a score: its number (0 to 100) and its qualifier (``>=``)."""
    plain = arabic(flat(text)).replace("ร้อยละ", "").replace("คะแนน", "").strip(" %")
    sign = QUALIFIER.match(plain)
    rest = plain[sign.end() :] if sign else plain
    above = rest.endswith("ขึ้นไป")
    rest = rest.removesuffix("ขึ้นไป").strip(" %")
    if not re.fullmatch(r"\d{1,3}(?:\.\d+)?", rest) or float(rest) > 100:
        return None
    return float(rest), ">=" if above else SIGNS.get(sign[1], "<") if sign else ""


def in_row(cells: dict[str, Cell]) -> DraftScore | None:
    """The score one row of a score table tells."""
    found = number(cells["score"].text) if "score" in cells else None
    if found is None:
        return None
    score, qualifier = found
    label = next((cells[one] for one in LABELS if one in cells), Cell())
    there = [cells[one] for one in NUMBERS if one in cells]
    no = next((one for one in there if questions(arabic(one.flat)[:8])), there[0] if there else Cell())
    label = label or next((one for one in there if one is not no and questions(no.flat)), Cell())
    if not label and not no:
        return None
    level, code = _named(arabic(no.flat), arabic(label.flat))
    name = leading(label.flat)[1] if level == "question" else label.flat
    return DraftScore(level, score, code, name or no.flat, qualifier)


def _named(no: str, label: str) -> tuple[str, str]:
    if code := questions(no) or questions(label[:8]):
        return "question", code[0]
    if tool := re.search(r"(IIT|EIT|OIT)\)?\s*(?:ส่วนที่\s*([12]))?", f"{no} {label}"):
        return "tool", tool[1] + (tool[2] or "")
    if found := re.fullmatch(r"(?:ตัวชี้วัดที่\s*)?(\d{1,2})[.)]?", no) or re.match(
        r"(?:ตัวชี้วัดที่\s*)?(\d{1,2})[.)\s]", label
    ):
        return "indicator", str(int(found[1]))
    if "รวม" in label or "overall" in label.lower():
        return "overall", ""
    return "indicator", ""
