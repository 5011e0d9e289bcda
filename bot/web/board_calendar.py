"""The calendar of due dates, and feeds of it for other calendars: secret addresses that can be ended."""

import calendar
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.app import App
from bot.turns import local_day
from bot.web.board import plan_of
from bot.web.limits import SharedTries
from bot.web.pages import TOLD, Gone, Pages, Shown
from bot.web.visits import EARLIEST, LATEST, Ask, Missing, number_of
from bot.words import words
from handlers import rights, telling
from handlers.talk import say
from storage import agencies, history, plans, reviews, rounds
from storage.agencies import Agency, Unit
from storage.base import now
from storage.calendar import month_end
from storage.reviews import Feed
from storage.rounds import SETTLED, Occurrence

TOLD |= {"feed-made": "pages-told-feed-made", "feed-ended": "pages-told-feed-ended"}
SHOWN = 3  # of one day, on a wide screen; the list below has them all
PURPOSE = "feed"


def routes(app: App, pages: Pages) -> list[BaseRoute]:
    """The month, the forms for feeds, the feeds."""
    return [
        pages.get("/board/calendar", month, "due-all"),
        pages.post("/board/feeds", make, "review-feeds"),
        pages.post("/board/feeds/{id}/end", end, "review-feeds"),
        Route("/feeds/{slug}/{number}-{sign}.ics", Feeds(app).show, methods=["GET"]),
    ]


def month(ask: Ask) -> Shown:
    """One month of due dates, of all units or one."""
    plan, first = plan_of(ask), _month(ask)
    last = month_end(first.year, first.month)
    every = agencies.units(ask.records)
    unit = next((one for one in every if str(one.id) == ask.query.get("unit")), None)
    found = rounds.due_between(ask.records, plan, first, last, unit.id if unit else None)
    by_day: dict[date, dict[int, list[Occurrence]]] = {}
    for one in found:
        if one.deadline is not None:
            by_day.setdefault(one.deadline, {}).setdefault(one.measure_id, []).append(one)
    calls = {one.due_on: one for one in rounds.rounds(ask.records, plan)}
    days = {day: [_entry(ask, group) for group in groups.values()] for day, groups in by_day.items()}
    data: dict[str, Any] = {
        "first": first,
        "weeks": calendar.Calendar().monthdatescalendar(first.year, first.month),
        "weekdays": [first + timedelta(days=(no - first.weekday()) % 7) for no in range(7)],
        "days": days,
        "calls": calls,
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1),
        "units": every,
        "unit": unit,
        "most": SHOWN,
        "feeds": [(one, address(ask.app, ask.agency, one)) for one in reviews.feeds(ask.records)]
        if rights.may(ask.person, "review-feeds")
        else None,
    }
    return Shown("pages/calendar.html", data)


def _month(ask: Ask) -> date:
    """The first day of the month that is asked for; of this one where it is none."""
    try:
        first = date.fromisoformat(ask.query.get("month", "") + "-01")
    except ValueError:
        first = ask.today
    return (first if EARLIEST <= first <= LATEST else ask.today).replace(day=1)


def _entry(ask: Ask, group: list[Occurrence]) -> dict[str, Any]:
    """One measure that is due on a day, for one unit or several."""
    left = [one for one in group if one.status not in SETTLED]
    worst = (left or group)[0]
    who = (
        worst.unit.label
        if len(group) == 1
        else ask.say(say("pages-left-of", left=len(left), count=len(group)))
    )
    return {"measure": worst.measure, "who": who, "mark": telling.mark(worst, ask.today), "unit": worst.unit}


def make(ask: Ask) -> Gone:
    """A new feed, of one unit or of all."""
    given = ask.text("unit", 20)
    number = number_of(given)
    unit = ask.records.get(Unit, number) if number is not None else None
    if given and unit is None:
        raise Missing
    made = Feed(unit_id=unit.id if unit else None, person_id=ask.person.id, made_at=ask.at)
    ask.records.add(made)
    ask.records.flush()
    history.note(ask.records, "feed-made", f"feed:{made.id}", ask.person)
    return Gone("/board/calendar", "feed-made")


def end(ask: Ask) -> Gone:
    """A feed's address works no more."""
    found = ask.records.get(Feed, ask.number())
    if found is None:
        raise Missing
    found.ended_at = ask.at
    history.note(ask.records, "feed-ended", f"feed:{found.id}", ask.person)
    return Gone("/board/calendar", "feed-ended")


def address(app: App, agency: Agency, feed: Feed) -> str:
    """A feed's address; nobody can make one without the deployment's key."""
    sign = app.seal.sign(PURPOSE, f"{agency.id}:{feed.id}")
    return f"{app.settings.public_url}/feeds/{agency.slug}/{feed.id}-{sign}.ics"


class Feeds:
    """Hands feeds to calendars, which have no cookie."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._wrong = SharedTries(lambda: app.database, "feed", 30, 600)

    async def show(self, request: Request) -> Response:
        """The feed at a secret address."""
        return await run_in_threadpool(self._show, request)

    def _show(self, request: Request) -> Response:
        who = request.client.host if request.client else ""
        if self._wrong.is_over(who):
            return Response(status_code=429)
        try:
            made = self._made(request.path_params)
        except SQLAlchemyError:
            return Response(status_code=503, headers={"retry-after": "60"})
        if made is None:
            self._wrong.count(who)
            return Response(status_code=404)
        headers = {
            "cache-control": "private, max-age=900",
            "content-disposition": 'inline; filename="prongsai.ics"',
        }
        return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)

    def _made(self, given: dict[str, Any]) -> bytes | None:
        agency_id, number = self._app.agency_id(given["slug"]), str(given["number"])
        if agency_id is None or not (number.isascii() and number.isdecimal()) or len(number) > 18:
            return None
        with self._app.database.look(agency_id) as records:
            feed, agency = records.get(Feed, int(number)), records.get_one(Agency, agency_id)
            if feed is None or feed.ended_at is not None or not self._is_signed(agency, feed, given["sign"]):
                return None
            plan = plans.active_plan(records, local_day(agency, now()))
            owed = rounds.occurrences(records, plan, feed.unit_id) if plan else []
            return written(self._app, agency, feed, owed)

    def _is_signed(self, agency: Agency, feed: Feed, sign: str) -> bool:
        return self._app.seal.signed(PURPOSE, f"{agency.id}:{feed.id}", sign)


def written(app: App, agency: Agency, feed: Feed, owed: list[Occurrence]) -> bytes:
    """What is owed as a calendar: one day each, done ones marked so."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - only for feeds

    voice = words(agency.settings.get("language", "th"), agency.settings.get("digits", "arabic"))
    made = Calendar()
    name = feed.unit.name if feed.unit else agency.name
    made.add("prodid", "-//Prongsai//due dates//TH")
    made.add("version", "2.0")
    made.add("x-wr-calname", voice(say("pages-feed-name", name=name)))
    for one in owed:
        if one.deadline is None:
            continue
        event = Event()
        event.add("uid", f"{one.id}@prongsai")
        event.add("dtstamp", one.reported_at or now())
        event.add("dtstart", one.deadline)
        event.add("dtend", one.deadline + timedelta(days=1))
        sign = "✓ " if one.status in SETTLED else ""
        event.add("summary", f"{sign}{one.measure.code} {telling.short(one.measure.title)}")
        event.add("description", f"{one.unit.name} · {voice(telling.status(one))}")
        if app.settings.public_url:
            event.add("url", f"{app.settings.public_url}/board/measures/{one.measure_id}")
        made.add_component(event)
    return bytes(made.to_ical())
