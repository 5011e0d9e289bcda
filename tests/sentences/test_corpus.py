"""The corpus of what officers type, through the front door; a floor for each figure, seen and sealed apart."""

import json
from collections import Counter
from functools import cache

import pytest

from bot import config
from bot.app import App
from storage import migrations
from tests.bench import _corpus

# a little under what is reached; raised whenever the reader gets better, never lowered to suit it (set anew once,
# when 2,000 near misses and lines without any plain word were added, once when the lines of four more agencies were, and once for lines left alone when reports were taken sooner)
FLOORS = {
    "seen": {
        "report": 0.90, "right or asked": 0.95, "nothing added": 0.97, "status": 0.92, "percent": 0.80, "count": 0.77,
        "date": 0.90, "new date": 0.79, "left alone": 0.96, "question": 0.95, "asked": 0.55,
    },
    "sealed": {
        "report": 0.75, "right or asked": 0.83, "nothing added": 0.96, "status": 0.92, "percent": 0.95,
        "date": 0.97, "left alone": 0.91, "question": 0.80,
    },
}  # fmt: skip


# every fourth or third of their lines is sealed
BY_STRANGERS = (
    "fisheries",
    "healthoffice",
    "archives",
    "cityhall",
    "ministryhall",
    "labourdept",
    "orchardsdept",
    "fairtradedept",
    "coastministry",
)


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Plays the lines of a name when its score is first asked for: the two may be two workers' work."""
    folder = tmp_path_factory.mktemp("corpus")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRONGSAI_DATABASE_URL", f"sqlite:///{folder}/corpus.db")
        patch.setenv("PRONGSAI_DATA_DIR", str(folder))
        app = App(config.read())
        migrations.upgrade(app.database.engine)
        made = _corpus.make_agencies(app)
        yield cache(lambda name: _corpus.judge(_corpus.play(app, made, _some(name))))
        app.database.close()


def _some(name):
    """Every other sealed line and every sixth of the seen ones: `make bench` plays them all."""
    return _corpus.lines(name)[:: 6 if name == "seen" else 2]


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_under_its_floor(scores, name):
    score = scores(name)
    told = "\n".join([*score.figures(), *score.confusion(), *(score.wrong if name == "seen" else ())])
    assert all(score.share(what) >= floor for what, floor in FLOORS[name].items()), told


def test_lines_written_by_those_who_never_saw_the_reader_are_kept_sealed():
    seen, sealed = _corpus.lines("seen"), _corpus.lines("sealed")
    assert len(seen) >= 5360
    assert len(sealed) >= 840
    for part, least in ((seen, 4), (sealed, 2)):
        kinds = Counter(row["expect"]["kind"] for row in part)
        assert min(kinds[kind] for kind in ("report", "quiet", "ask", "question")) >= least
    sealed_of = {row["agency"] for row in sealed}
    assert sealed_of == {"department", "province", "scalereg", "prison", *BY_STRANGERS}
    assert len({row["agency"] for row in seen}) == 20


def test_no_line_of_the_corpus_is_there_twice():
    rows = [*_corpus.lines("seen"), *_corpus.lines("sealed")]
    assert len({row["id"] for row in rows}) == len(rows)
    texts = Counter(json.dumps([row["text"], row["agency"], row["chat"]]) for row in rows)
    assert max(texts.values()) == 1
