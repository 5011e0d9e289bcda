"""What the rows of a plan hold on their way to a draft: rows, measures begun, all that was gathered."""

from dataclasses import dataclass, field, replace

from bot.tables.plan_words import flat, markers
from bot.tables.shapes import Cell
from storage.drafts import DraftDoubt, DraftFinding, DraftScore, DraftTopic

FOUND = "found:"  # a measure on its way, by its number in the order they were met


@dataclass(slots=True)
class Row:
    """One row of a plan's table, its cells by what the column holds."""

    where: str
    cells: dict[str, Cell]
    raw: tuple[Cell, ...]
    after_heading: bool

    def text(self, role: str) -> str:
        """The text of a column, empty where there is none."""
        return self.cells[role].text if role in self.cells else ""

    def own(self, *roles: str) -> bool:
        """Whether any of these columns has text of this row's own (not of a merged cell above)."""
        return any(role in self.cells and not self.cells[role].inherited for role in roles)


@dataclass(slots=True)
class Found:
    """A measure on its way: the texts of its columns, in the order they were met."""

    where: str
    topic: str = ""
    no: str = ""
    strong: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)
    o_items: tuple[str, ...] = ()

    def add(self, role: str, text: str) -> None:
        """Put more text under a column, once."""
        have = self.parts.setdefault(role, [])
        if text and text not in have:
            have.append(text)

    def goes_on(self, role: str, text: str) -> bool:
        """Whether a text begins in the middle of what this column holds: no marker, no new sentence."""
        have = self.parts.get(role)
        return bool(have) and not next((True for one in markers(text) if not one.start()), False)

    def go_on(self, role: str, text: str) -> None:
        """Go on with the last line of a column."""
        self.parts[role][-1] += f" {text}"

    def text(self, role: str) -> str:
        """All text of a column."""
        return "\n".join(self.parts.get(role, []))


@dataclass(slots=True)
class Gathered:
    """What the tables hold."""

    topics: list[DraftTopic] = field(default_factory=list)
    findings: list[DraftFinding] = field(default_factory=list)
    # findings by their place in the list above, each with the name of its indicator
    labelled: list[tuple[int, str]] = field(default_factory=list)
    measures: list[Found] = field(default_factory=list)
    scores: list[DraftScore] = field(default_factory=list)
    doubts: list[DraftDoubt] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    topic: str = ""
    tool: str = ""
    numbered: bool = False
    listed: bool = False
    o_numbers: list[str] = field(default_factory=list)
    sections: bool = False

    @property
    def last(self) -> str:
        """The measure begun last, until it has a code."""
        return f"{FOUND}{len(self.measures) - 1}"

    def aim(self, text: str) -> None:
        """What the topic now open is for."""
        for at, one in enumerate(self.topics):
            if one.no == self.topic:
                self.topics[at] = replace(one, aim=flat(f"{one.aim} {text}"))

    def doubt(self, where: str, said: str, guess: str, why: str, about: str = "") -> None:
        """Note something unsure."""
        self.doubts.append(DraftDoubt(where, said, guess, why, about))
