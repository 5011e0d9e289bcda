"""A message's name and its blanks → text in a person's language (the only file that knows Fluent)."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentNone, FluentType

from handlers.talk import Say
from storage.digits import thai

FOLDER = Path(__file__).parent.parent / "locales"
ZONE = "Asia/Bangkok"
FIRST = "th"  # what is said where a language is unknown, or lacks a message
LANGUAGES = (FIRST, *sorted({file.parent.name for file in FOLDER.glob("*/calendar.toml")} - {FIRST}))
MESSAGE = re.compile(r"^(-?[a-zA-Z][\w-]*) *=", re.MULTILINE)
SPOKEN_OF = re.compile(r"\{\s*(-?[a-zA-Z][\w-]*)")


class Words:
    """The messages of one language. ``digits`` is ``thai`` where an agency writes ๑๒๓."""

    def __init__(self, language: str, zone: str = ZONE, digits: str = "arabic") -> None:
        self.language = language
        self._zone = ZoneInfo(zone)
        self.has_thai_digits = digits == "thai"
        self._calendar = calendar_of(language)
        self._bundle = FluentBundle([language], use_isolating=False, functions=self._functions())
        self._loaded: set[Path] = set()
        self._loading = RLock()

    def __call__(self, said: Say | None) -> str:
        """The text of a message; a missing blank is said as well as it can be, never raised."""
        if said is None:
            return ""
        if said.id == "quote":
            return str(said.args["text"])
        if not self._has(said.id):
            if self.language == FIRST:
                raise KeyError(f"no message {said.id}")
            return words(FIRST, "thai" if self.has_thai_digits else "arabic")(said)
        pattern = self._bundle.get_message(said.id).value
        assert pattern is not None, said.id
        text, _ = self._bundle.format_pattern(pattern, self._filled(said.args))
        return self._digits(str(text))

    def day(self, day: date, style: str = "short") -> str:
        """A day in the reader's calendar; the styles are those of ``calendar.toml``."""
        names = self._calendar
        day = day.astimezone(self._zone).date() if isinstance(day, datetime) else day
        return self._digits(
            names["styles"][style].format(
                day=day.day,
                month=names["months"][day.month - 1],
                short=names["short_months"][day.month - 1],
                year=day.year + names["years_to_add"],
                yy=f"{(day.year + names['years_to_add']) % 100:02d}",
                weekday=names["weekdays"][day.weekday()],
            )
        )

    def figure(self, text: str) -> str:
        """A figure or code in the agency's digits."""
        return self._digits(text)

    def _has(self, name: str) -> bool:
        """Whether there is such a message; its file is taken apart when the first of its messages is said."""
        file = _files(self.language).get(name)
        if file is not None and file not in self._loaded:
            with self._loading:
                self._load(file)
        return self._bundle.has_message(name)

    def _load(self, file: Path) -> None:
        known, files = _files(self.language), [file]
        for one in files:  # grows by those whose messages these speak of
            resource, spoken_of = _taken_apart(one)
            self._bundle.add_resource(resource)
            others = {known[name] for name in spoken_of if name in known}
            files += sorted(others - self._loaded - {*files})
        self._loaded |= {*files}

    def _filled(self, args: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._blank(value) for key, value in args.items()}

    def _blank(self, value: Any) -> Any:
        match value:
            case Say():
                return self(value)
            case tuple() | list():
                return self._calendar["between"].join(str(self._blank(part)) for part in value)
            case None:
                return ""
            case float():
                return f"{value:g}"
            case datetime() | date():
                return _Day(value, self.day(value))
            case _:
                return value

    def _functions(self) -> dict[str, Callable[..., Any]]:
        def day(value: Any, style: Any = "short") -> str | FluentNone:
            return self.day(value.value, str(style)) if isinstance(value, _Day) else FluentNone()

        def time(value: _Day) -> str:
            assert isinstance(value.value, datetime)
            return value.value.astimezone(self._zone).strftime(str(self._calendar["time"]))

        return {"DAY": day, "TIME": time}

    def _digits(self, text: str) -> str:
        return thai(text) if self.has_thai_digits else text


class _Day(FluentType):
    """A day on its way into a message; written in the short style unless the message says how."""

    def __init__(self, value: date, text: str) -> None:
        self.value = value
        self._text = text

    def format(self, *rest: object) -> str:
        return self._text


@cache
def calendar_of(language: str) -> dict[str, Any]:
    """Month and weekday names of a language, and how many years to add to the Gregorian year."""
    return tomllib.loads((FOLDER / language / "calendar.toml").read_text(encoding="utf-8"))


@cache
def _files(language: str) -> dict[str, Path]:
    """Which file each message of a language is in."""
    files = sorted((FOLDER / language).glob("*.ftl"))
    return {name: file for file in files for name in MESSAGE.findall(file.read_text(encoding="utf-8"))}


@cache
def _taken_apart(file: Path) -> tuple[Any, set[str]]:
    """A file of messages, and the names of others that they speak of."""
    text = file.read_text(encoding="utf-8")
    return FluentResource(text), set(SPOKEN_OF.findall(text))


@cache
def words(language: str, digits: str = "arabic", zone: str = ZONE) -> Words:
    """The messages of a language, loaded once; an unknown language is answered in Thai."""
    return Words(language if language in LANGUAGES else FIRST, zone, digits)


@cache
def languages() -> dict[str, tuple[str, ...]]:
    """The languages there are, with what each is called: first by itself, then by others."""
    return {language: tuple(calendar_of(language)["called"]) for language in LANGUAGES}
