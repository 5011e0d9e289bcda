"""From a document to a plan's draft: nothing dropped, everything guessed is a doubt."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bot.tables import (
    plan_dates,
    plan_doubts,
    plan_form,
    plan_letters,
    plan_prose,
    plan_reading,
    plan_rows,
    plan_times,
)
from bot.tables.places import place
from bot.tables.plan_aliases import aliased
from bot.tables.plan_codes import codes
from bot.tables.plan_found import Gathered
from bot.tables.plan_measures import Names, measure, years
from bot.tables.plan_prose import Prose, texts
from bot.tables.plan_words import bare, tight
from bot.tables.shapes import Document
from handlers.talk import Refused, say
from storage.drafts import Draft, DraftDoubt, DraftMeasure, DraftPolicy, DraftRound, DraftScore, DraftTopic


def draft(
    document: Document,
    fiscal_year: int | None = None,
    agency: str = "",
    units: Iterable[str] = (),
    likely_year: int | None = None,
) -> Draft:
    """What a document says about a plan.

    ``fiscal_year`` (Buddhist era) and ``agency`` are what the sender says, ``likely_year`` is guessed where
    the document names none; ``units`` are the names the agency knows already. Raises Refused when no table
    of measures is found, or no year is known.
    """
    if plan_reading.is_one(document):
        return plan_reading.read(document, fiscal_year)
    if plan_form.is_one(document):
        return plan_form.read(document, fiscal_year, likely_year)
    rows = plan_rows.gather(document)
    if not rows.measures:
        raise Refused(say("plans-no-table"))
    prose = plan_prose.read(document)
    doubts = [DraftDoubt(where, "", "", why) for where, why in document.doubts] + rows.doubts
    year = _year(prose, rows, (fiscal_year, likely_year), doubts)
    _agency(prose, agency, doubts)
    told = _told(document, rows, prose)
    told = replace(told, agency=agency or told.agency, fiscal_year=year)
    rounds = _rounds([paragraph.text for paragraph in document.paragraphs], year, doubts)
    measures = plan_times.completed(_measures(document, rows, year, units, doubts), rounds, year, doubts)
    for where, text in plan_doubts.places(document):
        doubts += plan_dates.in_text(where, text, year)
    doubts += plan_dates.too_late(measures, year)
    whole = replace(told, measures=tuple(measures), rounds=rounds, doubts=tuple(plan_doubts.merged(doubts)))
    swept = plan_doubts.swept(document, whole, [*rows.placed, *prose.placed])
    stood = zip(measures, rows.measures, strict=True)
    return plan_doubts.beside_rows(document, swept, {one.code: found.where for one, found in stood})


def _told(document: Document, rows: Gathered, prose: Prose) -> Draft:
    """What a document says beside its measures."""
    scores = _scores([*rows.scores, *prose.scores])
    findings = (*rows.findings, *prose.findings)
    policies = plan_letters.policies([paragraph.text for paragraph in document.paragraphs])
    return Draft(
        title=prose.title,
        agency=prose.agency,
        assessed_year=prose.assessed_year if scores or findings else None,
        scores=scores,
        grade=prose.grade,
        rank=prose.rank[0] if prose.rank else None,
        rank_group=prose.rank[1] if prose.rank else "",
        topics=_named_as(rows.topics, policies),
        findings=findings,
        policies=policies,
        limits=tuple(prose.limits),
        source=document.name,
    )


def _named_as(topics: list[DraftTopic], policies: tuple[DraftPolicy, ...]) -> tuple[DraftTopic, ...]:
    """A topic's name wrapped in a narrow column, as the policy of the same name prints it."""
    printed = {tight(policy.title): policy.title for policy in policies}
    return tuple(replace(one, title=printed.get(tight(one.title), one.title)) for one in topics)


def _year(prose: Prose, rows: Gathered, told: tuple[int | None, int | None], doubts: list[DraftDoubt]) -> int:
    """The plan's fiscal year: as said, else as the periods or the title print it."""
    said, fallback = told
    if said:
        return said
    named = Counter(year for found in rows.measures for year in years(found.text("period")))
    likely = named.most_common(1)[0][0] if named else None
    printed, assessed = prose.printed_year, prose.assessed_year
    if likely is None and printed is not None and printed == assessed and not prose.spans_years:
        likely = printed + 1  # the measures answer a result of the year before
    guess = likely or printed or (assessed + 1 if assessed else fallback)
    if guess is None:
        raise Refused(say("plans-no-year"))
    if guess != printed or prose.spans_years:
        doubts.append(DraftDoubt(place("year"), str(printed or ""), str(guess), "fiscal-year", "plan"))
    return guess


def _rounds(paragraphs: list[str], year: int, doubts: list[DraftDoubt]) -> tuple[DraftRound, ...]:
    """The letter's calls for reports; that they are rounds of this plan is a guess."""
    found = plan_letters.rounds(paragraphs, year)
    doubts += [DraftDoubt(place("rounds"), one.name, one.due, "round-guessed") for one in found]
    return tuple(found)


def _agency(prose: Prose, agency: str, doubts: list[DraftDoubt]) -> None:
    if (
        agency
        and prose.agency
        and bare(prose.agency) not in bare(agency)
        and bare(agency) not in bare(prose.agency)
    ):
        doubts.append(DraftDoubt(place("agency"), prose.agency, agency, "other-agency", "plan"))
    right = agency or prose.agency
    others = prose.other_agencies
    doubts += [DraftDoubt(place("agency"), other, right, "other-agency", "plan") for other in others]


def _scores(found: list[DraftScore]) -> tuple[DraftScore, ...]:
    kept: dict[tuple[str, str], DraftScore] = {}
    for one in found:
        kept.setdefault((one.level, one.code or tight(one.name)), one)
    return tuple(kept.values())


def _measures(
    document: Document, rows: Gathered, year: int, units: Iterable[str], doubts: list[DraftDoubt]
) -> list[DraftMeasure]:
    """Every measure under a code of its own, its units under one name each."""
    made: list[DraftMeasure] = []
    hosts = any(found.text("lead") for found in rows.measures)
    names = Names(year, tuple(units), "\n".join(texts(document)), hosts)
    given = codes(rows.measures, doubts)
    doubts[:] = plan_doubts.named(doubts, given)
    for found, code in zip(rows.measures, given, strict=True):
        one, more = measure(found, code, names)
        made.append(one)
        doubts += [doubt for doubt in more if doubt.why != "unit-closed" or _is_new(doubt, doubts)]
    guessed = {code: found.o_items for found, code in zip(rows.measures, given, strict=True) if found.o_items}
    doubts += plan_doubts.o_items(rows.o_numbers, guessed)
    return aliased(made, names.units, names.body, doubts)


def _is_new(doubt: DraftDoubt, doubts: list[DraftDoubt]) -> bool:
    return all((doubt.guess, doubt.why) != (one.guess, one.why) for one in doubts)
