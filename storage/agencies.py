"""Agencies, their units with long and short names, and their channels' sealed credentials."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.base import Base, Identified, Json, Lasting, Owned, now
from storage.memory import rests_on


class Agency(Base, Identified):
    """A tenant: a department, municipality or office whose staff talk to the assistant."""

    __tablename__ = "agency"

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sample: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[Json] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    # another one whenever a record that lasts is written (storage/kept.py); nobody sets it himself
    stamp: Mapped[int] = mapped_column(default=0, server_default="0")


class Unit(Base, Lasting):
    """A part of the agency that owes measures: กอง, สำนัก, ศูนย์, ส่วน, ฝ่าย or a committee."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[int] = mapped_column(default=0)

    aliases: Mapped[list["UnitAlias"]] = relationship(back_populates="unit", cascade="all, delete-orphan")

    @property
    def label(self) -> str:
        """The short name where there is one, for narrow places."""
        return self.short_name or self.name


class UnitAlias(Base, Lasting):
    """Another spelling of a unit's name, met in a document or accepted by the secretary."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("agency_id", "text"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(200))

    unit: Mapped[Unit] = relationship(back_populates="aliases")


class Channel(Base, Owned):
    """An agency's account in LINE or Telegram; its secrets are sealed at rest."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("agency_id", "kind"),)

    kind: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


def find_agency(session: Session, slug: str) -> Agency | None:
    """The agency with this slug."""
    return session.scalar(select(Agency).where(Agency.slug == slug))


@rests_on(Unit, UnitAlias)
def units(session: Session) -> list[Unit]:
    """Every unit of the session's agency, in the agency's own order."""
    every = select(Unit).order_by(Unit.position, Unit.name).options(selectinload(Unit.aliases))
    return list(session.scalars(every))


def unit_names(session: Session) -> list[str]:
    """Every name a unit of the agency is known by: long, short, and accepted spellings."""
    return [
        name
        for unit in units(session)
        for name in (unit.name, unit.short_name, *(alias.text for alias in unit.aliases))
        if name
    ]


def find_unit(session: Session, name: str) -> Unit | None:
    """The unit whose name, short name or alias is exactly this (forgiving reading is in handlers/naming)."""
    named = select(Unit).where((Unit.name == name) | (Unit.short_name == name))
    if unit := session.scalars(named.limit(1)).first():
        return unit
    aliased = select(Unit).join(UnitAlias, UnitAlias.unit_id == Unit.id).where(UnitAlias.text == name)
    return session.scalars(aliased.limit(1)).first()


def find_channel(session: Session, kind: str, *, hold: bool = False) -> Channel | None:
    """The agency's account in this channel; with ``hold`` nobody else changes it meanwhile."""
    named = select(Channel).where(Channel.kind == kind)
    return session.scalar(named.with_for_update() if hold else named)


def note_quota(session: Session, kind: str, told: Json) -> None:
    """Keep what a platform told of the month's messages (``limit``, ``used``, ``at``) with the account."""
    row = find_channel(session, kind)
    if row is not None:
        kept = update(Channel).where(Channel.id == row.id)
        values = {"details": {**row.details, "quota": told}, "changed_at": row.changed_at}
        session.execute(kept.values(values).execution_options(synchronize_session=False))


def quotas(session: Session) -> dict[str, Json]:
    """What is known of each account's messages of the month."""
    known = session.execute(select(Channel.kind, Channel.details)).all()
    return {kind: details["quota"] for kind, details in known if "quota" in details}


def channel_kinds(session: Session) -> list[str]:
    """The channels the agency has an account in."""
    return list(session.scalars(select(Channel.kind).order_by(Channel.kind)))


def channels(session: Session) -> list[Channel]:
    """The agency's accounts."""
    return list(session.scalars(select(Channel).order_by(Channel.kind)))


def agency_slugs(session: Session) -> dict[int, str]:
    """Every agency's id and slug."""
    return dict(session.execute(select(Agency.id, Agency.slug)).all())


def every(session: Session) -> list[Agency]:
    """Every agency of the deployment, by its short name."""
    return list(session.scalars(select(Agency).order_by(Agency.slug)))
