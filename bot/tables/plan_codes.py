"""What each measure is called: the document's own number where it tells measures apart, else topic.order."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.tables.plan_found import Found
from bot.tables.plan_words import leading, numbers
from storage.digits import arabic
from storage.drafts import DraftDoubt

DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}")


def codes(measures: Sequence[Found], doubts: list[DraftDoubt]) -> list[str]:
    """A code for every measure, each once. Dotted numbers that do not begin with their topic's number
    are numbers within a longer text, and no codes."""
    own = [_own(found) for found in measures]
    pairs = list(zip(own, measures, strict=True))
    trusted = all(
        no.split(".")[0] == found.topic for no, found in pairs if DOTTED.fullmatch(no) and found.topic
    )
    count, seen, made = Counter[str](), set[str](), list[str]()
    for no, found in pairs:
        count[found.topic] += 1
        order = f"{found.topic}.{count[found.topic]}" if found.topic else str(count[found.topic])
        wanted = no if _is_code(no, found.topic, trusted=trusted) else order
        code, further = (wanted if wanted not in seen else order), 2
        while code in seen:
            code, further = f"{order}-{further}", further + 1
        if code != wanted:
            doubts.append(DraftDoubt(found.where, wanted, code, "code-twice", f"measure:{code}"))
        seen.add(code)
        made.append(code)
    return made


def _own(found: Found) -> str:
    text = found.text("measure")
    return arabic(found.no or (leading(text)[0] if len(numbers(text)) < 2 else "")).strip(" .()")


def _is_code(no: str, topic: str, *, trusted: bool) -> bool:
    if DOTTED.fullmatch(no):
        return trusted or not topic
    return not topic and bool(re.fullmatch(r"\d{1,4}", no))
