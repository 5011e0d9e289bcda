"""The stage: a database of each kind, an agency, its cast, and a chat that goes through the front door."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, delete, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot import door, turns
from bot.channels import Heard
from bot.reading import reader
from bot.words import words
from handlers.packing import unpack_reply
from handlers.talk import File, Reply
from storage import migrations
from storage.agencies import Agency, Unit
from storage.database import Database
from storage.engines import normal
from storage.jobs import Job
from storage.outbox import Letter, SentMessage
from storage.people import Group, Identity, Person, Role

BANGKOK = ZoneInfo("Asia/Bangkok")
POSTGRES = os.environ.get("PRONGSAI_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
ROLE = "prongsai_test"

# a busy machine is no fault of the code; with CI set the same examples come every time
settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_collection_modifyitems(config, items) -> None:
    """Tests marked ``once`` run on the first database only: what they look at comes after the records."""
    spare = [
        one
        for one in items
        if one.get_closest_marker("once") and _params(one).get("database", DATABASES[0]) != DATABASES[0]
    ]
    config.hook.pytest_deselected(items=spare)
    items[:] = [one for one in items if one not in spare]


def _params(item) -> dict:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _postgres_is_there() -> bool:
    try:
        with create_engine(normal(POSTGRES), poolclass=NullPool).connect():
            return True
    except OperationalError:
        return False


DATABASES = ["sqlite"]
if _postgres_is_there():
    DATABASES.append("postgresql")
elif os.environ.get("CI"):
    raise pytest.UsageError(f"no PostgreSQL at {POSTGRES}: half of the suite would be skipped")


@pytest.fixture(scope="session", params=DATABASES)
def database(request, tmp_path_factory) -> Iterator[Database]:
    """A fresh, migrated database, shared by the worker's tests; every test has an agency of its own."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path_factory.mktemp('db')}/prongsai.db")
        migrations.upgrade(made.engine)
        yield made
        made.close()
        return
    yield from _postgres()


@pytest.fixture
def empty(database, tmp_path) -> Iterator[Database]:
    """Another database of the same kind, without a schema."""
    if database.is_sqlite:
        made = Database(f"sqlite:///{tmp_path}/empty.db")
        yield made
        made.close()
        return
    yield from _postgres(migrated=False)


def _postgres(*, migrated: bool = True) -> Iterator[Database]:
    """A database owned by a role that row security binds (no superuser, no bypass)."""
    name = f"prongsai_test_{uuid.uuid4().hex[:12]}"
    root = create_engine(normal(POSTGRES), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with root.connect() as connection:
        connection.exec_driver_sql(
            f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}' NOSUPERUSER NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {ROLE}")
    url = make_url(POSTGRES).set(database=name, username=ROLE, password=ROLE)
    made = Database(url.render_as_string(hide_password=False))
    try:
        if migrated:
            migrations.upgrade(made.engine)
        yield made
    finally:
        made.close()
        with root.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def agency(database: Database) -> Iterator[Agency]:
    """An agency of the test's own; what it leaves waiting goes with it, so that no later program does it."""
    with database.shared() as session:
        made = Agency(slug=f"a{uuid.uuid4().hex[:12]}", name="กรมตัวอย่าง", settings={})
        session.add(made)
    yield made
    with database.shared() as session:
        session.execute(delete(Job).where(Job.agency_id == made.id))


@pytest.fixture
def noise(database: Database) -> Iterator[Agency]:
    """Another agency with the same people and units, so that a query that forgets its wall shows."""
    with database.shared() as session:
        made = Agency(slug=f"n{uuid.uuid4().hex[:12]}", name="กรมอื่น", settings={})
        session.add(made)
    Stage(database, made).cast()
    yield made
    with database.shared() as session:
        session.execute(delete(Job).where(Job.agency_id == made.id))


@pytest.fixture
def stage(database: Database, agency: Agency) -> "Stage":
    """The agency with its standing cast: somchai and suda of กองคลัง, malee the secretary, a stranger."""
    made = Stage(database, agency)
    made.cast()
    return made


@dataclass
class Answer:
    """What came back on one line: the replies, and all their words in the reader's language."""

    replies: list[Reply]
    text: str
    letters: list[Letter] = field(default_factory=list)

    @property
    def values(self) -> list[str]:
        """The values of everything that can be tapped."""
        return [
            choice.value
            for reply in self.replies
            for choice in (*reply.choices, *(c for card in reply.cards for c in card.choices))
        ]

    def __contains__(self, words: str) -> bool:
        return words in self.text


@dataclass
class Stage:
    """An agency in a database, and a way to talk to it as anyone, anywhere, at any time."""

    database: Database
    agency: Agency
    at: datetime = datetime(2024, 1, 18, 10, 5, tzinfo=BANGKOK)
    count: int = 0

    def cast(self) -> None:
        with self.database.agency(self.agency.id) as records:
            finance = Unit(name="กองคลัง", short_name="กค.", position=1)
            people = Unit(name="กองการเจ้าหน้าที่", short_name="กกจ.", position=2)
            records.add_all([finance, people])
            records.flush()
            for name, address, unit, role in (
                ("สมชาย", "test:somchai", finance, Role.OFFICER),
                ("สุดา", "test:suda", finance, Role.COORDINATOR),
                ("มานะ", "test:mana", people, Role.OFFICER),
                ("มาลี", "test:malee", None, Role.SECRETARY),
            ):
                person = Person(name=name, unit_id=unit.id if unit else None, role=role)
                person.identities.append(Identity(agency_id=self.agency.id, address=address))
                records.add(person)
            records.add_all(
                [
                    Group(address="test:finance", unit_id=finance.id, listening=True),
                    Group(address="test:board", working_group=True),
                ]
            )

    def unit(self, name: str = "กองคลัง") -> Unit:
        with self.database.look(self.agency.id) as records:
            return records.scalars(select(Unit).where(Unit.name == name)).one()

    def chat(
        self,
        who: str,
        text: str = "",
        *,
        place: str = "",
        at: datetime | None = None,
        tap: str = "",
        kind: str = "",
        quoted: str = "",
        files: tuple[File, ...] = (),
        addressed: bool = True,
        message: str = "",
    ) -> Answer:
        """Say or tap something as someone (``somchai``, or an address), in 1:1 or at a place."""
        self.count += 1
        sender = who if ":" in who or not who else f"test:{who}"
        where = place if not place or ":" in place else f"test:{place}"
        heard = Heard(
            key=f"k{self.count}",
            kind=kind or ("button" if tap else "message"),
            at=at or self.at,
            channel="test",
            place=where or sender,
            is_private=not place,
            sender=sender,
            text=text,
            value=tap,
            message=message or f"m{self.count}",
            quoted=quoted,
            files=files,
            addressed=addressed or not place,
        )
        heard = Heard.unpack(heard.pack())
        with self.database.answering(self.agency.id) as records:
            if not door.heeds(records, reader(), heard):
                return Answer([], "")
            letters = turns.answer(records, reader(), heard)
            mine = [letter for letter in letters if letter.place == heard.place]
            replies = [unpack_reply(body) for letter in mine for body in letter.replies]
            for letter in letters:
                for number, reply in enumerate(map(unpack_reply, letter.replies)):
                    for card in reply.cards:
                        records.add(
                            SentMessage(
                                message=f"b{self.count}-{number}",
                                letter_id=letter.id,
                                about=card.about,
                            )
                        )
        return Answer(replies, "\n".join(map(plain, replies)), list(letters))


def plain(reply: Reply, language: str = "th") -> str:
    """All words of a reply, top to bottom."""
    say = words(language)
    lines = [say(reply.say)]
    for card in reply.cards:
        lines += [say(card.title), say(card.subtitle)]
        lines += [" ".join(filter(None, (say(row.say), say(row.value)))) for row in card.rows]
        lines += [say(choice.label) for choice in card.choices]
    lines += [say(choice.label) for choice in reply.choices]
    return "\n".join(filter(None, lines))


def bangkok(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in the agency's zone."""
    return datetime.combine(date(year, month, day), time(hour, minute), BANGKOK)


SHARED = Path(__file__).parent.parent.parent / "shared"
