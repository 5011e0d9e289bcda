"""Guided tasks: a table of questions asked one at a time, over any number of days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from handlers.parts import Parts
from handlers.talk import Choice, Reply, Turn, say


@dataclass(frozen=True, slots=True)
class Question:
    """How one answer is asked for and read.

    ``read`` gives a JSON value, or None when the message does not answer; ``ask`` is the question
    with what it offers (buttons carry ``answer:value``); ``needed`` says, from the answers so far,
    whether it must be asked at all.
    """

    read: Callable[[Turn, dict[str, Any]], Any]
    ask: Callable[[Turn, dict[str, Any]], Reply]
    needed: Callable[[dict[str, Any]], bool] = lambda answers: True


class Form(Protocol):
    """A guided task. ``submit`` does the work once every needed answer is there."""

    questions: Mapping[str, Question]

    def submit(self, turn: Turn, answers: dict[str, Any]) -> Reply: ...


def begin(form: str, made: Form, turn: Turn, answers: dict[str, Any]) -> Reply:
    """Open a form with what is known already, and ask the first thing that is not."""
    kept = turn.thread.answers.get("papers")
    turn.thread.close()
    turn.thread.form = form
    turn.thread.answers.update(answers | ({"papers": kept} if kept else {}))
    return _next(made, turn)


def go_on(made: Form, turn: Turn) -> Reply:
    """Take a message as the answer to the open question; ask again when it is none.

    Back, cancel and repeat are understood at every question.
    """
    match says(turn):
        case "cancel":
            return drop(turn)
        case "back":
            return _back(made, turn)
        case "again":
            return resume(made, turn)
    asked = turn.thread.asked
    if asked in made.questions:
        value = made.questions[asked].read(turn, dict(turn.thread.answers))
        if value is None:
            return made.questions[asked].ask(turn, dict(turn.thread.answers))
        turn.thread.answers[asked] = value
    return _next(made, turn)


def resume(made: Form, turn: Turn) -> Reply:
    """Ask the open question again."""
    asked = turn.thread.asked
    return (
        made.questions[asked].ask(turn, dict(turn.thread.answers))
        if asked in made.questions
        else _next(made, turn)
    )


def drop(turn: Turn) -> Reply:
    """Throw away what was begun."""
    turn.thread.close()
    return Reply(say=say("forms-dropped"))


def waiting(turn: Turn) -> Reply:
    """Said under another answer: something begun is still open."""
    choices = (
        Choice("forms-resume", say("forms-resume")),
        Choice("forms-drop", say("forms-drop"), style="danger"),
    )
    return Reply(say=say("forms-waiting", since=turn.thread.touched_at), choices=choices)


def says(turn: Turn) -> str:
    """Back, cancel, repeat … when the whole message is that."""
    parts = turn.reading.parts
    return parts.says if isinstance(parts, Parts) else ""


def _back(made: Form, turn: Turn) -> Reply:
    """To the question answered last: its answer is forgotten and asked for again."""
    before = [name for name in made.questions if name in turn.thread.answers and name != turn.thread.asked]
    if before:
        turn.thread.answers.pop(before[-1])
        turn.thread.asked = before[-1]
    return resume(made, turn)


def _next(made: Form, turn: Turn) -> Reply:
    answers = dict(turn.thread.answers)
    for name, question in made.questions.items():
        if name not in answers and question.needed(answers):
            turn.thread.asked = name
            reply = question.ask(turn, answers)
            return reply if reply.asks else replace(reply, asks=name)
    reply = made.submit(turn, answers)
    turn.thread.close()
    return reply
