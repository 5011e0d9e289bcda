"""Reads the settings once: environment over ``prongsai.toml``. A bad or unknown one stops the start."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from handlers.talk import Refused, say

PREFIX = "PRONGSAI_"
FOR_TESTS = "PRONGSAI_TEST_"  # belongs to the test suite, not to the program
FILE = Path("prongsai.toml")
DATABASES = ("sqlite", "postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; the names are those of the environment without the prefix."""

    database_url: str = "sqlite:///var/prongsai.db"
    data_dir: Path = Path("var")
    public_url: str = ""
    secret_key: str = ""
    line_api_url: str = ""
    telegram_api_url: str = ""
    timezone: str = "Asia/Bangkok"
    files_url: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    log: str = "text"
    events_a_minute: int = 60
    visits_a_minute: int = 600
    trusted_proxy: str = "127.0.0.1"
    sample_page: str = "auto"


def read(environment: Mapping[str, str] | None = None, file: Path = FILE) -> Settings:
    """The settings of this process.

    Raises:
        Refused: one is unknown or cannot be; the sentence names it.
    """
    environment = os.environ if environment is None else environment
    given: dict[str, Any] = {**_from_file(file), **_from_environment(environment)}
    return Settings(**{name: _checked(name, value) for name, value in given.items()})


def _from_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Refused(say("cli-setting-file", file=str(file), why=str(fault))) from fault
    for name in found:
        if name not in CHECKS:
            raise Refused(say("cli-setting-unknown", name=name, file=str(file)))
    return found


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for key, value in environment.items():
        if not key.startswith(PREFIX) or key.startswith(FOR_TESTS):
            continue
        name = key.removeprefix(PREFIX).lower()
        if name not in CHECKS:
            raise Refused(say("cli-setting-unknown", name=key, file=str(FILE)))
        if value:
            found[name] = value
    return found


def _checked(name: str, value: Any) -> Any:
    try:
        return CHECKS[name](str(value))
    except (ValueError, KeyError, OSError, ArgumentError) as fault:
        raise Refused(
            say("cli-setting-bad", name=PREFIX + name.upper(), value=_shown(name, value))
        ) from fault


def _shown(name: str, value: Any) -> str:
    """A value as an operator may see it: no key, and no password inside an address."""
    if name == "secret_key":
        return "…"
    parts = str(value).rpartition("@")
    return f"…@{parts[2]}" if parts[1] else str(value)


def _database(value: str) -> str:
    if make_url(value).get_backend_name() not in DATABASES:
        raise ValueError(value)
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(value)
    return value.rstrip("/")


def _store(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(value)
    return value


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
        raise ValueError(value)
    return value


def _mailbox(value: str) -> str:
    name, address = parseaddr(value)
    if "@" not in address.strip("@") or not value.isprintable():
        raise ValueError(value)
    return formataddr((name, address))


def _zone(value: str) -> str:
    ZoneInfo(value)
    return value


def _log(value: str) -> str:
    if value not in ("text", "json"):
        raise ValueError(value)
    return value


def _count(value: str) -> int:
    if int(value) < 0:
        raise ValueError(value)
    return int(value)


def _proxies(value: str) -> str:
    for one in value.split(","):
        ip_network(one.strip())
    return value


def _page(value: str) -> str:
    if value not in ("auto", "on", "off"):
        raise ValueError(value)
    return value


def _key(value: str) -> str:
    if any(len(key.strip()) < 16 for key in value.split(",")):  # shorter ones can be guessed
        raise ValueError
    return value


CHECKS: dict[str, Callable[[str], Any]] = {
    "database_url": _database,
    "data_dir": Path,
    "public_url": _address,
    "secret_key": _key,
    "line_api_url": _address,
    "telegram_api_url": _address,
    "timezone": _zone,
    "files_url": _store,
    "smtp_url": _mail_server,
    "mail_from": _mailbox,
    "log": _log,
    "events_a_minute": _count,
    "visits_a_minute": _count,
    "trusted_proxy": _proxies,
    "sample_page": _page,
}
