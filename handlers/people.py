"""Coming in with an invitation code, who one is here, language, going out; strangers are shown the way in."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from handlers.parts import Parts
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, quote, say
from storage import codes, history, outbox
from storage import people as staff
from storage.codes import PERSON, Code
from storage.measures import Measure
from storage.progress import Update

TRIES, WITHIN = 5, timedelta(hours=1)
FIRST_STEPS = ("duties-mine", "due-list", "progress-report", "policies-list")


def claims(turn: Turn) -> Turn | None:
    """A typed invitation code is one whatever stands around it."""
    if turn.reading.certain:
        return None
    bare = codes.person_code(turn.reading.text)
    if not bare and turn.person is None and turn.place.is_private:
        bare = codes.person_code(turn.reading.text, whole=True)
    return turn.read_as("people-code", bare) if bare else None


def code(turn: Turn) -> Reply:
    """Show whom a typed code is for; one typed in a group is withdrawn."""
    if not turn.reading.args:
        return Reply(say=say("people-code-what" if turn.person is None else "people-code-once"))
    bare = turn.reading.args[0]
    found = codes.find_code(turn.records, PERSON, bare)
    if not turn.place.is_private:
        return _shown_to_a_group(turn, found)
    if tries_are_over(turn):
        return Reply(say=say("people-code-wait"))
    if found is None or found.person is None:
        note_wrong(turn)
        return Reply(say=say("people-code-unknown"))
    if refusal := _refusal(turn, found):
        return Reply(say=refusal)
    turn.thread.answers["code"] = str(found.id)
    return Reply(
        say=say("people-found"),
        cards=(
            Card(
                title=say("people-name", name=found.person.name),
                subtitle=described(found.person),
                choices=(
                    Choice(f"people-yes:{found.id}", say("people-yes"), style="main"),
                    Choice(f"people-no:{found.id}", say("people-no")),
                ),
            ),
        ),
        asks="people-yes",
    )


def yes(turn: Turn) -> Reply:
    """Bind the identity to the person whose code was typed in this very talk."""
    parts = turn.reading.parts
    says = parts.says if isinstance(parts, Parts) else ""
    if not turn.reading.args and says != "yes":
        return no(turn) if says == "no" else Reply(say=say("people-yes-or-no"))
    found = _asked(turn)
    if found is None or found.person is None:
        return Reply(say=say("people-code-again"))
    if refusal := _refusal(turn, found):
        turn.thread.close()
        return Reply(say=refusal)
    if not codes.use_code(turn.records, found, turn.at):
        return Reply(say=say("people-code-used"))
    staff.bind(turn.records, found.person, turn.sender, turn.at)
    history.note(
        turn.records,
        "identity-bound",
        f"person:{found.person_id}",
        by=found.person,
        channel=turn.place.channel,
    )
    turn.thread.close(is_over=True)
    return Reply(say=say("people-bound"), cards=(Card(title=say("people-start"), choices=_first_steps()),))


def no(turn: Turn) -> Reply:
    """Not the person of the code: the code stays as it is."""
    turn.thread.close()
    return Reply(say=say("people-not-me"))


def _asked(turn: Turn) -> Code | None:
    number = str(turn.thread.answers.get("code", ""))
    given = turn.reading.args[0] if turn.reading.args else number  # a typed yes carries nothing
    if not turn.place.is_private or not number.isdecimal() or given != number:
        return None
    return turn.records.get(Code, int(number), populate_existing=True)


def _refusal(turn: Turn, found: Code) -> Say | None:
    person = found.person
    assert person is not None
    if turn.person is not None:
        if turn.person.id == person.id:
            return say("people-already", name=person.name)
        return say("people-bound-other", name=turn.person.name)
    if person.left_at is not None:
        return say("people-code-withdrawn")
    state = found.state(turn.at)
    return None if state == "open" else say(f"people-code-{state}")


def _shown_to_a_group(turn: Turn, found: Code | None) -> Reply:
    if found is not None and found.state(turn.at) == "open":
        found.withdrawn_at = turn.at
        history.note(turn.records, "code-withdrawn", f"person:{found.person_id}", why="shown in a group")
    return Reply(say=say("people-code-shown"))


def tries_are_over(turn: Turn) -> bool:
    """Whether this sender has guessed too often in the last hour."""
    return history.count(turn.records, "code-wrong", _veiled(turn), turn.at - WITHIN) >= TRIES


def note_wrong(turn: Turn) -> None:
    """Count a wrong code, without the code and without who it was."""
    history.count_one(turn.records, "code-wrong", _veiled(turn), turn.at)


def _veiled(turn: Turn) -> str:
    return f"sender:{codes.veiled(turn.records, turn.sender)}"


def followed(turn: Turn) -> Reply:
    """Greet: the way in for a stranger, the first steps for one we know."""
    if turn.person is None:
        return Reply(say=say("people-hello"))
    identity = staff.find_identity(turn.records, turn.sender)
    if identity is not None:
        identity.unfollowed_at = None
    return Reply(say=say("people-welcome", name=turn.person.name), choices=_first_steps())


def unfollowed(turn: Turn) -> Iterable[Reply]:
    """Remember that nothing can be sent there; nobody is there to be answered."""
    identity = staff.find_identity(turn.records, turn.sender)
    if identity is not None:
        identity.unfollowed_at = turn.at
    return ()


def stranger(turn: Turn) -> Iterable[Reply]:
    """A courteous way in and no data; the try is counted without its text."""
    group = turn.place.group
    where = f"group:{group.id}" if group else "private" if turn.place.is_private else "group"
    history.count_one(turn.records, "refused-stranger" if turn.sender else "refused-unknown", where, turn.at)
    if not turn.sender:
        yield Reply(say=_type_it(turn))
    elif turn.reading.intent.startswith("progress-"):
        yield Reply(say=say("people-stranger-report"))
    elif turn.place.is_private:
        yield Reply(say=say("people-stranger"))
    else:
        yield Reply(
            say=say("people-stranger"),
            cards=(Card(title=say("people-way-in"), rows=(Row(say("people-way")),)),),
        )


def _type_it(turn: Turn) -> Say:
    """The platform did not tell who tapped: only a typed sentence proves who says it."""
    unit = turn.place.unit
    whose = quote(unit.name) if unit else say("people-some-unit")
    args = turn.reading.args
    if turn.reading.intent == "progress-done" and args and args[0].isdecimal():
        update = turn.records.get(Update, int(args[0]))
        measure = turn.records.get(Measure, update.measure_id) if update else None
        if measure is not None:
            return say("people-tap-done", unit=whose, code=measure.code)
    if turn.reading.intent == "policies-acknowledge":
        return say("people-tap-acknowledge")
    return say("people-tap" if not turn.reading.text else "people-unknown", unit=whose)


def me(turn: Turn) -> Reply:
    """Who one is to the assistant."""
    person = turn.person
    assert person is not None
    rows = [Row(say("people-me-role", role=say(f"people-role-{person.role}")))]
    if person.unit:
        rows.append(Row(say("people-me-unit", unit=person.unit.name)))
    rows.append(Row(say("people-me-language", language=turn.languages.get(person.language, ("",))[0])))
    rows.append(Row(say("people-me-accounts", count=sum(one.is_chat for one in person.identities))))
    return Reply(
        say=say("people-me"),
        cards=(Card(title=say("people-name", name=person.name), rows=tuple(rows)),),
        choices=(Choice("people-language", say("people-change-language")),),
        found=Found(units=(person.unit.name,) if person.unit else ()),
    )


def language(turn: Turn) -> Reply:
    """Change the language one is answered in."""
    assert turn.person is not None
    chosen = turn.reading.args[0] if turn.reading.args else _named_language(turn)
    if chosen not in turn.languages:
        offered = tuple(
            Choice(f"people-language:{one}", quote(called[0])) for one, called in turn.languages.items()
        )
        return Reply(say=say("people-which-language"), choices=offered, asks="people-language")
    turn.person.language = chosen
    turn.thread.close()
    return Reply(say=say("people-language-now", language=turn.languages[chosen][0]))


def _named_language(turn: Turn) -> str:
    """The language a text names, by any of its names."""
    folded = turn.reading.text.casefold()
    return next(
        (one for one, called in turn.languages.items() if any(name.casefold() in folded for name in called)),
        "",
    )


def unlink(turn: Turn) -> Reply:
    """Untie this identity after asking; the person and what was reported stay."""
    assert turn.person is not None
    if not turn.place.is_private:
        raise Refused(say("people-unlink-private"))
    if turn.reading.args[:1] != ("yes",):
        asked = (
            Choice("people-unlink:yes", say("people-unlink-yes"), style="danger"),
            Choice("forms-drop", say("people-unlink-no")),
        )
        return Reply(
            say=say("people-unlink-sure", name=turn.person.name), choices=asked, asks="people-unlink"
        )
    identity = staff.find_identity(turn.records, turn.sender)
    if identity is not None:
        turn.person.identities.remove(identity)
        outbox.never(turn.records, [identity.address])
    person = turn.person
    history.note(
        turn.records, "identity-unbound", f"person:{person.id}", by=person, channel=turn.place.channel
    )
    turn.thread.close(is_over=True)
    return Reply(say=say("people-unlinked"))


def described(person: staff.Person) -> Say:
    """A person's unit and role in a line."""
    role = say(f"people-role-{person.role}")
    if person.unit is None:
        return say("people-role", role=role)
    return say("people-unit-role", unit=person.unit.name, role=role)


def _first_steps() -> tuple[Choice, ...]:
    return tuple(Choice(value, say(f"menu-{value}")) for value in FIRST_STEPS)


ANSWERS: dict[str, Callable[[Turn], Reply | Iterable[Reply]]] = {
    "people-code": code,
    "people-yes": yes,
    "people-no": no,
    "people-followed": followed,
    "people-unfollowed": unfollowed,
    "people-stranger": stranger,
    "people-me": me,
    "people-language": language,
    "people-unlink": unlink,
}
