"""Learns how a report sounds, from the lines of the corpus: `make learn` (some minutes).

Every line of ``seen.jsonl`` is read as the program reads one that nobody addressed to it (a question put to
somebody else in a group is left alone); a logistic regression over its
runs of letters, its signs and its likeness to the plan (bot/reading/leaning.py, handlers/overheard.py) is
fitted by Newton's method, and what weighs anything is written to locales/th/leaning.json. ``--apart``
writes nothing: each agency's lines are judged by what the others' taught, and told is how many reports are
taken where so many quiet lines are left alone. What tells the measures apart that a report is like
(handlers/ranking.py) is learned with it, from the reports of one measure that say no code.
"""

import json
import math
import os
import sys
import tempfile
from collections import Counter
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot import config
from bot.app import App
from bot.reading import leaning
from bot.reading.tidy import tidy
from bot.script import Stage, Undone
from handlers import meaning, naming, overheard, ranking
from handlers.parts import Parts
from storage import migrations
from tests.bench import _corpus

STRICT = 0.1  # the inverse of how strongly weights are held back; found by --apart
SELDOM = 3  # lines a run must stand in
LEAST = 0.04  # weights under this are left out: they say more of the lines learned from than of others
SIGNS = 1.2  # how strongly signs count beside runs while fitting


@dataclass(frozen=True)
class Example:
    """One line: whether it is to be taken, and what it has, by name; the measures that a report of one of
    them may mean, each with what speaks for it and whether it is meant."""

    agency: str
    text: str
    taken: bool
    features: dict[str, float]
    rivals: tuple[tuple[dict[str, float], bool], ...] = ()


def main() -> None:
    """Learn, and write or judge."""
    examples = list(read(_corpus.lines("seen")))
    if "--apart" in sys.argv:
        apart(examples)
    else:
        leaning.FILE.write_text(written(fitted(examples), ranked(examples)), encoding="utf-8")
        print(f"{len(examples)} lines → {leaning.FILE.name}")


def read(rows):
    """Some rows as examples; those that rest on lines before them are left out."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PRONGSAI_DATABASE_URL": f"sqlite:///{Path(folder)}/c.db", "PRONGSAI_DATA_DIR": folder}
        app = App(config.read())
        migrations.upgrade(app.database.engine)
        with redirect_stdout(StringIO()):
            made = _corpus.make_agencies(app)
        for row in rows:
            if not row.get("before"):
                yield example(app, made, row | {"chat": "group", "addressed": False})
        app.database.close()


def example(app, made, row):
    """One row as the program reads it."""
    found, rivals = {}, ()
    with suppress(Undone), app.database.agency(made[row["agency"]].id) as records:
        turn, _ = Stage(app, made[row["agency"]].id, records).understand(_corpus._line(row, row["text"]))
        parts = turn.reading.parts
        if isinstance(parts, Parts):
            text = tidy(turn.reading.text)
            found |= {f"runs {run}": 1.0 for run in sorted(leaning.runs(text))}
            found |= {f"signs {name}": SIGNS * value for name, value in leaning.signs(text, parts) if value}
            found |= {
                f"plan {name}": SIGNS * value for name, value in overheard.likeness(turn, parts) if value
            }
            rivals = tuple(rivals_of(turn, parts, row["expect"]))
        raise Undone
    return Example(row["agency"], row["text"], row["expect"]["kind"] in ("report", "ask"), found, rivals)


def rivals_of(turn, parts, expect):
    """The measures that a report without a code is like, where it is of one measure alone."""
    facts = meaning.pieces(turn, parts)
    if expect["kind"] != "report" or len(expect["acts"]) > 1 or len(facts) > 1 or facts[0].refs:
        return
    known = naming.known_of(turn)
    hits, told = naming.rivals(turn, known, facts[0])
    codes = {one: code for code, ids in known.codes.items() for one in ids}
    for hit, values in zip(hits, told, strict=True):
        yield values, codes[hit.name] in expect["acts"][0]["measures"]


def ranked(examples):
    """What each thing that speaks for a measure weighs: by Newton's method on the chance of those meant."""
    rows = [one.rivals for one in examples if any(is_meant for _, is_meant in one.rivals)]
    names = sorted({name for rivals in rows for values, _ in rivals for name in values})
    weights = [0.0] * len(names)
    for _ in range(12):
        slope = [-weight for weight in weights]
        bent = [[float(a == b) for b in range(len(names))] for a in range(len(names))]
        for rivals in rows:
            add_slopes(
                slope, bent, [[values.get(n, 0.0) for n in names] for values, _ in rivals], rivals, weights
            )
        weights = [w + s for w, s in zip(weights, solved(bent, slope), strict=True)]
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def add_slopes(slope, bent, values, rivals, weights):
    """One line's share of the slope and curve of the log-chance."""
    shares = ranking.chances([sum(w * v for w, v in zip(weights, one, strict=True)) for one in values])
    meant = sum(share for share, (_, is_meant) in zip(shares, rivals, strict=True) if is_meant)
    mean = [
        sum(share * one[at] for share, one in zip(shares, values, strict=True)) for at in range(len(slope))
    ]
    for share, one, (_, is_meant) in zip(shares, values, rivals, strict=True):
        much = (share / meant if is_meant else 0.0) - share
        for a, value in enumerate(one):
            slope[a] += much * value
            for b, other in enumerate(one):
                bent[a][b] += share * (value - mean[a]) * (other - mean[b])


def solved(matrix, right):
    """A small system of equations, by elimination; the matrix is positive."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        for row in rows[at + 1 :]:
            much = row[at] / pivot[at]
            row[at:] = [a - much * b for a, b in zip(row[at:], pivot[at:], strict=True)]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        rest = sum(rows[at][b] * found[b] for b in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - rest) / rows[at][at]
    return found


def fitted(examples):
    """The weights by name; "" is the base."""
    often = Counter(name for one in examples for name in one.features)
    names = ["", *sorted(name for name in often if often[name] >= SELDOM)]
    place = {name: at for at, name in enumerate(names)}
    rows = [[(0, 1.0), *((place[n], v) for n, v in one.features.items() if n in place)] for one in examples]
    weights = newton(rows, [float(one.taken) for one in examples], len(names))
    return dict(zip(names, weights, strict=True))


def newton(rows, wanted, size):
    """The weights of a logistic regression held back by ``STRICT``; the base is free."""
    held = [1e-6, *([1 / STRICT] * (size - 1))]
    weights = [0.0] * size
    for _ in range(12):
        shares = [sigmoid(dot(row, weights)) for row in rows]
        slope = [h * w for h, w in zip(held, weights, strict=True)]
        for row, share, want in zip(rows, shares, wanted, strict=True):
            add(slope, row, share - want)
        if max(map(abs, slope)) < 1e-2:
            break
        step = conjugate(rows, [s * (1 - s) for s in shares], held, slope)
        weights = [w - s for w, s in zip(weights, step, strict=True)]
    return weights


def conjugate(rows, curves, held, slope):
    """The Newton step, by conjugate gradients."""
    step, rest = [0.0] * len(slope), list(slope)
    way, size = list(rest), sum(r * r for r in rest)
    enough = size * 1e-4  # the next step mends what is left
    for _ in range(60):
        bent = [h * w for h, w in zip(held, way, strict=True)]
        for row, curve in zip(rows, curves, strict=True):
            add(bent, row, curve * dot(row, way))
        far = size / sum(w * b for w, b in zip(way, bent, strict=True))
        step = [s + far * w for s, w in zip(step, way, strict=True)]
        rest = [r - far * b for r, b in zip(rest, bent, strict=True)]
        before, size = size, sum(r * r for r in rest)
        if size < enough:
            break
        way = [r + size / before * w for r, w in zip(rest, way, strict=True)]
    return step


def dot(row, weights):
    """The sum of a line's weights."""
    return sum(value * weights[at] for at, value in row)


def add(total, row, much):
    """A line's share of a sum."""
    for at, value in row:
        total[at] += much * value


def sigmoid(odds):
    """The share that log-odds are."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def odds_of(weights, one):
    """The log-odds of an example."""
    return weights[""] + sum(weights.get(name, 0.0) * value for name, value in one.features.items())


def written(weights, ranks):
    """The file: the base, the signs, the plan's likeness, the runs; nothing that weighs nothing; and what
    tells measures apart."""
    told = {"base": round(weights[""], 3), "signs": {}, "plan": {}, "runs": {}, "ranks": ranks}
    for name in sorted(weights):
        kind, _, what = name.partition(" ")
        scale = 1.0 if kind == "runs" else SIGNS
        if name and abs(weights[name]) >= LEAST:
            told[kind][what] = round(weights[name] * scale, 3)
    return json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def apart(examples):
    """What is known of an agency's lines without having seen them."""
    found = []
    for agency in sorted({one.agency for one in examples}):
        weights = fitted([one for one in examples if one.agency != agency])
        mine = [(odds_of(weights, one), one) for one in examples if one.agency == agency]
        found += mine
        print(agency, told(mine), flush=True)
    print("all", told(found))
    for odds, one in sorted(found, key=lambda pair: pair[0]):
        if (odds > 0) != one.taken and "--open" in sys.argv:
            print(f"{odds:6.2f} {'taken' if one.taken else 'quiet'} {one.agency} {one.text[:100]}")


def told(found):
    """How many reports are taken where so many quiet lines are left alone."""
    quiet = sorted((odds for odds, one in found if not one.taken), reverse=True)
    reports = [odds for odds, one in found if one.taken]
    said = []
    for share in (0.9, 0.95, 0.98):
        least = quiet[int((1 - share) * len(quiet))]
        taken = sum(odds > least for odds in reports) / len(reports)
        said.append(f"{share:.0%} quiet from {least:.2f}: {taken:.1%} taken")
    return f"{len(reports)} and {len(quiet)}: " + ", ".join(said)


if __name__ == "__main__":
    main()
