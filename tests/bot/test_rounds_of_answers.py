"""A round answers what waits in one transaction, and tells who is to go on with what it left."""

from datetime import datetime

import pytest
from sqlalchemy import event, select

from bot.app import App
from bot.channels import Heard
from bot.config import Settings
from bot.holding import Held
from bot.inbox import Inbox, event_of
from storage import inbox, outbox
from storage.outbox import Letter
from tests.accounts import url_of
from tests.conftest import BANGKOK
from tests.fakes.post import Quiet


@pytest.fixture
def post():
    return Quiet()


@pytest.fixture
def answering(stage, tmp_path, post):
    """Has what is said by somebody answered in one round; the statements that took are told."""
    app = App(Settings(database_url=url_of(stage.database), data_dir=tmp_path))
    box = Inbox(app, Held(), post, 0)
    asked = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    def answered(sender, text="", value=""):
        at = datetime.now(BANGKOK)
        heard = Heard(
            key=f"{sender}:{at}",
            kind="button" if value else "message",
            at=at,
            channel="test",
            place=sender,
            is_private=True,
            sender=sender,
            text=text,
            value=value,
            message=f"m{at}",
            addressed=True,
        )
        with stage.database.shared() as session:
            inbox.keep(session, [event_of(stage.agency.id, heard)])
        asked.clear()
        before = box.count
        while box.count == before:
            assert box.round()
        return asked

    yield answered
    app.close()


def test_who_sends_is_rung_for_letters_that_were_not_given_to_it(answering, post, stage):
    answering("test:somchai", "เมนู")
    assert outbox.KIND in post.rung
    answering("test:suda", "เมนู")  # in a session that was kept
    assert post.rung.count(outbox.KIND) == 2
    with stage.database.look(stage.agency.id) as records:
        assert len(records.scalars(select(Letter)).all()) == 2


def test_a_first_word_that_is_refused_is_answered_once(answering):
    statements = answering("test:somchai", value="plans-import")  # an officer has no right to it
    assert sum("FROM agency" in one for one in statements) == 1, "the transaction was not begun anew"
