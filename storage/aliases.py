"""What people call a measure (โนกิฟ → No Gift): proposed when they pick it, kept when the secretary agrees."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, Owned
from storage.measures import Measure, MeasureAlias
from storage.people import Person
from storage.plans import Plan

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"


class AliasProposal(Base, Owned):
    """Words a person used for a measure that had to be asked for; ``folded`` is what they are compared by.

    ``use_count`` is how often they were used before the decision, ``told_at`` when the secretary was told of
    them. A declined one stays, so that the same words are not proposed again.
    """

    __tablename__ = "alias_proposal"
    __table_args__ = (
        UniqueConstraint("agency_id", "measure_id", "folded"),
        Index("ix_alias_proposal_state", "agency_id", "state"),
    )

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    use_count: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    proposed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    measure: Mapped[Measure] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


def propose(
    session: Session, measure: Measure, text: str, folded: str, by: Person | None, at: datetime
) -> AliasProposal | None:
    """Keep words somebody used for a measure; nothing when they were decided on before."""
    same = select(AliasProposal).where(AliasProposal.measure_id == measure.id, AliasProposal.folded == folded)
    found = session.scalar(same)
    if found is not None:
        found.use_count += found.state == OPEN
        return found if found.state == OPEN else None
    found = AliasProposal(
        measure_id=measure.id,
        text=text[:200],
        folded=folded[:200],
        person_id=by.id if by else None,
        proposed_at=at,
        state=OPEN,
        use_count=1,
    )
    session.add(found)
    session.flush()
    return found


def take_back(session: Session, measure_id: int, folded: str) -> None:
    """Words were taken back by whoever used them: undecided ones that nobody else used go."""
    same = select(AliasProposal).where(
        AliasProposal.measure_id == measure_id,
        AliasProposal.folded == folded,
        AliasProposal.state == OPEN,
    )
    found = session.scalar(same)
    if found is not None and found.use_count > 1:
        found.use_count -= 1
    elif found is not None:
        session.delete(found)


def waiting(session: Session, *, untold: bool = False) -> list[AliasProposal]:
    """What waits for a decision, the most used first."""
    rows = select(AliasProposal).where(AliasProposal.state == OPEN)
    if untold:
        rows = rows.where(AliasProposal.told_at.is_(None))
    return list(session.scalars(rows.order_by(AliasProposal.use_count.desc(), AliasProposal.id)))


def decide(session: Session, proposal: AliasProposal, state: str, by: Person | None, at: datetime) -> None:
    """Accept or decline; accepted words name the measure from now on."""
    proposal.state, proposal.decided_at = state, at
    proposal.decided_by_id = by.id if by else None
    if state == ACCEPTED:
        give(session, proposal.measure, proposal.text)


def give(session: Session, measure: Measure, text: str) -> MeasureAlias | None:
    """Let words name a measure; nothing when they do already."""
    text = " ".join(text.split())[:200]
    there = select(MeasureAlias).where(MeasureAlias.measure_id == measure.id, MeasureAlias.text == text)
    if (found := session.scalar(there)) is not None and found.state == ACCEPTED:
        return None
    made = found or MeasureAlias(measure_id=measure.id, text=text)
    made.state = ACCEPTED
    session.add(made)
    session.flush()
    return made


def of_plan(session: Session, plan: Plan) -> list[tuple[Measure, MeasureAlias]]:
    """Every accepted alias of a plan with its measure, in the plan's order."""
    rows = (
        select(Measure, MeasureAlias)
        .join(MeasureAlias, MeasureAlias.measure_id == Measure.id)
        .where(Measure.plan_id == plan.id, MeasureAlias.state == ACCEPTED)
        .order_by(Measure.position, MeasureAlias.text)
    )
    return [(one, alias) for one, alias in session.execute(rows)]
