"""Which units a cell names and how they answer; one unit spelt several ways is recognised."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from bot.tables.plan_words import bare, flat, leading, tight
from storage.drafts import DraftUnit

KINDS = (
    "กอง|สำนัก|ศูนย์|กลุ่ม|ส่วน|ฝ่าย|สถาบัน|คณะทำงาน|คณะกรรมการ|คณะอนุกรรมการ|ทุก|ผู้บริหาร|งานนิติ|งานพัสดุ|"
    "โรงเรียน|โรงพยาบาล|แขวง|หน่วย|เลขานุการกรม|สนง|ปลัด|นายก|รองอธิบดี|อธิบดี"
)
EVERYONE = re.compile(r"(?:หน่วยงาน)?ทุก(?:หน่วย|ส่วน|กอง|สำนัก|ฝ่าย|กลุ่ม|ศูนย์|งาน|คน)|บุคลากรทุก|allunits")
SHORT = r"[ก-ฮ]{1,5}\.(?:[ก-ฮ]{1,5}\.?)*"
ASIDE = re.compile(r"\([^()]*\)")
WHOLE = re.compile(  # never cut inside
    r"\([^()]*\)|ทั้ง(?:ใน)?\s*ส่วนกลาง\s*และ\s*(?:ใน)?\s*ส่วนภูมิภาค|(?<=หน่วยงาน)\s*(?:ใน)?\s*(?:ส่วนกลาง|ส่วนภูมิภาค)"
)
ASIDE_SHORT = re.compile(rf"([^\s()/,;][^()/,;\n]*?)\s*\(\s*({SHORT})\s*\)")
LISTED = re.compile(
    rf"หน่วยงานที่.*\(\s*({SHORT}(?:\s*,?\s*(?:และ)?\s*{SHORT})+)\s*\)$"
)  # "the units that … (ก., ข.)"
BREAK = re.compile(
    rf"\n|\s*[/;]\s*|\s*,\s*(?={KINDS}|{SHORT})|\s*(?:และ|กับ|พร้อม(?:ด้วย|กับ)?|ร่วมกับ)\s*(?={KINDS}|{SHORT})|"
    rf"(?<=[ก-๙A-Za-z.)\d\x02])\s*(?<=[\s\x02])(?={KINDS}|{SHORT}(?:\s|$|\x01))"
)
ROLE_WORDS = (
    ("support", r"(?:หน่วยงาน|ผู้)?สนับสนุน"),
    ("joint", r"(?:หน่วยงาน|ผู้|รับผิดชอบ)?ร่วม"),
    ("lead", r"(?:หน่วยงาน|ผู้รับผิดชอบ|รับผิดชอบ)?หลัก|เจ้าภาพ"),
)
LIKENESS = 0.88  # letters in common from which two names may be one, misread


def units(text: str, role: str = "lead", known: Iterable[str] = (), body: str = "") -> list[DraftUnit]:
    """The units a cell names. Several in a column of hosts answer jointly.

    ``known`` are names that are never cut; ``body`` is the paper's text, by which a name broken by a
    line's end (``กองการ เจ้าหน้าที่``) is closed again.
    """
    made: list[DraftUnit] = []
    now = role
    for part in _own(_listed(_parts(text, {tight(name) for name in known})), body):
        now, whole = _role(part, now)
        if name := _closed(whole, body):
            kind = "all_units" if EVERYONE.match(tight(name)) else now
            name = flat(whole) if kind == "all_units" else name
            if all(tight(name) != tight(one.name) for one in made):
                made.append(DraftUnit(name, kind))
    hosts = [one for one in made if one.role == "lead"]
    if len(hosts) > 1:
        made = [DraftUnit(one.name, "joint" if one.role == "lead" else one.role) for one in made]
    return made


def short_forms(text: str) -> list[tuple[str, str]]:
    """The names of a cell that have a short form in brackets after them."""
    return [(flat(long), short) for long, short in ASIDE_SHORT.findall(flat(text))]


def _listed(parts: list[str]) -> list[str]:
    """Units told in brackets after what they have in common, each by itself."""
    found = [(part, LISTED.match(part)) for part in parts]
    return [name for part, told in found for name in (re.findall(SHORT, told[1]) if told else [part])]


def _own(parts: list[str], body: str) -> list[str]:
    """The agency's own short name after a unit (``ผู้บริหาร สป.กข.``) says whose it is, no unit more."""
    made: list[str] = []
    for part in parts:
        short = re.fullmatch(SHORT, part)
        if made and short and len(re.findall(rf"สังกัด\s*{re.escape(part)}", body)) > 1:
            made[-1] += f" {part}"
        else:
            made.append(part)
    return made


def _parts(text: str, known: set[str]) -> list[str]:
    if tight(text) in known:
        return [text]
    asides: list[str] = []

    def hide(found: re.Match[str]) -> str:
        asides.append(found[0])
        return f"\x01{len(asides) - 1}\x02"

    hidden = WHOLE.sub(hide, text)
    lines = [leading(line.strip(" -–•●"))[1] for line in hidden.split("\n")]
    made: list[str] = []
    for line in lines:
        whole = re.sub(r"\x01(\d+)\x02", lambda found: asides[int(found[1])], line)
        parts = [line] if tight(whole) in known else BREAK.split(line)
        made += [
            re.sub(r"\x01(\d+)\x02", lambda found: asides[int(found[1])], part) for part in parts if part
        ]
    return [flat(part).strip(" ,;") for part in made if part.strip(" ,;-–")]


def _role(part: str, now: str) -> tuple[str, str]:
    """A role word before (``หน่วยงานหลัก:``) holds on, one in brackets after holds for this name."""
    for role, word in ROLE_WORDS:
        if found := re.match(rf"(?:{word})\s*[:：]\s*", part):
            return role, part[found.end() :]
        if found := re.search(rf"\(\s*(?:{word})\s*\)", part):
            return role, flat(part.replace(found[0], " "))
    return now, part


def _closed(name: str, body: str) -> str:
    """A name with the spaces of a line's end taken out, where the paper also writes it so."""
    name = flat(ASIDE.sub(" ", name)) or flat(name)
    if " " not in name or not body:
        return name
    return min(
        (name, *_joined(name)), key=lambda form: (-body.count(form) if form != name else -0.5, len(form))
    )


def _joined(name: str) -> list[str]:
    words = name.split(" ")
    forms = [
        " ".join(words[:at]) + "".join(words[at : at + 1]) + " ".join(words[at + 1 :])
        for at in range(1, len(words))
    ]
    return [*forms, "".join(words)]


def alike(names: Sequence[str], body: str = "") -> dict[str, tuple[str, bool]]:
    """Names that seem to be another one of the list: what they mean, and whether they are misread.

    A name that ends in ``ฯ`` is short for one that begins alike; one or two letters apart is a slip
    of the one that is written less often (in ``names``, then in the paper's ``body``).
    """
    counts = {name: names.count(name) for name in names}
    found: dict[str, tuple[str, bool]] = {}
    for name in counts:
        best = max(((_likeness(name, other), other) for other in counts if other != name), default=(0.0, ""))
        if best[0] and _is_the_lesser(name, best[1], counts, body):
            found[name] = (best[1], best[0] < 2 and not name.endswith("ฯ"))
    return {name: (_end(name, found), misread) for name, (_, misread) in found.items()}


def _end(name: str, found: dict[str, tuple[str, bool]]) -> str:
    seen = {name}
    while name in found and found[name][0] not in seen:
        name = found[name][0]
        seen.add(name)
    return name


def _likeness(name: str, other: str) -> float:
    """2 for a short form of the other, else the share of letters in common (0 below the threshold)."""
    one, two = bare(name), bare(other)
    if name.endswith("ฯ") and two.startswith(one) and len(two) > len(one):
        return 2.0
    if _kind(one) != _kind(two) or min(len(one), len(two)) < 6:
        return 0.0
    if any(character.isdigit() for character in one + two) or EVERYONE.match(one) or EVERYONE.match(two):
        return 0.0
    share = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return share if share >= (0.85 if name.endswith("ฯ") and other.endswith("ฯ") else LIKENESS) else 0.0


def _kind(name: str) -> str:
    found = re.match(KINDS, name)
    return found[0] if found else ""


def _is_the_lesser(name: str, other: str, counts: dict[str, int], body: str) -> bool:
    if name.endswith("ฯ") != other.endswith("ฯ"):
        return name.endswith("ฯ")
    same = next((x for x, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), 0)
    in_body = [body.count(one[: same + 3]) if same else 0 for one in (name, other)]
    return (counts[name], in_body[0], len(name), name) < (counts[other], in_body[1], len(other), other)
