"""The inside: what the assistant can do, in the order the menu shows it."""

from types import ModuleType

from handlers import (
    acknowledgements,
    aliases,
    due,
    duties,
    exports,
    findings,
    floods,
    groups,
    held,
    keeping,
    listing,
    measures,
    people,
    plans,
    policies,
    progress,
    reasons,
    reminders,
    review,
    rounds,
    scores,
    signin,
    staff,
    stafflist,
    summary,
    upkeep,
)
from handlers import help as help_
from handlers.timed import Timed

ALL: tuple[ModuleType, ...] = (
    help_,
    progress,
    reasons,
    duties,
    due,
    rounds,
    measures,
    listing,
    findings,
    scores,
    summary,
    exports,
    policies,
    acknowledgements,
    plans,
    aliases,
    review,
    people,
    staff,
    stafflist,
    groups,
    signin,
    floods,
    held,
)
TIMED: tuple[Timed, ...] = (summary.WEEKLY, reminders.DAILY, aliases.DAILY, keeping.NIGHTLY, upkeep.DAILY)
