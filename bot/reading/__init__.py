"""Reads a message once, at the door: what is asked, and what it tells."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path

from bot.reading import choosing, kinds
from bot.reading.asking import asked
from bot.reading.clauses import LONGEST, clauses, items
from bot.reading.facts import is_bare, read_fact
from bot.reading.leaning import lean, weights
from bot.reading.lexicon import FOLDER, lexicon
from bot.reading.likeness import Examples
from bot.reading.names import name_in
from bot.reading.refs import find_refs, pieces, without_refs
from bot.reading.themes import themes
from bot.reading.tidy import has_thai, other_keyboard, plain, related, tidy
from handlers.parts import Fact, Leaning, Parts, Ref
from handlers.talk import Reading
from storage.base import now
from storage.spans import find_spans

NOT_SENTENCES = ("calendar", "reading", "themes")
A_CODE = 12  # letters of a line that is a measure's code, with courtesy
CODED = ("report", "nothing", "postpone", "attach")  # said with a measure's number, these are looked at
HOPELESS = -4.0  # log-odds of a line that no likeness to a plan makes a report


class Reader:
    """Knows the commands and example sentences of every language."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._commands: dict[str, str] = {}
        sentences: list[tuple[str, str]] = []
        for file in sorted(folder.glob("*/*.toml")):
            if file.stem not in NOT_SENTENCES:
                for intent, said in tomllib.loads(file.read_text(encoding="utf-8")).items():
                    self._commands |= {folded(one): intent for one in said.get("commands", [])}
                    sentences += [(intent, one) for one in said.get("sentences", [])]
        self._examples = Examples([*sentences, *((intent, key) for key, intent in self._commands.items())])

    def read(self, text: str, today: date | None = None) -> Reading:
        """What a typed message asks for and tells, on the day it was sent."""
        today = today or now().date()
        found = self._read(text, today)
        if has_thai(text) or found.certain or found.parts.kind or _INVITATION.fullmatch(text.strip()):
            return found
        meant = other_keyboard(tidy(text))
        other = self._read(meant, today) if has_thai(meant) else found
        best, before = (one.likely[0][1] if one.likely else 0.0 for one in (other, found))
        return replace(other, text=meant) if other.intent and (other.parts.kind or best > before) else found

    def _read(self, text: str, today: date) -> Reading:
        if folded(text) in self._commands:
            return self._command(text, today)
        parts = read_parts(text, today)
        command, _, rest = text.strip().partition(" ")
        if command.startswith("/") and folded(command) in self._commands:
            inner = read_parts(rest, today)
            return Reading(text=rest, intent=self._commands[folded(command)], certain=True, parts=inner)
        likely = self._examples.likely(tidy(text))
        return Reading(text=text, intent=choosing.intent_of(parts, likely), likely=likely, parts=parts)

    @lru_cache(maxsize=256)  # commands are few and come all day  # noqa: B019 - there is one reader
    def _command(self, text: str, today: date) -> Reading:
        return Reading(
            text=text, intent=self._commands[folded(text)], certain=True, parts=read_parts(text, today)
        )

    def may_tell(self, text: str, today: date | None = None) -> bool:
        """Whether an unaddressed message may tell something of a plan; no record is looked at."""
        if lexicon().has("kind", "passed_on", text.strip()):
            return False
        parts = _overheard(text, today or now().date())
        coded = parts.kind in CODED and any(kinds.is_coded(fact) for fact in parts.facts)
        return coded or parts.sounds().odds >= HOPELESS

    def may_go_on(self, text: str) -> bool:
        """Whether an unaddressed message may mend or add to a report its sender has just made here, or say
        which measure it is of."""
        parts = read_parts(text, now().date())
        fact = parts.fact
        tells = fact.count_done is not None or fact.percent is not None or bool(fact.papers or fact.blocker)
        only_a_code = parts.kind == "" and bool(fact.refs) and len(fact.note) <= A_CODE
        mends = parts.kind in ("correct", "withdraw", "attach")
        return mends or only_a_code or (parts.kind == "answer" and tells)

    def button(self, value: str) -> Reading:
        """What a tapped button asks for: ``intent:arg:arg``. What no button of ours carries is left out."""
        intent, *args = value.split(":")
        return Reading(intent=intent, certain=True, args=tuple(arg for arg in args if _is_ours(arg)))


def _overheard(text: str, today: date) -> Parts:
    parts = read_parts(text, today)
    return parts if parts.kind or has_thai(text) else read_parts(other_keyboard(tidy(text)), today)


def _is_ours(arg: str) -> bool:
    """Letters, digits, dots and dashes; a number must fit the database's ids."""
    return _ARG.fullmatch(arg) is not None and (not arg.isdigit() or int(arg) < 2**63)


@lru_cache(maxsize=16)  # the door, the turn and its handlers ask about the same message
def read_parts(text: str, today: date) -> Parts:
    """Everything found in a message, without any record and without knowing its intent."""
    sounds = partial(_sounds, text, today)
    text = tidy(text)
    refs = find_refs(text)
    facts, start = [], 0
    for piece, own in pieces(text, refs):
        start = text.index(piece, start)
        facts.append(read_fact(piece, own, today, start))
        start += len(piece)
    made = _shared(tuple(facts))
    kind, strength = kinds.kind_of(text, made)
    spans = [span for span in find_spans(without_refs(text, refs), today) if not span.of_document]
    cuts = kind in ("report", "nothing", "postpone") and len(facts) == 1 and len(text) <= LONGEST
    colleague = lexicon().pattern("kind", "colleague").search(text)
    return Parts(
        kind=kind,
        strength=strength,
        facts=made,
        colleague=colleague.group(1) if colleague else "",
        says=kinds.says(folded(text)),
        last_day=spans[-1].end if spans else None,
        has_window=any(span.kind != "year" for span in spans),
        plain=plain,
        find_refs=_find,
        name_in=name_in,
        is_bare=is_bare,
        related=related,
        themes=themes,
        **asked(text),
        items=_cut_facts(items(text), text, refs, today) if cuts else (),
        clauses=_cut_facts(clauses(text), text, refs, today) if cuts else (),
        sounds=sounds,
        ranks=weights().ranks,
    )


@lru_cache(maxsize=16)
def _sounds(text: str, today: date) -> Leaning:
    return lean(tidy(text), read_parts(text, today))


def _cut_facts(cut: list[tuple[str, int]], text: str, refs: tuple[Ref, ...], today: date) -> tuple[Fact, ...]:
    """The pieces that tell something, where there are several."""
    made: list[Fact] = []
    for piece, start in cut:
        own = tuple(ref for ref in refs if start <= ref.start < start + len(piece))
        fact = read_fact(piece, own, today, start)
        if fact.status or fact.percent is not None or fact.papers:
            made.append(fact)
    return tuple(made) if len(made) > 1 else ()


def _find(text: str) -> tuple[Ref, ...]:
    return find_refs(tidy(text))


def _shared(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """What is said of all of them ("both yesterday") goes to those that say nothing of it."""
    common = next((f for f in facts if lexicon().has("refs", "all_of_them", f.note)), None)
    if common is None or len(facts) < 2:
        return facts
    return tuple(
        replace(f, fact_on=f.fact_on or common.fact_on, status=f.status or common.status) for f in facts
    )


def digits(key: str) -> int:
    """The number a folded message is, with or without a word for "number" before it; 0 when it is none."""
    found = _number_only().fullmatch(tidy(key))
    return int(found.group(1)) if found else 0


@cache
def _number_only() -> re.Pattern[str]:
    return re.compile(f"(?:{lexicon().raw('refs', 'marker')})?(\\d{{1,2}})[.)]?")


_INVITATION = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{4}-?[a-z0-9]{4}", re.ASCII | re.IGNORECASE)
_ARG = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_ENDS = re.compile(r"[\s\u200b]+")


def folded(text: str) -> str:
    """Without spaces, courtesy at the end and case, to compare by."""
    key = _ENDS.sub("", text.lower())
    return _courtesy().sub("", key) or key


@cache
def _courtesy() -> re.Pattern[str]:
    return re.compile(f"(?:{lexicon().raw('tidy', 'courtesy')})+[!.~]*$")


@cache
def reader() -> Reader:
    """The one reader, made at first use."""
    return Reader()
