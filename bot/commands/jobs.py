"""``jobs``: work that was set aside after its last try, with its reason; looked at and tried again."""

import argparse
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from handlers.talk import Refused, say
from storage import agencies, backlog, jobs, outbox, schedules
from storage.base import moment_of
from storage.jobs import Job

STATES = (jobs.DEAD, jobs.HELD, jobs.WAITING)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    parser = new(commands, "jobs", say("jobs-help"))
    verbs = parser.add_subparsers(required=True, metavar="…")
    lists, shows = new(verbs, "list", say("jobs-list-help")), new(verbs, "show", say("jobs-show-help"))
    replays = new(verbs, "replay", say("jobs-replay-help"))
    lists.add_argument("--state", choices=STATES, default=jobs.DEAD, help=text(say("jobs-state-help")))
    shows.add_argument("number", help=text(say("jobs-number-help")))
    replays.add_argument("number", nargs="*", help=text(say("jobs-number-help")))
    replays.add_argument("--all", action="store_true", help=text(say("jobs-all-help")))
    ran = new(verbs, "runs", say("jobs-runs-help"))
    needs_agency(ran)
    offers_json(ran)
    ran.set_defaults(run=run_runs)
    for one in (lists, replays):
        one.add_argument("--agency", default="", metavar="SLUG", help=text(say("jobs-agency-help")))
    for one, run in ((lists, run_list), (shows, run_show), (replays, run_replay)):
        offers_json(one)
        one.set_defaults(run=run)


def run_list(args: argparse.Namespace, app: App) -> int:
    """What is in a state, oldest first."""
    found = _found(app, args.state, args.agency)
    if args.json:
        show(found)
        return 0
    for one in found:
        tell(say("jobs-row", **{**one, "when": one["since"]}))
    if not found:
        tell(say("jobs-none"))
    return 0


def run_show(args: argparse.Namespace, app: App) -> int:
    """One of them: where it came from and what went wrong; never what somebody wrote."""
    app.check_schema()
    with app.database.shared(write=False) as session:
        slugs = agencies.agency_slugs(session)
        job = _one(session, args.number)
        told = _told(job, slugs) | {
            "id": job.id,
            "place": str(job.body.get("place", "")),
            "letter": job.body.get("letter"),
        }
    if args.json:
        show(told)
        return 0
    tell(say("jobs-row", **{**told, "when": told["since"]}))
    tell(say("jobs-more", place=told["place"] or "-", key=job.key))
    return 0


def run_replay(args: argparse.Namespace, app: App) -> int:
    """Have them tried again, from the first try."""
    app.check_schema()
    if bool(args.number) == args.all:
        raise Refused(say("jobs-which"))
    with app.database.shared(write=False) as session:
        known = agencies.agency_slugs(session)
        wanted = (
            [_one(session, number) for number in args.number]
            if args.number
            else backlog.in_state(session, jobs.DEAD, _agency_id(app, args.agency))
        )
    for agency_id in {one.agency_id for one in wanted}:
        mine = [one for one in wanted if one.agency_id == agency_id]
        if agency_id in known:
            with app.database.agency(agency_id) as records:
                outbox.revive(records, [one.body["letter"] for one in mine if "letter" in one.body])
                backlog.replay(records, mine)
        else:
            with app.database.shared() as session:
                backlog.replay(session, mine)
    if args.json:
        show({"replayed": [f"{one.id % 1_000_000:06d}" for one in wanted]})
    else:
        tell(say("jobs-replayed", count=len(wanted)))
    return 0


def run_runs(args: argparse.Namespace, app: App) -> int:
    """What the clock did for an agency, newest first, and what it does next."""
    agency = app.agency(args.agency)
    with app.database.look(agency.id) as records:
        done = schedules.runs(records)
        coming = schedules.coming(records, agency.id)
    if args.json:
        past = [
            {"name": one.name, "due": one.due_at, "done": one.done_at, "letters": one.letters} for one in done
        ]
        show({"runs": past, "next": coming})
        return 0
    for name, at in coming.items():
        tell(say("jobs-run-next", name=name, at=clock.local(agency, at)))
    for one in done:
        tell(say("jobs-run", name=one.name, at=clock.local(agency, one.due_at), count=one.letters))
    return 0


def _found(app: App, state: str, slug: str) -> list[dict[str, Any]]:
    app.check_schema()
    with app.database.shared(write=False) as session:
        slugs = agencies.agency_slugs(session)
        found = backlog.in_state(session, state, _agency_id(app, slug))
        return [_told(one, slugs) for one in found]


def _agency_id(app: App, slug: str) -> int | None:
    return app.agency(slug).id if slug else None


def _one(session: Session, number: str) -> Job:
    found = backlog.numbered(session, int(number)) if number.isdecimal() else []
    if not found:
        raise Refused(say("jobs-unknown", number=number))
    if len(found) > 1:
        raise Refused(say("jobs-several", number=number, ids=", ".join(str(one.id) for one in found)))
    return found[0]


def _told(one: Job, slugs: dict[int, str]) -> dict[str, Any]:
    return {
        "number": f"{one.id % 1_000_000:06d}",
        "agency": slugs.get(one.agency_id, ""),
        "kind": one.kind,
        "state": one.state,
        "attempts": one.attempts,
        "since": moment_of(one.id),
        "fault": one.fault,
    }
