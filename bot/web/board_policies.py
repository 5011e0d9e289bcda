"""Policies brought in on a page: a file is read, its clauses looked at, and put into force or thrown away."""

from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.routing import BaseRoute

from bot.web.pages import TOLD, Gone, Later, Pages, Shown
from bot.web.visits import EARLIEST, LATEST, Ask, Missing, own_place
from handlers import publishing
from handlers.packing import unpack_reply
from handlers.publishing import KINDS, Preview
from handlers.talk import Refused, say
from storage import forms, people, policies

BRING = "policies-bring"
WAITS = "policy"  # in the thread's answers: the text that was read, and what was said of it
OTHER = "other"  # a policy of the agency's own kind
HERE, DRAFT = "/board/documents/policies", "/board/documents/policies/draft"
LONGEST = 400_000  # letters of a text
TOLD |= {
    "policy-published": "pages-told-policy-published",
    "policy-same": "pages-told-policy-same",
    "policy-dropped": "pages-told-policy-dropped",
}
Read = Callable[[Ask, dict[str, Any], Callable[[Ask, dict[str, object]], Gone]], Later]


def routes(pages: Pages, read: Read) -> list[BaseRoute]:
    """The page of policies, sending one, looking at it, and what becomes of it."""

    def take(ask: Ask) -> Later:
        return read(ask, {"is_text": True}, _kept)

    return [
        pages.get(HERE, overview, BRING),
        pages.post(HERE, take, BRING),
        pages.get(DRAFT, draft, BRING),
        pages.post(f"{DRAFT}/publish", publish, BRING),
        pages.post(f"{DRAFT}/cancel", cancel, BRING),
    ]


def overview(ask: Ask) -> Shown:
    """What is in force, who has read it, and the form for the next."""
    versions = policies.all_in_force(ask.records, ask.today)
    staff = people.staff(ask.records)
    done = policies.acknowledged_by(ask.records, [one.id for one in versions])
    data = {
        "policies": [(one, sum(each.id in done[one.id] for each in staff)) for one in versions],
        "staff": len(staff),
        "kinds": list(_kinds(ask)),
        "waits": waits(ask),
        "today": ask.today,
    }
    return Shown("pages/policies.html", data)


def _kinds(ask: Ask) -> list[tuple[str, str]]:
    """The policies there are by their titles, then the usual ones, then one of the agency's own."""
    there = {one.kind: one.title for one in policies.policies(ask.records)}
    usual = {kind: ask.say(say(f"pages-policy-{kind}")) for kind in KINDS if kind not in there}
    return [*there.items(), *usual.items(), (OTHER, ask.say(say("pages-policy-other")))]


def waits(ask: Ask) -> dict[str, str] | None:
    """The text that waits to be looked at."""
    thread = forms.find(ask.records, own_place(ask), own_place(ask))
    return thread.answers.get(WAITS) if thread else None


def _kept(ask: Ask, told: dict[str, object]) -> Gone:
    """Keep the text, and go to where it is looked at. Raises Refused with what to mend."""
    match told:
        case {"text": str(text)}:
            pass
        case {"refused": dict(packed)}:
            raise Refused(unpack_reply(packed))
        case _:
            raise Refused(say("plans-file-slow"))
    if len(text) > LONGEST:
        raise Refused(say("pages-policy-long"))
    found = publishing.preview(ask.records, text, kind=_kind(ask))
    thread = forms.thread(ask.records, own_place(ask), own_place(ask))
    day = found.paper.effective_on or _day(ask)
    kept = {"text": text, "kind": found.kind, "title": ask.text("title", 300), "day": day.isoformat()}
    thread.answers = {**thread.answers, WAITS: kept}
    return Gone(DRAFT)


def _kind(ask: Ask) -> str:
    """The kind that was chosen; for one of the agency's own the first name that is free."""
    given, known = ask.text("kind", 40), {kind for kind, _ in _kinds(ask)}
    if given != OTHER:
        return given if given in known else ""
    return next(name for no in range(1, len(known) + 2) if (name := f"{OTHER}-{no}") not in known)


def _day(ask: Ask) -> date:
    try:
        day = date.fromisoformat(ask.text("day", 10))
    except ValueError:
        return ask.today
    return day if EARLIEST <= day <= LATEST else ask.today


def draft(ask: Ask) -> Shown:
    """The clauses as they would be printed, beside what differs from the version before."""
    kept, found = _found(ask)
    data = {
        "found": found,
        "title": kept["title"] or found.paper.title or (found.policy.title if found.policy else ""),
        "day": date.fromisoformat(kept["day"]),
        "changed": set(found.changed),
    }
    return Shown("pages/policy.html", data)


def _found(ask: Ask) -> tuple[dict[str, str], Preview]:
    kept = waits(ask)
    if kept is None:
        raise Missing
    return kept, publishing.preview(ask.records, kept["text"], kind=kept["kind"])


def publish(ask: Ask) -> Gone:
    """Put it into force, under the title and from the day that the form names."""
    kept, found = _found(ask)
    done = publishing.publish(
        ask.records,
        kept["text"],
        kind=found.kind,
        title=ask.text("title", 300) or kept["title"],
        today=_day(ask),
        by=ask.person,
    )
    _drop(ask)
    return Gone(HERE, "policy-published" if done.is_new else "policy-same")


def cancel(ask: Ask) -> Gone:
    """Throw it away."""
    _drop(ask)
    return Gone(HERE, "policy-dropped")


def _drop(ask: Ask) -> None:
    thread = forms.thread(ask.records, own_place(ask), own_place(ask))
    thread.answers = {name: value for name, value in thread.answers.items() if name != WAITS}
