"""The accounts of a test's agency in the channels, and one running program for all tests of a file."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from bot.app import App
from bot.config import Settings
from storage import inbox
from storage.agencies import Agency, Channel, Unit
from storage.arrivals import FILE, Arrivals
from storage.database import Database
from storage.jobs import WAITING, Job
from storage.people import Group, Identity, Person
from tests.conftest import Stage
from tests.fakes.toy import SECRET, Platform, signed
from tests.program import Program


def url_of(database: Database) -> str:
    """The database's address as a setting."""
    return database.url.render_as_string(hide_password=False)


def serving(database: Database, folder: Path, **settings: str) -> Iterator[Program]:
    """The program as it runs while a file's tests come and go, each with an agency of its own."""
    made = Program(url_of(database), folder, settings)
    yield made.start()
    made.stop()


def add_account(stage, folder: Path, kind: str, credentials: dict[str, str]) -> None:
    """An account of the stage's agency, sealed with the key of a program's folder."""
    app = App(Settings(database_url=url_of(stage.database), data_dir=folder))
    sealed = app.seal.close(credentials)
    app.close()
    with stage.database.agency(stage.agency.id) as records:
        records.add(Channel(kind=kind, sealed=sealed, details={}))


def add_toy(stage, platform: Platform, folder: Path) -> None:
    """The toy channel: สมชาย and สุดา in 1:1, and a group that was never tied."""
    add_account(stage, folder, "toy", {"secret": SECRET, "url": platform.url})
    with stage.database.agency(stage.agency.id) as records:
        for name, address in (("สมชาย", "toy:somchai"), ("สุดา", "toy:suda")):
            person = records.scalars(select(Person).where(Person.name == name)).one()
            person.identities.append(Identity(agency_id=stage.agency.id, address=address))
        records.add(Group(address="toy:quiet"))


def an_agency(database, platform, folder):
    """An agency with the toy channel in a database of its own."""
    with database.shared() as session:
        agency = Agency(slug="full", name="กรมเต็ม", settings={})
        session.add(agency)
    with database.agency(agency.id) as records:
        unit = Unit(name="กองคลัง", short_name="กค.")
        records.add(unit)
        records.flush()
        for name in ("สมชาย", "สุดา"):
            records.add(Person(name=name, unit_id=unit.id))
    stage = Stage(database, agency)
    add_toy(stage, platform, folder)
    return stage


def event(sender="toy:somchai", text="ช่วย", place="", **more):
    """What is said in the toy channel."""
    return {
        "type": "message",
        "id": uuid.uuid4().hex,
        "at": time.time(),
        "sender": sender,
        "place": place or sender,
        "text": text,
        "token": uuid.uuid4().hex,
        **more,
    }


def hook(program, stage, *events):
    """Its signed webhook; the status."""
    return program.post(f"/hooks/toy/{stage.agency.slug}", *signed(*events))


def waiting(stage):
    """The jobs of the agency that wait, with those not let in yet."""
    outside = arrived(stage)
    with stage.database.shared(write=False) as session:
        return outside + list(session.scalars(select(Job).where(Job.agency_id == stage.agency.id)))


def arrived(stage):
    """The events of the agency that are kept, and not in the queue yet (SQLite)."""
    if not stage.database.is_sqlite or not Path(f"{stage.database.url.database}{FILE}").exists():
        return []
    arrivals = Arrivals(stage.database.url)
    found = [event for _, event in arrivals.waiting(1000) if event.agency_id == stage.agency.id]
    arrivals.close()
    return [Job(kind=inbox.KIND, key=one.key, lane=one.lane, state=WAITING, body=one.body) for one in found]
