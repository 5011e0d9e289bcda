"""Policies, their versions in numbered clauses, and who acknowledged which version."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.base import Base, Lasting, Owned, now
from storage.memory import rests_on


class Policy(Base, Lasting):
    """A rule staff must know; kind is code-of-ethics, no-gift, conflict-of-interest, …"""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("agency_id", "kind"),)

    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    short_title: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)

    @property
    def label(self) -> str:
        """The short title where there is one, for narrow places."""
        return self.short_title or self.title

    versions: Mapped[list["PolicyVersion"]] = relationship(
        back_populates="policy", cascade="all, delete-orphan", order_by="PolicyVersion.no"
    )


class PolicyVersion(Base, Lasting):
    """One published text of a policy, in force from a day; it never changes, a new one follows."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("policy_id", "no"),)

    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id", ondelete="CASCADE"))
    no: Mapped[int]
    effective_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(default=now)

    policy: Mapped[Policy] = relationship(back_populates="versions", lazy="joined")
    clauses: Mapped[list["Clause"]] = relationship(cascade="all, delete-orphan", order_by="Clause.position")


class Clause(Base, Lasting):
    """ข้อ: a numbered clause as the policy prints it, under its section's heading."""

    __tablename__ = "clause"

    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id", ondelete="CASCADE"), index=True)
    no: Mapped[str] = mapped_column(String(20))
    heading: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)

    @property
    def body(self) -> tuple[str, str]:
        """What is printed: the words that find it are ours and make no new version."""
        return self.heading, self.text


class Acknowledgement(Base, Owned):
    """รับทราบ: a person has read this version; later versions ask again, this record stays."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("person_id", "version_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    channel: Mapped[str] = mapped_column(String(20), default="")


def policies(session: Session) -> list[Policy]:
    """Every policy in the agency's order."""
    return list(session.scalars(select(Policy).order_by(Policy.position, Policy.id)))


def find_policy(session: Session, kind: str) -> Policy | None:
    """The policy of this kind."""
    return session.scalar(select(Policy).where(Policy.kind == kind))


def in_force(session: Session, policy: Policy, today: date) -> PolicyVersion | None:
    """The newest version of a policy in force on a day."""
    return session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == policy.id, PolicyVersion.effective_on <= today)
        .order_by(PolicyVersion.no.desc())
        .limit(1)
    ).first()


@rests_on(Policy, PolicyVersion, Clause)
def all_in_force(session: Session, today: date) -> list[PolicyVersion]:
    """The version in force of every policy that has one, with its clauses, in the agency's order."""
    newest = (
        select(PolicyVersion.policy_id, func.max(PolicyVersion.no).label("no"))
        .where(PolicyVersion.effective_on <= today)
        .group_by(PolicyVersion.policy_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(PolicyVersion)
            .join(newest, (newest.c.policy_id == PolicyVersion.policy_id) & (newest.c.no == PolicyVersion.no))
            .join(Policy, Policy.id == PolicyVersion.policy_id)
            .options(selectinload(PolicyVersion.clauses))
            .order_by(Policy.position, Policy.id)
        )
    )


def before(session: Session, version: PolicyVersion) -> PolicyVersion | None:
    """The version that this one took the place of."""
    return session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == version.policy_id, PolicyVersion.no < version.no)
        .order_by(PolicyVersion.no.desc())
        .limit(1)
    ).first()


def changes(old: PolicyVersion, new: PolicyVersion) -> list[tuple[Clause | None, Clause | None]]:
    """The clauses that differ, as (old, new), in the new text's order; a clause without a partner was
    added or taken away."""
    by_no = {clause.no: clause for clause in old.clauses}
    found: list[tuple[Clause | None, Clause | None]] = []
    for clause in new.clauses:
        was = by_no.pop(clause.no, None)
        if was is None or was.body != clause.body:
            found.append((was, clause))
    return found + [(gone, None) for gone in by_no.values()]


def acknowledged(session: Session, person_id: int) -> dict[int, datetime]:
    """When a person acknowledged which version."""
    rows = session.execute(
        select(Acknowledgement.version_id, Acknowledgement.at).where(Acknowledgement.person_id == person_id)
    )
    return {version: at for version, at in rows}  # noqa: C416 - rows are not tuples to mypy


def acknowledged_by(session: Session, version_ids: Iterable[int]) -> dict[int, set[int]]:
    """The people who acknowledged each of these versions."""
    found: dict[int, set[int]] = {version: set() for version in version_ids}
    rows = session.execute(
        select(Acknowledgement.version_id, Acknowledgement.person_id).where(
            Acknowledgement.version_id.in_(found)
        )
    )
    for version, person in rows:
        found[version].add(person)
    return found


def acknowledge(session: Session, person_id: int, version: PolicyVersion, at: datetime, channel: str) -> bool:
    """Record that a person has read this version; False when that is recorded already."""
    known = select(Acknowledgement.id).where(
        Acknowledgement.person_id == person_id, Acknowledgement.version_id == version.id
    )
    if session.scalar(known) is not None:
        return False
    session.add(Acknowledgement(person_id=person_id, version_id=version.id, at=at, channel=channel))
    session.flush()
    return True
