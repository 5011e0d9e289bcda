"""Where a process's time goes, by layer: `PRONGSAI_TEST_PROFILE=FILE` has the program write it when it ends.

By cProfile, which makes code of many small calls look dearer than it is; the shares tell where to look.
"""

import atexit
import cProfile
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path
from pstats import Stats

LAYERS = (
    ("/sqlalchemy/", "SQLAlchemy"),
    ("/psycopg", "database driver"),
    ("/uvicorn/", "HTTP in"),
    ("/starlette/", "HTTP in"),
    ("/bot/web/", "HTTP in"),
    ("/aiohttp/", "HTTP out"),
    ("/fluent/", "words"),
    ("/bot/words.py", "words"),
    ("/bot/reading/", "reading"),
    ("/storage/spans.py", "reading"),
    ("/bot/channels/", "LINE's form, signature"),
    ("/handlers/packing.py", "packing letters"),
    ("/bot/channels/__init__.py", "packing letters"),
    ("/handlers/", "handlers"),
    ("/storage/", "records"),
    ("/bot/outbox.py", "engine: sending"),
    ("/bot/errands.py", "engine: sending"),
    ("/bot/inbox.py", "engine: answering"),
    ("/bot/turns.py", "engine: answering"),
    ("/bot/", "engine: other"),
    ("/asyncio/", "event loop"),
    ("/concurrent/", "event loop"),
)


_all = []


def _profile_this_thread(*_):
    """Every thread has a profile of its own, of the processor's time it takes itself."""
    made = cProfile.Profile(time.thread_time)
    _all.append(made)
    made.enable()


def _forget_the_start(begin):
    while not begin.exists():
        time.sleep(0.01)
    for one in _all:
        one.clear()
    begin.unlink()


def _write(file):
    spent = Counter()
    for one in _all:
        one.disable()
        for (name, _, what), (_, _, own, _, callers) in Stats(one).stats.items():
            if name == "~":  # written in C: its callers' layer
                for (caller, _, function), told in callers.items():
                    spent[_layer(caller, function if "sqlite3" in what else "")] += told[2]
            else:
                spent[_layer(name, "")] += own
    file.write_text(json.dumps(spent))


def _layer(name, calls):
    if calls:
        return "SQLite itself"
    return next((layer for part, layer in LAYERS if part in name), "other")


def begin_of(file):
    """The file that is made when what came before is not to count; it is gone once that is seen."""
    return file.with_suffix(".begin")


def start():
    """Begin, where it is asked for."""
    if name := os.environ.get("PRONGSAI_TEST_PROFILE"):
        file = Path(name)
        threading.Thread(target=_forget_the_start, args=(begin_of(file),), daemon=True).start()
        threading.setprofile(_profile_this_thread)
        _profile_this_thread()
        atexit.register(_write, file)


def told(file):
    """The shares as a line, the largest first."""
    spent = Counter(json.loads(file.read_text()))
    whole = sum(spent.values()) or 1.0
    return ", ".join(
        f"{layer} {used / whole:.0%}" for layer, used in spent.most_common() if used > whole / 100
    )
