"""What in a line can be a name for a measure: what is left when deeds, numbers and courtesy are gone."""

import re

from bot.reading.lexicon import lexicon
from bot.reading.refs import find_refs, without_refs
from bot.reading.tidy import tidy
from storage.base import now
from storage.spans import find_spans

_CUT = "\n"  # stands where something was taken out: a name does not go over it
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*\s*%?")
_SIGNS = " .,;:!?()[]{}\"'/+-–—=~*_#" + "".join(map(chr, (0x201C, 0x201D, 0x2026)))
_MARK = re.compile("[" + chr(0x0E30) + "-" + chr(0x0E3A) + chr(0x0E45) + "-" + chr(0x0E4E) + "]")
_LISTS = (
    *(("papers", name) for name in ("document", "link")),
    *(
        ("status", name)
        for name in (
            "not_started", "done_strong", "done_weak", "in_progress", "continuous", "cancelled", "postponed",
            "past", "nothing", "nothing_received", "event",
        )
    ),
    ("blocker", "marker"),
    ("numbers", "percent"),
    ("refs", "same_one"),
    ("names", "stop"),
    ("tidy", "fillers"),
    ("tidy", "courtesy"),
)  # fmt: skip


def name_in(text: str) -> str:
    """The first stretch that is neither a deed, a day, a number nor a courtesy; "" where nothing is left."""
    text = tidy(text)
    text = without_refs(text, find_refs(text))
    for span in find_spans(text, now().date()):
        text = text[: span.at[0]] + _CUT * (span.at[1] - span.at[0]) + text[span.at[1] :]
    for section, name in _LISTS:
        text = lexicon().pattern(section, name).sub(_CUT, text)
    stretches = (_whole(one) for one in _NUMBER.sub(_CUT, text).split(_CUT))
    return next((one for one in stretches if len(one) >= 3), "")


def _whole(stretch: str) -> str:
    """Without signs at its ends; a mark that lost its letter goes too."""
    found = " ".join(stretch.split()).strip(_SIGNS)
    while found and _MARK.match(found):
        found = found[1:]
    return found
