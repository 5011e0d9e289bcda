"""What strangers may try at the web's door: forged, replayed, huge, deep and countless requests."""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError

from bot import logs, turns
from bot.app import App
from bot.channels import Heard
from bot.config import Settings
from bot.web import site, webhooks
from bot.web.webhooks import Webhooks
from handlers import limits
from handlers.packing import unpack_reply
from storage.agencies import Agency, Channel
from storage.base import now
from storage.history import Entry
from storage.jobs import Job
from storage.people import Identity, Person
from tests.conftest import plain
from tests.fakes.line import FakeLine


@dataclass
class Door:
    """The whole web side in this process, with one agency's account in LINE."""

    stage: object
    app: App
    line: FakeLine

    def __post_init__(self):
        self.hooks = Webhooks(self.app, lambda: None)

        @contextlib.asynccontextmanager
        async def lifespan(web):
            yield

        self.web = site(self.app, self.hooks, lifespan)

    def ask(self, method, path, body=b"", headers=None, address="203.0.113.9"):
        """One request from an address; its status, headers and body."""
        told, given = [], {"host": "test", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "scheme": "http",
            "server": ("test", 80),
            "client": (address, 1234),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }
        pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]

        async def receive():
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message):
            told.append(message)

        asyncio.run(self.web(scope, receive, send))
        answered = {name.decode(): value.decode() for name, value in told[0]["headers"]}
        return told[0]["status"], answered, b"".join(one.get("body", b"") for one in told[1:])

    def hook(self, *events, body=None, signature="", address="203.0.113.9"):
        """A webhook; its status."""
        body, headers = self.line.signed(*events, body=body)
        headers = {**headers, **({"x-line-signature": signature} if signature else {})}
        return self.ask("POST", f"/hooks/line/{self.stage.agency.slug}", body, headers, address)[0]

    def waiting(self):
        """The events that were taken in, oldest first."""
        with self.app.database.shared(write=False) as session:
            mine = (
                select(Job).where(Job.agency_id == self.stage.agency.id, Job.kind == "event").order_by(Job.id)
            )
            return [Heard.unpack(job.body) for job in session.scalars(mine)]

    def answer(self, heard):
        """What is said to one of them."""
        with self.app.database.agency(self.stage.agency.id) as records:
            letters = turns.answer(records, self.app.reader, heard)
            return "\n".join(plain(unpack_reply(body)) for one in letters for body in one.replies)


@pytest.fixture
def door(stage, tmp_path):
    url = stage.database.url.render_as_string(hide_password=False)
    app = App(Settings(database_url=url, data_dir=tmp_path, events_a_minute=5))
    line = FakeLine()
    with stage.database.agency(stage.agency.id) as records:
        sealed = app.seal.close({"secret": line.secret, "token": line.token})
        records.add(Channel(kind="line", sealed=sealed, details={}))
        person = records.scalars(select(Person).where(Person.name == "สมชาย")).one()
        person.identities.append(Identity(agency_id=stage.agency.id, address="line:Usomchai"))
    asyncio.run(_open(app))
    made = Door(stage, app, line)
    yield made
    made.hooks.keep.close()
    asyncio.run(app.close_http())
    app.close()


async def _open(app):
    _ = app.http


def test_a_forged_webhook_leaves_nothing_and_a_good_one_is_kept(door):
    event = door.line.says("Usomchai", "ช่วย")
    body, headers = door.line.signed(event)
    assert door.hook(event, signature="A" * 44) == 401
    assert door.hook(event, signature="ก") == 401
    assert (
        door.hook(body=body.replace(b"Usomchai", b"Uanother"), signature=headers["x-line-signature"]) == 401
    )
    assert not door.waiting()
    assert door.hook(event) == 200
    assert len(door.waiting()) == 1


def test_a_replayed_webhook_is_kept_once_and_an_old_one_never(door):
    event = door.line.says("Usomchai", "ช่วย")
    assert [door.hook(event) for _ in range(3)] == [200, 200, 200]
    assert len(door.waiting()) == 1
    old = (now() - webhooks.STALE - timedelta(hours=1)).timestamp()
    assert door.hook(door.line.says("Usomchai", "ช่วย", at=old)) == 200
    assert len(door.waiting()) == 1, "its key may be forgotten by now, so it could have been answered before"


def test_guessed_signatures_are_slowed_down_and_told_once_and_good_ones_still_pass(door, caplog):
    event = door.line.says("Usomchai", "ช่วย")
    statuses = [door.hook(event, signature="A" * 44) for _ in range(webhooks.WRONG_MOST + 3)]
    assert statuses == [401] * webhooks.WRONG_MOST + [429] * 3
    assert [one.message for one in caplog.records].count(
        "many webhooks with wrong signatures from one address"
    ) == 1
    assert door.hook(event, signature="A" * 44, address="203.0.113.10") == 401, "each address by itself"
    assert door.hook(event) == 200, "what is signed well is never lost"
    assert len(door.waiting()) == 1
    large = b"x" * (webhooks.WRONG_LARGEST + 1)
    assert door.hook(body=large, signature="A" * 44) == 413


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[" * 100_000, 400), (b"{", 400), (b"\xff\xfe", 400), (b"x" * 1_000_001, 413), (b"", 400)],
)
def test_a_body_that_is_none_is_refused(door, body, status):
    assert door.hook(body=body) == status
    assert not door.waiting()


def test_who_sends_too_fast_is_told_once_and_others_are_not_held_up(door):
    for number in range(9):
        assert door.hook(door.line.says("Usomchai", f"4.1 ความลับ {number}")) == 200
    assert door.hook(door.line.says("Usuda", "ช่วย")) == 200
    kinds = [one.kind for one in door.waiting()]
    assert kinds == ["message"] * 5 + ["flooded", "message"]
    hint = door.waiting()[5]
    assert (hint.text, bool(hint.reply_token)) == ("", True), "told by the free reply, without a word of it"
    told = door.answer(hint)
    assert "หนึ่งนาที" in told
    with door.app.database.look(door.stage.agency.id) as records:
        assert records.scalars(select(Entry.action).where(Entry.action == "floods-slow")).all()


def test_what_was_taken_back_is_heard_even_from_who_sends_too_fast(door):
    said = door.line.says("Usomchai", "4.1 เสร็จแล้ว")
    for _ in range(8):
        door.hook(door.line.says("Usomchai", "ช่วย"))
    door.hook(door.line.unsends("Usomchai", said["message"]["id"]))
    assert door.waiting()[-1].kind == "unsent"


def test_an_agency_whose_day_is_used_up_is_told_once_a_place(door):
    with door.app.database.agency(door.stage.agency.id) as records:
        agency = records.get_one(Agency, door.stage.agency.id)
        agency.settings = limits.changed(agency, {limits.EVENTS: 3})
    for number in range(6):
        door.hook(door.line.says(f"U{number % 2}", "ช่วย"))
    kinds = [one.kind for one in door.waiting()]
    assert kinds == ["message", "message", "message", "day-full", "day-full"]
    assert "พรุ่งนี้" in door.answer(door.waiting()[-1])


def test_figures_for_the_machine_are_not_given_through_the_proxy(door):
    status, _, body = door.ask("GET", "/metrics")
    assert status == 200
    for secret in (door.stage.agency.slug, str(door.stage.agency.id), "กองคลัง", "somchai"):
        assert secret not in body.decode()
    assert door.ask("GET", "/metrics", headers={"x-forwarded-for": "198.51.100.7"})[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/../chat.py",
        "/static/..%2f..%2fsecret.key",
        "/static//etc/passwd",
        "/hooks/line/../x",
        "/.env",
    ],
)
def test_no_path_leads_to_a_file_that_is_not_shown(door, path):
    assert door.ask("GET", path)[0] in (404, 405)


def say(door, body, **more):
    given = {"origin": "http://test", "content-type": "application/json"}
    return door.ask("POST", "/chat/say", body, given, **more)


@pytest.fixture
def sample(door):
    """The sample agency beside the real one."""
    with door.app.database.shared() as session:
        made = Agency(slug="sample-of-test", name="กรมตัวอย่าง", sample=True, settings={})
        session.add(made)
    yield made
    with door.app.database.shared() as session:
        session.delete(session.get_one(Agency, made.id))


def test_the_sample_is_not_played_on_a_public_address_beside_a_real_agency(door, sample):
    assert door.ask("GET", "/chat/state")[0] == 200
    for settings, status in (
        ({"public_url": "https://ita.example.go.th"}, 404),
        ({"public_url": "https://ita.example.go.th", "sample_page": "on"}, 200),
        ({"sample_page": "off"}, 404),
    ):
        door.app.settings = replace(
            door.app.settings, **{"public_url": "", "sample_page": "auto", **settings}
        )
        assert door.ask("GET", "/chat/state")[0] == status, settings


def test_the_chat_page_refuses_other_sites_bombs_and_haste(door, sample):
    assert door.ask("POST", "/chat/say", b"{}", {"origin": "https://evil.example"})[0] == 403
    assert say(door, b"[" * 90_000)[0] == 400
    assert say(door, b'{"a":' * 20_000)[0] == 400
    assert say(door, b"x" * 200_000)[0] == 413
    statuses = [say(door, b"{}")[0] for _ in range(4)]
    assert statuses == [400, 400, 429, 429]
    status, headers, body = say(door, b"{}")
    assert (status, headers["content-type"]) == (429, "application/json")
    assert json.loads(body)["error"]
    assert say(door, b"{}", address="198.51.100.8")[0] == 400


@pytest.mark.parametrize("style", ["text", "json"])
def test_the_log_holds_no_word_of_people_and_no_secret(door, capsys, style):
    logs.set_up(style)
    said = "4.1 ความลับทางราชการ somchai@example.go.th"
    event = door.line.says("Usomchai", said)
    door.hook(event)
    door.hook(event, signature="A" * 44)
    try:
        raise ValueError(said, door.line.token, door.line.secret)
    except ValueError:
        logging.getLogger("prongsai.inbox").exception("an event could not be answered")
    told = capsys.readouterr().err
    assert "an event could not be answered" in told
    assert "ValueError" in told
    for secret in ("ความลับ", "example.go.th", door.line.token, door.line.secret, "Usomchai"):
        assert secret not in told


@pytest.mark.parametrize(
    "odd",
    [
        {"key": "\ud800"},
        {"sender": "line:U\x00"},
        {"place": "line:C\ud800", "is_private": False, "quoted": "line:1", "addressed": False},
        {"details": {"set": float("nan")}},
    ],
)
def test_what_no_database_keeps_holds_up_no_other_agency(door, noise, odd):
    line = Heard("k1", "message", now(), "line", "line:U1", is_private=True, sender="line:U1", addressed=True)
    first, bad, good = (
        webhooks.Arrived(noise.id, (line,)),
        webhooks.Arrived(noise.id, (replace(line, **{"key": "k2", **odd}),)),
        webhooks.Arrived(door.stage.agency.id, (line,)),
    )
    waiting = [door.hooks.keep.put(one) for one in (first, bad, good)]
    with contextlib.suppress(ValueError, DataError):  # SQLite keeps some of it
        waiting[1].result(10)
    assert (waiting[0].result(10), waiting[2].result(10)) == (1, 1)
    assert [one.key for one in door.waiting()] == ["k1"]
    assert door.app.refused_at is None, "the database is well"
