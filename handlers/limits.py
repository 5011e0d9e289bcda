"""What one agency may take of a shared deployment: people, bytes of evidence, events a day."""

from sqlalchemy.orm import Session

from handlers.talk import Refused, say
from storage import evidence, people
from storage.agencies import Agency
from storage.base import Json

PEOPLE, STORAGE, EVENTS = "people", "megabytes", "events"
RESERVE = "reserve"  # percent of the month's messages kept for what cannot wait
NAMES = (PEOPLE, STORAGE, EVENTS, RESERVE)
SETTING = "limits"
A_MEGABYTE = 1_000_000


def of(agency: Agency, name: str) -> int:
    """A limit of the agency; 0 where it has none."""
    return int(dict(agency.settings.get(SETTING, {})).get(name, 0))


def changed(agency: Agency, given: dict[str, int]) -> Json:
    """The agency's settings with other limits."""
    return {**agency.settings, SETTING: {**agency.settings.get(SETTING, {}), **given}}


def check_people(records: Session, agency: Agency) -> None:
    """Raises Refused when no more people may be entered."""
    most = of(agency, PEOPLE)
    if most and len(people.staff(records)) >= most:
        raise Refused(say("limits-people", count=most))


def has_room(records: Session, agency: Agency, size: int = 0) -> bool:
    """Whether evidence of so many more bytes may be kept."""
    most = of(agency, STORAGE) * A_MEGABYTE
    return not most or evidence.used(records) + size <= most
