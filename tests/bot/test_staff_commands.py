import json
import re
from pathlib import Path

import pytest

from bot.cli import main

SAMPLE = Path(__file__).parents[2] / "bot" / "sample" / "policies" / "2-no-gift-v1.md"


@pytest.fixture
def prongsai(stage, monkeypatch, tmp_path, capsys):
    """The command line on the stage's database: (exit status, what was printed)."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main([*words, "--agency", stage.agency.slug])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_units_are_added_named_otherwise_and_listed(prongsai):
    assert prongsai("unit", "add", "กองแผนงาน", "--short", "กผง.", "--alias", "กองแผน")[0] == 0
    assert prongsai("unit", "alias", "กผง.", "แผนงาน")[0] == 0
    listed = json.loads(prongsai("unit", "list", "--json")[1])
    assert {"name": "กองแผนงาน", "short": "กผง.", "aliases": ["กองแผน", "แผนงาน"]} in listed
    status, told = prongsai("unit", "add", "แผนงาน")
    assert (status, "already names กองแผนงาน" in told) == (1, True)
    assert prongsai("unit", "alias", "nowhere", "x")[0] == 1


def test_a_person_gets_a_code_and_can_leave(prongsai):
    status, told = prongsai("person", "add", "--name", "สมหญิง ตั้งใจ", "--unit", "กค.", "--role", "coordinator")
    assert status == 0
    assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told)
    assert prongsai("person", "add", "--name", "สมหญิง ตั้งใจ", "--unit", "กองคลัง")[0] == 1
    assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", prongsai("person", "code", "--name", "สมหญิง ตั้งใจ")[1])
    assert "Coordinator" in prongsai("person", "list")[1]
    assert prongsai("person", "leave", "--name", "สมหญิง ตั้งใจ")[0] == 0
    assert "สมหญิง" not in prongsai("person", "list")[1]
    assert prongsai("person", "leave", "--name", "สมหญิง ตั้งใจ")[0] == 1


def test_an_identity_given_at_once_needs_no_code(prongsai, stage):
    status, told = prongsai("person", "add", "--name", "อารี", "--identity", "test:aree", "--json")
    assert (status, json.loads(told)["code"]) == (0, None)
    assert "อารี" in stage.chat("aree", "ฉันเป็นใคร")
    assert prongsai("person", "add", "--name", "อีกคน", "--identity", "test:aree")[0] == 1
    assert prongsai("person", "add", "--name", "อีกคน", "--identity", "aree")[0] == 1


def test_a_group_is_tied_from_the_command_line(prongsai, stage):
    assert prongsai("group", "bind", "--group", "test:x", "--unit", "กค.", "--listen")[0] == 0
    assert "กองคลัง" in stage.chat("somchai", "/status", place="x")
    assert prongsai("group", "bind", "--group", "test:y", "--working-group")[0] == 0
    listed = json.loads(prongsai("group", "list", "--json")[1])
    assert {
        "group": "test:x",
        "unit": "กองคลัง",
        "working_group": False,
        "listening": True,
        "members": None,
    } in listed
    assert prongsai("group", "bind", "--group", "x", "--working-group")[0] == 1


def test_a_policy_is_imported_listed_and_counted(prongsai, tmp_path):
    status, told = prongsai("policy", "import", str(SAMPLE), "--json")
    assert status == 0
    assert json.loads(told) == {
        "kind": "no-gift",
        "title": "นโยบายไม่รับของขวัญจากการปฏิบัติหน้าที่ (ตัวอย่าง)",
        "version": 1,
        "effective_on": "2022-10-03",
        "clauses": 5,
        "new": True,
    }
    assert "no new version" in prongsai("policy", "import", str(SAMPLE))[1]
    text = tmp_path / "rule.txt"
    text.write_text("ระเบียบการยืม\n1. กรอกแบบยืม\n2. คืนตามกำหนด\n", encoding="utf-8")
    assert prongsai("policy", "import", str(text))[0] == 1
    assert prongsai("policy", "import", str(text), "--kind", "lending", "--effective-on", "1/10/2566")[0] == 0
    assert "lending  ระเบียบการยืม  versions 1" in prongsai("policy", "list")[1]
    shares = json.loads(prongsai("policy", "acknowledgements", "--kind", "no-gift", "--json")[1])
    assert (shares[0]["acknowledged"], shares[0]["of"]) == (0, 4)
    assert prongsai("policy", "acknowledgements", "--kind", "x")[0] == 1
    assert prongsai("policy", "import", str(tmp_path / "none.md"))[0] == 1
