"""A person's e-mail address: taken, changed, ended; the new one is told that it was taken."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.packing import pack
from handlers.talk import Card, Refused, Reply, Row, say
from storage import history, outbox, people
from storage.agencies import Agency
from storage.outbox import Letter
from storage.people import MAIL, Person


def write_to(records: Session, agency: Agency, person: Person, address: str, at: datetime) -> None:
    """Have this person written to at an address, or (an empty one) no more. Raises Refused.

    The history tells that it was changed, never the address.
    """
    place = f"{MAIL}{address.lower()}" if address else ""
    if place and (taken := people.by_address(records, place)):
        if taken is person:
            return
        raise Refused(say("mail-taken"))
    for one in [one for one in person.identities if not one.is_chat]:
        person.identities.remove(one)
    records.flush()
    history.note(records, "mail-changed" if place else "mail-ended", f"person:{person.id}", person)
    if place:
        people.bind(records, person, place, at)
        _confirm(records, agency, person, place)


def _confirm(records: Session, agency: Agency, person: Person, place: str) -> None:
    card = Card(
        title=say("mail-taken-title", agency=agency.name),
        rows=(Row(say("mail-what")), Row(say("mail-end"))),
    )
    letter = Letter(
        agency_id=agency.id,
        channel="mail",
        place=place,
        language=person.language,
        replies=[pack(Reply(say=say("mail-hello", name=person.name), cards=(card,)))],
        purpose="notice",
    )
    outbox.write(records, letter)
