"""Which intent a message has, from what sort of message it is, its codes, its times, and likeness."""

from bot.reading import kinds, scored
from bot.reading.lexicon import lexicon
from handlers.parts import Parts

REPORTS = frozenset({"report", "correct", "withdraw", "postpone", "attach", "answer"})
EXACT, MUCH_LIKE, LIKE_OTHER, LIKE_ENOUGH = 0.95, 0.8, 0.62, 0.45
_BY_A_WORD = (
    ("late", "due-late"), ("limits", "findings-limits"), ("sums_up", "summary-show"),
    ("news", "summary-show"), ("plan_file", "exports-measures"), ("mended", "findings-show"),
    ("reason", "measures-show"), ("how", "help"), ("owed", "due-late"), ("left", "due-list"),
    ("answers_for", "duties-unit"), ("in_which", "measures-show"), ("of_topics", "measures-all"),
)  # fmt: skip
_NEEDS_A_WORD = (
    ("of_rounds", ("rounds-show",)),
    ("of_acknowledging", ("policies-missing", "policies-names")),
)
ALIKE = 0.3  # enough where the kind of answer asked for points there too
DUE, WITHOUT_TIME = "due-list", ("measures-", "duties-mine", "duties-unit")
OF_A_MEASURE = ("measures-", "duties-who", "findings-", "progress-", "review-ask")
Likely = tuple[tuple[str, float], ...]


def intent_of(parts: Parts, likely: Likely) -> str:
    """An almost exact sentence, a plain report, else what is asked, else the likest sentence."""
    if likely and likely[0][1] >= EXACT:
        return _scoped(parts, likely[0][0])
    if _sums_up(parts):
        return "summary-show"
    if courtesy := _courtesy(parts):
        return courtesy
    if parts.kind == "question":
        likely = tuple(one for one in likely if not one[0].startswith("progress-")) or likely
        if (
            parts.counts and not parts.asks_who
        ):  # "how many people came" asks for a number, not for who does it
            likely = tuple(one for one in likely if one[0] != "duties-who")
        if lexicon().has("scope", "lacks", parts.said):
            likely = tuple(one for one in likely if not one[0].startswith("scores-"))
        for words, only in _NEEDS_A_WORD:
            if not lexicon().has("scope", words, parts.said):
                likely = tuple(one for one in likely if one[0] not in only)
        if parts.counts_things:  # nor for what a unit answers for
            likely = tuple(one for one in likely if not one[0].startswith("duties-"))
    return _report(parts, likely) or _scoped(parts, _question(parts, likely))


def _sums_up(parts: Parts) -> bool:
    """A summary is asked for, and what part of the agency or which days of ours it is to be about."""
    part = parts.indicator_said or parts.role_said or parts.topic_said or parts.period_said or parts.format
    return parts.sums_up and bool(part) and "code" not in _kinds(parts)


def _courtesy(parts: Parts) -> str:
    """Thanks and farewells, whatever kind words follow them."""
    asks = parts.kind not in ("", "chatter") or lexicon().has("kind", "question", parts.said)
    if _kinds(parts) or asks:
        return ""
    names = (("thanks", "help-thanks"), ("farewell", "help-bye"))
    return next((intent for name, intent in names if lexicon().has("scope", name, parts.said)), "")


def _kinds(parts: Parts) -> set[str]:
    return {ref.kind for fact in parts.facts for ref in fact.refs}


def _report(parts: Parts, likely: Likely) -> str:
    """A report, unless it is a weak one and much like a sentence that asks for something else."""
    best, share = likely[0] if likely else ("", 0.0)
    coded = bool(_kinds(parts))
    told = any(one.percent is not None or one.count_done is not None or one.fact_on for one in parts.facts)
    most = MUCH_LIKE if parts.kind == "report" and told else LIKE_OTHER
    if not (coded or parts.strength >= kinds.PLAINLY or best.startswith("progress-") or share < most):
        return ""
    if parts.kind in REPORTS or (parts.kind == "nothing" and coded):
        return "progress-report"
    return "progress-nothing" if parts.kind == "nothing" else ""


def _question(parts: Parts, likely: Likely) -> str:
    best, share = likely[0] if likely else ("", 0.0)
    named = _kinds(parts)
    if (
        plain := _of_scores(parts, named)
        or _mended(parts, named)
        or _plainly_asked(parts, dict(likely), named)
    ):
        return plain
    if "code" in named:
        return _about_a_measure(parts, likely)
    if "question" in named and (share < LIKE_ENOUGH or best.startswith("measures-")):
        return "findings-show"
    if share < LIKE_ENOUGH and parts.unit_said and parts.kind == "question" and not named:
        return DUE if parts.has_window else "duties-unit"
    if share < LIKE_ENOUGH:
        return "measures-show" if named and parts.kind in ("", "question") else ""
    is_due = parts.has_window and best.startswith(WITHOUT_TIME) and dict(likely).get(DUE, 0.0) >= LIKE_ENOUGH
    of_an_item = "o" in named and best.startswith("duties-") and not (parts.asks_who or parts.only_counts)
    return DUE if is_due else "measures-show" if of_an_item else best


def _of_scores(parts: Parts, named: set[str]) -> str:
    """The lowest or highest, or what was scored for the tools, questions or subjects that are named."""
    words = lexicon()
    if words.has("scope", "a_mark", parts.said) and words.has("scope", "of_scores", parts.said):
        return "scores-below"  # a mark may look like a code
    if "code" in named:
        return ""
    if words.has("scope", "score_target", parts.said):
        return "measures-absent"
    if words.has("scope", "lacks", parts.said) and (parts.tools_said or parts.areas):
        return "findings-show"
    return "" if words.has("scope", "no_score", parts.said) else _scored(parts)


def _scored(parts: Parts) -> str:
    if parts.extreme or (parts.tools_said and parts.asks_weak):
        return "scores-highest" if parts.extreme == scored.HIGH else "scores-lowest"
    codes = sum(ref.kind == "question" for fact in parts.facts for ref in fact.refs)
    asks = parts.asks_score or parts.compares or lexicon().has("scope", "points", parts.said)
    sides = codes > 1 or parts.indicator_said.isdecimal()
    if asks and (parts.tools_said or (parts.compares and sides)):
        return "scores-show"
    several = len(parts.areas) > 1 and (asks or parts.wants_value)
    ours = bool(parts.areas) and lexicon().has("scope", "we_got", parts.said)
    return "scores-show" if several or ours else ""


def _mended(parts: Parts, named: set[str]) -> str:
    """Who or which measure mends what the assessment found is told with the finding and its score."""
    of_a_part = parts.topic_said or parts.indicator_said.isdecimal()
    asks_else = parts.asks_score or parts.asks_who or parts.sums_up or parts.extreme or parts.has_window
    if of_a_part and not asks_else and lexicon().has("scope", "found_at", parts.said):
        return "findings-show"
    holds = parts.only_counts or lexicon().has("scope", "topic_holds", parts.said)
    if parts.topic_said and not asks_else and holds:
        return "measures-all"
    asks = "question" in named and "code" not in named
    if not asks:
        return ""
    asks_why = lexicon().has("scope", "found_weak", parts.said) and not parts.asks_score
    return "findings-show" if asks_why or lexicon().has("scope", "mends", parts.fact.note) else ""


def _plainly_asked(parts: Parts, likely: dict[str, float], named: set[str]) -> str:
    """What a word of asking alone decides: who does it, what no plan holds, what a question scored."""
    if parts.asks_score and not lexicon().has("scope", "below", parts.fact.note) and "code" not in named:
        return "scores-show"
    if not named and (asked := _asked_by_a_word(parts) or _asked_of_no_code(parts, likely)):
        return asked
    unlike = max(likely.values(), default=0.0) < LIKE_ENOUGH
    if parts.asks_who and ("duties-who" in likely or unlike) and "question" not in named:
        return "duties-who"
    asks_score = "question" in named and "code" not in named and parts.wants_value
    return "scores-show" if asks_score and likely.get("scores-show", 0.0) >= ALIKE else ""


def _asked_of_no_code(parts: Parts, likely: dict[str, float]) -> str:
    if parts.asks_late:
        return "due-late-all"
    is_of_things = any(lexicon().has("scope", name, parts.said) for name in ("gift", "for_oneself"))
    if parts.asks_leave and (is_of_things or likely.get("policies-search", 0.0) >= ALIKE):
        return "policies-search"
    return "measures-absent" if parts.asks_person or parts.asks_other else ""


def _asked_by_a_word(parts: Parts) -> str:
    """What one word decides where no code is named; whether a measure is named is seen later."""
    words, text = lexicon(), parts.fact.note
    is_due = words.has("scope", "falls_due", text) or words.has("scope", "late", text)
    may_list = parts.which and not is_due and _may_list(parts)
    if may_list and not parts.asks_late and not parts.asks_person:
        return "listing-show"
    if parts.asks_person:
        return "measures-absent"
    for name, intent in _BY_A_WORD:
        if words.has("scope", name, text):
            return DUE if is_due and intent == "duties-unit" and parts.has_window else intent
    return _asked_when(parts) if parts.kind == "question" else ""


def _asked_when(parts: Parts) -> str:
    """What a word of rounds, of what is due or of what one unit has decides."""
    words, text = lexicon(), parts.fact.note
    if words.has("scope", "next_event", text):
        return "measures-absent"
    if words.has("scope", "round", text) and (parts.wants_value or parts.asks_who):
        return "rounds-show"
    if parts.has_window and (words.has("scope", "falls_due", text) or words.has("scope", "must", text)):
        return DUE
    return "duties-unit" if parts.unit_said and words.has("scope", "of_one", text) else ""


def _may_list(parts: Parts) -> bool:
    """What begins in a month needs the month; what is not done by a day is what is due."""
    if parts.which == "begins":
        return parts.has_window
    return parts.which != "unfinished" or not parts.has_window


def _about_a_measure(parts: Parts, likely: Likely) -> str:
    """A line with a measure's code that reports nothing asks about that measure, or for what no plan has."""
    if parts.asks_person and not parts.aspect and parts.kind == "question":
        return "measures-absent"
    near = (one for one, share in likely if share >= LIKE_ENOUGH and one.startswith(OF_A_MEASURE))
    return next(near, "measures-show" if parts.kind in ("", "question") else "")


def _scoped(parts: Parts, intent: str) -> str:
    """The wide or the narrow form of an intent, by whether the whole agency is spoken of."""
    wide: dict[str, str] = lexicon()("scope", "wide")
    if parts.everyone:
        return wide.get(intent, intent)
    return next((narrow for narrow, other in wide.items() if other == intent), intent)
