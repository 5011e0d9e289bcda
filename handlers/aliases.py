"""What people call a measure, for the secretary to accept or decline: in one letter a day, or on asking."""

from collections.abc import Iterable
from datetime import time

from sqlalchemy import select

from handlers import telling
from handlers.grams import key
from handlers.packing import pack
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Say, Turn, quote, say
from handlers.timed import Errand, Post, Timed
from storage import aliases, forms, history, plans
from storage.aliases import ACCEPTED, DECLINED, AliasProposal
from storage.people import IN_CHAT, Identity, Person, Role

SHOWN = 5
ASKS = "aliases-list"


def listed(turn: Turn) -> Reply:
    """What waits for a decision; without any, what measures are called."""
    found = aliases.waiting(turn.records)
    return _letter(found) if found else _known(turn)


def accept(turn: Turn) -> Reply:
    """From now on these words name their measure."""
    return _decided(turn, ACCEPTED)


def decline(turn: Turn) -> Reply:
    """These words are not proposed again."""
    return _decided(turn, DECLINED)


def _decided(turn: Turn, state: str) -> Reply:
    meant = _meant(turn)
    for one in meant:
        aliases.decide(turn.records, one, state, turn.person, turn.at)
        history.note(turn.records, f"alias-{state}", f"measure:{one.measure_id}", turn.person, alias=one.id)
    turn.records.flush()
    left = aliases.waiting(turn.records)
    told = tuple(_told(one) for one in meant)
    if not left and turn.thread.asked == ASKS:
        turn.thread.close()
    return Reply(
        say=say(f"aliases-{state}", told=told),
        choices=(Choice("aliases-list", say("aliases-left", count=len(left))),) if left else (),
        found=Found(measures=tuple(dict.fromkeys(one.measure.code for one in meant))),
    )


def _meant(turn: Turn) -> list[AliasProposal]:
    """The one a button carries, all of them, or those whose words stand in the line."""
    found = aliases.waiting(turn.records)
    if not found:
        raise Refused(say("aliases-none-waiting"))
    number = next(iter(turn.reading.args), "")
    if number == "all":
        return found
    if number:
        meant = [one for one in found if str(one.id) == number]
        if not meant:
            raise Refused(say("aliases-decided"))
        return meant
    said = key(turn.reading.text)
    meant = [one for one in found if one.folded in said]
    if not meant and len(found) > 1:
        raise Refused(_letter(found))
    return meant or found


def _told(one: AliasProposal) -> Say:
    return say("aliases-pair", text=one.text, measure=telling.named(one.measure))


def _letter(found: list[AliasProposal], *, asked_for: bool = True) -> Reply:
    """Every proposal a card with two buttons; more than fit are counted. Numbers pick what was asked for."""
    shown = found[:SHOWN]
    everything = (
        Choice(
            "aliases-accept:all", say("aliases-accept-all", count=len(found)), style="main", numbered=False
        ),
        Choice("aliases-decline:all", say("aliases-decline-all"), style="danger", numbered=False),
    )
    return Reply(
        say=say("aliases-waiting", count=len(found)),
        cards=tuple(_card(one, numbered=asked_for) for one in shown),
        choices=everything if len(found) > 1 else (),
        found=Found(measures=tuple(dict.fromkeys(one.measure.code for one in found))),
    )


def _card(one: AliasProposal, *, numbered: bool) -> Card:
    by = say("aliases-by", name=one.person.name, count=one.use_count) if one.person else None
    return Card(
        title=say("aliases-title", text=one.text),
        subtitle=by or say("aliases-used", count=one.use_count),
        rows=(Row(say=say("aliases-means", measure=telling.named(one.measure))),),
        choices=(
            Choice(
                f"aliases-accept:{one.id}",
                say("aliases-accept", text=one.text),
                style="main",
                numbered=numbered,
            ),
            Choice(f"aliases-decline:{one.id}", say("aliases-decline", text=one.text), numbered=numbered),
        ),
        about=f"measure:{one.measure_id}",
    )


def _known(turn: Turn) -> Reply:
    plan = plans.active_plan(turn.records, turn.today)
    names: dict[int, list[str]] = {}
    found = aliases.of_plan(turn.records, plan) if plan else []
    for measure, alias in found:
        names.setdefault(measure.id, []).append(alias.text)
    rows = [
        Row(say=telling.named(measure), value=quote(", ".join(names[measure.id])))
        for measure in dict.fromkeys(one for one, _ in found)
    ]
    if not rows:
        return Reply(say=say("aliases-none"))
    return Reply(say=say("aliases-none-waiting"), cards=(Card(title=say("aliases-known"), rows=tuple(rows)),))


def daily(errand: Errand) -> list[Post]:
    """One letter to each secretary with everything new since the last; none when nothing is new."""
    new, told = aliases.waiting(errand.records, untold=True), list(_secretaries(errand))
    if not new or not told:
        return []
    letter = _letter(aliases.waiting(errand.records), asked_for=False)
    for one in new:
        one.told_at = errand.at
    for _, address in told:
        _offer(errand, address, letter)
    day = errand.today.isoformat()
    return [
        Post(address, letter, "reminder", f"aliases:{day}:{address}", person.language)
        for person, address in told
    ]


def _secretaries(errand: Errand) -> Iterable[tuple[Person, str]]:
    bound = (
        select(Identity)
        .join(Person)
        .where(
            Person.role == Role.SECRETARY, Person.left_at.is_(None), Identity.unfollowed_at.is_(None), IN_CHAT
        )
        .order_by(Identity.bound_at)
    )
    last = {one.person_id: one for one in reversed(list(errand.records.scalars(bound)))}
    return [(one.person, one.address) for one in last.values()]


def _offer(errand: Errand, address: str, letter: Reply) -> None:
    """A button's words typed after the letter pick it; numbers keep what they meant before it."""
    thread = forms.thread(errand.records, address, address)
    offered = [*letter.choices, *(choice for card in letter.cards for choice in card.choices)]
    packed = [{"value": one.value, "label": pack(one.label), "shortcut": True} for one in offered]
    thread.offered = [*thread.offered, *packed]


DAILY = Timed("aliases-daily", at=time(9, 5), run=daily)
ANSWERS = {"aliases-list": listed, "aliases-accept": accept, "aliases-decline": decline}
