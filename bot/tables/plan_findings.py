"""What was found weak: a cell as an aim and its points, question codes and scores."""

import re
from dataclasses import replace

from bot.tables import plan_scores
from bot.tables.plan_words import flat, items, leading, questions, tight
from storage.digits import arabic
from storage.drafts import DraftFinding

AIM = re.compile(r"^\s*วัตถุประสงค์\s*[:：]\s*")
CODE = re.compile(r"[ie]\d{1,2}(?:\(\d{1,3}(?:\.\d+)?%?\))?")
IN_BRACKETS = re.compile(r"\(\s*([^()]*\d[^()]*)\)")
LABEL = re.compile(
    r"(?:^|(?<=\s))(?:ประเด็น(?:ที่)?(?:ต้อง|ควร)(?:ปรับปรุง|พัฒนา|แก้ไข)|ข้อเสนอแนะ|ข้อบกพร่อง|จุดอ่อน)\s*(?:\([^)]*\))?\s*[:：]?\s*(?=\n|[•●▪-]|$|(?<=\)\s))"
)
CALLED = r"(?:ข้อ(?:คำถาม)?(?:ที่)?\s*)?[iIeE]\s?\d{1,2}(?![\dA-Za-z.])"
NUMBER = r"\d{2}(?:\.\d+)?\s*(?:คะแนน|%)?"
MARKED = re.compile(
    rf"\s*(?:[-–•●▪*]\s*)?{CALLED}\s*(?:\(\s*(?:ได้|มี)?\s*(?:คะแนน|ร้อยละ)?\s*{NUMBER}\s*\)|"
    rf"[:=]?\s*(?:ได้|มี)?\s*(?:คะแนน|ร้อยละ)?\s*{NUMBER})\s*[:：–-]?\s*(?=[^\d\s])"
)
EACH = re.compile(rf"^\s*(?:[-–•●▪*]\s*)?(?={CALLED})", re.MULTILINE)
POINT = re.compile(r"^(?:ให้|พึง|ควร|เพิ่ม|ส่งเสริม|พัฒนา|ปรับปรุง|แก้ไข|สร้าง|กำกับ|เปิด|จัด|ลด|ทบทวน|กำหนด|[•●▪-])")


def unmarked(text: str) -> str:
    """A point without its question's code and score, where these stand before it with a colon."""
    found = MARKED.match(arabic(text))
    return text[found.end() :].strip() if found else text


def split(text: str) -> tuple[str, str, list[str]]:
    """A cell that may tell an aim, then a label, then points: (aim, label, points)."""
    aim, label, rest = "", "", text
    if found := AIM.match(text):
        label_at = LABEL.search(text, found.end())
        aim = flat(text[found.end() : label_at.start() if label_at else len(text)])
        rest = text[label_at.start() :] if label_at else ""
    if found := LABEL.match(rest.lstrip()):
        label, rest = flat(found[0]), rest.lstrip()[found.end() :]
    if not aim and not label and not re.search(r"^\s*[•●▪]", text, re.MULTILINE):
        return "", "", [flat(text)] if text.strip() else []
    return aim, label, items(rest)


def several(text: str) -> list[str]:
    """A cell as the points it tells of questions, each beginning on a line of its own with its code."""
    starts = [found.start() for found in EACH.finditer(arabic(text))]
    if len(starts) < 2 or starts[0]:
        return [text]
    return [text[one:end] for one, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def goes_on(text: str) -> bool:
    """Whether a text after a page's end goes on with the point before, rather than beginning one."""
    return not POINT.match(text.lstrip()) and not leading(text)[0]


def longer(one: DraftFinding, text: str) -> DraftFinding:
    """A point with the rest of it that stands on the next page."""
    return replace(one, text=flat(f"{one.text} {text}"))


def is_code(question: str) -> bool:
    """Whether a cell holds a question's code, its score in brackets perhaps, and no other word."""
    return bool(CODE.fullmatch(tight(question)))


def _beside(question: str) -> float | None:
    """The score that stands in brackets behind a question's code."""
    found = IN_BRACKETS.search(question)
    score = plan_scores.number(found[1]) if found and questions(question) else None
    return score[0] if score else None


def point(text: str, topic: str, question: str = "", score_cell: str = "") -> DraftFinding:
    """One finding, with the question and score its own columns or its own words tell."""
    code = questions(question) or questions(flat(text)[:14])
    score = plan_scores.number(score_cell)
    told = score[0] if score else _beside(question)
    if told is None:
        told = next((one.score for one in plan_scores.in_text(flat(text)) if one.level == "question"), None)
    return DraftFinding(unmarked(flat(leading(text)[1])), topic, code[0] if code else "", told)
