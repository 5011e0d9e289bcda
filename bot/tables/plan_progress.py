"""What a progress cell tells: tick boxes, the status its words mean, the story beside them."""

import re
from dataclasses import dataclass

from bot.tables.plan_words import flat

BEGUN = "ดำเนินการ"
LABELS = (
    "ยังไม่ได้ดำเนินการ|ยังไม่ดำเนินการ|ยังไม่ได้เริ่ม|อยู่ระหว่างดำเนินการ|อยู่ระหว่าง|กำลังดำเนินการ|"
    "ดำเนินการแล้วเสร็จ|ดำเนินการเสร็จ(?:สิ้น|แล้ว)|แล้วเสร็จ|ดำเนินการแล้ว|ดำเนินการต่อเนื่อง|ต่อเนื่อง|ล่าช้า|ยกเลิก|"
    f"{BEGUN}"
)
TICKS = re.compile(rf"([☐☑☒])\s*({LABELS})")
PAIR = re.compile(r"(?=☐[^☐☑☒]{0,30}[☑☒]|[☑☒][^☐☑☒]{0,30}☐)")
STATUSES = (
    ("not_started", r"ยังไม่(?:ได้)?(?:ดำเนินการ|เริ่ม)|not.?started"),
    ("cancelled", r"ยกเลิก(?:มาตรการ|การดำเนิน|โครงการ|แล้ว|$)|^ยกเลิก|cancelled"),
    ("delayed", r"ล่าช้า|ขอเลื่อน|เลื่อน(?:ไป|ออก|กำหนด)|delayed"),
    ("in_progress", r"อยู่(?:ใน)?ระหว่าง|กำลัง(?:ดำเนิน|จัดทำ|รวบรวม)|ขอความร่วมมือส่ง|in.?progress"),
    ("done", r"แล้วเสร็จ|เสร็จสิ้น|เสร็จแล้ว|เรียบร้อย(?:แล้ว)?|ครบถ้วน(?:แล้ว|ทั้ง|ทุก|เรียบร้อย)|done"),
    ("continuous", r"ต่อเนื่อง|continuous"),
    ("in_progress", r"ดำเนินการ|บางส่วน"),
)
COMPILED = tuple((status, re.compile(rule)) for status, rule in STATUSES)


@dataclass(frozen=True, slots=True)
class Progress:
    """A status (empty where none is told), the story, what was ticked, and whether words and tick agree."""

    status: str = ""
    story: str = ""
    ticked: str = ""
    is_clear: bool = True


def status_of(text: str) -> str:
    """The status some words tell, empty when none."""
    return next((status for status, rule in COMPILED if rule.search(text)), "") if text else ""


def read(text: str) -> Progress:
    """A progress cell; without tick boxes it has no status of its own."""
    ticked = list(dict.fromkeys(label for box, label in TICKS.findall(text) if box != "☐"))
    if not TICKS.search(text):
        return Progress(story=flat(text))
    story = flat(TICKS.sub(" ", text))
    if len(ticked) != 1:
        return Progress(status_of(story), story, " + ".join(ticked), is_clear=False)
    told = _told(story)
    if ticked[0] == BEGUN:
        return Progress(status_of(story) or "in_progress", story, BEGUN, is_clear=_agree(told))
    status = status_of(ticked[0])
    return Progress(status, story, ticked[0], is_clear=told <= {status, "continuous"})


def _told(story: str) -> set[str]:
    return {status for status, rule in COMPILED[:-1] if rule.search(story)}


def _agree(told: set[str]) -> bool:
    return len(told) < 2 and not told & {"not_started", "cancelled", "delayed", "in_progress"}


def groups(text: str) -> list[str]:
    """A cell's pairs of tick boxes, each with its story: one a measure."""
    return [part for part in PAIR.split(text) if part.strip()] if TICKS.search(text) else []


def spilled(text: str) -> tuple[str, str]:
    """What stands before the first tick box (the end of the story of the row above), and the rest."""
    found = TICKS.search(text)
    return (text[: found.start()].strip(), text[found.start() :]) if found else ("", text)
