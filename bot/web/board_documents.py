"""Documents brought in on a page: a plan or a list of staff, read apart from this process, then looked at."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.datastructures import UploadFile
from starlette.routing import BaseRoute

from bot import papers, tables
from bot.web import board_policies
from bot.web.board_doubts import BRING
from bot.web.pages import TOLD, Gone, Later, Page, Pages, Shown, Stop
from bot.web.visits import CHANNEL, Ask, own_place
from handlers import stafflist
from handlers.packing import unpack_reply
from handlers.talk import Place, Reading, Refused, Reply, Turn, say
from storage import agencies, drafts, forms, imports, plans
from storage.calendar import fiscal_year_of

AT_ONCE = 2  # documents read at the same time
PATIENCE = 10.0  # seconds a document waits for others that are being read
NAME = 200  # letters of a file's name
SHOW = "stafflist-show"
Kept = Callable[[Ask, dict[str, object]], Gone]
TOLD |= {"list-dropped": "pages-told-list-dropped"}


def routes(pages: Pages) -> list[BaseRoute]:
    """The page to send documents from, and the list of staff that waits."""
    sent = Sent()
    return [
        *board_policies.routes(pages, sent.read),
        pages.get("/board/documents", overview, BRING),
        pages.post("/board/documents", sent.take, BRING),
        pages.get("/board/staff", staff, SHOW),
        pages.post("/board/staff/accept", accept, "stafflist-accept"),
        pages.post("/board/staff/cancel", cancel, "stafflist-cancel"),
    ]


def overview(ask: Ask) -> Shown:
    """What can be sent, and what waits to be looked at."""
    drafts_there = plans.drafts(ask.records)
    data = {
        "most": tables.MOST_BYTES // 2**20,
        "active": plans.active_plan(ask.records, ask.today),
        "drafts": [(one, sum(not each.decision for each in one.doubts)) for one in drafts_there],
        "policy_waits": board_policies.waits(ask) is not None,
        "staff_waits": len(turn_of(ask).thread.answers.get(stafflist.WAITS, ())),
    }
    return Shown("pages/documents.html", data)


class Sent:
    """Takes what is sent: a few at a time, so that one visitor's papers do not fill the machine."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    def take(self, ask: Ask) -> Later:
        """A plan or a list of staff. Raises Refused where no file was chosen."""
        asked = {
            "fiscal_year": None,
            "likely_year": fiscal_year_of(ask.today),
            "units": agencies.unit_names(ask.records),
        }
        return self.read(ask, asked, _kept)

    def read(self, ask: Ask, asked: dict[str, Any], kept: Kept) -> Later:
        """The document is read with no transaction open; ``kept`` answers with what was read.

        Raises:
            Refused: no file was chosen.
        """
        file = ask.form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused(say("pages-documents-none"))
        asked = {"name": file.filename[:NAME], **asked}

        async def read() -> Page:
            try:
                await asyncio.wait_for(self._room.acquire(), PATIENCE)
            except TimeoutError:
                return _busy
            try:
                content = await file.read(tables.MOST_BYTES + 1)
                told = await papers.read_apart(content, asked)
            finally:
                self._room.release()
            return lambda again: kept(again, told)

        return Later(read)


def _busy(ask: Ask) -> Gone:
    raise Stop(503, say("pages-documents-busy"))


def _kept(ask: Ask, told: dict[str, object]) -> Gone:
    """Keep what was read, and go to where it is looked at. Raises Refused with why it could not be."""
    match told:
        case {"draft": dict(packed)}:
            plan = imports.keep(ask.records, drafts.unpack(packed), ask.person)
            return Gone(f"/board/plans/{plan.id}")
        case {"staff": list(rows)}:
            thread = forms.thread(ask.records, own_place(ask), own_place(ask))
            thread.answers = {**thread.answers, stafflist.WAITS: rows}
            return Gone("/board/staff")
        case {"refused": dict(packed)}:
            raise Refused(unpack_reply(packed))
        case _:
            raise Refused(say("plans-file-slow"))


def turn_of(ask: Ask, *args: str) -> Turn:
    """A tap on a page as the handlers know it: said in private, by who is signed in."""
    place = own_place(ask)
    thread = forms.find(ask.records, place, place) or forms.Thread(sender=place, place=place, answers={})
    return Turn(
        records=ask.records,
        agency=ask.agency,
        place=Place(CHANNEL, place, is_private=True),
        sender=place,
        person=ask.person,
        reading=Reading(args=args, certain=True),
        at=ask.at,
        today=ask.today,
        thread=thread,
    )


def staff(ask: Ask) -> Shown:
    """What the list would do, before it does."""
    return _told(stafflist.show(turn_of(ask)))


def accept(ask: Ask) -> Shown:
    """Enter the people; their codes are shown this once."""
    return _told(stafflist.accept(turn_of(ask)))


def _told(reply: Reply) -> Shown:
    """An answer as it stands in chat, its buttons as forms."""
    known = {"stafflist-accept": "accept", "stafflist-cancel": "cancel"}
    ways = [(known[one.value], one) for one in reply.choices if one.value in known]
    return Shown("pages/staff.html", {"reply": replace(reply, choices=()), "ways": ways})


def cancel(ask: Ask) -> Gone:
    """Throw the list away."""
    stafflist.cancel(turn_of(ask))
    return Gone("/board/documents", "list-dropped")
