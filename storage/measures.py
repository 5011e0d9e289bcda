"""Measures: what is to be done, its steps, KPIs, schedule, and which units answer for it."""

import enum
from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.agencies import Unit
from storage.base import Base, Lasting
from storage.memory import rests_on
from storage.plans import Plan, Topic


class Duty(enum.StrEnum):
    """How a unit answers for a measure."""

    LEAD = "lead"
    JOINT = "joint"
    SUPPORT = "support"
    ALL_UNITS = "all_units"


class Measure(Base, Lasting):
    """มาตรการ/แนวทาง: one row of the plan.

    ``code`` is the document's own number, else topic.order. The schedule is kept as written
    (``schedule_text``) and as read: ``schedule_kind`` is range, recurring, continuous or unknown,
    ``schedule_every`` month, quarter, half_year or year, ``schedule_ranges`` pairs of ISO days.
    """

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    code: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(Text)
    aim: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(Text, default="")
    constraints: Mapped[str] = mapped_column(Text, default="")
    responsible_text: Mapped[str] = mapped_column(Text, default="")
    schedule_text: Mapped[str] = mapped_column(Text, default="")
    schedule_kind: Mapped[str] = mapped_column(String(10), default="unknown")
    schedule_every: Mapped[str | None] = mapped_column(String(10))
    schedule_ranges: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    o_items: Mapped[list[str]] = mapped_column(JSON, default=list)
    questions: Mapped[list[str]] = mapped_column(JSON, default=list)
    reported_status: Mapped[str] = mapped_column(String(20), default="")
    reported_progress: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)

    plan: Mapped[Plan] = relationship()
    topic: Mapped[Topic | None] = relationship(lazy="joined")
    # lists of what is due show neither steps nor KPIs; measures() below loads them for those that do
    steps: Mapped[list["Step"]] = relationship(cascade="all, delete-orphan", order_by="Step.no")
    kpis: Mapped[list["Kpi"]] = relationship(cascade="all, delete-orphan", order_by="Kpi.position")
    responsibilities: Mapped[list["Responsibility"]] = relationship(
        cascade="all, delete-orphan", order_by="Responsibility.position", lazy="selectin"
    )
    aliases: Mapped[list["MeasureAlias"]] = relationship(cascade="all, delete-orphan")

    @property
    def ranges(self) -> list[tuple[date, date]]:
        """The periods the document names, as days."""
        return [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in self.schedule_ranges]


class Step(Base, Lasting):
    """ขั้นตอน/กิจกรรม: a numbered part of a measure; ``for_all_units`` where it binds every unit."""

    __tablename__ = "step"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    no: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    for_all_units: Mapped[bool] = mapped_column(default=False)


class Kpi(Base, Lasting):
    """ตัวชี้วัดของแผน: kind is count, percent, times_per_year, exists, channels, pass_rate or open."""

    __tablename__ = "kpi"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), default="open")
    value: Mapped[float | None]
    position: Mapped[int] = mapped_column(default=0)


class Responsibility(Base, Lasting):
    """A unit answers for a measure; ``unit_id`` is empty where every unit does (all_units), and in a
    draft for a unit not known yet. ``written`` is its name as the document has it."""

    __tablename__ = "responsibility"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(10), default=Duty.LEAD)
    written: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit | None] = relationship(lazy="joined")


class MeasureAlias(Base, Lasting):
    """Words officers use for a measure (โนกิฟ → No Gift), proposed by use, accepted by the secretary."""

    __tablename__ = "measure_alias"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="accepted")


@rests_on(Measure, Step, Kpi, Responsibility, MeasureAlias, Unit)
def measures(session: Session, plan: Plan) -> list[Measure]:
    """Every measure of a plan in the document's order, with steps, KPIs and units loaded."""
    return list(
        session.scalars(
            select(Measure)
            .where(Measure.plan_id == plan.id)
            .order_by(Measure.position)
            .options(
                selectinload(Measure.responsibilities),
                selectinload(Measure.steps),
                selectinload(Measure.kpis),
                selectinload(Measure.aliases),
            )
        )
    )


def by_code(session: Session, plan: Plan, code: str) -> Measure | None:
    """The measure with this code in a plan."""
    return session.scalar(select(Measure).where(Measure.plan_id == plan.id, Measure.code == code))
