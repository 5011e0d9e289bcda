"""The sample's reports: each is recorded as if it had been sent on its day."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from storage import measures, rounds
from storage.calendar import fiscal_year
from storage.evidence import Evidence, attach
from storage.people import Person
from storage.plans import CLOSED, Plan
from storage.progress import Update, record

FILE = Path(__file__).parent / "progress.toml"
ZONE = ZoneInfo("Asia/Bangkok")


def load(records: Session, plan: Plan, people: dict[str, Person], before: datetime) -> None:
    """Record the year's reports up to a moment."""
    year = "last" if plan.status == CLOSED else "this"
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["reports"]
    each = [
        (datetime.combine(_day(plan, on), time(10, 15), ZONE), by, one)
        for one in told
        if one.get("year", year) == year
        for on in _several(one["on"])
        for by in _several(one["by"])
    ]
    for said_at, by, one in sorted(each, key=lambda row: row[0]):
        if said_at < before:
            _report(records, plan, people[by], one, said_at)


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _day(plan: Plan, month_day: str) -> date:
    start, end = fiscal_year(plan.fiscal_year)
    month, day = map(int, month_day.split("-"))
    return date(start.year if month >= start.month else end.year, month, day)


def _report(records: Session, plan: Plan, person: Person, one: dict[str, Any], said_at: datetime) -> None:
    measure = measures.by_code(records, plan, one["measure"])
    assert measure is not None, one["measure"]
    assert person.unit is not None, person.name
    said_on = said_at.date()
    occurrence = rounds.open_for(records, measure, person.unit, said_on)
    assert occurrence is not None, f"{one['measure']}: {person.unit.short_name} owes nothing on {said_on}"
    update = Update(
        status=one["status"],
        percent=one.get("percent"),
        percent_kind=one.get("kind", "progress") if "percent" in one else None,
        count_done=one.get("count"),
        count_of=one.get("of"),
        count_of_what=one.get("what", ""),
        step_no=one.get("step"),
        fact_on=said_on,
        new_due_on=_day(plan, one["new_due"]) if "new_due" in one else None,
        blocker=one.get("blocker", ""),
        note=one["note"],
        nothing_to_report=one.get("nothing", False),
        person_id=person.id,
        said_at=said_at,
        recorded_at=said_at + timedelta(seconds=1),
        channel="web",
    )
    record(records, occurrence, update)
    for kind, name, url, own_date in _evidence(plan, one):
        shown = Evidence(kind=kind, name=name, url=url, own_date=own_date, added_at=said_at)
        shown.person_id = person.id
        attach(records, occurrence, update.id, shown)


def _evidence(plan: Plan, one: dict[str, Any]) -> list[tuple[str, str, str, date | None]]:
    shown: list[tuple[str, str, str, date | None]] = []
    if "document" in one:
        shown.append(("document", one["document"], "", _day(plan, one["document_on"])))
    if "link" in one:
        shown.append(("link", one["link"], one["link"], None))
    return shown
