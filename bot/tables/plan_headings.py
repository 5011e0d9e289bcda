"""What a table's columns are: headings by synonyms, over one or two rows, and what kind of table it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.tables import plan_columns, plan_gantt
from bot.tables.plan_words import tight
from bot.tables.shapes import Cell
from storage.digits import arabic

# the first rule that fits a heading (spaces gone) names its column; order matters
RULES: tuple[tuple[str, str], ...] = (
    ("no", r"(?:ลำดับ(?:ที่)?|ที่|ข้อ(?:ที่)?|no\.?|เลขที่|รหัส(?:มาตรการ)?|#)$"),
    ("topic", r"ตัวชี้วัด(?:การประเมิน|ita)?(?:/|และ|,)(?:ประเด็น|ข้อคำถาม)"),
    ("indicator_no", r"ตัวชี้วัดที่$"),
    ("question", r"(?:รหัส)?ข้อคำถาม(?:ที่)?$|คำถาม$|question"),
    (
        "finding",
        r"(?:ประเด็น|จุด|เรื่อง)ที่(?:ต้อง|ควร)|(?:สิ่ง|ประเด็น|เรื่อง)ที่(?:ค้น|ตรวจ)?พบ|ข้อค้นพบ|จุดอ่อน|ผลการวิเคราะห์|ข้อบกพร่อง|ปัญหาที่พบ|สาเหตุ|ข้อเสนอแนะ|finding",
    ),
    (
        "support",
        r"(?:ผู้|หน่วยงาน|ส่วน)?(?:ที่)?(?:สนับสนุน|ร่วม(?:ดำเนินการ|รับผิดชอบ)?$|ปฏิบัติ/?สนับสนุน)|หน่วยงานปฏิบัติ|support",
    ),
    (
        "lead",
        r".*(?:ผู้รับผิดชอบ|เจ้าภาพ|ที่รับผิดชอบ|รับผิดชอบหลัก|หน่วยงานหลัก|หน่วยงานรับผิดชอบ|เจ้าของ(?:เรื่อง|งาน|โครงการ))|ผู้ดำเนินการ|ผู้ปฏิบัติ|หน่วย(?:งาน)?(?:ที่)?(?:ดำเนินการ|ปฏิบัติ)|มอบหมาย|(?:หน่วยงาน|ส่วนราชการ|กอง/ฝ่าย|กอง)$|responsible|owner|unit$",
    ),
    (
        "period",
        r"(?:กรอบ)?(?:ระยะ)?เวลา|กรอบระยะ|ช่วงเวลา|ห้วงระยะ|ปฏิทิน|วันที่ดำเนิน|แล้วเสร็จ|เริ่ม-สิ้นสุด|กำหนด(?:เวลา|แล้วเสร็จ|ส่ง|การ?เสร็จ)|ห้วงเวลา|ไตรมาส|วันครบกำหนด|แผนเวลา|period|schedule|timeline|when",
    ),
    ("progress", r"ความก้าวหน้า|ผลการดำเนิน|ผลการปฏิบัติ|ผลลัพธ์|progress|result"),
    ("status", r"สถานะ|status"),
    ("constraints", r"ข้อจำกัด|ปัญหา|อุปสรรค|constraint"),
    ("o_items", r"o$|oit|ข้อo|o-?item"),
    ("aim", r"วัตถุประสงค์|จุดมุ่งหมาย|เป้าประสงค์|aim$|objective"),
    ("kpi", r"ตัวชี้วัด(?!ที่)|ค่าเป้าหมาย|เป้าหมาย|ผลผลิต|kpi"),
    ("measure", r"มาตรการ|แนวทาง|measure"),
    ("method", r"วิธีการนำ|วิธีการ$|วิธีดำเนิน|วิธี(?:การ)?ปฏิบัติ|แนวปฏิบัติ|method"),
    (
        "steps",
        r".*ขั้นตอน|สิ่งที่(?:ต้อง|จะ)(?:ทำ|ดำเนิน)|(?:แผนการดำเนินงาน/?)?กิจกรรม|แผนการดำเนิน|โครงการ|การดำเนินการ|step",
    ),
    ("topic", r"ประเด็น|นโยบาย|ด้าน$|หัวข้อ|เรื่อง$|topic"),
    ("score", r"(?:ผล|ค่า)?คะแนน|ผล(?:ที่ได้)?$|ร้อยละ|ผลการประเมิน|score"),
    ("name", r"รายละเอียด|รายการ|ชื่อ|(?:เครื่องมือ|แบบวัด|แบบสำรวจ)(?:ที่ใช้)?(?:การ)?(?:ประเมิน)?$|name|tools?$"),
    ("note", r"หมายเหตุ|งบประมาณ|หลักฐาน|note|budget"),
)
COMPILED = tuple((role, re.compile(rule)) for role, rule in RULES)
LONGEST = 70  # letters of a heading, brackets left out
DEEPEST = 3  # rows of headings
# a weak point or measure under its number is no heading
NUMBERED = re.compile(r"\s*\d{1,2}\.\d{1,2}[.)]?\s+\S{12,}")
ASIDE = re.compile(r"\([^)]*\)?")
PLAN, ANALYSIS, SCORES = "plan", "analysis", "scores"


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column holds (empty where unknown) and the kind of table that makes."""

    roles: tuple[str, ...]
    labels: tuple[str, ...] = ()  # what the columns of months are called, with their year
    guessed: tuple[tuple[str, str], ...] = ()  # headings not known, and what their columns seem to hold
    heads: tuple[str, ...] = ()  # the first row of the headings, white space gone

    @property
    def kind(self) -> str:
        """``plan``, ``analysis`` (weak points), ``scores``, or empty."""
        have = set(self.roles)
        drawn = any(one.startswith(plan_gantt.COLUMN) for one in have)
        if have & {"measure", "steps"} and (drawn or have & {"period", "lead", "joint", "support"}):
            return PLAN
        if "score" in have and have & {"indicator_no", "kpi", "name", "question", "no", "topic"}:
            return SCORES
        return ANALYSIS if "finding" in have and have & {"topic", "question", "no", "kpi"} else ""


def role(text: str) -> str:
    """What a column with this heading holds; empty when it is no heading we know."""
    whole = tight(text)
    short = ASIDE.sub("", whole) or whole
    if not short or len(short) > LONGEST:
        return ""
    if drawn := plan_gantt.role(text):
        return drawn
    return next((name for name, rule in COMPILED if rule.match(short)), "")


def is_heading(row: tuple[Cell, ...], least: int = 2) -> bool:
    """Whether most of a row's filled cells are headings."""
    filled = {tight(cell.text): cell for cell in row if cell}
    if any(NUMBERED.match(arabic(cell.text)) for cell in filled.values()):
        return False
    known = [cell for cell in filled.values() if role(cell.text)]
    return len(known) >= min(least, len(filled)) >= 1 and len(known) * 2 >= len(filled) and len(filled) >= 1


def layout(rows: tuple[tuple[Cell, ...], ...], at: int) -> tuple[Layout, int] | None:
    """The headings that begin in this row, and how many rows they take (one to three)."""
    if not is_heading(rows[at]) or sum(map(bool, rows[at])) < 2:
        return None
    depth = 1
    while depth < DEEPEST and at + depth < len(rows) and _is_second(rows[at + depth - 1], rows[at + depth]):
        depth += 1
    columns = list(zip(*rows[at : at + depth], strict=True))
    roles = [next((one for cell in reversed(column) if (one := role(cell.text))), "") for column in columns]
    labels = [plan_gantt.label(_lowest(column), [cell.text for cell in column]) for column in columns]
    return _completed(roles, labels, rows[at : at + depth], rows[at + depth :]), depth


def _completed(
    roles: list[str],
    labels: list[str],
    heads: Sequence[tuple[Cell, ...]],
    below: Sequence[tuple[Cell, ...]],
) -> Layout:
    """The layout, columns without a known heading read by what they hold."""
    data = [row for row in below if not is_heading(row)]
    guessed = plan_columns.completed(roles, data) if "" in roles else {}
    made = plan_columns.coded([guessed.get(x, one) for x, one in enumerate(roles)], data)
    if Layout(tuple(roles)).kind in (SCORES, ANALYSIS) and "measure" in guessed.values():
        return Layout(_once(tuple(roles)), tuple(labels), heads=headed(heads[0]))
    names = {x: " ".join(dict.fromkeys(row[x].flat for row in heads if row[x])) for x in guessed}
    told = tuple((names[x], guessed[x]) for x in guessed)
    return Layout(_once(tuple(made)), tuple(labels), told, headed(heads[0]))


def unheaded(rows: tuple[tuple[Cell, ...], ...]) -> Layout | None:
    """The layout of a table hardly any of whose headings is known, by what its columns hold."""
    roles = [role(cell.text) for cell in rows[0]]
    found = plan_columns.unheaded(roles, rows)
    made = Layout(
        _once(tuple(found.get(x, one) for x, one in enumerate(roles))),
        guessed=tuple((rows[0][x].flat, one) for x, one in found.items()),
        heads=headed(rows[0]),
    )
    return made if found and made.kind == PLAN and {"measure", "steps"} & set(made.roles) else None


def headed(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """A row of headings as it stands, to know it again on the next page."""
    return tuple(tight(cell.text) for cell in row)


def _lowest(column: tuple[Cell, ...]) -> str:
    return next((cell.text for cell in reversed(column) if plan_gantt.role(cell.text)), "")


def _is_second(upper: tuple[Cell, ...], lower: tuple[Cell, ...]) -> bool:
    """A further row of headings: every filled cell is one, and it names what the row above left open."""
    filled = [low for up, low in zip(upper, lower, strict=True) if low and low.text != up.text]
    return bool(filled) and all(role(low.text) or plan_gantt.is_year(low.text) for low in filled)


def _once(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Method and steps, topic and finding, aim and measure are told apart by what else there is."""
    made = list(roles)
    if "measure" not in made and made.count("steps") + made.count("method") > 1:
        made[min(x for x, one in enumerate(made) if one in ("steps", "method"))] = "measure"
    if made.count("measure") > 1:
        for x in [x for x, one in enumerate(made) if one == "measure"][1:]:
            made[x] = "method"
    if "steps" not in made and "method" in made:
        made[made.index("method")] = "steps"
    return tuple(made)
