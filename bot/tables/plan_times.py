"""Schedules that no period cell tells: from indicators that recur, and from the calls for reports."""

from dataclasses import replace

from bot.tables.places import of, place
from bot.tables.plan_words import flat
from storage.calendar import fiscal_year, read_schedule
from storage.drafts import DraftDoubt, DraftMeasure, DraftRound, DraftSchedule

OFTEN = ("month", "quarter", "half_year", "year")


def completed(
    measures: list[DraftMeasure], rounds: tuple[DraftRound, ...], year: int, doubts: list[DraftDoubt]
) -> list[DraftMeasure]:
    """Fill in what is not told, each time with a doubt; where no period is told, one doubt for all of it."""
    no_column = not any(one.schedule.text for one in measures)
    made = [one if one.schedule.text else _by_indicator(one, year, doubts) for one in measures]
    open_ones = [one for one in made if not one.schedule.text]
    if not no_column or not open_ones:
        return made
    gone = {f"measure:{one.code}" for one in made}
    doubts[:] = [one for one in doubts if one.why != "schedule-missing" or one.about not in gone]
    about = "measure:" + ",".join(one.code for one in open_ones)
    if not rounds:
        doubts.append(DraftDoubt(place("period"), "", "", "schedule-missing", about))
        return made
    calls = ", ".join(one.name for one in rounds)
    doubts.append(DraftDoubt(place("period"), "", calls, "schedule-rounds", about))
    start, end = fiscal_year(year)
    by_round = DraftSchedule("", "continuous", None, ((start.isoformat(), end.isoformat()),))
    return [one if one.schedule.text else replace(one, schedule=by_round) for one in made]


def _by_indicator(one: DraftMeasure, year: int, doubts: list[DraftDoubt]) -> DraftMeasure:
    """A recurrence in an indicator ("every month") is the measure's; the most frequent one counts."""
    read = [(kpi, read_schedule(kpi.text, year)) for kpi in one.kpis]
    recurring = [(kpi, found) for kpi, found in read if found.kind == "recurring"]
    if not recurring:
        return one
    kpi, found = min(recurring, key=lambda pair: OFTEN.index(pair[1].every or "year"))
    ranges = tuple((start.isoformat(), end.isoformat()) for start, end in found.ranges)
    guess = ", ".join(" - ".join(span) for span in ranges)
    about = f"measure:{one.code}"
    doubts[:] = [doubt for doubt in doubts if (doubt.why, doubt.about) != ("schedule-missing", about)]
    doubts.append(DraftDoubt(of(one.code, "period"), flat(kpi.text), guess, "schedule-of-kpi", about))
    return replace(one, schedule=DraftSchedule(flat(kpi.text), "recurring", found.every, ranges))
