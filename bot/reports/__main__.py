"""``python -m bot.reports FD``: lays reports out, each in a child of this process that ends with it.

What is read comes from the process that started this one, never from outside: it hands over a socket for
each report. The libraries of papers take 100 MB and more; the process that answers people stays small,
and so does this one, because it only imports. Left alone for a while, or by its starter, it ends.
"""

import gc
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module

from bot import reports
from bot.reports import template
from bot.words import LANGUAGES, words

IDLE = 15 * 60.0  # seconds without a report after which the process ends
PATIENCE = 60  # seconds after which a child that is still at it is ended
HEAD = 8  # bytes that tell how long the file is
LIBRARIES = ("docx", "xlsxwriter", "typst", "resvg_py", "fontpkg_sarabun")


def main() -> int:
    """Take sockets, and have a child lay out what comes over each; get ready while none comes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    to_do = list(_preparations())
    while _is_waited_for(control, 0.0 if to_do else IDLE) or to_do:
        if not _is_waited_for(control, 0.0):
            to_do.pop(0)()
            continue
        _, handed, *_ = socket.recv_fds(control, 1, 1)
        if not handed:  # whoever started us has gone
            break
        _apart(handed[0])
    return 0


def _is_waited_for(control: socket.socket, seconds: float) -> bool:
    return bool(select.select([control], [], [], seconds)[0])


def _preparations() -> Iterator[Callable[[], object]]:
    """What makes the next child quick. Nothing is drawn here: what starts threads cannot be copied."""
    for name in LIBRARIES:
        yield partial(import_module, name)
    for language in LANGUAGES:
        yield partial(words, language)
    yield gc.freeze


def _apart(handed: int) -> None:
    """One report, in a child of its own."""
    if os.fork():
        os.close(handed)
        return
    signal.alarm(PATIENCE)
    status = 1
    try:
        with socket.socket(fileno=handed) as given:
            with given.makefile("rb") as asked:
                body = _laid_out(asked.read())
            given.sendall(len(body).to_bytes(HEAD, "big") + body)
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is to be tidied up by its child


def _laid_out(asked: bytes) -> bytes:
    name, language, zone, digits, report, own = pickle.loads(asked)  # noqa: S301 - our own parent's
    voice = words(language, digits, zone)
    return template.fill(own, report, voice) if own else reports.load(name).write(report, voice)


if __name__ == "__main__":
    sys.exit(main())
