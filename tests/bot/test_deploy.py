"""What stands in deploy/ starts this program: its commands, settings and folders exist."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.cli import parser
from bot.config import CHECKS

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))


def commands():
    """Every command line of ours that a file in deploy/ runs."""
    for service in COMPOSE["services"].values():
        if "command" in service:
            yield service["command"]
    for unit in UNITS:
        for line in re.findall(r"-m bot ([^'\n]+)", unit.read_text(encoding="utf-8")):
            yield shlex.split(re.sub(r"\$\([^)]*\)", "x", line))


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_that_is_run_is_one(words):
    assert parser(words).parse_args(words).run


def test_there_are_one_web_process_two_workers_and_a_database():
    services = COMPOSE["services"]
    assert services["web"]["command"][:3] == ["serve", "--role", "web"]
    assert services["worker"]["command"] == ["serve", "--role", "worker"]
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["database"]["image"].startswith("postgres:")
    assert all(
        one["read_only"] and one["cap_drop"] == ["ALL"] for one in (services["web"], services["worker"])
    )


def test_every_setting_named_there_is_known():
    for file in (*DEPLOY.iterdir(), ROOT / "README.md"):
        for name in re.findall(r"PRONGSAI_([A-Z_]+)", file.read_text(encoding="utf-8")):
            assert name.lower() in CHECKS or name.startswith("TEST_"), f"{file.name}: {name}"


def test_no_image_is_taken_from_a_named_host():
    images = [one["image"] for one in COMPOSE["services"].values() if "image" in one]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert images
    assert not [one for one in images if "/" in one]


def test_what_the_image_holds_is_enough_to_run(tmp_path):
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", DOCKERFILE, re.MULTILINE):
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / "app" / target, ignore=shutil.ignore_patterns("*.pyc"))
    settings = {"PRONGSAI_DATA_DIR": str(tmp_path), "PRONGSAI_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "upgrade"],
        cwd=tmp_path / "app",
        env={**settings, "LANG": "C.UTF-8", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "is now" in done.stdout
