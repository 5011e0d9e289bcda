"""The working group's pages as a test opens them: signed in by a link from chat, over real HTTP or in a browser."""

import base64
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from storage.database import Database
from storage.evidence import KEPT, Evidence
from storage.measures import Measure
from storage.plans import Plan
from storage.rounds import Round
from tests import builders, sample_page
from tests.conftest import BANGKOK
from tests.program import Program
from tests.sample_page import Page, event, words

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def moment() -> str:
    """Now, as the chat page says it."""
    return datetime.now(BANGKOK).isoformat()


def link(program: Program, who: str = "wipha") -> str:
    """A one-time link, asked for in chat as one of the sample's people."""
    status, told = Page(program).ask("/chat/say", event(who, "ขอลิงก์เข้าเว็บ", at=moment()))
    assert status == 200, told
    choices = [one for letter in told["letters"] for part in letter["parts"] for one in part["cards"]]
    return choices[0]["choices"][0]["link"]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given):
        return None


@dataclass
class Browser:
    """A browser without a window: keeps cookies, does not follow where it is sent."""

    program: Program
    cookies: dict[str, str] = field(default_factory=dict)
    given: str = ""  # the cookies of the last answer, as they were set

    def ask(
        self, path: str, form: dict[str, str] | bytes | None = None, **headers: str
    ) -> tuple[int, str, dict]:
        """GET, or POST of a form; status, text and headers."""
        data = urllib.parse.urlencode(form).encode() if isinstance(form, dict) else form
        request = urllib.request.Request(self.program.base + path, data, headers)
        request.add_header("Cookie", "; ".join(f"{key}={value}" for key, value in self.cookies.items()))
        opener = urllib.request.build_opener(_Stay)
        try:
            answer = opener.open(request, timeout=20)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            self.given = "\n".join(answer.headers.get_all("set-cookie") or ()).lower()
            for given in answer.headers.get_all("set-cookie") or ():
                name, value = given.partition(";")[0].split("=", 1)
                self.cookies[name] = value
            assert answer.status != 500, (self.program.folder / "log").read_text()[-3000:]
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers.items())

    def key(self, path: str) -> str:
        """What a form on a page must carry."""
        return key_in(self.ask(path)[1])

    def send(self, path: str, back: str = "/board", **form: str) -> tuple[int, str, dict]:
        """A form, as the page at ``back`` has it."""
        return self.ask(path, {"form_key": self.key(back), "back": back, **form})

    def upload(
        self, name: str, content: bytes, key: str | None = None, at: str = "/board/documents", **fields: str
    ) -> tuple[int, str, dict]:
        """A document, as the page for documents (or one like it) sends it."""
        key = self.key(at) if key is None else key
        named = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        hidden = f'Content-Disposition: form-data; name="form_key"\r\n\r\n{key}\r\n'.encode()
        for field_name, value in fields.items():
            told = f'--7d1a\r\nContent-Disposition: form-data; name="{field_name}"\r\n\r\n{value}\r\n'
            hidden += told.encode()
        body = b"--7d1a\r\n" + hidden + b"--7d1a\r\n" + named + content + b"\r\n--7d1a--\r\n"
        kind = {"content-type": "multipart/form-data; boundary=7d1a"}
        return self.ask(at, body, **kind)

    def sign_in(self, who: str = "wipha") -> "Browser":
        """Through the link and its button."""
        address = link(self.program, who)
        status, text, _ = self.ask(address)
        assert status == 200, text
        status, text, headers = self.ask(address, {"form_key": key_in(text)})
        assert status == 303, text
        assert headers["location"] == "/board"
        return self


def key_in(text: str) -> str:
    """The hidden field of a page's forms."""
    found = re.search(r'name="form_key" value="([^"]+)"', text)
    return found[1] if found else ""


@dataclass
class Place:
    """The program on the small sample with one report and its photo, and a second agency of the same shape."""

    program: Program
    database: Database
    agency_id: int
    other_id: int
    visits: dict[str, Browser] = field(default_factory=dict)

    def visitor(self, who: str = "wipha") -> Browser:
        """A browser in which this person is signed in; each signs in once."""
        if who not in self.visits:
            self.visits[who] = Browser(self.program).sign_in(who)
        return self.visits[who]

    def measure(self, code: str = "5.1") -> int:
        """A measure's number."""
        with self.database.look(self.agency_id) as records:
            return records.scalars(select(Measure.id).where(Measure.code == code)).one()

    def report(self, text: str, who: str = "somchai", photo: bool = False) -> None:
        """A line of an officer, with a photo after it."""
        page = Page(self.program)
        assert "บันทึก" in words(page.say(who, text, at=moment()))
        if photo:
            status, sent = page.ask("/chat/upload", PIXEL, **{"content-type": "application/octet-stream"})
            assert status == 200
            named = {"id": sent["id"], "kind": "photo", "name": "ประชุม.png", "size": len(PIXEL)}
            page.say(who, "", at=moment(), files=[named])

    def heard(self, place: str) -> str:
        """What was said at a place without being asked for."""
        letters = Page(self.program).ask("/chat/news")[1]["letters"]
        return words({"letters": [one for one in letters if one["place"] == place]})


@contextmanager
def a_place(kind: str, folder: Path) -> Iterator[Place]:
    """The program running on its own database."""
    with sample_page.fresh_database(kind, folder) as database:
        stage, other = sample_page.make(database), sample_page.make(database, sample=False)
        with database.agency(stage.agency.id) as records:
            plan = records.scalars(select(Plan)).one()
            records.add(Round(plan_id=plan.id, name="รอบ 6 เดือน", due_on=builders.MEASURES[0][5]))
        program = Program(database.url.render_as_string(hide_password=False), folder).start()
        made = Place(program, database, stage.agency.id, other.agency.id)

        def kept() -> bool:
            with database.look(made.agency_id) as records:
                return records.scalars(select(Evidence.state)).first() == KEPT

        made.report("5.1 ประชุมชี้แจงแผนใช้จ่ายงบแล้วเมื่อวาน คนเข้า 45 คน", photo=True)
        program.until(kept)
        yield made
        program.stop()
