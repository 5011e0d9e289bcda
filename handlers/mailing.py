"""A person's e-mail address: asked for, confirmed by who reads what is sent there, ended. Papers by mail."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.packing import pack
from handlers.talk import Card, Choice, Refused, Reply, Row, quote, say
from storage import forms, history, outbox, people
from storage.agencies import Agency
from storage.base import Json
from storage.outbox import Letter
from storage.papers import LETTERS, Paper
from storage.people import MAIL, Person
from storage.signins import SITE

DAY, CODE_LIVES = timedelta(days=1), timedelta(days=3)
LENGTH, TRIES = 8, 5  # letters of a code; wrong ones after which it is good no longer
WAITS = "mail"  # where what waits is kept, among what its person has begun on the pages
CHANGES, PAPERS = 5, 30  # in a day by one person: nobody writes to others' addresses with our letters


def ask_to(records: Session, agency: Agency, person: Person, address: str, at: datetime) -> str:
    """Have this person written to at an address once who reads it has confirmed that; the code for it.

    Until then letters go where they went before. Raises Refused.
    """
    place = f"{MAIL}{address.lower()}"
    if (taken := people.by_address(records, place)) is not None:
        if taken is person:
            return ""
        raise Refused(say("mail-taken"))
    _check(records, "mail-asked", person, at, CHANGES)
    history.note(records, "mail-asked", f"person:{person.id}", person)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    until = (at + CODE_LIVES).isoformat()
    _keep(records, person, {"place": place, "digest": _digest(person, code), "until": until, "tries": 0})
    _ask(records, agency, person, place, code)
    return code


def waits(records: Session, person: Person, at: datetime) -> str:
    """The address that waits to be confirmed; empty where none does."""
    kept = _kept(records, person, at)
    return kept["place"].removeprefix(MAIL) if kept else ""


def confirm(records: Session, agency: Agency, person: Person, code: str, at: datetime) -> bool:
    """Take the address that waits, where this is its code; after a few wrong ones it waits no longer.

    The history tells that it was changed, never the address.
    """
    kept = _kept(records, person, at)
    if kept is None:
        return False
    given = "".join(code.upper().split()).replace("-", "")
    if not hmac.compare_digest(kept["digest"], _digest(person, given)):
        left = kept["tries"] + 1 < TRIES
        _keep(records, person, {**kept, "tries": kept["tries"] + 1} if left else None)
        return False
    if people.by_address(records, kept["place"]) is not None:
        raise Refused(say("mail-taken"))
    _forget(records, person)
    _keep(records, person, None)
    history.note(records, "mail-changed", f"person:{person.id}", person)
    people.bind(records, person, kept["place"], at)
    _welcome(records, agency, person, kept["place"])
    return True


def end(records: Session, person: Person) -> None:
    """Write to this person by e-mail no more; what waits to be confirmed does so no longer."""
    _forget(records, person)
    _keep(records, person, None)
    history.note(records, "mail-ended", f"person:{person.id}", person)


def _forget(records: Session, person: Person) -> None:
    for one in [one for one in person.identities if not one.is_chat]:
        person.identities.remove(one)
    records.flush()


def _digest(person: Person, code: str) -> str:
    return hashlib.sha256(f"{person.id}:{code}".encode()).hexdigest()


def _kept(records: Session, person: Person, at: datetime) -> Json | None:
    """What waits to be confirmed, while its code is good."""
    thread = forms.find(records, *_own(person))
    kept: Json | None = thread.answers.get(WAITS) if thread else None
    return kept if kept and datetime.fromisoformat(kept["until"]) > at else None


def _keep(records: Session, person: Person, kept: Json | None) -> None:
    thread = forms.thread(records, *_own(person))
    others = {name: value for name, value in thread.answers.items() if name != WAITS}
    thread.answers = {**others, **({WAITS: kept} if kept else {})}
    records.flush()


def _own(person: Person) -> tuple[str, str]:
    place = forms.own_place(person.id)
    return place, place


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


def _ask(records: Session, agency: Agency, person: Person, place: str, code: str) -> None:
    site = str(records.info.get(SITE, ""))
    shown = f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
    opens = Choice("people-me", say("mail-confirm"), style="main", numbered=False)
    opens = replace(opens, link=f"{site}/mail/{agency.slug}/{person.id}/{code}")
    card = Card(
        title=say("mail-asked-title", agency=agency.name),
        rows=(Row(say("mail-code", code=shown)), Row(say("mail-not-asked"))),
        choices=(opens,) if site else (),
    )
    _write(
        records,
        agency,
        person,
        place,
        Reply(say=say("mail-asked", name=person.name), cards=(card,)),
        "notice",
    )


def _welcome(records: Session, agency: Agency, person: Person, place: str) -> None:
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
