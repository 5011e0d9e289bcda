"""What one turn began is undone without a savepoint, and never at the cost of the turns beside it."""

import pytest
from sqlalchemy import select, update

from handlers.talk import Refused, say
from storage import forms
from storage.agencies import Unit
from storage.forms import Thread
from storage.undoing import TOGETHER, Entangled, undoable


@pytest.fixture
def records(database, agency):
    """A session in which turns are answered together; one turn before has left something to write."""
    with database.agency(agency.id) as session:
        session.info[TOGETHER] = (Thread,)
        forms.look_at(session, [("test:1", "test:1"), ("test:2", "test:2")])
        with undoable(session):
            forms.thread(session, "test:1", "test:1").asked = "first"
        yield session


def refused_after(records, work):
    """A turn that does something and is refused then."""
    with undoable(records):
        work()
        raise Refused(say("help-lost"))


def asked(records, who):
    records.flush()
    return records.scalar(select(Thread.asked).where(Thread.sender == who))


def test_what_was_not_written_yet_is_taken_back_and_the_turns_before_it_stay(records):
    thread = forms.thread(records, "test:2", "test:2")

    def ask():
        thread.asked, thread.answers["plan"] = "second", "1"

    with pytest.raises(Refused):
        refused_after(records, ask)
    assert (thread.asked, thread.answers) == ("", {})
    assert (asked(records, "test:1"), asked(records, "test:2")) == ("first", "")


def test_a_look_at_the_records_writes_what_turns_before_have_left_and_entangles_nothing(records):
    with pytest.raises(Refused):
        refused_after(records, lambda: records.scalars(select(Unit)).all())
    assert asked(records, "test:1") == "first"


def add(records):
    records.add(Unit(name="กองคลัง", short_name="กค."))


def add_and_flush(records):
    add(records)
    records.flush()


def change_all(records):
    records.execute(update(Unit).values(short_name=""))


def change_and_look(records):
    forms.thread(records, "test:2", "test:2").asked = "second"
    records.scalars(select(Unit)).all()


def test_what_only_the_turn_itself_touches_is_taken_back_though_others_records_were_asked_for(records):
    with pytest.raises(Refused):
        refused_after(records, lambda: change_and_look(records))
    assert (asked(records, "test:1"), asked(records, "test:2")) == ("first", "")


@pytest.mark.parametrize("work", [add, add_and_flush, change_all])
def test_what_was_written_can_only_be_undone_with_everything(records, work):
    with pytest.raises(Entangled):
        refused_after(records, lambda: work(records))


def test_alone_a_savepoint_undoes_what_was_written(database, agency):
    with database.agency(agency.id) as records:
        with pytest.raises(Refused):
            refused_after(records, lambda: add_and_flush(records))
        assert records.scalars(select(Unit)).all() == []
