"""The week, or any range, so far: on asking, and every Monday to the working group. Units, no persons.

On Mondays it also goes by e-mail to those of the staff who gave an address.
"""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from handlers import issuing, naming, periods, scoping
from handlers.issuing import Wanted
from handlers.orders import ZONE
from handlers.parts import Parts
from handlers.periods import WEEK, week_of
from handlers.report import Report
from handlers.scope import EVERYTHING, Period, Scope
from handlers.summed import report
from handlers.talk import Card, Choice, Found, Refused, Reply, Row, Turn, quote, say
from handlers.timed import Errand, Post, Timed
from storage import people, plans, standing
from storage.calendar import fiscal_year_of
from storage.indicators import Indicator
from storage.plans import Plan

OF = "of"  # in a button: the indicator whose number follows
FORMATS = ("docx", "pdf", "xlsx", "png")  # offered beside each other


def reply(made: Report, *, choices: bool = True) -> Reply:
    """A report as a card: counts, what changed, what is late and coming, who is silent."""
    rows: list[Row] = []
    for section in made.sections:
        rows.append(Row(section.title, mark="note"))
        rows += [Row(line.say, line.mark, line.share, line.value) for line in section.lines]
        if section.left:
            rows.append(Row(say("summary-more", count=section.left)))
    return Reply(
        say=made.headline,
        cards=(Card(title=made.title, subtitle=made.covers, rows=tuple(rows)),),
        choices=(
            Choice("summary-units", say("summary-choice-units")),
            Choice("due-late-all", say("summary-choice-late")),
        )
        if choices
        else (),
    )


def show(turn: Turn) -> Reply:
    """The summary of the range a question names, or a button's; this week when it names none.

    It is of the unit, topic, indicator or role that is named, and a file where a format is.
    """
    parts = turn.reading.parts
    if not turn.reading.args and isinstance(parts, Parts) and parts.format:
        return file(turn)
    args = turn.reading.args
    covers = begun(turn, issuing.days_of(args[2:4]))
    return reply(made(turn, covers, _scope(turn, "summary-show", covers)))


def _scope(turn: Turn, intent: str, covers: Period) -> Scope:
    """What part of the agency is named; of a button, the indicator it offers."""
    plan, args = _year(turn, covers), turn.reading.args
    if len(args) > 1 and args[0] == OF:
        return scoping.by_words(turn.records, plan, indicator=args[1])

    def offer(one: Indicator) -> str:
        return f"summary-show:{OF}:{one.no}:{covers.start}:{covers.end}"

    return scoping.asked(turn, plan, intent, offer=offer)


def made(
    turn: Turn, covers: Period | None = None, scope: Scope = EVERYTHING, *, is_paper: bool = False
) -> Report:
    """The report that a question or button asks for; ``is_paper`` with charts and tables.

    Raises:
        Refused: there is no plan, or the range has not begun.
    """
    covers = begun(turn, covers)
    year = _year(turn, covers)
    return report(turn.records, turn.agency, year, covers, turn.today, scope, is_paper=is_paper)


def _year(turn: Turn, covers: Period) -> Plan:
    """The plan of the days covered, else the one in force. Raises Refused where there is none."""
    plan = _plan(turn)
    return plans.plan_of_year(turn.records, fiscal_year_of(min(covers.end, turn.today))) or plan


def begun(turn: Turn, covers: Period | None = None) -> Period:
    """The days given or asked for. Raises Refused when they have not begun, or there is no plan."""
    covers = covers or periods.asked(turn, _plan(turn)) or periods.period("", turn.today)
    if covers.start > turn.today:
        raise Refused(say("summary-not-yet", day=covers.start))
    return covers


def file(turn: Turn) -> Reply:
    """The summary as a file: Word unless another format is said; of the part that is named."""
    args, parts = turn.reading.args, turn.reading.parts
    wanted = args[0] if args else (parts.format if isinstance(parts, Parts) else "")
    same = issuing.same_as(turn)
    covers = begun(turn, same.covers if same else issuing.days_of(args[1:3]))
    scope = same.scope if same else _scope(turn, "summary-file", covers)
    name = wanted if wanted in issuing.OFFERED else FORMATS[0]
    paper = Wanted(issuing.SUMMARY, name, covers, scope)
    return issuing.give(turn, paper, made(turn, covers, scope), "summary-file", FORMATS)


def units(turn: Turn) -> Reply:
    """How each unit stands, as bars."""
    plan = _plan(turn)
    covers = begun(turn)
    seen, zone = covers.seen_on(turn.today), ZoneInfo(turn.agency.settings.get("timezone", ZONE))
    whole = standing.standing(turn.records, plan, covers.closed_at(turn.today, zone))
    now = scoping.part_of(turn.records, turn.agency, plan, whole, scoping.asked(turn, plan, "summary-units"))
    rows = []
    for unit, done, count, late in now.by_unit(seen):
        value = say("summary-share", done=done, count=count)
        if late:
            value = say("summary-share-late", done=done, count=count, late=late)
        rows.append(Row(quote(unit.name), "overdue" if late else "open", done / count, value))
    card = Card(
        title=say("summary-units"),
        subtitle=say("summary-as-of", day=covers.as_of(turn.today)),
        rows=tuple(rows),
    )
    names = tuple(unit.name for unit, *_ in now.by_unit(seen))
    return Reply(say=say("summary-units-headline", count=len(rows)), cards=(card,), found=Found(units=names))


def _plan(turn: Turn) -> Plan:
    plan = naming.plan_of(turn)
    if plan is None:
        raise Refused(say("summary-no-plan"))
    return plan


def weekly(errand: Errand) -> list[Post]:
    """Last week's summary, to every group of the working group."""
    plan = plans.active_plan(errand.records, errand.today)
    if plan is None:
        return []
    covers = week_of(errand.today - WEEK)
    language = errand.agency.settings.get("language", "th")
    places = [(group.address, language) for group in people.working_groups(errand.records)]
    places += [(one.address, one.person.language) for one in people.with_mail(errand.records)]
    if not places:
        return []
    made = reply(report(errand.records, errand.agency, plan, covers, errand.today))
    made = _with_papers(errand, made, covers, language)
    return [
        Post(place, made, "summary", f"summary:{covers.start}:{place}", spoken) for place, spoken in places
    ]


def _with_papers(errand: Errand, made: Reply, covers: Period, language: str) -> Reply:
    """The summary with its paper (a file or a link, as the channel gives it) and its chart."""
    paper, picture = (
        issuing.ask(errand.records, Wanted(issuing.SUMMARY, name, covers), errand.at, None, language)
        for name in ("pdf", "png")
    )
    opens = Choice(
        "summary-file",
        say("papers-open", format=say("papers-format-pdf")),
        style="main",
        link=f"paper:{paper.id}",
        numbered=False,
    )
    card = replace(made.cards[0], choices=(opens,), picture=f"paper:{picture.id}")
    return replace(made, cards=(card, *made.cards[1:]))


ANSWERS = {"summary-show": show, "summary-file": file, "summary-units": units}
WEEKLY = Timed("summary-weekly", at=time(9, 0), run=weekly, weekday=0)
