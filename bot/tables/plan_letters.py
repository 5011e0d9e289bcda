"""What a plan's covering letter and announcement say: report rounds, and policy sides in clauses."""

import re
from collections.abc import Iterable, Iterator

from bot.tables.plan_words import flat
from storage.calendar import MONTH, YEAR, read_schedule
from storage.digits import arabic
from storage.drafts import DraftClause, DraftPolicy, DraftRound

REPORT = re.compile(r"รายงานความก้าวหน้า|รายงานผล|จัดส่งรายงาน|ส่งรายงาน")
BY = re.compile(rf"ภายใน(?:วันที่)?\s*(\d{{1,2}}\s*{MONTH}\s*{YEAR})")
NAME = re.compile(
    r"(รอบ(?:ที่)?\s*(?:แรก|สอง|\d{1,2}(?:\s*เดือน)?|สุดท้าย|สิ้นปี)|ประจำปีงบประมาณ\s*(?:พ\.ศ\.)?\s*\d{4})"
)
RECEIVER = re.compile(r"(?:ไปยัง|ส่งให้|ส่งไปที่|เสนอต่อ|รายงาน[ก-๙]{2,60}?ต่อ(?!เนื่อง))\s*([ก-๙]{4,60})")
LISTS = re.compile(r"(?:ดังนี้|ดังต่อไปนี้|ต่อไปนี้|[:：])\s*$")
CALL = re.compile(r"^(?:[-–•]\s*|\(?\d{1,2}[.)]\s*)?รอบ")
CHANNEL = re.compile(
    r"(?:ทาง|ผ่าน)\s*((?:ไปรษณีย์|ระบบ|อีเมล|จดหมาย|แบบฟอร์ม|e-?mail|google form)[^\s]{0,40})", re.IGNORECASE
)
SIDE = re.compile(r"^\(?(\d{1,2})[.)]\s*(นโยบาย\s?ด้าน\S.{2,110})$")
CLAUSE = re.compile(r"^(?:[-–•]\s*)?\(?(\d{1,2}(?:\.\d{1,2})*)[.)]\s*(\S.*)$")
HEADING = re.compile(r"^แนวทาง(?:การ)?ปฏิบัติ$")
END = re.compile(r"^ประกาศ\s*ณ\s*วันที่|^\(.{4,60}\)$|^ส่วนที่|^เรื่อง\s|^แผนการดำเนินงาน")


def rounds(texts: Iterable[str], fiscal_year: int) -> list[DraftRound]:
    """Dated calls for reports: each "by …" of a paragraph that asks for a report, and of the rounds listed
    after it, is one."""
    made: list[DraftRound] = []
    asked = ""  # the paragraph that asks, while the rounds it announces are listed
    for text in texts:
        plain = arabic(flat(text))
        if REPORT.search(plain):
            asked = plain if LISTS.search(plain) else ""
        elif not (asked and CALL.match(plain)):
            asked = ""
            continue
        start = 0
        for found in BY.finditer(plain):
            due = read_schedule(found[1], fiscal_year).ranges
            before, start = plain[start : found.start()], found.end()
            if not due:
                continue
            names = NAME.findall(before)
            name = flat(names[-1]) if names else f"รอบที่ {len(made) + 1}"
            made.append(
                DraftRound(
                    name,
                    due[0][1].isoformat(),
                    _first(RECEIVER, plain) or _first(RECEIVER, asked),
                    _first(CHANNEL, plain) or _first(CHANNEL, asked),
                )
            )
    return made


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def policies(texts: Iterable[str]) -> tuple[DraftPolicy, ...]:
    """The sides of a policy, each with its numbered clauses; one side alone is a mere mention."""
    sides = [side for side in _sides(texts) if side.clauses]
    return tuple(sides) if len(sides) > 1 else ()


def _sides(texts: Iterable[str]) -> Iterator[DraftPolicy]:
    side: tuple[str, str] | None = None
    clauses: list[DraftClause] = []
    for text in texts:
        plain = arabic(text)
        if found := SIDE.match(plain):
            if side:
                yield DraftPolicy(*side, tuple(clauses))
            side, clauses = (found[1], text[found.start(2) :].strip()), []
        elif side and END.match(plain):
            yield DraftPolicy(*side, tuple(clauses))
            side, clauses = None, []
        elif side and not HEADING.match(plain):
            _clause(clauses, text, CLAUSE.match(plain))
    if side:
        yield DraftPolicy(*side, tuple(clauses))


def _clause(clauses: list[DraftClause], text: str, found: re.Match[str] | None) -> None:
    if found:
        clauses.append(DraftClause(found[1], text[found.start(2) :].strip()))
    elif clauses:
        clauses[-1] = DraftClause(clauses[-1].no, f"{clauses[-1].text} {text}")
    else:
        clauses.append(DraftClause("", text))
