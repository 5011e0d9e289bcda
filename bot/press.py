"""Makes the files of papers, apart from this process, once each; and the signed links to them."""

import asyncio
import hashlib
import pickle
import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import reports
from bot.app import App
from bot.graphemes import cut
from bot.layout import LAYOUT
from bot.reports import template
from bot.words import Words, words
from handlers import issuing, plan_reading
from handlers.issuing import Wanted
from handlers.orders import ZONE, Order
from handlers.plan_reading import Reading
from handlers.report import Report
from storage import agencies, papers
from storage.agencies import Agency
from storage.base import now
from storage.papers import Paper

CAP = 60_000_000  # bytes of one paper
LIVES = 7 * 24 * 3600  # seconds a link opens
NAME = 80  # letters of a file's name
PURPOSE = "paper"
WORD, TEMPLATES = "docx", "templates"  # the agency's setting: a kind of paper, the hash of its file
AT_ONCE = 2
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', " "))


@dataclass(frozen=True, slots=True)
class Pressed:
    """A paper's file: its content, what it is called, and its type."""

    body: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a paper is laid out from."""

    paper: Paper
    report: Report | Reading
    at: datetime
    language: str
    zone: str
    digits: str
    template: bytes = b""  # the agency's own Word file for this kind

    @property
    def words(self) -> Words:
        return words(self.language, self.digits)

    @property
    def look(self) -> str:
        """Which file of bot/reports lays it out."""
        return self.paper.format if isinstance(self.report, Report) else "reading"


class Press:
    """Makes papers when they are first wanted; afterwards the same file is handed out."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._few = asyncio.Semaphore(AT_ONCE)
        self._locks: dict[int, asyncio.Lock] = {}

    async def file(self, agency_id: int, paper_id: int) -> Pressed | None:
        """The file of a paper; nothing when there is no such paper.

        Raises:
            Refused: it cannot be made of the records any more.
            TooSlow: it could not be laid out.
        """
        lock = self._locks.setdefault(paper_id, asyncio.Lock())
        try:
            async with lock:
                found = await asyncio.to_thread(self._known, agency_id, paper_id)
                if isinstance(found, _Sheet):
                    async with self._few:
                        body = await _apart(found)
                    await asyncio.to_thread(self._keep, agency_id, found, body)
                    found = await asyncio.to_thread(self._known, agency_id, paper_id)
                return found if isinstance(found, Pressed) else None
        finally:
            self._locks.pop(paper_id, None)

    def _known(self, agency_id: int, paper_id: int) -> Pressed | _Sheet | None:
        with self._app.database.look(agency_id) as records:
            paper, agency = papers.find(records, paper_id), records.get(Agency, agency_id)
            if paper is None or agency is None:
                return None
            if body := _content(self._app, agency_id, paper.sha256):
                return Pressed(body, file_name(paper), reports.MEDIA_TYPES.get(paper.format, reports.UNKNOWN))
            at, settings = now(), agency.settings
            made = self._made(records, agency, paper, at)
            zone, digits = settings.get("timezone", ZONE), settings.get("digits", "arabic")
            own = own_template(self._app, agency, paper.kind) if paper.format == WORD else b""
            return _Sheet(paper, made, at, paper.language, zone, digits, own)

    def _made(self, records: Session, agency: Agency, paper: Paper, at: datetime) -> Report | Reading:
        if paper.kind == plan_reading.KIND:
            return plan_reading.found(records, paper)
        return issuing.report(records, agency, paper, at, self.site)

    def _keep(self, agency_id: int, sheet: _Sheet, body: bytes) -> None:
        sha256, size = self._app.blobs(agency_id).keep([body], CAP)
        with self._app.database.agency(agency_id) as records:
            title = sheet.words(sheet.report.title)
            papers.press(records, sheet.paper, title=title, as_of=sheet.at, sha256=sha256, size=size)

    @property
    def site(self) -> str:
        """Our public address; empty while we have none."""
        return self._app.settings.public_url.rstrip("/")


def at_once(app: App, agency: Agency, wanted: Wanted, at: datetime, voice: Words) -> bytes:
    """A paper made in this process, for a command that ends with it; its code and hash are kept.

    Raises:
        Refused: it cannot be made of the records.
    """
    made = Press(app)
    with app.database.agency(agency.id) as records:
        paper = issuing.ask(records, wanted, at, None, voice.language)
        report = issuing.report(records, agency, paper, at, made.site)
        own = own_template(app, agency, wanted.kind) if wanted.format == WORD else b""
        body = template.fill(own, report, voice) if own else reports.load(wanted.format).write(report, voice)
        sha256 = hashlib.sha256(body).hexdigest()
        papers.press(records, paper, title=voice(report.title), as_of=at, sha256=sha256, size=len(body))
    return body


def try_template(records: Session, agency: Agency, wanted: Wanted, body: bytes, voice: Words) -> None:
    """Fill a Word file once, and keep nothing. Raises Refused with what is wrong with it."""
    today = now().astimezone(ZoneInfo(agency.settings.get("timezone", ZONE))).date()
    plan = issuing.plan_for(records, wanted.covers, today)
    order = Order(records, agency, plan, wanted.covers, today, wanted.scope, wanted.policy)
    template.fill(body, issuing.KINDS[wanted.kind](order), voice)


async def _apart(sheet: _Sheet) -> bytes:
    """The file's bytes, laid out by a process of its own. Raises TooSlow."""
    asked = (sheet.look, sheet.language, sheet.zone, sheet.digits, sheet.report, sheet.template)
    return await LAYOUT.lay(pickle.dumps(asked))


def own_template(app: App, agency: Agency, kind: str) -> bytes:
    """The agency's own Word file for a kind of paper; empty where ours is used."""
    sha256 = dict(agency.settings.get(TEMPLATES, {})).get(kind)
    return _content(app, agency.id, sha256 or "")


def _content(app: App, agency_id: int, sha256: str) -> bytes:
    """What is kept under a hash; empty where nothing is, or no longer."""
    try:
        return b"".join(app.blobs(agency_id).pieces(sha256)) if sha256 else b""
    except FileNotFoundError:
        return b""


def use_template(app: App, agency: Agency, kind: str, body: bytes) -> None:
    """Keep a Word file as the agency's own for a kind of paper; an empty one gives ours back."""
    sha256 = app.blobs(agency.id).keep([body], CAP)[0] if body else ""
    with app.database.shared() as session:
        found = agencies.find_agency(session, agency.slug)
        assert found is not None
        others = {name: one for name, one in found.settings.get(TEMPLATES, {}).items() if name != kind}
        found.settings = {**found.settings, TEMPLATES: {**others, **({kind: sha256} if sha256 else {})}}


def file_name(paper: Paper) -> str:
    """What a paper's file is called: its title as far as file systems take it, and its days."""
    stem, say = " ".join(paper.title.translate(FORBIDDEN).split()), words(paper.language)
    days = f"{say.day(paper.starts_on)} - {say.day(paper.ends_on)}".replace(".", "")
    return f"{cut(stem, NAME).rstrip('… .') or paper.code} ({days}).{paper.format}"


def token(app: App, agency_id: int, paper_id: int, at: float | None = None) -> str:
    """What opens a paper for a while: which one, until when, and our signature over both."""
    until = int(at if at is not None else time.time()) + LIVES
    told = f"{agency_id:x}.{paper_id:x}.{until:x}"
    return f"{told}.{app.seal.sign(PURPOSE, told)}"


def opened(app: App, given: str) -> tuple[int, int, bool] | None:
    """The agency and paper that a token opens, and whether it still does; nothing when it is not ours."""
    told, _, signature = given.rpartition(".")
    if told.count(".") != 2 or not app.seal.signed(PURPOSE, told, signature):
        return None
    agency_id, paper_id, until = (int(part, 16) for part in told.split("."))
    return agency_id, paper_id, until >= time.time()
