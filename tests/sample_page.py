"""A small sample agency for the chat page, played over real HTTP."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from storage import migrations
from storage.agencies import Agency, Unit
from storage.database import Database
from storage.engines import normal
from storage.people import Group, Identity, Person, Role
from tests.builders import a_plan
from tests.conftest import POSTGRES
from tests.program import Program

CAST = (
    ("สมชาย ใจดี", "somchai", "กองคลัง", Role.OFFICER),
    ("สุดา รักงาน", "suda", "กองคลัง", Role.COORDINATOR),
    ("มานะ ขยันยิ่ง", "mana", "กองการเจ้าหน้าที่", Role.OFFICER),
    ("วิภา ประสาน", "wipha", "", Role.SECRETARY),
    ("ปรีชา นำทาง", "preecha", "", Role.EXECUTIVE),
)


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Database]:
    """A migrated database of its own: the page plays the one sample agency of a database."""
    name = f"prongsai_test_{uuid.uuid4().hex[:12]}"
    url, root = f"sqlite:///{folder}/prongsai.db", None
    if kind == "postgresql":
        root = create_engine(normal(POSTGRES), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with root.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        url = normal(POSTGRES).set(database=name).render_as_string(hide_password=False)
    made = Database(url)
    try:
        migrations.upgrade(made.engine)
        yield made
    finally:
        made.close()
        if root is not None:
            with root.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def make(database, *, sample: bool = True):
    """The agency with its cast, groups and plan; what comes back is a stage for the builders."""
    with database.shared() as session:
        agency = Agency(
            slug=f"s{uuid.uuid4().hex[:8]}", name="กรมส่งเสริมพื้นที่สีเขียว (ตัวอย่าง)", sample=sample, settings={}
        )
        session.add(agency)
    with database.agency(agency.id) as records:
        units = {
            name: Unit(name=name, short_name=short, position=position)
            for position, (name, short) in enumerate((("กองคลัง", "กค."), ("กองการเจ้าหน้าที่", "กกจ.")))
        }
        records.add_all(units.values())
        records.flush()
        for name, key, unit, role in CAST:
            person = Person(name=name, unit_id=units[unit].id if unit else None, role=role)
            person.identities = [Identity(agency_id=agency.id, address=f"web:{key}")]
            records.add(person)
        records.add(Group(address="web:unit1", unit_id=units["กองคลัง"].id, listening=True, member_count=9))
        records.add(Group(address="web:unit2", unit_id=units["กองการเจ้าหน้าที่"].id, member_count=6))
        records.add(Group(address="web:board", working_group=True, member_count=12))
    stage = SimpleNamespace(database=database, agency=agency)
    a_plan(stage)
    return stage


@dataclass
class Page:
    """What the page's script does, without a browser."""

    program: Program
    origin: str | None = None

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        """GET, or POST of JSON or bytes, with the origin a browser would name."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.program.base + path, data, headers)
        if data is not None and self.origin != "":
            request.add_header("Origin", self.origin or self.program.base)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.loads(answer.read() or b"{}")

    def say(self, who: str, text: str = "", place: str = "", **more: object) -> dict:
        """One line of someone, in 1:1 or at a place; what comes back."""
        status, told = self.ask("/chat/say", event(who, text, place, **more))
        assert status == 200, told
        return told


def event(who: str, text: str = "", place: str = "", **more: object) -> dict:
    key = uuid.uuid4().hex
    return {
        "key": key,
        "message": key,
        "kind": "message",
        "who": f"web:{who}",
        "place": f"web:{place or who}",
        "at": "2024-01-18T10:05:00",
        "text": text,
        **more,
    }


def words(told: dict) -> str:
    """All that the letters say."""
    found = []
    for letter in told["letters"]:
        for part in letter["parts"]:
            found.append(part["text"])
            for card in part["cards"]:
                found += [card["title"], card["subtitle"]]
                found += [f"{row['text']} {row['value']}" for row in card["rows"]]
                found += [choice["label"] for choice in card["choices"]]
            found += [choice["label"] for choice in part["choices"]]
    return "\n".join(filter(None, found))
