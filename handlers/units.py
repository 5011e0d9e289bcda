"""Which units a message names, and the unit it names that nobody knows."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from handlers.grams import Index, key
from handlers.parts import Parts
from handlers.recent import Recent
from handlers.talk import Choice, Refused, Reply, Turn, quote, say
from storage.agencies import Unit, UnitAlias
from storage.memory import rests_on

SHORTEST = 8  # letters of a unit's name, from its beginning, that may stand for it
OWN_WORK = 7  # letters in common with a unit's name from which a word is one of its name
SHORTEST_ALIAS = 4  # letters of another name that is known at the front of a text
NEAREST = 3
PIECE, PIECES = 3, 6  # letters of a piece of a unit's name, and of all that is said of it
KIND_MOST = 0.4  # of a unit's name is at most its kind ("Division of …"), which people leave out
ALIKE, STRETCH, LEAD = 84.0, 10, 1.3  # how like a known name a name must be to be a slip of it
KEPT = 256  # agencies in memory
_LETTER = "[a-zA-Z" + chr(0x0E01) + "-" + chr(0x0E4E) + "]"
_Row = tuple[int, str, str, str | None]


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a unit: folded, to find in a folded text; short forms carry a pattern instead."""

    unit: int
    text: str
    folded: str
    short: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Names:
    """Every unit's names, the longest first; ``full`` the folded full names, ``users`` how many of them
    begin so, by each beginning."""

    rows: tuple[_Row, ...]
    names: tuple[_Name, ...]
    full: Mapping[int, str]
    users: Mapping[str, int]


_kept: Recent[int, _Names] = Recent(KEPT)


def plain(turn: Turn, text: str, *, keep: bool = False) -> str:
    """A text without courtesy, fillers, dates and numbers; ``keep`` when only spelling is to be mended."""
    parts = turn.reading.parts
    return text if keep or not isinstance(parts, Parts) else parts.plain(text)


def units(turn: Turn, text: str = "") -> list[Unit]:
    """The units a text names, by full name, short form with or without dots, alias or the part of the
    name that no other unit has; in the order of the text."""
    parts = turn.reading.parts
    said = text or (parts.parted if isinstance(parts, Parts) else "") or turn.reading.text
    known, folded, left = _names(turn), key(said), said
    found: dict[int, int] = {}
    for one in known.names:
        at, end = _place(one, folded, left)
        if at >= 0 and one.unit not in found:
            found[one.unit] = at
            folded = folded.replace(one.folded, " " * len(one.folded), 1)
            left = left if one.short is None else left[:at] + " " * (end - at) + left[end:]
    if not found and (first := _at_the_front(known, folded)):
        found[first] = 0
    for unit, name in known.full.items():
        if unit not in found and (at := _begins_at(name, known.users, folded)) >= 0:
            found[unit] = at
    ids = sorted(found, key=lambda unit: found[unit])
    return [turn.records.get_one(Unit, unit) for unit in ids]


def _at_the_front(known: _Names, folded: str) -> int:
    """The unit whose other name (letters only) begins the text: words are not parted in Thai."""
    begins = (one for one in known.names if "." not in one.text and len(one.folded) >= SHORTEST_ALIAS)
    return next((one.unit for one in begins if one.short and folded.startswith(one.folded)), 0)


def without_own(turn: Turn, text: str) -> str:
    """A text without the names of the unit it comes from: who speaks says nothing of what is spoken of."""
    if turn.unit is None:
        return text
    for one in _names(turn).names:
        if one.unit == turn.unit.id:
            pattern = one.short or re.compile(re.escape(one.text), re.IGNORECASE)
            text = pattern.sub(" ", text)
    name = turn.unit.name
    begun = (name[:length] for length in range(len(name), SHORTEST - 1, -1))
    return text.replace(next((one for one in begun if one in text), "\n"), " ")


def without_own_work(turn: Turn, text: str) -> str:
    """A text without what stands in the name of the unit it comes from ("registration"): its everyday work
    is spoken of all day, and is no sign that a measure is."""
    if turn.unit is None:
        return text
    own = key(turn.unit.name)
    grams = {own[at : at + OWN_WORK] for at in range(len(own) - OWN_WORK + 1)}
    return "\n".join(
        " ".join(_cut_out(key(word), grams) for word in stretch.split()) for stretch in text.split("\n")
    )


def _cut_out(letters: str, grams: set[str]) -> str:
    kept, until = "", 0
    for at in range(len(letters)):
        until = at + OWN_WORK if letters[at : at + OWN_WORK] in grams else until
        kept += letters[at] if at >= until else "\n" * (not kept.endswith("\n"))
    return kept


def said_unit(turn: Turn) -> str:
    """A unit's name as it was said, known or not ("the Space Division"); empty when none was said."""
    parts = turn.reading.parts
    return parts.unit_said if isinstance(parts, Parts) else ""


def unit_asked(turn: Turn, intent: str, otherwise: Unit | None) -> Unit | None:
    """The unit a question is about: a button's, the one it names, else ``otherwise``.

    Raises:
        Refused: a unit is named that the agency does not have; the nearest ones are offered as
            buttons of ``intent``.
    """
    number = next(iter(turn.reading.args), "")
    if number.isdecimal() and (tapped := turn.records.get(Unit, int(number))) is not None:
        return tapped
    named = units(turn) or [
        one for one in (_meant(turn), _by_its_end(turn), _by_pieces(turn)) if one is not None
    ]
    if named or not said_unit(turn):
        return named[0] if named else otherwise
    choices = tuple(Choice(f"{intent}:{one.id}", quote(one.name)) for one in nearest(turn, said_unit(turn)))
    name = "units-unknown-near" if choices else "units-unknown"
    raise Refused(Reply(say=say(name, name=said_unit(turn)), choices=choices))


def unit_meant(turn: Turn) -> Unit | None:
    """The unit whose name is said in part ("human resources" for "Division of Human Resources")."""
    return _by_its_end(turn) or _by_pieces(turn)


def ending(turn: Turn, said: str) -> Unit | None:
    """The one unit whose name ends with all that is said ("legal" for "the Legal Section")."""
    letters = key(said)
    found = [one for one, name in _names(turn).full.items() if name.endswith(letters)]
    is_one = len(found) == 1 and len(letters) >= SHORTEST_ALIAS
    return turn.records.get_one(Unit, found[0]) if is_one else None


def _by_its_end(turn: Turn) -> Unit | None:
    """The one unit whose name ends with what is said, also in the words plans have for it ("IT")."""
    if said_unit(turn):
        return None
    said = key(plain(turn, turn.reading.text))
    full = _names(turn).full
    ends = [one for one, name in full.items() if any(name[at:] in said for at in _beginnings(name))]
    return turn.records.get_one(Unit, ends[0]) if len(ends) == 1 else None


def _by_pieces(turn: Turn) -> Unit | None:
    """The one unit whose name's beginning, with a later piece of it or without, begins a word said."""
    if said_unit(turn):
        return None
    words = [key(word) for word in turn.reading.text.split()]
    full = _names(turn).full
    near = {one: max((_pieced(name, word) for word in words), default=0) for one, name in full.items()}
    best = max(near.values(), default=0)
    found = [one for one, letters in near.items() if letters == best]
    return turn.records.get_one(Unit, found[0]) if best >= PIECES and len(found) == 1 else None


def _pieced(name: str, word: str) -> int:
    """How many letters at the beginning of a word are the beginning of a name and one later piece of it."""
    begun = next(
        (at for at, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word))
    )
    if begun < PIECE:
        return 0
    rest = word[begun:]
    more = next((size for size in range(len(rest), PIECE - 1, -1) if rest[:size] in name[begun:]), 0)
    return begun + more


def _beginnings(name: str) -> range:
    """Where the end of a name may begin that stands for all of it."""
    return range(1, min(len(name) - SHORTEST, int(len(name) * KIND_MOST)) + 1)


def _meant(turn: Turn) -> Unit | None:
    """The unit a slip of spelling or other words for the same ("the IT centre") must mean."""
    said = said_unit(turn)
    if not said:
        return None
    known = _names(turn)
    begun = [unit for unit, name in known.full.items() if name.startswith(key(said))]
    if len(begun) == 1:
        return turn.records.get_one(Unit, begun[0])
    whole = [unit for unit, name in known.full.items() if _pieced(name, key(said)) == len(key(said))]
    if len(whole) == 1:
        return turn.records.get_one(Unit, whole[0])
    index = Index({one: [(name, 1.0)] for one, name, _, _ in known.rows})
    hits = index.look(plain(turn, said), {}, 2)
    if not hits or (len(hits) > 1 and hits[1].weight * LEAD > hits[0].weight):
        return None
    best = turn.records.get_one(Unit, hits[0].name)
    alike = fuzz.ratio(key(said), key(best.name)) >= ALIKE
    return best if alike or len(hits[0].words) >= STRETCH else None


def nearest(turn: Turn, text: str) -> list[Unit]:
    """The units whose names are likest to a name, the likest first; some unit where none is like it."""
    rows = _names(turn).rows
    index = Index({one: [(name, 1.0)] for one, name, _, _ in rows})
    near = [hit.name for hit in index.look(text, {}, NEAREST)]
    ids = dict.fromkeys([*near, *(row[0] for row in rows)])
    return [turn.records.get_one(Unit, one) for one in list(ids)[:NEAREST]]


def _names(turn: Turn) -> _Names:
    """The agency's unit names; made anew when any of them has changed."""
    rows = _rows(turn.records)
    known = _kept.get(turn.agency.id)
    if known is None or known.rows != rows:
        full = {unit: key(name) for unit, name, _, _ in rows}
        users = Counter(name[:length] for name in full.values() for length in range(SHORTEST, len(name) + 1))
        known = _kept.keep(turn.agency.id, _Names(rows, tuple(_all_names(rows)), full, users))
    return known


@rests_on(Unit, UnitAlias)
def _rows(records: Session) -> tuple[_Row, ...]:
    return tuple(tuple(row) for row in records.execute(_every()))


@cache
def _every() -> Select[*tuple[Any, ...]]:
    return (
        select(Unit.id, Unit.name, Unit.short_name, UnitAlias.text)
        .outerjoin(UnitAlias, UnitAlias.unit_id == Unit.id)
        .order_by(Unit.position, Unit.name, UnitAlias.id)
    )


def _all_names(rows: Iterable[_Row]) -> list[_Name]:
    pairs = dict.fromkeys((unit, name) for unit, *names in rows for name in names if name)
    longest = sorted(pairs, key=lambda pair: -len(pair[1]))
    return [
        _Name(unit, name, key(name), _short_form(name) if _is_short(name) else None) for unit, name in longest
    ]


def _is_short(name: str) -> bool:
    return "." in name or len(key(name)) < 6


def _short_form(name: str) -> re.Pattern[str]:
    """A short form stands alone: with its dots, or without them and with no letter before or after."""
    letters = [re.escape(letter) for letter in name.replace(".", "").replace(" ", "")]
    return re.compile(rf"(?<!{_LETTER})" + r"\.?\s?".join(letters) + rf"(?:\.|(?!{_LETTER}))", re.IGNORECASE)


def _place(name: _Name, folded: str, left: str) -> tuple[int, int]:
    if name.short is None:
        return folded.find(name.folded), 0
    found = name.short.search(left)
    return found.span() if found else (-1, 0)


def _begins_at(name: str, users: Mapping[str, int], folded: str) -> int:
    """Where the longest beginning of a unit's name stands that is said; nowhere when others begin so too."""
    if name[:SHORTEST] not in folded or len(name) <= SHORTEST:
        return -1
    length = next(length for length in range(len(name) - 1, SHORTEST - 1, -1) if name[:length] in folded)
    return folded.find(name[:length]) if users[name[:length]] == 1 else -1
