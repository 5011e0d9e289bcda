"""How well what officers type is understood. `python -m tests.bench reading [--open]`.

Lines of `seen.jsonl` may be tuned on; those of `sealed.jsonl`, written for two agencies of their own by somebody who never
saw the reader, are counted apart, and what is wrong among them is shown only when they are opened on purpose.
"""

import os
import sys
import tempfile
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from bot import config
from bot.app import App
from storage import migrations
from tests.bench import _corpus


def measure():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PRONGSAI_DATABASE_URL"] = f"sqlite:///{Path(folder)}/corpus.db"
        os.environ["PRONGSAI_DATA_DIR"] = folder
        app = App(config.read())
        migrations.upgrade(app.database.engine)
        with redirect_stdout(StringIO()):
            made = _corpus.make_agencies(app)
        for name in ("seen", "sealed"):
            yield from _of(app, made, name)
        app.database.close()


def _of(app, made, name):
    rows = _corpus.lines(name)
    began = time.perf_counter()
    score = _corpus.judge(_corpus.play(app, made, rows))
    took = time.perf_counter() - began
    yield f"-- {name}: {len(rows)} lines in {took:.1f} s ({took / len(rows) * 1000:.0f} ms a line)"
    yield from score.figures()
    yield from score.confusion()
    if name == "seen" or "--open" in sys.argv:
        yield from (f"   {one}" for one in score.wrong)
