"""The history is a chain: whatever is changed, taken out or cut off in the database shows in `check`."""

import pytest
from sqlalchemy import delete, select, update

from bot import clock
from bot.chaining import FOLDER, Chaining, kept_head
from storage import chain
from storage.history import Entry, note
from tests.builders import a_plan


@pytest.fixture
def chained(stage, tmp_path):
    """An agency with five acts in its chain, whose end is written down outside the database."""
    with stage.database.agency(stage.agency.id) as records:
        for number in range(5):
            note(records, "person-added", f"person:{number}", count=number, name="สมชาย")
    Chaining(stage.database, tmp_path).tick()
    return stage, kept_head(tmp_path / FOLDER / str(stage.agency.id))


def verified(stage, anchor=None):
    with stage.database.look(stage.agency.id) as records:
        return chain.verify(records, anchor)


def on_third(stage, statement):
    with stage.database.agency(stage.agency.id) as records:
        records.execute(statement.where(Entry.number == 3).execution_options(synchronize_session=False))


def test_what_was_done_is_linked_and_holds(chained):
    stage, head = chained
    assert head.number == 5
    found = verified(stage, head)
    assert (found.why, found.unchained, found.head) == ("", 0, head)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"action": "person-left"}, "changed"),
        ({"details": {"count": 9}}, "changed"),
        ({"details": {"blanked-by": 7}, "salt": None}, "blanked"),
        ({"number": None}, "missing"),
    ],
)
def test_a_changed_act_shows(chained, values, why):
    stage, head = chained
    on_third(stage, update(Entry).values(values))
    found = verified(stage, head)
    assert (found.wrong, found.why) == (3, why)


def test_an_act_taken_out_or_cut_off_shows(chained):
    stage, head = chained
    with stage.database.agency(stage.agency.id) as records:
        records.execute(delete(Entry).where(Entry.number == 5))
    found = verified(stage, head)
    assert (found.wrong, found.why) == (5, "shortened")
    on_third(stage, delete(Entry))
    assert (verified(stage).wrong, verified(stage).why) == (3, "missing")


def test_a_chain_written_anew_shows_against_the_end_kept_outside(chained):
    stage, head = chained
    with stage.database.agency(stage.agency.id) as records:
        records.execute(update(Entry).values(number=None, digest=None, action="forged"))
    with stage.database.agency(stage.agency.id) as records:
        chain.extend(records)
    assert verified(stage).why == ""
    assert verified(stage, head).why == "relinked"


def test_what_an_older_version_wrote_is_linked_at_night(stage):
    a_plan(stage)
    stage.chat("somchai", "4.1 เวียนหนังสือแล้ว 50%")
    with stage.database.agency(stage.agency.id) as records:
        assert chain.unchained(records) > 0
        clock.post(records, stage.agency, [])
        from handlers import keeping
        from handlers.timed import Errand

        keeping.nightly(Errand(records, stage.agency, stage.at, stage.at.date()))
    assert verified(stage).unchained == 0
    assert verified(stage).head.number > 0


def test_check_tells_of_a_broken_chain(chained, monkeypatch, tmp_path, capsys):
    from bot.cli import main

    stage, _ = chained
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")
    main(["check"])
    assert f"History of {stage.agency.slug}: 5 acts in an unbroken chain" in capsys.readouterr().out
    on_third(stage, update(Entry).values(subject="person:77"))
    assert main(["check"]) == 1
    assert f"History of {stage.agency.slug}: act 3 was changed" in capsys.readouterr().out


def test_two_workers_link_one_history_once(chained, tmp_path):
    stage, _ = chained
    with stage.database.agency(stage.agency.id) as records:
        note(records, "person-added", "person:9")
    first, second = Chaining(stage.database, tmp_path), Chaining(stage.database, tmp_path)
    assert first.one(stage.agency.id) + second.one(stage.agency.id) == 1
    with stage.database.look(stage.agency.id) as records:
        assert len(records.scalars(select(Entry)).all()) == 6
