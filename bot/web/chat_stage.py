"""What the chat page lets one play: the sample's people and groups, example lines, the page's words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import App
from bot.channels.webchat import KIND
from bot.turns import local_day
from bot.words import LANGUAGES, Words, calendar_of, words
from handlers.talk import Say, say
from storage import agencies
from storage.agencies import Agency
from storage.base import now
from storage.measures import Duty, Measure, Responsibility
from storage.people import Group, Identity, Person, staff
from storage.plans import active_plan

STRANGER = f"{KIND}:stranger"
NEW_GROUP = f"{KIND}:new"

# The example lines of each kind of place, in the order of a story.
STORY: dict[str, tuple[str, ...]] = {
    "unit": (
        "web-story-unit-report",
        "web-story-unit-evidence",
        "web-story-unit-correct",
        "web-story-unit-chat",
        "web-story-unit-due",
        "web-story-unit-withdraw",
    ),
    "board": (
        "web-story-board-summary",
        "web-story-board-late",
        "web-story-board-one",
        "web-story-board-score",
    ),
    "staff": (
        "web-story-staff-mine",
        "web-story-staff-due",
        "web-story-staff-report",
        "web-story-staff-who",
        "web-story-staff-gift",
        "web-story-staff-read",
    ),
    "coordinator": (
        "web-story-staff-mine",
        "web-story-staff-due",
        "web-story-staff-report",
        "web-story-staff-gift",
        "web-story-coordinator-code",
        "web-story-coordinator-invite",
    ),
    "lead": (
        "web-story-lead-summary",
        "web-story-lead-late",
        "web-story-lead-score",
        "web-story-lead-missing",
        "web-story-lead-who",
    ),
    "stranger": ("web-story-stranger-ask", "web-story-stranger-code"),
    "new": ("web-story-new-hello", "web-story-new-bind"),
}

BLANKS = {"code": "{code}"}  # filled in by the page: a measure that the unit at hand leads

# Every text the page's script says itself.
TEXTS = (
    "web-bot",
    "web-mention",
    "web-private",
    "web-private-about",
    "web-group-listening",
    "web-group-quiet",
    "web-group-new",
    "web-group-new-about",
    "web-members",
    "web-stranger",
    "web-empty-private",
    "web-empty-group",
    "web-today",
    "web-yesterday",
    "web-typing",
    "web-not-heeded",
    "web-as-report",
    "web-edited",
    "web-unsent",
    "web-failed",
    "web-retry",
    "web-waiting",
    "web-offline",
    "web-reply",
    "web-why",
    "web-edit",
    "web-unsend",
    "web-copy",
    "web-more",
    "web-replying",
    "web-editing",
    "web-cancel",
    "web-too-large",
    "web-remove-file",
    "web-photo",
    "web-file",
    "web-file-gone",
    "web-now-real",
    "web-now-set",
    "web-type-private",
    "web-type-group",
    "web-clear-sure",
    "web-percent",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who can be played and where, at this moment."""

    people: list[Person]
    groups: list[Group]

    def has_person(self, address: str) -> bool:
        """Whether this address may speak on the page."""
        return address == STRANGER or any(address == _address(person) for person in self.people)

    def has_place(self, address: str, sender: str) -> bool:
        """Whether this is a place to speak at: one's own 1:1, a group of the page, or the new one."""
        return address in {sender, NEW_GROUP} or any(group.address == address for group in self.groups)


def sample(app: App) -> Agency | None:
    """The sample agency, where anybody may be played. A real one is never shown on the page.

    On an https address with a real agency beside it the page is closed, unless it was set open: whoever
    finds it there may write as much as they like.
    """
    wish, is_public = app.settings.sample_page, app.settings.public_url.startswith("https://")
    if wish == "off" or (wish == "auto" and is_public and app.has_agencies()):
        return None
    with app.database.shared(write=False) as session:
        return session.scalars(
            select(Agency).where(Agency.sample.is_(True)).order_by(Agency.id).limit(1)
        ).first()


def stage(records: Session) -> Stage:
    """The cast and the groups of the page."""
    people = [person for person in staff(records) if _address(person) and _address(person) != STRANGER]
    order = {unit.id: unit.position for unit in agencies.units(records)}
    people.sort(key=lambda person: (order.get(person.unit_id or 0, len(order)), person.id))
    groups = records.scalars(
        select(Group).where(Group.address.startswith(f"{KIND}:"), Group.left_at.is_(None))
    )
    by_unit = sorted(groups, key=lambda group: (not group.working_group, order.get(group.unit_id or 0, 0)))
    return Stage(people, by_unit)


def _address(person: Person) -> str:
    return next((one.address for one in person.identities if one.address.startswith(f"{KIND}:")), "")


def as_json(records: Session, agency: Agency, voice: Words) -> dict[str, Any]:
    """Everything the page needs before the first line is said."""
    found, codes = stage(records), _codes(records, local_day(agency, now()))
    stranger = records.scalar(select(Identity).where(Identity.address == STRANGER))
    return {
        "agency": {"id": str(agency.id), "name": agency.name},
        "language": voice.language,
        "people": [
            *(_person(_address(person), person, voice) for person in found.people),
            _person(STRANGER, stranger.person if stranger else None, voice),
        ],
        "places": [
            *(_place(group, voice, codes) for group in found.groups if group.address != NEW_GROUP),
            _new_group(found, voice, codes),
        ],
        "story": {scene: [_example(name, voice) for name in names] for scene, names in STORY.items()},
        "mentions": mentions(),
        "texts": {name.removeprefix("web-"): voice(Say(name)) for name in TEXTS},
        "calendar": {
            key: calendar_of(voice.language)[key]
            for key in ("months", "short_months", "weekdays", "years_to_add", "styles", "time")
        },
    }


def mentions() -> list[str]:
    """How the assistant is called in a group, in each language."""
    return [words(language)(say("web-mention")) for language in LANGUAGES]


def _person(address: str, person: Person | None, voice: Words) -> dict[str, Any]:
    if person is None:
        return {
            "address": address,
            "name": voice(say("web-stranger")),
            "role": "stranger",
            "about": voice(say("web-role-stranger")),
            "unit": "",
        }
    role = voice(Say(f"web-role-{person.role}"))
    unit = person.unit.name if person.unit else ""
    return {
        "address": address,
        "name": person.name,
        "role": str(person.role),
        "about": " · ".join(filter(None, (role, person.unit.label if person.unit else ""))),
        "unit": unit,
    }


def _example(name: str, voice: Words) -> dict[str, str]:
    return {"title": voice(Say(f"{name}-title")), "text": voice(Say(name, BLANKS))}


def _codes(records: Session, today: date) -> dict[int | None, str]:
    """For each unit the first measure it leads, to speak of in the examples."""
    plan = active_plan(records, today)
    found = records.execute(
        select(Responsibility.unit_id, Measure.code)
        .join(Measure, Measure.id == Responsibility.measure_id)
        .where(Measure.plan_id == (plan.id if plan else 0), Responsibility.role == Duty.LEAD)
        .order_by(Measure.position.desc())
    )
    return dict(found.all())  # the last one that a unit is given is the first of the plan


def _place(group: Group, voice: Words, codes: dict[int | None, str]) -> dict[str, Any]:
    if group.working_group:
        name, scene = voice(say("web-place-board")), "board"
    else:
        name = voice(say("web-place-unit", unit=group.unit.name)) if group.unit else group.address
        scene = "unit" if group.unit else "new"
    return {
        "address": group.address,
        "name": name,
        "scene": scene,
        "unit": group.unit.name if group.unit else "",
        "short": group.unit.short_name if group.unit else "",
        "listening": group.listening,
        "members": group.member_count,
        "code": codes.get(group.unit_id, ""),
    }


def _new_group(found: Stage, voice: Words, codes: dict[int | None, str]) -> dict[str, Any]:
    """A group that is tied to nothing yet, to try binding on; once tied it looks like any other."""
    known = next((group for group in found.groups if group.address == NEW_GROUP), None)
    if known is not None and (known.unit or known.working_group):
        return _place(known, voice, codes)
    return {
        "address": NEW_GROUP,
        "name": voice(say("web-group-new")),
        "scene": "new",
        "unit": "",
        "short": "",
        "listening": bool(known and known.listening),
        "members": None,
        "code": "",
    }
