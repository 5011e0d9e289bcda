"""The program with the toy channel among its channels, with a clock that can be set, with words that end the
process that answers them, with a pause of its own after a full disk, and with its statements counted, in this
process and those it starts."""

import os
import signal
import sys
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import Engine, event

import storage.base
import tests.fakes.toy
from bot.cli import main

sys.modules["bot.channels.toy"] = tests.fakes.toy
# who says this ends the process, as a fault in a library does
DEADLY = os.environ.get("PRONGSAI_TEST_DEADLY")
AHEAD = os.environ.get("PRONGSAI_TEST_CLOCK")  # a file that says how many seconds the clock is ahead


class SetClock(datetime):
    """The machine's clock, moved by as many seconds as the file says."""

    @classmethod
    def now(cls, tz=None):
        moved = float(Path(AHEAD).read_text(encoding="ascii") or 0)
        return datetime.fromtimestamp(datetime.now(tz).timestamp() + moved, tz)


if AHEAD:
    storage.base.datetime = SetClock

if DEADLY:
    inbox = import_module("bot.inbox")
    inbox.TRIES = int(os.environ.get("PRONGSAI_TEST_TRIES", inbox.TRIES))
    desk = import_module("handlers.desk")
    answer = desk.answer

    def answer_or_end(turn):
        if turn.reading.text == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer(turn)

    desk.answer = answer_or_end

if pause := os.environ.get("PRONGSAI_TEST_NO_ROOM_PAUSE"):  # seconds until our own disk is tried again
    import_module("bot.files").NO_ROOM_PAUSE = timedelta(seconds=float(pause))

if counted := os.environ.get("PRONGSAI_TEST_STATEMENTS"):  # a file that grows by one byte with each
    into = os.open(counted, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    event.listen(Engine, "before_cursor_execute", lambda *_: os.write(into, b"."))

if __name__ == "__main__":
    if "PRONGSAI_TEST_PROFILE" in os.environ:
        import_module("tests.bench._profile").start()
    sys.exit(main())
