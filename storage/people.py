"""People, their identities in each channel, their roles, the groups they talk in."""

import enum
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage import outbox
from storage.agencies import Unit
from storage.base import Base, Owned, now, padded
from storage.memory import remember, rests_on

MAIL = "mail:"  # an e-mail address is kept as ``mail:name@agency.go.th``


class Role(enum.StrEnum):
    """What a person is to the working group; handlers/rights.py says what each may do."""

    OFFICER = "officer"
    COORDINATOR = "coordinator"
    SECRETARY = "secretary"
    MEMBER = "member"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Person(Base, Owned):
    """A member of the agency's staff."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(20), default=Role.OFFICER)
    language: Mapped[str] = mapped_column(String(5), default="th")
    created_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    identities: Mapped[list["Identity"]] = relationship(back_populates="person", cascade="all, delete-orphan")


class Identity(Base, Owned):
    """Who a person is in one channel: ``line:U…``, ``telegram:123``, ``web:…``."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("agency_id", "address"),)

    address: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    bound_at: Mapped[datetime] = mapped_column(default=now)
    unfollowed_at: Mapped[datetime | None]  # blocked us there: nothing can be pushed

    person: Mapped[Person] = relationship(back_populates="identities", lazy="joined")

    @property
    def is_chat(self) -> bool:
        """Whether one can talk there; by e-mail we only write."""
        return not self.address.startswith(MAIL)


class Group(Base, Owned):
    """A chat group the assistant is in, tied to one unit, to the working group, or not yet tied."""

    __tablename__ = "chat_group"
    __table_args__ = (UniqueConstraint("agency_id", "address"),)

    address: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    working_group: Mapped[bool] = mapped_column(default=False)
    listening: Mapped[bool] = mapped_column(default=False)
    member_count: Mapped[int | None]
    bound_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(lazy="joined")


IN_CHAT = Identity.address.not_like(f"{MAIL}%")


def mail_of(person: Person) -> str:
    """The e-mail address a person gave; empty where none."""
    return next((one.address.removeprefix(MAIL) for one in person.identities if not one.is_chat), "")


def with_mail(session: Session) -> list[Identity]:
    """Those of the staff who gave an e-mail address."""
    found = select(Identity).join(Person).where(~IN_CHAT, Person.left_at.is_(None))
    return list(session.scalars(found.order_by(Identity.bound_at)))


def find_identity(session: Session, address: str) -> Identity | None:
    """Who is bound at this address, also where the person has left."""
    return session.scalar(select(Identity).where(Identity.address == address))


def bind(session: Session, person: Person, address: str, at: datetime) -> None:
    """Tie an address to a person; one that belonged to a person who has left goes over."""
    found = find_identity(session, address)
    if found is None:
        person.identities.append(Identity(agency_id=person.agency_id, address=address, bound_at=at))
    else:
        found.person_id, found.bound_at, found.unfollowed_at = person.id, at, None
    session.flush()


@rests_on(Identity, Person)
def by_address(session: Session, address: str) -> Person | None:
    """The person bound to this identity who has not left."""
    return _at_work(find_identity(session, address))


def look_at(session: Session, addresses: Sequence[str]) -> None:
    """Ask ``by_address`` for many at once; the session remembers the answers."""
    found = {
        one.address: one
        for one in session.scalars(select(Identity).where(Identity.address.in_(padded(addresses))))
    }
    for address in addresses:
        remember(session, by_address, (address,), _at_work(found.get(address)), Identity, Person)


def _at_work(found: Identity | None) -> Person | None:
    return found.person if found and found.person.left_at is None else None


@rests_on(Group)
def find_group(session: Session, address: str) -> Group | None:
    """The group at this address that the assistant is still in."""
    return session.scalar(select(Group).where(Group.address == address, Group.left_at.is_(None)))


def any_group(session: Session, address: str) -> Group | None:
    """The group at this address, also one the assistant has left."""
    return session.scalar(select(Group).where(Group.address == address))


def groups_of(session: Session, unit_id: int) -> list[Group]:
    """The groups tied to a unit, oldest first."""
    return list(
        session.scalars(
            select(Group).where(Group.unit_id == unit_id, Group.left_at.is_(None)).order_by(Group.joined_at)
        )
    )


def working_groups(session: Session) -> list[Group]:
    """The groups of the working group, oldest first."""
    return list(
        session.scalars(
            select(Group)
            .where(Group.working_group.is_(True), Group.left_at.is_(None))
            .order_by(Group.joined_at)
        )
    )


@rests_on(Person)
def staff(session: Session) -> list[Person]:
    """Everybody who has not left, by name."""
    return list(session.scalars(select(Person).where(Person.left_at.is_(None)).order_by(Person.name)))


def anybody(session: Session, name: str, number: int = 0) -> list[Person]:
    """The people with this id or name, also those who have left."""
    which = Person.id == number if number else Person.name == name
    return list(session.scalars(select(Person).where(which).order_by(Person.id)))


def coordinators(session: Session, unit_id: int | None) -> list[Person]:
    """The unit's coordinators, by name; the secretaries where it has none (or no unit is given)."""
    everyone = staff(session)
    mine = [one for one in everyone if one.role == Role.COORDINATOR and one.unit_id == unit_id]
    return mine if unit_id and mine else [one for one in everyone if one.role == Role.SECRETARY]


def leave(session: Session, person: Person, at: datetime) -> None:
    """The person has left: the identities stop working, what is held back for them is not sent; the name
    stays in the history."""
    person.left_at = at
    outbox.never(session, [one.address for one in person.identities])
