"""One unit under several names in a paper: misread, shortened, by its initials, in brackets."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.tables.plan_units import SHORT, alike, short_forms
from bot.tables.plan_words import flat, tight
from storage.drafts import DraftDoubt, DraftMeasure, DraftUnit

LOOKS = ("ผพฟฝ", "ปบษ", "ขชซ", "คตดศ", "ถภก", "ทห", "นม", "ฎฏ", "ลส", "จฉ", "ยผ")  # letters that print alike
WORDS = re.compile(  # words that names of units are made of, each with its initial in a short form
    "เทคโนโลยี|สารสนเทศ|การสื่อสาร|สื่อสาร|เจ้าหน้าที่|บริหาร|ทรัพยากร|บุคคล|พัฒนา|ระบบ|ราชการ|ตรวจสอบ|ภายใน|แผนงาน|"
    "ยุทธศาสตร์|นโยบาย|แผน|คลัง|ช่าง|การศึกษา|ศึกษา|สาธารณสุข|สิ่งแวดล้อม|สวัสดิการ|สังคม|กฎหมาย|นิติการ|นิติ|วิชาการ|ประปา|"
    "พัสดุ|การเงิน|บัญชี|งบประมาณ|เลขานุการ|กลาง|ปลัด|อำนวยการ|ประชาสัมพันธ์|คุณธรรม|จริยธรรม|ป้องกัน|ปราบปราม|ทุจริต|"
    "ต่อต้าน|ปฏิบัติ|คุ้มครอง|ส่งเสริม|สนับสนุน|สหกรณ์|ตรวจ|กอง|กลุ่ม|สำนักงาน|สำนัก|ศูนย์|ฝ่าย|ส่วน|สถาบัน|งาน|กรม|การ|และ"
)
SPELT = re.compile(  # a short form and what it stands for, up to the next one
    rf"(?<![ก-๙])({SHORT})[ \t]*(?:=|หมายถึง|คือ)[ \t]*([ก-๙][ก-๙ ]{{3,60}}?)"
    rf"(?=[ \t]+{SHORT}[ \t]*(?:=|หมายถึง|คือ)|[ \t]*[,;\n(]|[ \t]*$)",
    re.MULTILINE,
)
SILENT = ("และ",)
Means = dict[str, tuple[str, str]]  # what a name means, and why (see plans-why-…)


def aliased(
    measures: list[DraftMeasure], names: Sequence[str], body: str, doubts: list[DraftDoubt]
) -> list[DraftMeasure]:
    """Units that seem to be another one, misread or shortened, point to it; a doubt says so.

    ``names`` are those the agency knows already: they are right, and never point to another.
    """
    lists = [[unit.name for unit in one.responsible if unit.role in ("lead", "joint")] for one in measures]
    written = [unit.name for one in measures for unit in one.responsible if unit.role != "all_units"]
    there = {tight(name) for name in names}
    weighed = [*written, *(name for name in names for _ in range(len(written) + 1))]
    near = {
        name: (other, "unit-misread" if misread else "unit-alias")
        for name, (other, misread) in alike(weighed, body).items()
    }
    means = near | _shorts(dict.fromkeys(weighed), lists, body)
    means = {name: found for name, found in means.items() if name in written and tight(name) not in there}
    for name, (other, why) in means.items():
        where = next(one.code for one in measures if name in [unit.name for unit in one.responsible])
        doubts.append(DraftDoubt(where, name, other, why, f"unit:{name}"))
    _in_brackets(measures, there | {tight(name) for name in means}, doubts)
    _spelt_out(measures, there | {tight(name) for name in written}, body, doubts)
    return [
        replace(one, responsible=tuple(_pointed(unit, means) for unit in one.responsible)) for one in measures
    ]


def _pointed(unit: DraftUnit, means: Means) -> DraftUnit:
    other, why = means.get(unit.name, ("", ""))
    return DraftUnit(unit.name, unit.role, other, why == "unit-misread") if other else unit


def _in_brackets(measures: list[DraftMeasure], there: set[str], doubts: list[DraftDoubt]) -> None:
    """A short form in brackets after a name is that unit's short form."""
    for one in measures:
        whole = {tight(unit.name): unit.name for unit in one.responsible}
        for long, short in short_forms(one.responsible_text):
            name = next((name for key, name in whole.items() if tight(long).endswith(key)), "")
            if name and tight(short) not in there:
                there.add(tight(short))
                doubts.append(DraftDoubt(one.code, short, name, "unit-alias", f"unit:{short}"))


def _spelt_out(measures: list[DraftMeasure], there: set[str], body: str, doubts: list[DraftDoubt]) -> None:
    """What a paper's list of short forms (``กช. = กองช่าง``) spells out is that unit's other name."""
    first: dict[str, str] = {}
    for one in measures:
        for unit in one.responsible:
            first.setdefault(tight(unit.name), one.code)
    for short, long in SPELT.findall(body):
        name = flat(long)
        if tight(short) in first and tight(name) not in there:
            there.add(tight(name))
            doubts.append(DraftDoubt(first[tight(short)], name, short, "unit-alias", f"unit:{name}"))


def _shorts(names: Iterable[str], lists: list[list[str]], body: str) -> Means:
    """Short forms that stand for a long name, or look like another short form."""
    shorts = [name for name in names if re.fullmatch(SHORT, name)]
    longs = [name for name in names if not re.fullmatch(SHORT, name)]
    found: Means = {}
    for short in shorts:
        meant = [long for long in longs if stands_for(short, long)]
        if len(meant) == 1:
            found[short] = (meant[0], "unit-alias")
    for short in shorts:
        near = [one for one in shorts if short not in found and _looks_like(short, one, lists)]
        best = max(near, key=lambda one: (one in found, body.count(one)), default="")
        if best and (best in found or _weight(best, lists, body) > _weight(short, lists, body)):
            found[short] = (found[best][0] if best in found else best, "unit-lookalike")
    return found


def _weight(name: str, lists: list[list[str]], body: str) -> tuple[int, int, str]:
    return sum(name in one for one in lists), body.count(name), name


def stands_for(short: str, long: str) -> bool:
    """Whether a short form (``กกจ.``) is made of the initials of a long name's words."""
    letters = short.replace(".", "")
    at, initials = 0, ""
    plain = tight(long).removesuffix("ฯ")
    while at < len(plain):
        word = WORDS.match(plain, at)
        if not word:
            return False
        initials += "" if word[0] in SILENT else re.sub("[เแโใไ]", "", word[0])[:1]
        at = word.end()
    rest = iter(initials)
    return (
        2 <= len(letters) <= len(initials)
        and letters[0] == initials[0]
        and all(one in rest for one in letters)
    )


def _looks_like(one: str, other: str, lists: list[list[str]]) -> bool:
    """One letter that prints alike, two letters changed about, or one letter in the same company."""
    a, b = one.replace(".", ""), other.replace(".", "")
    if a == b or len(a) != len(b) or len(a) < 2:
        return False
    apart = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return (a[apart[0]], a[apart[1]]) == (b[apart[1]], b[apart[0]])
    if len(apart) != 1 or (at := apart[0]) == 0:
        return False
    return any(a[at] in same and b[at] in same for same in LOOKS) or _same_company(one, other, lists)


def _same_company(one: str, other: str, lists: list[list[str]]) -> bool:
    """Whether both stand at the same place among the same other units (at least two)."""
    around = {
        tuple(x if x != one else "" for x in names) for names in lists if one in names and len(names) > 2
    }
    return any(tuple(x if x != other else "" for x in names) in around for names in lists if other in names)
