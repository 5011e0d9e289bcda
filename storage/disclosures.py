"""What an agency publishes for each O item (OIT): chosen piece by piece, under an address that stays."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Json, Owned
from storage.evidence import KEPT, Evidence
from storage.measures import Measure
from storage.plans import Plan
from storage.progress import UNSENT, WITHDRAWN, Update
from storage.rounds import Occurrence


class Disclosure(Base, Owned):
    """The public page of one O item of a fiscal year; closed when ``ended_at`` is set, its address kept.

    ``pieces`` are ``{"evidence": id, "title": words of the secretary}`` in their order: what is not in
    it is not published, and neither is the name a file came with.
    """

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("agency_id", "fiscal_year", "item"),)

    fiscal_year: Mapped[int]
    item: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    pieces: Mapped[list[Json]] = mapped_column(JSON, default=list)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def find(session: Session, fiscal_year: int, item: str) -> Disclosure | None:
    """The page of an item, also a closed one."""
    return session.scalar(
        select(Disclosure).where(Disclosure.fiscal_year == fiscal_year, Disclosure.item == item.upper())
    )


def open_in(session: Session, fiscal_year: int) -> dict[str, Disclosure]:
    """The pages that are open in a year, by item."""
    asked = select(Disclosure).where(Disclosure.fiscal_year == fiscal_year, Disclosure.ended_at.is_(None))
    return {one.item: one for one in session.scalars(asked)}


def items(session: Session, plan: Plan) -> dict[str, list[Measure]]:
    """The O items of a plan, each with its measures, as the measures name them."""
    found: dict[str, list[Measure]] = {}
    asked = select(Measure).where(Measure.plan_id == plan.id).order_by(Measure.position)
    for measure in session.scalars(asked):
        for item in measure.o_items:
            found.setdefault(item.upper(), []).append(measure)
    return found


# What came with a report that was taken back is no longer handed in.
_STANDS = (
    Evidence.state == KEPT,
    or_(
        Evidence.update_id.is_(None),
        Evidence.update_id.not_in(select(Update.id).where(Update.state.in_((WITHDRAWN, UNSENT)))),
    ),
)


def can_be_shown(session: Session, measures: list[Measure]) -> list[Evidence]:
    """What was handed in for some measures and is still there, oldest first: files, photos, links, and
    the numbers of documents."""
    asked = (
        select(Evidence)
        .join(Occurrence, Occurrence.id == Evidence.occurrence_id)
        .where(Occurrence.measure_id.in_([one.id for one in measures]), *_STANDS)
        .order_by(Evidence.added_at, Evidence.id)
    )
    return [one for one in session.scalars(asked) if one.sha256 or is_link(one) or one.kind == "document"]


def is_link(piece: Evidence) -> bool:
    """Whether it is an address elsewhere."""
    return piece.url.startswith(("https://", "http://"))


def shown(session: Session, page: Disclosure) -> list[tuple[str, Evidence]]:
    """What a page shows now: the chosen pieces that are still there and still handed in for the item, each
    under its public title."""
    titles = {int(one["evidence"]): str(one["title"]) for one in page.pieces}
    asked = (
        select(Evidence, Measure)
        .join(Occurrence, Occurrence.id == Evidence.occurrence_id)
        .join(Measure, Measure.id == Occurrence.measure_id)
        .where(Evidence.id.in_(titles), *_STANDS)
    )
    kept = {
        one.id: one
        for one, measure in session.execute(asked)
        if page.item in {item.upper() for item in measure.o_items}
    }
    return [(title, kept[number]) for number, title in titles.items() if number in kept]
