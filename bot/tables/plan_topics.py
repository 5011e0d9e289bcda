"""Topics and what was found weak in them, as section rows and first columns tell."""

import re
from dataclasses import replace

from bot.tables import plan_findings, plan_scores
from bot.tables.plan_found import Gathered, Row
from bot.tables.plan_words import flat, leading, tight
from bot.tables.shapes import Cell
from storage.digits import arabic
from storage.drafts import DraftTopic

TOOL = re.compile(r"\((?:IIT|EIT|OIT)\)|^แบบวัด")


def section(made: Gathered, row: Row) -> None:
    text = row.raw[0].flat
    made.placed.append(text)
    scores = list(plan_scores.in_text(text))
    made.scores += [one for one in scores if one.level == "indicator"]
    if TOOL.search(text) and not leading(text)[0]:
        made.tool = text
        return
    open_topic(made, text, row.where)


def open_topic(made: Gathered, text: str, where: str) -> None:
    """Open a topic, or come back to it: by its number, else by its words."""
    no, title = _named(text)
    title = (
        re.sub(r"\s*\((?:คะแนน|ร้อยละ)?[^()]*[\d๐-๙][^()]*\)$", "", title)
        if plan_scores.INDICATOR_ROW.match(arabic(flat(text)))
        else title
    )
    made.numbered = bool(no)
    for known in made.topics:
        if (no and known.no == no) or tight(known.title) == tight(title):
            made.topic = known.no
            if tight(known.title) != tight(title):
                made.doubt(where, title, known.title, "topic-renamed")
            return
    no = no or str(max((int(one.no) for one in made.topics if one.no.isdigit()), default=0) + 1)
    made.topics.append(DraftTopic(no, title))
    made.topic = no


def _named(text: str) -> tuple[str, str]:
    """The number and the title a topic's line tells."""
    no, title = leading(flat(text))
    if not no and (found := re.match(r"(?:ตัวชี้วัด|ประเด็น|ด้าน|นโยบาย)(?:ที่)?\s*(\d{1,2})\s*(.*)", arabic(title))):
        return found[1], title[found.start(2) :]
    return no, title


def _unnumbered(label: str) -> str:
    return re.sub(r"^[\d๐-๙]{1,2}\s+", "", _named(label)[1])


def join(made: Gathered) -> None:
    """What was found weak by indicator goes to the topic of the plan that has the indicator's name."""
    known = {tight(one.title): one.no for one in made.topics}
    for at, label in made.labelled:
        made.findings[at] = replace(made.findings[at], topic=known.get(tight(_unnumbered(label)), ""))


def topic_or_finding(made: Gathered, row: Row) -> None:
    """The first columns: a topic's name, or what was found weak (below a section row)."""
    topic, finding = row.cells.get("topic"), row.cells.get("finding")
    if topic and row.own("topic"):
        no, _ = leading(topic.flat)
        if made.sections or "." in no:
            _finding(made, topic, row)
        elif row.after_heading and not no and made.topic and made.numbered:
            _longer_topic(made, topic.flat, row.where)
        else:
            open_topic(made, topic.flat, row.where)
    elif topic:
        open_topic(made, topic.flat, row.where)
    if finding and row.own("finding"):
        _finding(made, finding, row)


def _longer_topic(made: Gathered, text: str, where: str) -> None:
    """The end of a topic's name on the next page."""
    at = next(x for x, one in enumerate(made.topics) if one.no == made.topic)
    made.topics[at] = DraftTopic(made.topic, f"{made.topics[at].title} {text}")
    made.doubt(where, text, made.topics[at].title, "joined")


def _finding(made: Gathered, cell: Cell, row: Row) -> None:
    """A cell of what was found weak: an aim, points, or the rest of the point on the page before."""
    aim, label, points = plan_findings.split(cell.text)
    made.placed += [label, *([cell.text] if aim or label else [])]
    if plan_findings.is_code(row.text("question")):
        made.placed.append(row.text("question"))
    if plan_scores.number(row.text("score")):
        made.placed.append(row.text("score"))
    if aim:
        made.aim(aim)
    lines = [line for line in cell.text.split("\n") if line.strip()]
    if made.listed and not label and row.after_heading and made.findings and plan_findings.goes_on(lines[0]):
        made.findings[-1] = plan_findings.longer(made.findings[-1], lines[0])
        made.doubt(row.where, lines[0], made.findings[-1].text, "joined")
        points = lines[1:]
    made.findings += [
        plan_findings.point(point, made.topic, row.text("question"), row.text("score")) for point in points
    ]
    made.listed = bool(label) or (made.listed and row.after_heading)
