"""From one event to the letters that answer it, in the caller's transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.channels import Heard
from bot.reading import Reader, digits, folded
from bot.reading.reasons import reasons
from bot.words import languages, words
from handlers import desk, held, rights
from handlers.packing import pack, unpack, unpack_reply
from handlers.talk import Place, Reading, Reply, Turn
from storage import forms, outbox, people, progress
from storage.agencies import Agency
from storage.outbox import Letter

PAPERS = (".xlsx", ".xls", ".csv", ".tsv", ".txt", ".md", ".html", ".docx", ".doc", ".pdf")
EVENTS = {
    "followed": "people-followed",
    "unfollowed": "people-unfollowed",
    "group-joined": "groups-joined",
    "group-left": "groups-left",
    "group-moved": "groups-moved",
    "member-joined": "groups-member-joined",
    "member-left": "groups-member-left",
    "unsent": "progress-unsent",
    "edited": "progress-edited",
    "flooded": "floods-slow",
    "day-full": "floods-day",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one event."""

    turn: Turn
    replies: tuple[Reply, ...]
    letters: tuple[Letter, ...]


def answer(records: Session, reader: Reader, heard: Heard) -> tuple[Letter, ...]:
    """Read an event, have the desk answer it, and write the letters."""
    return answered(records, reader, heard).letters


def answered(records: Session, reader: Reader, heard: Heard) -> Answered:
    """Like ``answer``, with what was understood and said."""
    turn = turn_of(records, reader, heard)
    replies = desk.answer(turn)
    return Answered(turn, replies, tuple(_letters(records, turn, heard, replies)))


def turn_of(records: Session, reader: Reader, heard: Heard, thread: forms.Thread | None = None) -> Turn:
    """Everything a handler is given about one event; ``thread`` where it must not be the one on record."""
    agency = records.get_one(Agency, records.info["agency"])
    person = people.by_address(records, heard.sender) if heard.sender else None
    group = None if heard.is_private else people.find_group(records, heard.place)
    thread = thread or forms.thread(records, heard.sender, heard.place)
    about = outbox.what_was_said(records, heard.quoted) if heard.quoted else None
    return Turn(
        records=records,
        agency=agency,
        place=Place(heard.channel, heard.place, heard.is_private, group),
        sender=heard.sender,
        person=person,
        reading=_reading(reader, _as_said(records, heard), thread, person, agency),
        at=heard.at,
        today=local_day(agency, heard.at),
        thread=thread,
        addressed=heard.addressed or heard.kind == "button" or about is not None,
        message=heard.message,
        about=about or "",
        files=heard.files,
        languages=languages(),
        reasons=reasons,
        reads=partial(reader.read, today=local_day(agency, heard.at)),
    )


def _as_said(records: Session, heard: Heard) -> Heard:
    """An edited line that is said to us and changes no report is like a new one."""
    if heard.kind == "edited" and heard.addressed and not progress.from_message(records, heard.message):
        return replace(heard, kind="message")
    return heard


def local_day(agency: Agency, at: datetime) -> date:
    """The day of a moment where the agency is."""
    return at.astimezone(ZoneInfo(agency.settings.get("timezone", "Asia/Bangkok"))).date()


def _reading(
    reader: Reader, heard: Heard, thread: forms.Thread, person: people.Person | None, agency: Agency
) -> Reading:
    today = local_day(agency, heard.at)
    language = person.language if person else "th"
    if heard.kind in EVENTS:
        read = reader.read(heard.text, today)
        return replace(
            read, intent=EVENTS[heard.kind], certain=True, args=tuple(heard.details.get("args", ()))
        )
    if heard.kind == "button":
        return reader.button(heard.value)
    if value := _picked(heard.text, thread, language):
        return replace(reader.button(value), text=heard.text)
    if heard.is_private and person and person.role in rights.LEADERS and _is_paper(heard):
        return Reading(text=heard.text, intent="plans-import", certain=True)
    if not heard.text:  # without files: our name alone, a sticker, a place on the map
        wordless = "progress-attach" if heard.files else "forms-resume" if thread.form else "help"
        return Reading(intent=wordless, certain=True)
    return reader.read(heard.text, today)


def _is_paper(heard: Heard) -> bool:
    """A document that may hold a plan, by its name; what it really is shows when it is read."""
    return any(file.kind == "file" and file.name.lower().endswith(PAPERS) for file in heard.files)


def _picked(text: str, thread: forms.Thread, language: str) -> str:
    """The value of the offered choice that a typed number or label names; shortcuts have no number."""
    typed = folded(text).rstrip(".)")
    numbered = [one for one in thread.offered if not one.get("shortcut")]
    number = digits(typed)
    if number and 1 <= number <= len(numbered):
        return str(numbered[number - 1]["value"])
    say = words(language)
    for one in thread.offered:
        if typed and typed == folded(say(unpack(one["label"]))):
            return str(one["value"])
    return ""


def _letters(records: Session, turn: Turn, heard: Heard, replies: tuple[Reply, ...]) -> Iterator[Letter]:
    """One letter a place, in the order in which the replies name them; the free reply goes here."""
    by_place: dict[str, list[Reply]] = {}
    for reply in replies:
        if reply.say or reply.cards or reply.choices:
            for place in _places(records, turn, reply):
                by_place.setdefault(place, []).append(reply)
    language = turn.person.language if turn.person else "th"
    for place, mine in by_place.items():
        is_here = place == heard.place
        # a free answer takes along what waits for want of messages
        waited = held.digest(_held_back(records, place)) if is_here and heard.reply_token else []
        letter = Letter(
            agency_id=turn.agency.id,
            channel=heard.channel if is_here else place.partition(":")[0],
            place=place,
            language=language
            if is_here or place == heard.sender
            else turn.agency.settings.get("language", "th"),
            replies=[pack(reply) for reply in (*mine, *waited)],
            reply_token=heard.reply_token if is_here else "",
            reply_by=heard.reply_by if is_here else None,
            purpose="answer" if is_here else "notice",
        )
        yield outbox.write(records, letter)


def _held_back(records: Session, place: str) -> list[held.Held]:
    """The letters that could not be pushed to a place, which go along with an answer now."""
    return [
        held.Held(one.written_at, tuple(unpack_reply(body) for body in one.replies), one.id)
        for one in outbox.take_held(records, place)
    ]


def _places(records: Session, turn: Turn, reply: Reply) -> list[str]:
    """Where a reply goes. What is private goes to nobody where the channel does not tell who spoke."""
    match reply.to:
        case "private":
            mine = turn.place.address if turn.place.is_private else turn.sender
            return [mine] if mine else []
        case "unit-group":
            found = people.groups_of(records, turn.unit.id) if turn.unit else []
        case "working-group":
            found = people.working_groups(records)
        case _:
            return [turn.place.address]
    return [group.address for group in found]
