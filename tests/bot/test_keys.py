"""The key changes while everything goes on: what was sealed and given out before still opens."""

import json

import pytest

from bot import sealing
from bot.app import App
from bot.cli import main
from bot.config import Settings
from storage import agencies, codes
from storage.agencies import Channel
from storage.base import now

OLD = "an old key of some length"


@pytest.fixture
def deployment(stage, empty, tmp_path, monkeypatch, capsys):
    """A deployment of its own with a sealed account; its app, its agency's id, and its commands."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", empty.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main(list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    assert run("init", "--agency", "a", "--name", "กรม")[0] == 0
    assert run("channel", "add", "line", "--agency", "a", "--secret", "s1", "--token", "t1")[0] == 0
    app = App(Settings(database_url=empty.url.render_as_string(hide_password=False), data_dir=tmp_path))
    yield app, app.agency("a").id, run
    app.close()


def sealed(app, agency_id):
    with app.database.look(agency_id) as records:
        return agencies.find_channel(records, "line").sealed


def test_a_new_key_seals_everything_and_running_programs_go_on(deployment):
    app, agency_id, run = deployment
    before = sealed(app, agency_id)
    assert app.seal.is_newest(before)
    status, out, told = run("keys", "rotate")
    assert (status, "1 credential" in out) == (0, True), told
    after = sealed(app, agency_id)
    assert after != before
    assert app.opened(after) == {"secret": "s1", "token": "t1"}, "a program that runs takes the new key up"
    assert (app.data_dir / "secret.key").stat().st_mode & 0o077 == 0
    status, _, told = run("keys", "rotate")
    assert (status, "keys forget" in told) == (1, True)
    assert run("keys", "forget")[0] == 0
    assert json.loads(run("keys", "list", "--json")[1]) == {
        "keys": App(app.settings).seal.marks,
        "newest": 1,
        "older": 0,
        "closed": [],
    }
    assert App(app.settings).seal.open(after)["token"] == "t1"
    with pytest.raises(sealing.CannotOpen):
        App(app.settings).seal.open(before)


def test_a_change_that_was_cut_off_is_finished_by_running_it_again(deployment):
    app, agency_id, run = deployment
    with sealing.changing(app.data_dir) as file:
        sealing.put_first(file)  # and here the power goes
    marks = App(app.settings).seal.marks
    assert App(app.settings).seal.open(sealed(app, agency_id))["token"] == "t1"
    assert run("keys", "forget")[0] == 1, "an old key that something needs is not dropped"
    assert run("keys", "rotate")[0] == 0
    assert App(app.settings).seal.marks == marks, "no third key"
    assert App(app.settings).seal.is_newest(sealed(app, agency_id))


def test_codes_given_out_before_still_let_people_in(deployment):
    app, agency_id, run = deployment
    code = json.loads(run("person", "add", "--agency", "a", "--name", "สุดา", "--json")[1])["code"]
    run("keys", "rotate")
    status, _, told = run("keys", "forget")
    assert (status, "1 invitation code" in told) == (1, True)
    fresh = App(app.settings)
    with fresh.database.agency(agency_id) as records:
        found = codes.find_code(records, codes.PERSON, codes.person_code(code))
        assert found is not None
        assert codes.use_code(records, found, now())
    fresh.close()
    assert run("keys", "forget")[0] == 0


def test_a_key_that_was_set_is_changed_by_setting_both(deployment, monkeypatch):
    _, _, run = deployment
    monkeypatch.setenv("PRONGSAI_SECRET_KEY", OLD)
    status, out, _ = run("keys", "list")
    assert "sealed under another key" in out
    run("channel", "add", "line", "--agency", "a", "--secret", "s2", "--token", "t2")
    status, _, told = run("keys", "rotate")
    assert (status, "NEW,OLD" in told) == (1, True)
    monkeypatch.setenv("PRONGSAI_SECRET_KEY", f"a new key of some length,{OLD}")
    assert run("keys", "rotate")[0] == 0
    monkeypatch.setenv("PRONGSAI_SECRET_KEY", "a new key of some length")
    assert json.loads(run("keys", "list", "--json")[1])["closed"] == []


def test_an_account_that_no_key_opens_is_named_and_the_others_are_sealed(deployment):
    app, agency_id, run = deployment
    with app.database.agency(agency_id) as records:
        records.add(Channel(kind="telegram", sealed=sealing.Seal("another key").close({"token": "x"})))
    status, out, _ = run("keys", "rotate")
    assert (status, "1 credential" in out, "telegram of a: sealed under another key" in out) == (
        1,
        True,
        True,
    )
