"""Publish what was handed in for an O item, piece by piece, and close its page again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.talk import Refused, say
from storage import disclosures, history
from storage.disclosures import Disclosure
from storage.people import Person
from storage.plans import Plan

TITLE_MOST, NOTE_MOST = 300, 2000


def address(site: str, slug: str, fiscal_year: int, item: str) -> str:
    """Where anybody opens the page of an item; without a public address of ours, from our own root."""
    return f"{site.rstrip('/')}/open/{slug}/{fiscal_year}/{item}"


def publish(
    records: Session,
    by: Person,
    plan: Plan,
    item: str,
    *,
    title: str,
    note: str,
    chosen: Mapping[int, str],
    at: datetime,
) -> Disclosure:
    """Open the page of an item, or change it: ``chosen`` are pieces of evidence with their public titles.

    Raises:
        Refused: the plan has no such item, nothing is chosen or a title is missing, or a piece is not
            one of those handed in for the item.
    """
    measures = disclosures.items(records, plan).get(item)
    if not measures:
        raise Refused(say("disclosures-no-item"))
    known = {one.id for one in disclosures.can_be_shown(records, measures)}
    title = title.strip()[:TITLE_MOST]
    if not title or not chosen or not set(chosen) <= known or not all(one.strip() for one in chosen.values()):
        raise Refused(say("disclosures-incomplete"))
    page = disclosures.find(records, plan.fiscal_year, item)
    if page is None:
        page = Disclosure(fiscal_year=plan.fiscal_year, item=item)
        records.add(page)
    page.title, page.note, page.changed_at = title, note.strip()[:NOTE_MOST], at
    page.pieces = [{"evidence": number, "title": one.strip()[:TITLE_MOST]} for number, one in chosen.items()]
    page.person_id, page.ended_at = by.id, None
    records.flush()
    history.note(records, "item-published", f"item:{plan.fiscal_year}:{item}", by, pieces=list(chosen))
    return page


def end(records: Session, by: Person, plan: Plan, item: str, at: datetime) -> None:
    """Close the page; its address stays for the day it is opened again. Raises Refused."""
    page = disclosures.find(records, plan.fiscal_year, item)
    if page is None or page.ended_at is not None:
        raise Refused(say("disclosures-not-open"))
    page.ended_at = at
    history.note(records, "item-closed", f"item:{plan.fiscal_year}:{item}", by)
