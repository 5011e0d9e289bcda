"""The word lists people's messages are read by: locales/*/reading.toml, joined over the languages."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "locales"


class Lexicon:
    """Lists of patterns by section and name. The Thai file is the full one; others add to its lists."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._lists: dict[tuple[str, str], Any] = {}
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}
        for file in sorted(folder.glob("*/reading.toml"), reverse=True):
            for section, lists in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for name, value in lists.items():
                    self._add(section, name, value)

    def _add(self, section: str, name: str, value: Any) -> None:
        known = self._lists.get((section, name))
        self._lists[section, name] = [*known, *value] if isinstance(known, list) else value

    def __call__(self, section: str, name: str) -> Any:
        """A list as it is written."""
        return self._lists[section, name]

    def pattern(self, section: str, name: str) -> re.Pattern[str]:
        """A list as one pattern, ready to search with."""
        at = (section, name)
        if at not in self._patterns:
            self._patterns[at] = re.compile(self.raw(section, name), re.IGNORECASE)
        return self._patterns[at]

    def raw(self, section: str, name: str) -> str:
        """A list as the text of a pattern, to put into a larger one."""
        return either(self._lists[section, name])

    def has(self, section: str, name: str, text: str) -> bool:
        """Whether any of a list stands in the text."""
        return self.pattern(section, name).search(text) is not None

    def names(self, section: str) -> list[str]:
        """The lists of a section, as the file has them."""
        return [name for one, name in self._lists if one == section]


def either(patterns: Iterable[str]) -> str:
    """One pattern that finds any of these."""
    return "|".join(f"(?:{one})" for one in patterns)


@cache
def lexicon() -> Lexicon:
    """The word lists, read once."""
    return Lexicon()
