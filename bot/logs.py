"""Logs as text for people or JSON for machines; never a message's text, a token or a secret."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

REQUEST: ContextVar[str] = ContextVar("request", default="")  # the id of the HTTP request that is answered
KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def name_request(record: logging.LogRecord) -> bool:
    """Write the request's id beside what is logged while it is answered."""
    if request := REQUEST.get():
        record.request = request
    return True


class AsJson(logging.Formatter):
    """One JSON object a line, with what was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        body = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in KNOWN},
        }
        if record.exc_info:
            body["fault"] = fault(record)
        return json.dumps(body, ensure_ascii=False, default=str)


class AsText(logging.Formatter):
    """A line for people: time, level, what happened, and the extras."""

    def format(self, record: logging.LogRecord) -> str:
        extras = " ".join(f"{key}={value}" for key, value in vars(record).items() if key not in KNOWN)
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        line = one_line(f"{at} {record.levelname:<7} {record.getMessage()} {extras}".rstrip())
        return f"{line}\n{fault(record)}" if record.exc_info else line


def one_line(text: str) -> str:
    """A line that stays one and moves no cursor, whatever somebody has put into an address."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def fault(record: logging.LogRecord) -> str:
    """The fault of a log record, as ``where`` tells it."""
    found = record.exc_info[1] if record.exc_info else None
    return where(found) if found else "fault"


def where(fault: BaseException) -> str:
    """What kind of fault it is and where it happened, without its message: that may quote people."""
    places, trace = [], fault.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(fault).__name__} at " + " < ".join(reversed(places[-12:]))


def set_up(style: str) -> None:
    """Send everything from WARNING, and our own from INFO, to standard error."""
    way = logging.StreamHandler(sys.stderr)
    way.addFilter(name_request)
    way.setFormatter(AsJson() if style == "json" else AsText())
    logging.basicConfig(level=logging.WARNING, handlers=[way], force=True)
    logging.getLogger("prongsai").setLevel(logging.INFO)
