"""A person's e-mail address: taken, changed, ended; the new one is told that it was taken. Papers by mail."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.packing import pack
from handlers.talk import Card, Choice, Refused, Reply, Row, quote, say
from storage import history, outbox, people
from storage.agencies import Agency
from storage.outbox import Letter
from storage.papers import Paper
from storage.people import MAIL, Person

DAY = timedelta(days=1)
CHANGES, PAPERS = 5, 30  # in a day by one person: nobody writes to others' addresses with our letters


def write_to(records: Session, agency: Agency, person: Person, address: str, at: datetime) -> None:
    """Have this person written to at an address, or (an empty one) no more. Raises Refused.

    The history tells that it was changed, never the address.
    """
    place = f"{MAIL}{address.lower()}" if address else ""
    if place and (taken := people.by_address(records, place)):
        if taken is person:
            return
        raise Refused(say("mail-taken"))
    if place:
        _check(records, "mail-changed", person, at, CHANGES)
    for one in [one for one in person.identities if not one.is_chat]:
        person.identities.remove(one)
    records.flush()
    history.note(records, "mail-changed" if place else "mail-ended", f"person:{person.id}", person)
    if place:
        people.bind(records, person, place, at)
        _confirm(records, agency, person, place)


def _check(records: Session, action: str, by: Person, at: datetime, most: int) -> None:
    """Raises Refused when this person did it too often today."""
    if history.count_by(records, action, by.id, at - DAY) >= most:
        raise Refused(say("mail-too-often", count=most))


def send(
    records: Session,
    agency: Agency,
    paper: Paper,
    title: str,
    to: Iterable[Person],
    by: Person,
    at: datetime,
) -> int:
    """Send a paper by e-mail to those of these people who gave an address; to how many. Raises Refused."""
    _check(records, "paper-mailed", by, at, PAPERS)
    opens = Choice("summary-file", say("papers-open", format=say(f"papers-format-{paper.format}")))
    opens = replace(opens, link=f"paper:{paper.id}", numbered=False)
    code = Row(say("papers-code", code=paper.shown_code, version=paper.version), mark="note")
    card = Card(title=quote(title), rows=(code,), choices=(opens,))
    reply = Reply(say=say("mail-paper", title=title, name=by.name), cards=(card,))
    addresses = [(one, people.mail_of(one)) for one in to]
    sent = [(one, address) for one, address in addresses if address]
    if not sent:
        raise Refused(say("mail-nobody"))
    for one, address in sent:
        _write(records, agency, one, f"{MAIL}{address}", reply, "answer")
    history.note(records, "paper-mailed", f"paper:{paper.id}", by, count=len(sent))
    return len(sent)


def _confirm(records: Session, agency: Agency, person: Person, place: str) -> None:
    card = Card(
        title=say("mail-taken-title", agency=agency.name),
        rows=(Row(say("mail-what")), Row(say("mail-end"))),
    )
    hello = Reply(say=say("mail-hello", name=person.name), cards=(card,))
    _write(records, agency, person, place, hello, "notice")


def _write(records: Session, agency: Agency, person: Person, place: str, reply: Reply, purpose: str) -> None:
    letter = Letter(
        agency_id=agency.id,
        channel="mail",
        place=place,
        language=person.language,
        replies=[pack(reply)],
        purpose=purpose,
    )
    outbox.write(records, letter)
