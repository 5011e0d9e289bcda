"""The corpus of what officers type: its agencies, how it is played, and how a line is judged."""

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot import samples
from bot.app import App
from bot.cli import main
from bot.script import Line, Stage, Undone, as_json, voice
from storage import agencies
from storage.agencies import Agency

FOLDER = Path(__file__).parent.parent / "sentences" / "corpus"
SAMPLE_DAY = date(2024, 1, 18)
DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789", " \n")

NONE_CAME = {"done": 0.0, "of": None}

Told = dict[str, Any]


def lines(name: str) -> list[Told]:
    """The lines of ``seen`` or ``sealed``."""
    rows = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(row) for row in rows if row.strip()]


def make_agencies(app: App) -> dict[str, Agency]:
    """The sample agency on its day, and the invented ones brought in through the commands."""
    samples.make(app, SAMPLE_DAY)
    told = tomllib.loads((FOLDER / "agencies.toml").read_text(encoding="utf-8"))
    for slug, one in told.items():
        _run("init", "--agency", slug, "--name", one["name"])
        for unit in one["units"]:
            named = [word for alias in unit["aliases"] for word in ("--alias", alias)]
            _run("unit", "add", unit["name"], "--short", unit["short"], *named, "--agency", slug)
        year = ("--fiscal-year", str(one["year"]))
        _run(
            "plan", "import", str(FOLDER / one["plan"]), "--agency", slug, *year,
            "--accept-guesses", "--activate", "--json",
        )  # fmt: skip
    with app.database.shared(write=False) as session:
        return {slug: agencies.find_agency(session, slug) for slug in ("sample", *told)}


def _run(*words: str) -> None:
    if main(list(words)):
        raise SystemExit(f"prongsai {' '.join(words)} failed")


def play(app: App, made: dict[str, Agency], rows: Iterable[Told]) -> Iterator[tuple[Told, Told]]:
    """Each line with what came of it; every line is a rehearsal of its own, as ``chat --dry-run`` makes it."""
    for row in rows:
        agency = made[row["agency"]]
        with suppress(Undone), app.database.agency(agency.id) as records:
            stage = Stage(app, agency.id, records)
            for text in row.get("before", ()):
                stage.hear(_line(row, text, addressed=True))
            told = as_json(row["id"], stage.hear(_line(row, row["text"])), voice(agency))
            raise Undone
        yield row, told


def _line(row: Told, text: str, *, addressed: bool = False) -> Line:
    return Line(
        sender=row["from"],
        text=text,
        at=datetime.fromisoformat(row["at"]),
        unit=row["unit"],
        in_group=row["chat"] == "group",
        addressed=addressed or row["addressed"],
    )


@dataclass
class Score:
    """How many of each thing were right, and what was wrong."""

    right: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    table: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str, row: Told, is_right: bool, got: object = "") -> None:
        """One thing judged."""
        self.tried[what] += 1
        self.right[what] += is_right
        if not is_right:
            self.wrong.append(f"{row['id']} {what}: {row['text']} → {got}")

    def share(self, what: str) -> float:
        """The share that was right; 1 where nothing was tried."""
        return self.right[what] / self.tried[what] if self.tried[what] else 1.0

    def figures(self) -> Iterator[str]:
        """Each share in a line."""
        for what in self.tried:
            yield f"{what:<16} {self.share(what):6.1%}   {self.right[what]} of {self.tried[what]}"

    def confusion(self) -> Iterator[str]:
        """What was meant (down) and what was taken (across)."""
        taken = ("report", "ask", "question", "quiet")
        yield f"{'meant ↓ taken →':<16}" + "".join(f"{one:>10}" for one in taken)
        for meant in taken:
            yield f"{meant:<16}" + "".join(f"{self.table[meant][one]:>10}" for one in taken)


def judge(played: Iterable[tuple[Told, Told]]) -> Score:
    """The score of lines that were played."""
    score = Score()
    for row, told in played:
        meant = row["expect"]["kind"]
        score.table[meant][_taken(told)] += 1
        {"report": _report, "quiet": _quiet, "ask": _ask, "question": _question}[meant](score, row, told)
    return score


def _taken(told: Told) -> str:
    if any(act["sure"] for act in told["acts"]):
        return "report"
    if told["candidates"] or told["acts"]:
        return "ask"
    return "question" if told["answered"] else "quiet"


def _report(score: Score, row: Told, told: Told) -> None:
    acts = [act for act in told["acts"] if act["sure"]]
    offered = {*told["candidates"], *(act["measure"] for act in told["acts"])}
    meant = row["expect"]["acts"]
    for wanted in meant:
        found = next((act for act in acts if act["measure"] in wanted["measures"]), None)
        got = [act["measure"] for act in acts] or _taken(told)
        score.count("report", row, found is not None, got)
        score.count("right or asked", row, bool(found or offered & set(wanted["measures"])), got)
        if found:
            _facts(score, row, wanted, found)
    allowed = {code for wanted in meant for code in wanted["measures"]}
    score.count("nothing added", row, all(act["measure"] in allowed for act in acts), acts)


def _facts(score: Score, row: Told, wanted: Told, act: Told) -> None:
    """What is said of a measure; a percent or count that nobody wrote is as wrong as one that is missed."""
    score.count("action", row, act["action"] in wanted["action"], act["action"])
    if wanted["status"]:
        score.count("status", row, act["status"] in wanted["status"], act["status"])
    whole = not row.get("loose")  # every number of the line is in the expectation
    if "percent" in wanted or (whole and act["percent"] is not None):
        percent = wanted.get("percent")
        is_right = None not in (percent, act["percent"]) and abs(percent - act["percent"]) < 0.05
        score.count("percent", row, is_right, act["percent"])
    if "percent_kind" in wanted:
        score.count("percent kind", row, act["percent_kind"] == wanted["percent_kind"], act["percent_kind"])
    told_none = (
        "count" not in wanted and act["count"] == NONE_CAME
    )  # "no complaint" is a count of 0, if one likes
    if ("count" in wanted or (whole and act["count"])) and not told_none:
        score.count("count", row, act["count"] in wanted.get("count", []), act["count"])
    if "date" in wanted:
        score.count("date", row, act["date"] in wanted["date"], act["date"])
    elif whole and act["date"] and "before" not in row:
        score.count("no date added", row, act["date"] == row["at"][:10], act["date"])
    if "new_due" in wanted:
        score.count("new date", row, act["new_due"] == wanted["new_due"], act["new_due"])
    if "evidence" in wanted:
        score.count("evidence", row, holds(" ".join(act["evidence"]), [wanted["evidence"]]), act["evidence"])
    if "blocker" in wanted:
        score.count("blocker", row, holds(act["blocker"] or "", wanted["blocker"]), act["blocker"])


def _quiet(score: Score, row: Told, told: Told) -> None:
    score.count("left alone", row, _taken(told) == "quiet", told["acts"] or told["reply"][:80])


def _ask(score: Score, row: Told, told: Told) -> None:
    wanted, sure = (
        row["expect"]["candidates"],
        [act["measure"] for act in told["acts"] if act["sure"]],
    )
    if sure:
        score.count("asked", row, len(wanted) == 1 and sure == wanted, sure)
        return
    offered = {*told["candidates"], *(act["measure"] for act in told["acts"])}
    is_right = bool(offered & set(wanted)) if wanted else told["answered"]
    score.count("asked", row, is_right, sorted(offered) or _taken(told))


def _question(score: Score, row: Told, told: Told) -> None:
    wanted = row["expect"]
    good = not told["acts"] and told["answered"]
    good = good and set(wanted.get("measures", ())) <= set(told["measures"])
    good = good and all(holds(told["reply"], fact) for fact in wanted.get("facts", ()))
    good = good and told["intent"].startswith(wanted.get("intent", ""))
    score.count("question", row, good, f"{told['intent']} {told['measures']} {told['reply'][:120]!r}")


def holds(text: str, some: list[str]) -> bool:
    """Whether a text holds one of some spellings; spaces and the kind of digits do not matter."""
    folded = text.translate(DIGITS).casefold()
    return any(one.translate(DIGITS).casefold() in folded for one in some)
