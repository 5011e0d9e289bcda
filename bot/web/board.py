"""The working group's page at a glance: figures, charts, what came in lately, how to go on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from starlette.routing import BaseRoute

from bot.clock import zone_of
from bot.reports import chart
from bot.web.pages import Pages, Shown, Stop
from bot.web.visits import Ask
from handlers import charts, telling
from handlers.report import Bars
from handlers.talk import say
from storage import plans, reviews, standing
from storage.calendar import fiscal_year
from storage.measures import Measure
from storage.plans import Plan
from storage.progress import Update
from storage.standing import Standing

LATELY = 8
OVERVIEW = "summary-show"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a drawn bar, in percent of its length."""

    name: str
    start: float
    wide: float
    count: int
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar with its label and where it leads."""

    label: str
    note: str
    parts: tuple[Part, ...]
    address: str


def routes(pages: Pages) -> list[BaseRoute]:
    """The overview."""
    return [pages.get("/board", overview, OVERVIEW)]


def plan_of(ask: Ask) -> Plan:
    """The plan in force. Raises Stop where there is none, with what to do."""
    found = plans.active_plan(ask.records, ask.today)
    if found is None:
        raise Stop(404, say("pages-no-plan"))
    return found


def overview(ask: Ask) -> Shown:
    """How the plan stands."""
    plan = plan_of(ask)
    now = standing.standing(ask.records, plan)
    bare = now.bare(standing.nothing_to_report(ask.records, plan))
    topics, units = charts.by_topic(now, ask.today), charts.by_unit(now, ask.today)
    topic_nos = list(dict.fromkeys(one.topic_no for one in now.measures.values()))
    unit_ids = [unit.id for unit, *_ in now.by_unit(ask.today)]
    start, end = fiscal_year(plan.fiscal_year)
    weeks = charts.weeks(
        now, standing.settled_at(ask.records, plan), start, end, ask.today, zone_of(ask.agency)
    )
    scores = charts.scores(plans.scores(ask.records))
    data: dict[str, Any] = {
        "plan": plan,
        "tiles": _tiles(ask, plan, now, len(bare)),
        "topics": drawn(ask, topics, lambda no: f"/board/measures?topic={topic_nos[no]}"),
        "units": drawn(ask, units, lambda no: f"/board/units/{unit_ids[no]}"),
        "legend": legend(ask, topics, units),
        "weeks": Markup(chart.svg(weeks, ask.voice)) if len(weeks.at) > 1 else "",  # noqa: S704 - drawn by us
        "scores": Markup(chart.svg(scores, ask.voice)) if scores else "",  # noqa: S704
        "lately": _lately(ask.records, plan),
        "mark": telling.MARKS,
    }
    return Shown("pages/overview.html", data)


def _tiles(ask: Ask, plan: Plan, now: Standing, bare: int) -> list[dict[str, Any]]:
    counts = now.statuses()
    late = len({(one.measure_id, one.unit_id) for one in now.overdue(ask.today)})
    figures = (
        ("done", counts["done"], "/board/measures?status=done"),
        ("in_progress", counts["in_progress"], "/board/measures?status=in_progress"),
        ("not_started", counts["not_started"], "/board/measures?status=not_started"),
        ("overdue", late, "/board/measures?only=late"),
        ("waiting", len(reviews.waiting(ask.records, plan)), "/board/follow#waiting"),
        ("bare", bare, "/board/follow#bare"),
        ("silent", len(now.silent(ask.today)), "/board/follow#silent"),
    )
    return [
        {"name": name, "count": count, "address": address, "text": ask.say(say(f"pages-tile-{name}"))}
        for name, count, address in figures
    ]


def _lately(records: Session, plan: Plan) -> list[Update]:
    return list(
        records.scalars(
            select(Update)
            .join(Measure, Measure.id == Update.measure_id)
            .where(Measure.plan_id == plan.id, Update.state != "unsent")
            .order_by(Update.said_at.desc(), Update.id.desc())
            .limit(LATELY)
            .options(joinedload(Update.occurrence))
        )
    )


def drawn(ask: Ask, bars: Bars, address: Callable[[int], str]) -> list[Drawn]:
    """Bars for a page of any width: their parts in percent."""
    found = []
    for no, bar in enumerate(bars.bars):
        total, start, parts = sum(bar.counts) or 1, 0.0, []
        for (name, title), count in zip(bars.parts, bar.counts, strict=True):
            if count:
                wide = 100 * count / total
                parts.append(Part(name, round(start, 2), round(wide, 2), count, ask.say(title)))
                start += wide
        found.append(Drawn(ask.say(bar.label), ask.say(bar.note), tuple(parts), address(no)))
    return found


def legend(ask: Ask, *charts_: Bars) -> list[tuple[str, str]]:
    """What the colours of some charts mean, each once, in their order."""
    used = Counter(name for one in charts_ for name, _ in one.parts)
    titles = {name: ask.say(title) for one in charts_ for name, title in one.parts}
    return [(name, titles[name]) for name in charts.PARTS if used[name]]
