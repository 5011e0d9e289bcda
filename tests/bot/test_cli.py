"""The command line: help everywhere, one sentence and 1 when it cannot, 2 for wrong usage."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import commands
from bot.cli import main
from storage import agencies, forms
from storage.agencies import Unit
from storage.people import Person


@pytest.fixture
def prongsai(stage, monkeypatch, tmp_path, capsys):
    """Run a command on the stage's database: exit status, output, what was said on standard error."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*words):
        try:
            status = main(list(words))
        except SystemExit as ended:
            status = ended.code
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.mark.parametrize("name", sorted(one.name for one in pkgutil.iter_modules(commands.__path__)))
def test_every_command_has_help_in_both_languages(name, monkeypatch, capsys):
    said = []
    for language in ("th_TH.UTF-8", "C.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        said.append(capsys.readouterr().out)
    assert said[0] != said[1]


def test_wrong_usage_ends_with_2_and_what_cannot_be_with_1(prongsai, stage):
    assert prongsai("chat")[0] == 2
    assert prongsai("nonsense")[0] == 2
    status, out, told = prongsai("chat", "--agency", "nobody", "--unit", "กองคลัง")
    assert (status, out, told.count("\n")) == (1, "", 1)
    assert "prongsai init --agency nobody" in told
    assert prongsai("init", "--agency", stage.agency.slug, "--name", "x")[0] == 1
    assert prongsai("init", "--agency", "Not a slug", "--name", "x")[0] == 1


def test_an_agency_is_made_once(prongsai, stage):
    slug = f"{stage.agency.slug}-2"
    assert prongsai("init", "--agency", slug, "--name", "กรมใหม่")[0] == 0
    assert prongsai("init", "--agency", slug, "--name", "กรมใหม่")[0] == 1


def lines(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def said(number, **more):
    base = {"id": f"R{number}", "from": "somying", "unit": "กองใหม่", "chat": "group", "addressed": True}
    return {**base, "at": "2024-01-14T10:00:00+07:00", "text": "/help", **more}


def script(prongsai, stage, tmp_path, *rows, more=()):
    file = tmp_path / "script.jsonl"
    file.write_text(lines(*rows), encoding="utf-8")
    status, out, told = prongsai(
        "chat", "--agency", stage.agency.slug, "--script", str(file), "--json", *more
    )
    assert status == 0, told
    return [json.loads(line) for line in out.splitlines()]


def test_a_script_is_answered_line_by_line_in_the_promised_shape(prongsai, stage, tmp_path):
    rows = [said(1), said(2, addressed=False, text="กินข้าวยัง"), said(3, chat="private", unit=None)]
    told = script(prongsai, stage, tmp_path, *rows)
    assert [one["id"] for one in told] == ["R1", "R2", "R3"]
    assert [one["answered"] for one in told] == [True, False, True]
    assert set(told[0]) == {
        "id",
        "answered",
        "intent",
        "acts",
        "measures",
        "units",
        "candidates",
        "choices",
        "reply",
    }
    assert told[0]["intent"] == "help"
    assert told[1]["reply"] == ""
    with stage.database.look(stage.agency.id) as records:
        unit = agencies.find_unit(records, "กองใหม่")
        person = records.scalars(select(Person).where(Person.name == "somying")).one()
        assert person.unit_id == unit.id
        places = records.scalars(select(forms.Thread.place)).all()
        assert len(places) == 2, "a state for the group and one for the private talk"


def test_a_rehearsal_keeps_nothing(prongsai, stage, tmp_path):
    told = script(prongsai, stage, tmp_path, said(1), said(2), more=("--dry-run",))
    assert [one["answered"] for one in told] == [True, True]
    with stage.database.look(stage.agency.id) as records:
        assert records.scalars(select(Unit).where(Unit.name == "กองใหม่")).first() is None


def test_a_line_that_is_none_is_named(prongsai, stage, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text(lines(said(1)) + "\n{nonsense", encoding="utf-8")
    status, _, told = prongsai("chat", "--agency", stage.agency.slug, "--script", str(file), "--json")
    assert status == 1
    assert "2" in told
    assert prongsai("chat", "--agency", stage.agency.slug, "--script", "none.jsonl")[0] == 1


def test_a_channels_secrets_are_sealed_at_rest(prongsai, stage):
    status, out, _ = prongsai(
        "channel", "add", "line", "--agency", stage.agency.slug, "--secret", "hush-hush", "--token", "tok-tok"
    )
    assert (status, f"/hooks/line/{stage.agency.slug}" in out) == (0, True)
    assert prongsai("channel", "add", "line", "--agency", stage.agency.slug, "--token", "x")[0] == 1
    with stage.database.look(stage.agency.id) as records:
        sealed = bytes(agencies.find_channel(records, "line").sealed)
    assert b"hush" not in sealed
    assert b"tok" not in sealed


def test_check_says_what_is_wrong_and_what_is_not(prongsai, stage):
    status, out, told = prongsai("check")
    assert "Schema of the database" in out
    assert (status == 1) == ("WRONG" in out)
    assert (told != "") == (status == 1)


def test_due_tells_that_there_is_no_plan(prongsai, stage):
    status, _, told = prongsai("due", "--agency", stage.agency.slug, "--as-of", "2024-01-14")
    assert status == 1
    assert "plan import" in told
    assert prongsai("due", "--agency", stage.agency.slug, "--as-of", "someday")[0] == 1


def test_a_server_refuses_an_old_schema_and_a_taken_port(prongsai, empty, monkeypatch):
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", empty.url.render_as_string(hide_password=False))
    status, _, told = prongsai("serve", "--port", "0")
    assert status == 1
    assert "upgrade" in told


def test_a_python_that_was_not_set_up_is_told_in_a_sentence():
    bare = [sys.executable, "-S", "-m", "bot", "check"]
    told = subprocess.run(bare, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "make run" in told.stderr
    assert "Traceback" not in told.stderr
