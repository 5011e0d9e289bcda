"""The sample agency: an invented department with staff and two years of measures and reports."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sample import reports
from handlers import policies
from storage import owing
from storage.agencies import Agency, Unit, UnitAlias, find_agency
from storage.calendar import fiscal_year, fiscal_year_of, read_schedule
from storage.database import Database
from storage.measures import Duty, Kpi, Measure, Responsibility, Step
from storage.people import Group, Identity, Person
from storage.plans import ACTIVE, CLOSED, Finding, Grade, Plan, Score, Topic
from storage.rounds import Round

FOLDER = Path(__file__).parent
ZONE = ZoneInfo("Asia/Bangkok")


@dataclass
class Cast:
    """The sample's units by short name and its people by key."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def data(name: str) -> dict[str, Any]:
    """One of the sample's data files."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def make(database: Database, today: date) -> int:
    """Make the sample agency as it would stand on a day; the one there is stays. Returns its id."""
    told = data("agency")
    with database.shared() as session:
        if there := find_agency(session, told["slug"]):
            return there.id
        made = Agency(slug=told["slug"], name=told["name"], sample=True, settings={})
        session.add(made)
    with database.agency(made.id) as records:
        cast = _cast(records, told)
        year = fiscal_year_of(today)
        _scores(records, told, year)
        for fiscal, status in ((year - 1, CLOSED), (year, ACTIVE)):
            plan = _plan(records, cast, fiscal, status)
            reports.load(records, plan, cast.people, _end_of(today))
        for file in sorted((FOLDER / "policies").glob("*.md")):
            policies.publish(records, file.read_text(encoding="utf-8"))
        _acknowledge(records, cast, _end_of(today))
    return made.id


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE) + timedelta(days=1)


def _cast(records: Session, told: dict[str, Any]) -> Cast:
    cast = Cast()
    for position, one in enumerate(told["units"]):
        unit = Unit(name=one["name"], short_name=one["short"], position=position)
        unit.aliases = [UnitAlias(text=text, agency_id=records.info["agency"]) for text in one["aliases"]]
        cast.units[one["short"]] = unit
    records.add_all(cast.units.values())
    records.flush()
    for one in told["people"]:
        home = cast.units.get(one["unit"])
        person = Person(name=one["name"], unit_id=home.id if home else None, role=one["role"])
        person.identities = [Identity(address=f"web:{one['key']}", agency_id=records.info["agency"])]
        cast.people[one["key"]] = person
    records.add_all(cast.people.values())
    records.add(Group(address="web:board", working_group=True, member_count=12))
    for number, unit in enumerate(cast.units.values(), 1):
        records.add(Group(address=f"web:unit{number}", unit_id=unit.id, listening=True, member_count=9))
    records.flush()
    return cast


def _scores(records: Session, told: dict[str, Any], fiscal: int) -> None:
    """Scores of the three years assessed before the running fiscal year."""
    names = told["names"]
    for one in told["scores"]:
        year = fiscal - 1 - one["back"]
        rank, group = one["rank"], one["rank_group"]
        records.add(Grade(year=year, grade=one["grade"], rank=rank, rank_group=group))
        rows = [("overall", "", names["overall"], one["overall"])]
        rows += [("tool", code, names[code], score) for code, score in one["tools"].items()]
        rows += [
            ("indicator", str(no), names["indicators"][no - 1], score)
            for no, score in enumerate(one["indicators"], 1)
        ]
        rows += [("question", code, names[code], score) for code, score in one["questions"].items()]
        for position, (level, code, name, score) in enumerate(rows):
            records.add(Score(year=year, level=level, code=code, name=name, score=score, position=position))


def _plan(records: Session, cast: Cast, fiscal: int, status: str) -> Plan:
    told = data("plan")
    years = {"fy": fiscal, "a": f"{(fiscal - 1) % 100:02d}", "b": f"{fiscal % 100:02d}"}
    plan = Plan(
        fiscal_year=fiscal,
        assessed_year=fiscal - 1,
        status=status,
        title=told["title"].format(**years),
        source="sample",
        limits=told["limits"],
    )
    records.add(plan)
    records.flush()
    topics = _topics(records, plan, told)
    for position, one in enumerate(told["measures"]):
        records.add(_measure(cast, plan, topics[one["code"].split(".")[0]], one, position, years))
    _rounds(records, plan, told)
    records.flush()
    owing.owe(records, plan)
    records.flush()
    return plan


def _topics(records: Session, plan: Plan, told: dict[str, Any]) -> dict[str, Topic]:
    topics = {}
    for position, one in enumerate(told["topics"]):
        topic = Topic(plan_id=plan.id, no=one["no"], title=one["title"], position=position)
        records.add(topic)
        records.flush()
        topics[one["no"]] = topic
        for number, finding in enumerate(one["findings"]):
            records.add(
                Finding(
                    plan_id=plan.id,
                    topic_id=topic.id,
                    question=finding["question"],
                    text=finding["text"],
                    position=position * 10 + number,
                )
            )
    return topics


def _rounds(records: Session, plan: Plan, told: dict[str, Any]) -> None:
    start, end = fiscal_year(plan.fiscal_year)
    for position, one in enumerate(told["rounds"]):
        year = start.year if one["month"] >= start.month else end.year
        records.add(
            Round(
                plan_id=plan.id,
                name=one["name"],
                due_on=date(year, one["month"], one["day"]),
                receiver=one["receiver"],
                channel=one["channel"],
                position=position,
            )
        )


def _measure(
    cast: Cast, plan: Plan, topic: Topic, one: dict[str, Any], position: int, years: dict[str, Any]
) -> Measure:
    schedule = read_schedule(one["schedule"].format(**years), plan.fiscal_year)
    mine = plan.agency_id
    return Measure(
        plan_id=plan.id,
        topic_id=topic.id,
        agency_id=mine,
        code=one["code"],
        document_no=one["code"],
        title=one["title"],
        aim=one.get("aim", ""),
        schedule_text=one["schedule"].format(**years),
        schedule_kind=schedule.kind,
        schedule_every=schedule.every,
        schedule_ranges=[[start.isoformat(), end.isoformat()] for start, end in schedule.ranges],
        o_items=one.get("o_items", []),
        questions=one.get("questions", []),
        position=position,
        steps=[
            Step(no=no, text=text, for_all_units=no in one.get("for_all", []), agency_id=mine)
            for no, text in enumerate(one["steps"], 1)
        ],
        kpis=[
            Kpi(text=kpi["text"], kind=kpi["kind"], value=kpi.get("value"), position=number, agency_id=mine)
            for number, kpi in enumerate(one["kpis"])
        ],
        responsibilities=[
            Responsibility(unit_id=unit, role=role, position=number, agency_id=mine)
            for number, (unit, role) in enumerate(_responsible(cast, one))
        ],
    )


def _responsible(cast: Cast, one: dict[str, Any]) -> Iterator[tuple[int | None, str]]:
    if one.get("all_units"):
        yield None, Duty.ALL_UNITS
    for role in (Duty.LEAD, Duty.JOINT, Duty.SUPPORT):
        for short in one.get(role.value, []):
            yield cast.units[short].id, role.value


def _acknowledge(records: Session, cast: Cast, before: datetime) -> None:
    """Most of the staff have acknowledged most policies, so that the share is worth asking for."""
    versions = [
        version
        for policy in records.scalars(select(policies.Policy))
        for version in policy.versions
        if datetime.combine(version.effective_on, time(0), ZONE) < before
    ]
    for number, person in enumerate(cast.people.values()):
        for order, version in enumerate(versions):
            if (number + 2 * order) % 3:
                at = datetime.combine(version.effective_on, time(10), ZONE) + timedelta(days=number % 6 + 1)
                policies.mark_read(records, person, version, min(at, before - timedelta(hours=9)), "web")
