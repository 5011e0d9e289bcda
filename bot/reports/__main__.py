"""``python -m bot.reports``: lays one report out, in a process of its own that ends with it.

What is read comes from the process that started this one, never from outside. The libraries of papers
take 100 MB and more; the process that answers people stays small.
"""

import pickle
import sys

from bot import reports
from bot.reports import template
from bot.words import Words


def main() -> int:
    """Read what is wanted, write the file's bytes."""
    name, language, zone, digits, report, own = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own parent's
    words = Words(language, zone, digits)
    body = template.fill(own, report, words) if own else reports.load(name).write(report, words)
    sys.stdout.buffer.write(body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
