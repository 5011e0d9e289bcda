"""What stands between the tables: titles, years, the agency, weak points, limits."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.tables import plan_scores
from bot.tables.plan_findings import unmarked
from bot.tables.plan_headings import PLAN as PLANS
from bot.tables.plan_headings import layout
from bot.tables.plan_words import bare, leading, questions
from bot.tables.shapes import Document, Paragraph, Table
from storage.digits import arabic
from storage.drafts import DraftFinding, DraftScore

YEAR = re.compile(r"(?:ปีงบประมาณ|ประจำปี|ปี|ระยะ)\s*(?:พ\.?\s?ศ\.?)?\s*(25\d\d)(?!\s*(?:-|–|ถึง)\s*25)")
YEARS = re.compile(r"ปี\s*(?:งบประมาณ\s*)?(?:พ\.?\s?ศ\.?)?\s*(25\d\d)\s*(?:-|–|ถึง)\s*25\d\d")
RESULT = re.compile(r"ผลการประเมิน|ผลคะแนน|การประเมินคุณธรรม|ประเมิน ITA|คะแนนในภาพรวม|การประเมินฯ")
PLAN = re.compile(r"มาตรการ|แผน|แนวทาง|รายงานความก้าวหน้า|การขับเคลื่อน")
PART = re.compile(
    r"^(?:ส่วนที่|ตอนที่|หมวดที่|บทที่)\s*\d|^แบบวัด|^ตารางแนบ|^ภาคผนวก"
    r"|^(?:\d+[.)]\s*)?(?:การ|แบบ|วิธี|กำหนด)?(?:การ)?(?:รายงานผล|รายงานความก้าวหน้า|ติดตามผล)\S{0,24}$"
)
LIMITS = re.compile(r"^(?:ส่วนที่\s*\d+\s*|\d+[.)]\s*)?(?:ข้อจำกัด|ปัญหา(?:และ)?\s*อุปสรรค|ปัญหา/อุปสรรค)")
WEAK = re.compile(r"จุดอ่อน|ข้อบกพร่อง|ข้อค้นพบ|ประเด็นที่(?:จะ)?ต้อง(?:พัฒนา|ปรับปรุง)")
ASKED = re.compile(
    r"^(?:[-–•●▪*]\s*)?(?:ข้อ(?:คำถาม)?\s*)?(?:[IiEe]\s?\d{1,2}\s*(?:และ|,|/|กับ)?\s*)+(?:ประเด็น\s*)?[:：]?\s*"
)
POINT = re.compile(r"^ประเด็น\s*(?!ที่)")
NAMES = re.compile(
    r"((?:กรม|สำนักงาน|เทศบาล|องค์การบริหารส่วน|องค์การ|มหาวิทยาลัย|โรงพยาบาล|จังหวัด|สถาบัน)[ก-๙]{3,60})"
)
ASSESSED = re.compile(
    r"(?:การประเมิน|ผลการประเมิน|ประเมิน)\s*ITA\s*(?:ประจำ)?ปี(?:งบประมาณ)?\s*(?:พ\.?\s?ศ\.?)?\s*(25\d\d)"
)
TITLE = re.compile(r"^(?:#+\s*)?(?:(?:ร่าง)?แผน|มาตรการ|รายงานความก้าวหน้า|รายงานผล|การขับเคลื่อน|แนวทาง|ตาราง)")
GOES_ON = re.compile(r"^(?:ใน|ของ|ประจำ|ปี|ภายใต้|ตาม|เพื่อ|และ|พ\.ศ\.|กรม|สำนักงาน|เทศบาล|องค์การ)")
SHORT = 220  # letters of a line that may be a title


@dataclass(slots=True)
class Prose:
    """What the running text told; ``placed`` are the texts that found a home."""

    title: str = ""
    agency: str = ""
    other_agencies: list[str] = field(default_factory=list)
    printed_year: int | None = None
    spans_years: bool = False
    assessed_year: int | None = None
    scores: list[DraftScore] = field(default_factory=list)
    grade: str = ""
    rank: tuple[int, str] | None = None
    findings: list[DraftFinding] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)


def texts(document: Document) -> list[str]:
    """Every text of a document, cells and running text, in its order."""
    return [
        text
        for block in document.blocks
        for text in (
            [cell.text for row in block.rows for cell in row if not cell.inherited]
            if isinstance(block, Table)
            else [block.text]
        )
    ]


def read(document: Document) -> Prose:
    """Read every paragraph once."""
    made = Prose()
    said = [paragraph.text for paragraph in document.paragraphs]
    _titles(made, said)
    _title(made, document.blocks)
    if made.assessed_year is None:
        made.assessed_year = _common(
            [int(year) for text in texts(document) for year in ASSESSED.findall(arabic(text))]
        )
    weak = limits = False
    for text in said:
        plain = arabic(text)
        if LIMITS.match(plain) and len(plain) < SHORT:
            weak, limits = False, True
            made.placed.append(text)
        elif _is_part(text) and limits:
            limits = False
        elif limits:
            made.limits.append(leading(text)[1])
            made.placed.append(text)
            continue
        elif WEAK.search(plain) and len(plain) < SHORT and not ASKED.match(plain):
            weak = True
        elif found := list(_findings(text, weak)):
            made.findings += found
            made.placed.append(text)
        _scores(made, text)
    return made


def _is_part(text: str) -> bool:
    return bool(PART.match(arabic(text)))


def _titles(made: Prose, texts: list[str]) -> None:
    short = [arabic(text) for text in texts if len(text) < SHORT]
    about_plan = [text for text in short if PLAN.search(text) and not RESULT.search(text)]
    lone = [text for text in short if YEAR.search(text) and not RESULT.search(text)]
    several = [int(found[1]) for text in short if (found := YEARS.search(text))]
    made.printed_year = _common([*_years(about_plan), *_years(lone)]) or _common(several)
    made.spans_years = bool(several) and made.printed_year == _common(several)
    made.assessed_year = _common(_years([arabic(text) for text in texts if RESULT.search(text)]))
    names = Counter(name for text in short for name in _agencies(text))
    body = "".join(texts)
    ranked = sorted(names, key=lambda name: (-body.count(name), len(name)))
    if ranked:
        made.agency = ranked[0]
        made.other_agencies = [one for one in ranked[1:] if not _same_agency(one, ranked[0])]


def _title(made: Prose, blocks: Sequence[Paragraph | Table]) -> None:
    """The plan's name: the nearest line above its table that says so, and the lines that go on with it."""
    first = next(
        (at for at, one in enumerate(blocks) if isinstance(one, Table) and _is_plan(one)), len(blocks)
    )
    before = [one for one in blocks[:first] if isinstance(one, Paragraph)]
    near = [at for at, one in enumerate(before) if PLAN.search(one.text) and len(one.text) < SHORT]
    named = [at for at in near if TITLE.match(before[at].text)] or near
    if not named:
        return
    at = named[-1] if TITLE.match(before[named[-1]].text) else named[0]
    title = [before[at].text]
    for one, other in pairwise(before[at:]):
        if other.no > one.no + 2 or len(other.text) > SHORT or not GOES_ON.match(arabic(other.text)):
            break
        title.append(other.text)
    made.title = " ".join(title)
    made.placed += title[1:]


def _is_plan(table: Table) -> bool:
    return any(
        (found := layout(table.rows, at)) and found[0].kind == PLANS for at in range(min(3, len(table.rows)))
    )


def _same_agency(one: str, other: str) -> bool:
    return bare(one) in bare(other) or bare(other) in bare(one)


def _years(texts: list[str]) -> list[int]:
    return [int(year) for text in texts for year in YEAR.findall(text)]


def _common(years: list[int]) -> int | None:
    return Counter(years).most_common(1)[0][0] if years else None


def _agencies(text: str) -> Iterator[str]:
    """Names after "of the …", and lines that are a name alone."""
    for part in re.split(r"(?<![ก-๙])ของ|(?<=ภายในหน่วยงาน)ของ|\s", text):
        found = NAMES.fullmatch(part.removeprefix("ของ"))
        if found and "หรือ" not in found[1]:
            yield found[1]


def _findings(text: str, weak: bool) -> Iterator[DraftFinding]:
    plain = arabic(text)
    if asked := ASKED.match(plain):
        body = text[asked.end() :].strip()
        if body and not list(plan_scores.of_questions(plain)):
            for code in questions(asked[0]):
                yield DraftFinding(body, question=code)
        elif body and (found := next(plan_scores.of_questions(plain), None)):
            yield DraftFinding(unmarked(text), question=questions(asked[0])[0], score=found.score)
        return
    rest = leading(text)[1]
    if weak and (point := POINT.match(rest)):
        yield DraftFinding(rest[point.end() :].strip() or rest)


def _scores(made: Prose, text: str) -> None:
    for score in plan_scores.in_text(text):
        if all((score.level, score.code) != (one.level, one.code) for one in made.scores):
            made.scores.append(score)
        if score.level in ("indicator", "tool") and len(text) < SHORT:
            made.placed.append(text)
    made.grade = made.grade or plan_scores.grade(text)
    made.rank = made.rank or plan_scores.rank(text)
