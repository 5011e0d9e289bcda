"""What one piece of a message says: status, percent, count, day, papers, blocker."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from bot.reading.counts import NEAR, counted
from bot.reading.lexicon import lexicon
from bot.reading.refs import without_refs
from bot.reading.tidy import plain, related
from handlers.grams import key
from handlers.parts import Fact, Paper, Ref
from storage.spans import Span, find_spans

SHORT = 6  # letters that are too few to find a measure by
FAR = 40  # letters between a percent and the word that makes it a result
_NUMBER = re.compile(r"\d")
LONG_RANGE = timedelta(days=31)


def read_fact(piece: str, refs: tuple[Ref, ...], today: date, start: int = 0) -> Fact:
    """Everything a piece (a slice of a tidy text that begins at ``start``) says about its measures."""
    bare = without_refs(piece, refs, start)
    links = [Paper("link", one.group().rstrip(").,")) for one in _p("papers", "link").finditer(bare)]
    bare = _p("papers", "link").sub(_blank, bare)
    spans = find_spans(bare, today)
    documents = _documents(bare, spans)
    days = [span for span in spans if not span.of_document]
    numbers = _p("papers", "document").sub(_blank, bare)
    for span in spans:
        numbers = _cut(numbers, *span.at)
    made = Fact(
        refs=refs,
        step=_step(bare),
        whole=_has("refs", "whole", _p("refs", "step_over").sub(" ", bare)),
        same=_has("refs", "same_one", bare),
        ours=_has("refs", "our_unit", bare),
        day=_group(_p("dates", "day_only"), bare),
        papers=(*links, *documents),
        words=plain(_without_days(bare, spans)),
        note=piece.strip(),
    )
    made = counted(_percented(made, numbers, bare), numbers)
    made = replace(made, status=_status(bare, made, numbers))
    made = _dated(made, bare, days, today)
    deeds = _deeds(made.words)
    was_done = deeds and not _has("dates", "clock", bare) and made.fact_on and made.fact_on < today
    made = replace(made, status="in_progress") if was_done and not made.status else made
    blocker = _blocker(bare, days, made.status)
    words = made.words if not blocker else plain(_without_days(bare, spans).replace(blocker, " "))
    words = words if len(words.strip()) > SHORT else made.words
    over = _is_over(bare, made) and not blocker
    is_labelled = blocker != "" and _has("blocker", "label", bare)
    blocker = _p("blocker", "label").sub("", blocker)
    more = related(words)
    names_nothing = is_labelled or (is_bare(words, bare) and not key(_p("refs", "common").sub(" ", more)))
    words = f"{words} {more}" if more else words
    meant = (
        _deeds(more) if names_nothing else (one for one in _deeds(more) if _has("status", "gathering", one))
    )
    deeds = tuple(dict.fromkeys((*deeds, *meant)))
    things = _p("refs", "common").sub("\n", words)
    matters = tuple(dict.fromkeys(one.group() for one in _p("refs", "matters").finditer(words)))
    made = replace(made, blocker=blocker, words=words, things=things, deeds=deeds)
    return replace(made, matters=matters, bare=names_nothing, over=over)


def _deeds(words: str) -> tuple[str, ...]:
    """What was done, in the words that measures have for it."""
    return tuple(dict.fromkeys(one.group() for one in _p("refs", "deeds").finditer(words)))


def _is_over(text: str, made: Fact) -> bool:
    """Something was done and nothing of it remains: what comes again each month is done with that."""
    goes_on = any(_has("status", name, text) for name in ("in_progress", "remains", "partly", "gathering"))
    is_part = made.percent is not None or made.count_done is not None
    return _has("status", "past", text) and not goes_on and not is_part and made.step is None


def is_bare(words: str, text: str) -> bool:
    """Whether nothing is left to find a measure by without words of deeds, numbers and courtesy.

    What counts things ("6 signs") is a thing itself where the text has no number ("the signs").
    """
    counting = _p("numbers", "classifier") if _NUMBER.search(text) else _p("refs", "counters")
    left = counting.sub(" ", _p("refs", "bare").sub(" ", words))
    return len(key(left)) < SHORT // 2


def _p(section: str, name: str) -> re.Pattern[str]:
    return lexicon().pattern(section, name)


def _has(section: str, name: str, text: str) -> bool:
    return lexicon().has(section, name, text)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _cut(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _without_days(text: str, spans: list[Span]) -> str:
    for span in spans:
        text = _cut(text, *span.at)
    return text


def _documents(text: str, spans: list[Span]) -> list[Paper]:
    """Document numbers, each with the day that stands right after it."""
    made = []
    for one in _p("papers", "document").finditer(text):
        after = (span for span in spans if 0 <= span.at[0] - one.end() <= NEAR // 2)
        day = next((span.start for span in after if span.of_document or span.kind == "day"), None)
        made.append(Paper("document", " ".join(one.group().split()), day))
    return made


def _step(text: str) -> int | None:
    return _group(_p("refs", "step"), text)


def _group(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found.group(1)) if found else None


def _percented(made: Fact, text: str, whole: str) -> Fact:
    found = _p("numbers", "percent").search(text)
    if found is None:
        half = _p("numbers", "half").search(whole)
        plain_percent = _p("numbers", "equals").search(text) if made.refs else None
        if plain_percent and float(plain_percent.group(1)) <= 100:
            return replace(made, percent=float(plain_percent.group(1)), percent_kind="progress")
        return replace(made, percent=50.0, percent_kind="progress") if half else made
    value = float(next(part for part in found.groups() if part))
    if value > 100:
        return made
    is_result = _has("numbers", "result", text[max(0, found.start() - FAR) : found.start()])
    return replace(made, percent=value, percent_kind="result" if is_result else "progress")


def _status(text: str, made: Fact, numbers: str) -> str:
    progress = made.percent if made.percent_kind == "progress" else None
    if _has("status", "postponed", text):
        return "delayed"
    if _has("status", "cancelled", text) or (made.refs and _has("status", "cancelled_code", text)):
        return "cancelled"
    if not progress and (_has("status", "not_started", text) or _is_not_yet(text)):
        return "not_started"
    part_done = made.count_of is not None and made.count_done is not None and made.count_done < made.count_of
    unfinished = part_done or (progress is not None and progress < 100)
    if made.whole or progress == 100 or (_is_done(text, made, numbers) and not unfinished):
        return "done"
    if _has("status", "continuous", text) and not unfinished:
        return "continuous"
    return "in_progress" if unfinished or _moves(text, made) else ""


def _is_not_yet(text: str) -> bool:
    """Something is said not to be done yet, and nothing before it is said to be; no hindrance is told."""
    found = _p("status", "not_yet").search(text)
    if found is None or _has("blocker", "marker", text):
        return False
    before = text[: found.start()]
    return not any(_has("status", name, before) for name in ("past", "done_strong", "left_over"))


def _is_done(text: str, made: Fact, numbers: str) -> bool:
    if made.whole:
        return True
    if made.step is not None or _has("status", "remains", text) or _has("status", "partly", numbers):
        return False
    if (ends := _all_of_it(text, made)) is not None:
        return not _has("status", "goes_on", text[ends:])
    strong = list(_p("status", "done_strong").finditer(text))
    if strong:
        return not _has("status", "goes_on", text[strong[-1].end() :]) and any(
            not _has("status", "event", text[max(0, one.start() - 30) : one.start()]) for one in strong
        )
    return _has("status", "done_weak", text) and not _has("status", "event", text)


def _all_of_it(text: str, made: Fact) -> int | None:
    """Where it is said that all of it is done: of a code, of a number of things, everywhere."""
    if made.refs and _has("status", "all_of_it", text):
        return 0
    counted_all = made.count_of and made.count_done == made.count_of and _p("numbers", "all").search(text)
    found = counted_all or _p("status", "everywhere").search(text)
    return found.end() if found else None


def _moves(text: str, made: Fact) -> bool:
    return (
        made.percent is not None
        or made.count_done is not None
        or _has("numbers", "measured", text)
        or any(_has("status", name, text) for name in ("past", "in_progress", "done_strong", "done_weak"))
        or _has("blocker", "marker", text)
    )


def _dated(made: Fact, text: str, days: list[Span], today: date) -> Fact:
    if made.status == "delayed":
        return replace(made, new_due_on=_moved_to(days[-1]) if days else None)
    for span in days:
        is_short = span.kind == "day" or (span.kind == "range" and span.end - span.start <= LONG_RANGE)
        before = text[max(0, span.at[0] - 14) : span.at[0]]
        if is_short and not span.until and span.end <= today and not _deadline().search(before):
            return replace(made, fact_on=span.end)
    return made


def _moved_to(span: Span) -> date:
    """The last day said; of "early June" the first."""
    return span.start if _has("dates", "beginning", span.said) else span.end


@cache
def _deadline() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon().raw('dates', 'deadline')})\s*(?:\S{{1,8}}\s)?$", re.IGNORECASE)


def _blocker(text: str, days: list[Span], status: str) -> str:
    found = _p("blocker", "marker").search(text)
    if found:
        return _until_end(text[_whole_word(text, found.start()) :])
    if status == "delayed":
        said = _p("status", "postponed").search(text)
        ends = [span.at[1] for span in days[-1:]] + ([said.end()] if said else [])
        return _until_end(_courtesy(text[max(ends) :])) if ends else ""
    if status == "cancelled":
        clauses = _courtesy(text).split()
        return clauses[-1] if len(clauses) > 1 else ""
    return ""


def _whole_word(text: str, at: int) -> int:
    """The beginning of the stretch a mark stands in ("the trainer is held up"), where no code is in it."""
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    told = any(_has("status", name, text[start:at]) for name in ("past", "done_strong", "in_progress"))
    return at if at - start > NEAR or told or re.search(r"\d", text[start:at]) else start


def _courtesy(text: str) -> str:
    return re.sub(r"\s+", " ", _leading().sub(" ", text)).strip()


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon().raw('blocker', 'ends')})", re.IGNORECASE)


def _until_end(text: str) -> str:
    found = _p("blocker", "ends").search(text, 3)
    return (text[: found.start()] if found else text).strip()
