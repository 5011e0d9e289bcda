"""One table: which role may ask for what. A test holds that every intent stands in it.

Rights are by intent; that a coordinator acts for the own unit only is for ``may_report_for`` and the
handler that knows the record.
"""

from handlers.talk import Reply, Say, Turn, quote, say
from storage import people
from storage.people import Role
from storage.progress import Update

EVERYONE = frozenset(Role)
LEADERS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
READERS = frozenset({Role.MEMBER, Role.EXECUTIVE, Role.AUDITOR})  # they change no agency record
REPORTERS = EVERYONE - READERS
BINDERS = LEADERS | {Role.COORDINATOR}
OVERSEERS = LEADERS | {Role.EXECUTIVE, Role.AUDITOR}

_BY_ROLES: dict[frozenset[Role], tuple[str, ...]] = {
    EVERYONE: (
        "help",
        "help-lost",
        "help-thanks",
        "help-bye",
        "forms-resume",
        "forms-drop",
        "people-code",
        "people-yes",
        "people-no",
        "people-followed",
        "people-unfollowed",
        "people-stranger",
        "people-language",
        "people-unlink",
        "people-me",
        "groups-joined",
        "groups-left",
        "groups-moved",
        "groups-member-joined",
        "groups-member-left",
        "groups-status",
        "duties-mine",
        "duties-unit",
        "duties-who",
        "duties-everyone",
        "findings-show",
        "findings-limits",
        "rounds-show",
        "measures-absent",
        "measures-all",
        "due-list",
        "due-all",
        "due-late",
        "due-late-all",
        "due-next",
        "measures-show",
        "measures-search",
        "listing-show",
        "measures-history",
        "scores-show",
        "summary-show",
        "summary-file",
        "summary-units",
        "exports-progress",
        "exports-measures",
        "exports-form",
        "exports-meeting",
        "exports-memo",
        "exports-links",
        "exports-year",
        "scores-below",
        "scores-compare",
        "scores-highest",
        "scores-lowest",
        "policies-list",
        "policies-read",
        "policies-next",
        "policies-back",
        "policies-search",
        "policies-changes",
        "policies-mine",
        "policies-acknowledge",  # a reader's own reading is the reader's to acknowledge
        "summary-show",
        "plans-show",
        "plans-template",
        "signin-link",
        "held-show",
        "floods-slow",
        "floods-day",
    ),
    REPORTERS: (
        "progress-report",
        "progress-pick",
        "progress-done",
        "progress-edit",
        "progress-withdraw",
        "progress-nothing",
        "progress-attach",
        "progress-unsent",
        "progress-edited",
        "review-again",
        "reasons-show",  # of the own unit's reports; the secretary of every unit's
    ),
    BINDERS: (
        "groups-code",
        "groups-bind",
        "groups-listen",
        "groups-unlisten",
        "people-invite",
    ),
    OVERSEERS: ("policies-missing", "policies-names", "exports-acknowledgements"),
    LEADERS: (
        "people-left",
        "plans-import",
        "plans-accept",
        "plans-activate",
        "plans-cancel",
        "plans-doubt",
        "plans-change",
        "plans-reading",
        "plans-next",
        "policies-bring",
        "stafflist-show",
        "stafflist-accept",
        "stafflist-cancel",
        "aliases-list",
        "aliases-accept",
        "aliases-decline",
        "review-list",
        "review-show",
        "review-accept",
        "review-return",
        "review-ask",
        "review-close",
        "review-feeds",
        "review-publish",
    ),
}
MAY = {intent: roles for roles, intents in _BY_ROLES.items() for intent in intents}
WRITES = frozenset(
    intent for roles, intents in _BY_ROLES.items() if not roles & READERS for intent in intents
)
# What comes from nobody in particular, or lets one in. The platform says so, not a person's role.
STRANGERS = frozenset(
    {
        "people-code",
        "people-yes",
        "people-no",
        "people-followed",
        "people-unfollowed",
        "people-stranger",
        "groups-joined",
        "groups-left",
        "groups-moved",
        "groups-member-joined",
        "groups-member-left",
        "progress-unsent",
        "floods-slow",
        "floods-day",
        "forms-resume",  # of the question whether a code is theirs; a stranger has no other
        "forms-drop",
        "help",
    }
)


def allowed(turn: Turn, intent: str) -> bool:
    """Whether the one who speaks may do this. A stranger may only come in."""
    if turn.person is None:
        return intent in STRANGERS
    return turn.person.role in MAY.get(intent, EVERYONE)


def may(person: people.Person, intent: str) -> bool:
    """Whether a person may do this, wherever it is asked for."""
    return person.role in MAY[intent]


def refused(turn: Turn, intent: str) -> Reply:
    """Who can do what was asked, with their names."""
    roles = MAY.get(intent, EVERYONE)
    unit_id = turn.unit.id if turn.unit and Role.COORDINATOR in roles else None
    able = [one for one in people.coordinators(turn.records, unit_id) if one is not turn.person]
    sentence: Say = say("rights-refused")
    if turn.person is not None and turn.person.role in READERS:
        sentence = say("rights-reader")
    elif not roles & {Role.COORDINATOR}:
        sentence = say("rights-leaders")
    if not able:
        return Reply(say=sentence)
    names = tuple(quote(one.name) for one in able[:2])
    return Reply(say=say("rights-ask", why=sentence, names=names))


def may_report_for(turn: Turn, unit_id: int) -> bool:
    """Own unit, or any for the secretary and the administrator."""
    if turn.person is None:
        return False
    return turn.person.role in LEADERS or turn.person.unit_id == unit_id


def may_mend(turn: Turn, update: Update) -> bool:
    """A report of the own unit, or one that this person made."""
    made = turn.person is not None and update.person_id == turn.person.id
    return made or may_report_for(turn, update.unit_id)
