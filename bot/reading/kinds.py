"""What sort of message it is: a report and how plainly, a correction, a question, a promise, chatter."""

import re
from functools import cache

from bot.reading.lexicon import lexicon
from handlers.grams import key
from handlers.parts import Fact, Kind, Says

PLAINLY = 0.5  # strength of a line that reports beyond doubt


def kind_of(text: str, facts: tuple[Fact, ...]) -> tuple[Kind, float]:
    """The sort of a tidy text and how plainly (0 to 1)."""
    refused = _refusal(text, facts)
    if _has("withdraw", text) and refused != "question" and not _is_cancelled(facts):
        return "withdraw", 0.9
    return (refused, 0.0) if refused else _told(text, facts, _strength(text, facts))


def _told(text: str, facts: tuple[Fact, ...], strength: float) -> tuple[Kind, float]:
    kinds: tuple[tuple[Kind, bool, float], ...] = (
        ("postpone", any(fact.status == "delayed" for fact in facts), 0.6),
        ("correct", _has("correct", text), 0.6),
        ("attach", _has("attach", text) and not any(is_coded(fact) and fact.status for fact in facts), 0.6),
        ("nothing", lexicon().has("status", "nothing", text) and not _percent(facts), 0.5),
        ("answer", _only_answers(text, facts), 0.2),
        ("report", strength >= 0.25 and any(_says_something(fact) for fact in facts), 0.0),
    )
    return next(((kind, max(strength, least)) for kind, holds, least in kinds if holds), ("", strength))


def _refusal(text: str, facts: tuple[Fact, ...]) -> Kind:
    """Why a message is no report, although it may look like one; empty when it may be one."""
    bare = text
    for fact in facts:
        for paper in fact.papers:
            bare = bare.replace(paper.text, " ")
    if any(is_coded(fact) and fact.papers for fact in facts):
        bare = lexicon().pattern("kind", "whereabouts").sub(" ", bare)
    plainly = any(is_coded(fact) or fact.status in ("delayed", "not_started") for fact in facts)
    if _is_chatter(bare, facts) and not plainly and not _has("correct", bare):
        return "chatter"
    if _has("last_year", bare) and not any(is_coded(fact) and fact.status == "done" for fact in facts):
        return "chatter"
    asks = lexicon().pattern("kind", "no_question").sub(" ", bare)
    if _has("question", asks) and not (_asks_leave_to_postpone(bare, facts) or _was_explained(bare)):
        return "question"
    if _has("reminder", bare) and not _tells_first("reminder", bare, facts):
        return "reminder"
    if (_has("condition", bare) and not _tells_first("condition", bare, facts)) or _only_promised(
        bare, facts
    ):
        return "promise"
    return ""


def _was_explained(text: str) -> bool:
    """What is asked ("how much each gets") is what somebody was told, in a line that tells of it."""
    words = lexicon()
    found = words.pattern("kind", "indirect").search(text)
    if found is None or _has("question", text[: found.start()]) or _has("asked_of", text):
        return False
    asked = list(words.pattern("kind", "question").finditer(text))
    after = text[asked[-1].end() :]
    told = (words.has(*one, part) for one in _DONE[:2] for part in (text[: found.start()], after))
    return any(told)


def _asks_leave_to_postpone(text: str, facts: tuple[Fact, ...]) -> bool:
    """A wish to be given time ("until the 15th, may we?") is a postponement said politely."""
    if not any(fact.status == "delayed" and (is_coded(fact) or fact.new_due_on) for fact in facts):
        return False
    return not _has("question", lexicon().pattern("kind", "leave").sub(" ", text))


def _is_chatter(text: str, facts: tuple[Fact, ...]) -> bool:
    """Greetings and laughter around something told are no chatter; alone they are."""
    rest = lexicon().pattern("kind", "noise").sub(" ", text)
    if rest != text and _is_told(rest) and not all(fact.bare for fact in facts):
        text = rest
    return _has("chatter", text) or _has("noise", text)


def _tells_first(name: str, text: str, facts: tuple[Fact, ...]) -> bool:
    """Whether something done to a matter of the plan is told before a request or condition."""
    found = lexicon().pattern("kind", name).search(text)
    before = text[: found.start()] if found else ""
    is_done = any(lexicon().has(*one, before) for one in _DONE)
    return is_done and any(is_coded(fact) or fact.matters for fact in facts)


_DONE = (("status", "past"), ("status", "done_strong"), ("numbers", "got"))


def _is_told(before: str) -> bool:
    """Whether something done is told: "60 % done, expected by Friday", but not "is going to"."""
    words = lexicon()
    if words.has("status", "past", before) or words.has("status", "done_strong", before):
        return True
    apart = before[: before.rfind(" ") + 1]
    on_its_way = (
        ("status", "in_progress"),
        ("status", "done_weak"),
        ("numbers", "percent"),
        ("numbers", "half"),
        ("numbers", "got"),
    )
    return any(words.has(section, name, apart) for section, name in on_its_way)


def _only_promised(text: str, facts: tuple[Fact, ...]) -> bool:
    """A promise counts as none where something done or not yet begun was told before it."""
    found = lexicon().pattern("kind", "promise").search(text)
    if found is None or any(fact.status in ("delayed", "not_started") for fact in facts):
        return False
    return not _is_told(text[: found.start()])


def _strength(text: str, facts: tuple[Fact, ...]) -> float:
    words, best = lexicon(), 0.0
    for fact in facts or (Fact(note=text),):
        said = fact.note
        points = (
            (0.35, is_coded(fact)),
            (0.4, fact.status in ("done", "not_started", "cancelled", "delayed", "continuous")),
            (0.25, words.has("status", "past", said) or words.has("status", "in_progress", said)),
            (0.25, fact.status == "in_progress" and _finished(said)),
            (0.25, fact.percent is not None or words.has("numbers", "measured", said)),
            (
                -0.15,
                words.has("kind", "daily", said) and not fact.deeds and not words.has("status", "past", said),
            ),
            (-0.15, words.has("kind", "laughs", said) and not (fact.deeds or fact.matters)),
            (0.25, words.has("refs", "same_one", said)),
            (0.25 if _is_of_work(fact, said) else 0.2, fact.count_done is not None),
            (0.25, fact.count_of is not None),
            (0.25 if fact.deeds or fact.matters else 0.2, bool(fact.papers)),
            (0.1, fact.fact_on is not None),
            (0.25, bool(fact.deeds) and (fact.fact_on is not None or fact.count_done is not None)),
            (0.1, fact.step is not None),
            (0.25, bool(fact.blocker)),
        )
        best = max(best, sum(weight for weight, holds in points if holds))
    return min(1.0, best)


def _is_of_work(fact: Fact, said: str) -> bool:
    """Whether what is counted was done or is a matter of the plan: people who came to ask are no progress."""
    return bool(fact.deeds or fact.matters or fact.count_of is not None) or any(
        lexicon().has("status", name, said) for name in ("past", "done_strong", "done_weak", "in_progress")
    )


def _finished(text: str) -> bool:
    return any(lexicon().has("status", name, text) for name in ("done_weak", "done_strong"))


_PROGRAM = re.compile(
    r"[{}<>\\^$|`;]|[*=+]{2}|\d\s*[*+^]\s*\d|^\s*=|\d\s*=\s*\d|--"
)  # no number that a person answers
_LATIN = re.compile("[a-zA-Z^]")  # a keyboard left in English, not an answer


def _only_answers(text: str, facts: tuple[Fact, ...]) -> bool:
    """Nothing but a number, a day or papers: no code, no words to find a measure by."""
    if len(facts) != 1 or facts[0].refs or _PROGRAM.search(text):
        return False
    fact = facts[0]
    if (
        fact.ours
        or fact.matters
        or (fact.blocker and (fact.percent is not None or fact.count_done is not None))
    ):
        return False
    if not (fact.bare and not fact.deeds) and (len(key(fact.words)) >= 4 or _LATIN.search(fact.words)):
        return False
    if fact.count_done is not None and lexicon().has("status", "past", text) and fact.percent is None:
        return False  # "put up 6 of them already" begins something, though it does not say of what
    numbers = (fact.percent, fact.count_done, fact.number, fact.fact_on, fact.day)
    return bool(fact.papers or fact.status) or any(one is not None for one in numbers)


def _says_something(fact: Fact) -> bool:
    return bool(fact.status or fact.papers) or fact.percent is not None or fact.count_done is not None


def _percent(facts: tuple[Fact, ...]) -> bool:
    return any(fact.percent is not None or fact.status in ("done", "not_started") for fact in facts)


def is_coded(fact: Fact) -> bool:
    """Whether something that is a measure's code beyond doubt stands in it (a bare number is not)."""
    return any(ref.marked or ref.kind != "code" or "." in ref.value for ref in fact.refs)


def _is_cancelled(facts: tuple[Fact, ...]) -> bool:
    """A measure is called off with a reason; what was told of it before is not called off but taken back."""
    off = (fact for fact in facts if fact.status == "cancelled" and is_coded(fact) and fact.blocker)
    return any(not _has("told_before", fact.note) for fact in off)


def _has(name: str, text: str) -> bool:
    return lexicon().has("kind", name, text)


@cache
def _says() -> dict[str, Says]:
    return {
        "".join(word.lower().split()): name  # type: ignore[misc]
        for name in lexicon().names("says")
        for word in lexicon()("says", name)
    }


def says(key: str) -> Says:
    """Yes, no, back, cancel, again, save, skip, when the whole message (folded) is that."""
    return _says().get(key, "")
