"""The audit of what we lean on: fails on a known weakness, says when nothing could be looked up."""

import json
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

FILE = Path(__file__).parent.parent / ".ci" / "audit"
WEAK = {"name": "leaky", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}]}
FINE = {"name": "sound", "version": "2.0", "vulns": []}
UNKNOWN = {"name": "far", "skip_reason": "not found"}


def run(tmp_path, told):
    """The audit with a pip-audit that tells this; None: there is none."""
    tools = tmp_path / "tools"
    tools.mkdir()
    if told is not None:
        (tools / "told.json").write_text(told, encoding="utf-8")
        tool = tools / "pip-audit"
        tool.write_text(
            f"#!{sys.executable}\nimport shutil, sys\n"
            f"shutil.copy({str(tools / 'told.json')!r}, sys.argv[sys.argv.index('-o') + 1])\n",
            encoding="utf-8",
        )
        tool.chmod(0o755)
    return subprocess.run(
        [sys.executable, str(FILE)],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": str(tools)},
        check=False,
    )


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        (json.dumps({"dependencies": [FINE, WEAK]}), 1, "leaky 1.0: PYSEC-2026-1"),
        (json.dumps({"dependencies": [FINE, UNKNOWN]}), 0, "1 of 2 libraries looked up, 0 weaknesses"),
        (json.dumps({"dependencies": [UNKNOWN]}), 0, "no source of advisories answered"),
        ("", 0, "no source of advisories answered"),
        (None, 0, "pip-audit is not installed"),
    ],
)
def test_a_known_weakness_fails_and_what_nobody_could_look_up_is_said(tmp_path, told, status, words):
    done = run(tmp_path, told)
    assert (done.returncode, words in done.stdout) == (status, True), done.stdout + done.stderr


def test_a_locked_library_without_a_hash_is_found():
    loader = SourceFileLoader("audit", str(FILE))
    spec = spec_from_loader("audit", loader)
    audit = module_from_spec(spec)
    loader.exec_module(audit)
    lock = "one==1.0 \\\n    --hash=sha256:ab\n    # via two\ntwo==2.0\n    # via x\nthree[a]==3 \\\n    --hash=sha256:cd\n"
    assert audit.without_hash(lock) == ["two"]
