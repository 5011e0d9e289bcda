"""What was read of a plan, as a workbook to be corrected: no look of reports, but made beside them."""

from bot.tables import plan_reading
from bot.words import Words
from handlers.plan_reading import Reading


def write(read: Reading, words: Words) -> bytes:
    """The workbook; its headings are those of the form, whatever the reader's language."""
    return plan_reading.write(read.plan, read.doubts)
