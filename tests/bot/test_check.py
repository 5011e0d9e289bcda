"""`check` says in one sentence each what is wrong, and the probes say what a machine must know."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from bot import backup, logs
from bot.app import App
from bot.cli import main
from bot.config import Settings
from bot.crew import Crew
from bot.web import Numbered, health
from storage.base import now
from tests.fakes.line import FakeLine

PUBLIC = "https://ita.example.go.th"


async def asked(web, path, headers=()):
    """One GET of an application: status, headers, body."""
    told, (where, _, query) = [], path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": where,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        told.append(message)

    await web(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    return told[0]["status"], answered, b"".join(one.get("body", b"") for one in told[1:])


@pytest.fixture
def app(stage, tmp_path):
    made = App(
        Settings(database_url=stage.database.url.render_as_string(hide_password=False), data_dir=tmp_path)
    )
    yield made
    made.close()


@pytest.fixture
def check(stage, empty, monkeypatch, tmp_path, capsys):
    """Run `check` on a fresh deployment with one agency and its account on the fake LINE."""
    with FakeLine() as line:
        settings = {
            "DATABASE_URL": empty.url.render_as_string(hide_password=False),
            "DATA_DIR": str(tmp_path),
            "PUBLIC_URL": PUBLIC,
            "LINE_API_URL": line.url,
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"PRONGSAI_{name}", value)
        monkeypatch.setenv("LANG", "C.UTF-8")
        monkeypatch.chdir(tmp_path)
        secrets = ("--secret", line.secret, "--token", line.token)
        assert main(["init", "--agency", "a", "--name", "กรม"]) == 0
        assert main(["channel", "add", "line", "--agency", "a", *secrets]) == 0

        def run():
            capsys.readouterr()
            main(["check", "--json"])
            rows = map(json.loads, capsys.readouterr().out.splitlines())
            return {row["what"]: (row["good"], row["text"]) for row in rows}

        yield line, run


def test_everything_is_looked_at_and_a_good_webhook_is_good(check):
    line, run = check
    line.webhook = f"{PUBLIC}/hooks/line/a"
    found = run()
    wanted = {"schema", "folder", "room", "key", "font", "clock", "set-aside", "waiting", "history"}
    assert wanted | {"channel", "line-clock", "webhook", "quota", "address"} <= set(found)
    assert [what for what, (good, _) in found.items() if not good] == ["backup-none"]


@pytest.mark.parametrize(
    ("endpoint", "active", "tried", "what", "told"),
    [
        ("", True, {}, "webhook-none", "LINE Developers"),
        ("https://old.example/hooks/line/a", True, {}, "webhook-other", "https://old.example"),
        (f"{PUBLIC}/hooks/line/a", False, {}, "webhook-off", "Use webhook"),
        (
            f"{PUBLIC}/hooks/line/a",
            True,
            {"success": False, "statusCode": 0, "reason": "COULD_NOT_CONNECT", "detail": "TLS handshake"},
            "webhook-unreached",
            "TLS handshake",
        ),
    ],
)
def test_a_webhook_that_line_does_not_reach_is_told_with_what_to_do(
    check, endpoint, active, tried, what, told
):
    line, run = check
    line.webhook, line.is_active, line.tried = endpoint, active, tried
    good, text = run()[what]
    assert not good
    assert told in text


def test_a_used_up_month_and_an_old_backup_are_told(check, app, tmp_path):
    line, run = check
    line.used = 290
    (tmp_path / backup.LAST).write_text((now() - timedelta(days=9)).isoformat())
    found = run()
    assert found["quota"] == (False, found["quota"][1])
    assert "290" in found["quota"][1]
    assert found["backup"][0] is False
    assert "9 day" in found["backup"][1]
    backup.take(app, tmp_path / "now.zip")
    assert run()["backup"][0] is True


def test_the_database_servers_role_and_encoding_are_told_on_postgresql(app):
    server = app.database.server()
    if app.database.is_sqlite:
        assert server is None
        return
    assert (server.encoding, server.is_bound, server.role) == ("UTF8", True, "prongsai_test")


def test_a_worker_that_died_makes_the_process_unready(app):
    async def go():
        crew = Crew(app)
        crew.start()
        app.ended = crew.ended
        assert crew.ended() == []
        crew._watch.stop()
        found = await asked(Starlette(routes=health.routes(app)), "/readyz")
        await crew.stop()
        await app.close_http()
        return found

    status, _, body = asyncio.run(go())
    assert status == 503
    assert json.loads(body)["ended"] == ["watch"]


def test_every_request_has_an_id_in_its_answer_and_in_the_log(app, capsys):
    async def broken(scope, receive, send):
        logging.getLogger("prongsai.test").warning("it happened")
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    logs.set_up("json")
    web, secret = Numbered(broken), "/hooks/line/secret-slug?token=hush"
    _, given, _ = asyncio.run(asked(web, secret, [("x-request-id", "proxy-0001")]))
    _, drawn, _ = asyncio.run(asked(web, "/", [("x-request-id", "bad id\twith spaces")]))
    assert given["x-request-id"] == "proxy-0001"
    assert len(drawn["x-request-id"]) == 32
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [one["request"] for one in told[:2]] == ["proxy-0001", "proxy-0001"]
    assert told[1]["path"] == "/hooks"
    assert "hush" not in json.dumps(told)
    assert "slug" not in json.dumps(told)
