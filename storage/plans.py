"""A year's plan: its topics, findings, scores, limits and doubts."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, Json, Lasting, Owned, now
from storage.calendar import fiscal_year_of
from storage.memory import rests_on

DRAFT, ACTIVE, CLOSED = "draft", "active", "closed"


class Plan(Base, Lasting):
    """The measures of one fiscal year (Buddhist era); one plan a year is active.

    ``details`` keeps what its document said beside the measures (scores, level, rank, policies), until
    and after the plan counts.
    """

    __tablename__ = "plan"

    fiscal_year: Mapped[int]
    assessed_year: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(10), default=DRAFT)
    title: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    limits: Mapped[list[str]] = mapped_column(JSON, default=list)
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)

    topics: Mapped[list["Topic"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Topic.position"
    )
    findings: Mapped[list["Finding"]] = relationship(
        cascade="all, delete-orphan", order_by="Finding.position"
    )
    doubts: Mapped[list["Doubt"]] = relationship(cascade="all, delete-orphan", order_by="Doubt.position")


class Topic(Base, Lasting):
    """ประเด็น: one of the topics, policy sides or indicators that group the measures; ``aim``: what for."""

    __tablename__ = "topic"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    no: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    aim: Mapped[str] = mapped_column(Text, default="", server_default="")
    position: Mapped[int] = mapped_column(default=0)

    plan: Mapped[Plan] = relationship(back_populates="topics")


class Finding(Base, Lasting):
    """ข้อค้นพบ: what the assessment showed to be weak, with the question it comes from."""

    __tablename__ = "finding"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
    score: Mapped[float | None]
    position: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic | None] = relationship()


class Doubt(Base, Lasting):
    """Something the importer was not sure of: where, what it said, the best guess, why."""

    __tablename__ = "doubt"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    where: Mapped[str] = mapped_column(String(200))
    said: Mapped[str] = mapped_column(Text)
    guess: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(80))
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    decision: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[int] = mapped_column(default=0)


class Score(Base, Owned):
    """A score of an assessed year (Buddhist era), 0 to 100.

    ``level`` is overall, tool, indicator or question; ``code`` names it (``IIT``, ``7``, ``i10``).
    """

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("agency_id", "year", "level", "code"),)

    year: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float]
    qualifier: Mapped[str] = mapped_column(String(4), default="")
    position: Mapped[int] = mapped_column(default=0)


class Grade(Base, Owned):
    """The level and rank an agency reached in an assessed year (Buddhist era)."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("agency_id", "year"),)

    year: Mapped[int]
    grade: Mapped[str] = mapped_column(String(80), default="")
    rank: Mapped[int | None]
    rank_group: Mapped[str] = mapped_column(String(200), default="")


@rests_on(Plan)
def active_plan(session: Session, today: date) -> Plan | None:
    """The plan that counts on a day: the active one of its fiscal year.

    Where that year has none, the one before goes on, as units report on it until the next is there;
    a plan of a year to come counts only where nothing else does.
    """
    year, found = fiscal_year_of(today), session.scalars(select(Plan).where(Plan.status == ACTIVE)).all()
    begun = [plan for plan in found if plan.fiscal_year <= year]
    if begun:
        return max(begun, key=_year)
    return min(found, key=_year, default=None)


def _year(plan: Plan) -> int:
    return plan.fiscal_year


@rests_on(Plan)
def active_of_year(session: Session, fiscal_year: int) -> Plan | None:
    """The plan that counts for a fiscal year (Buddhist era)."""
    return session.scalar(select(Plan).where(Plan.fiscal_year == fiscal_year, Plan.status == ACTIVE).limit(1))


def newest(session: Session) -> Plan | None:
    """The plan that came in last, whatever its state."""
    return session.scalars(select(Plan).order_by(Plan.created_at.desc()).limit(1)).first()


@rests_on(Plan)
def newest_draft(session: Session, fiscal_year: int | None = None) -> Plan | None:
    """The draft that came in last, of a fiscal year (Buddhist era) or of any."""
    query = select(Plan).where(Plan.status == DRAFT).order_by(Plan.created_at.desc()).limit(1)
    return session.scalar(query if fiscal_year is None else query.where(Plan.fiscal_year == fiscal_year))


def drafts(session: Session) -> list[Plan]:
    """The drafts that wait to be looked at, the newest first."""
    query = select(Plan).where(Plan.status == DRAFT).order_by(Plan.created_at.desc())
    return list(session.scalars(query))


def plan_of_year(session: Session, fiscal_year: int) -> Plan | None:
    """The newest plan of a fiscal year (Buddhist era), active before draft."""
    found = session.scalars(
        select(Plan).where(Plan.fiscal_year == fiscal_year).order_by(Plan.created_at.desc())
    ).all()
    return next((plan for plan in found if plan.status == ACTIVE), found[0] if found else None)


def scores(session: Session, year: int | None = None) -> list[Score]:
    """Scores of one assessed year, or of all, newest first and in the document's order."""
    query = select(Score).order_by(Score.year.desc(), Score.position)
    return list(session.scalars(query if year is None else query.where(Score.year == year)))


def grades(session: Session) -> list[Grade]:
    """Levels reached, newest first."""
    return list(session.scalars(select(Grade).order_by(Grade.year.desc())))
