"""One gathered measure as a draft: title and aim, steps, period, units, indicators, progress."""

import re
from dataclasses import dataclass

from bot.tables import plan_dates, plan_progress, plan_words
from bot.tables.places import of, place
from bot.tables.plan_found import Found
from bot.tables.plan_kpis import kpis
from bot.tables.plan_units import units
from bot.tables.plan_words import bare, flat, leading, markers, numbers, o_items, questions, tight
from storage.calendar import fiscal_year_of, read_schedule
from storage.digits import arabic
from storage.drafts import DraftDoubt, DraftMeasure, DraftSchedule, DraftUnit

ALL_UNITS = re.compile(
    r"(?:มอบหมาย|ให้|กำหนดให้|แจ้ง)\s*ทุก\s*(?:หน่วยงาน|ส่วนงาน|ส่วนราชการ|กอง|สำนัก|ฝ่าย)|^\s*ทุก(?:หน่วยงาน|ส่วนงาน)"
)
STORY = 120  # letters of a progress text shown in a doubt
HAS_YEAR = re.compile(r"(?<!\d)(?:25)?[5-9]\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Names:
    """What reading one measure needs to know of the whole paper."""

    fiscal_year: int
    units: tuple[str, ...]
    body: str
    have_hosts: bool = True  # some measure names who leads it


def years(period: str) -> list[int]:
    """The fiscal years (Buddhist era) a period names by its own years."""
    if not HAS_YEAR.search(arabic(period)):
        return []
    return [fiscal_year_of(start) for start, _ in read_schedule(period, 2500).ranges]


def measure(found: Found, code: str, names: Names) -> tuple[DraftMeasure, list[DraftDoubt]]:
    """The draft of a measure under its code, and what was unsure in it."""
    doubts: list[DraftDoubt] = []
    no, title, aim = _title(found)
    steps = tuple(plan_words.steps(found.text("steps")))
    of_all = tuple(at for at, step in enumerate(steps, 1) if ALL_UNITS.search(flat(step)))
    responsible = _responsible(found, code, names, doubts)
    if all(one.role != "all_units" for one in responsible):
        doubts += [
            DraftDoubt(code, steps[at - 1], place("everyone"), "duty-in-step", _about(code)) for at in of_all
        ]
    status, progress = _progress(found, code, doubts)
    if bare(found.text("note")):
        doubts.append(DraftDoubt(code, flat(found.text("note")), "", "note-column", _about(code)))
    return (
        DraftMeasure(
            code=code,
            document_no=found.no or no,
            title=title,
            topic=found.topic,
            aim=flat(f"{aim} {found.text('aim')}"),
            method=found.text("method"),
            constraints=flat(found.text("constraints")),
            steps=steps,
            steps_of_all=of_all,
            kpis=kpis(found.text("kpi")),
            schedule=_schedule(found, code, names, doubts),
            responsible_text=flat(f"{found.text('lead')} {found.text('joint')} {found.text('support')}"),
            responsible=responsible,
            status=status,
            progress=progress,
            o_items=tuple(
                dict.fromkeys(
                    (*o_items(f"{found.text('o_items')} {found.text('question')} {title}"), *found.o_items)
                )
            ),
            questions=tuple(questions(found.text("question"))),
        ),
        doubts,
    )


def _about(code: str) -> str:
    return f"measure:{code}"


def _title(found: Found) -> tuple[str, str, str]:
    """The measure's number, its title and its aim: the aim is what follows an underlined beginning."""
    text = found.text("measure")
    strong = found.strong
    if strong and flat(text) != strong and tight(text).startswith(tight(strong)):
        no, title = leading(strong)
        return no, title, _after(text, strong)
    first, _, rest = text.partition("\n")
    if rest and re.match(r"\s*(?:เพื่อ|วัตถุประสงค์)", rest) and not list(markers(rest)):
        no, title = leading(first)
        return no, flat(title), flat(rest)
    if len(numbers(text)) > 1:
        return "", flat(text), ""
    no, title = leading(text)
    return no, flat(title) or flat(text), ""


def _after(text: str, strong: str) -> str:
    """What follows as many letters as ``strong`` has."""
    left = len(tight(strong))
    for at, character in enumerate(text):
        if not left:
            return flat(text[at:])
        left -= not character.isspace()
    return ""


def _schedule(found: Found, code: str, names: Names, doubts: list[DraftDoubt]) -> DraftSchedule:
    text = flat(found.text("period"))
    where = of(code, "period")
    if not text:
        doubts.append(DraftDoubt(where, "", "", "schedule-missing", _about(code)))
        return DraftSchedule()
    likely = plan_dates.mended(text, names.fiscal_year)
    read = read_schedule(likely or text, names.fiscal_year)
    ranges = tuple((start.isoformat(), end.isoformat()) for start, end in read.ranges)
    made = DraftSchedule(text, read.kind, read.every, ranges)
    guess = ", ".join(f"{start} - {end}" for start, end in ranges)
    whys = [f"schedule-{note}" for note in read.notes] + (["schedule-remark"] if read.remark else [])
    whys += ["schedule-misread-year"] if likely else []
    doubts += [DraftDoubt(where, text, guess, why, _about(code)) for why in whys]
    return made


def _responsible(found: Found, code: str, names: Names, doubts: list[DraftDoubt]) -> tuple[DraftUnit, ...]:
    lead = units(found.text("lead"), "lead", names.units, names.body)
    made = list(lead)
    for role in ("joint", "support"):
        there = {one.name for one in made}
        beside = units(found.text(role), role, names.units, names.body)
        made += [one for one in beside if one.name not in there]
    if not made:
        doubts.append(DraftDoubt(of(code, "lead"), "", "", "unit-missing", _about(code)))
    elif names.have_hosts and not lead and all(one.role != "joint" for one in made):
        named = ", ".join(one.name for one in made)
        doubts.append(DraftDoubt(of(code, "lead"), named, "", "unit-no-host", _about(code)))
    said = flat(f"{found.text('lead')} {found.text('joint')} {found.text('support')}")
    closed = [one.name for one in made if one.role != "all_units" and one.name not in said]
    where = of(code, "lead")
    doubts += [DraftDoubt(where, said, name, "unit-closed", f"unit:{name}") for name in closed]
    return tuple(made)


def _progress(found: Found, code: str, doubts: list[DraftDoubt]) -> tuple[str, str]:
    """Status and narrative, from tick boxes, a status column, and the words."""
    told, read = flat(found.text("status")), plan_progress.read(found.text("progress"))
    status = plan_progress.status_of(told) or read.status
    if (status or read.ticked) and not told:
        why = "status-guessed" if read.is_clear else "status-unclear"
        said = f"☑ {read.ticked}" if read.is_clear else flat(f"☑ {read.ticked} {read.story[:STORY]}")
        doubts.append(DraftDoubt(of(code, "progress"), said, status, why, _about(code)))
    elif told and not status:
        doubts.append(DraftDoubt(of(code, "status"), told, "", "status-unread", _about(code)))
    return status, read.story if status or not told else flat(f"{told} {read.story}")
