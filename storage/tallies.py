"""How often somebody did something in a span of time, over all processes; who, is kept as a digest only."""

from hashlib import sha256
from importlib import import_module

from sqlalchemy import String, case, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base


class Tally(Base):
    """One count: of the span ``span`` (its number since 1970), forgotten with the next one."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    span: Mapped[int]
    ends: Mapped[int]  # seconds since 1970
    count: Mapped[int]


def add(session: Session, who: str, span: int, ends: int, more: int) -> int:
    """Add to a count; how much it is now with what every process added."""
    key = sha256(who.encode()).hexdigest()
    make = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert
    insert = make(Tally).values(key=key, span=span, ends=ends, count=more)
    new = insert.excluded
    count = case((Tally.span == new.span, Tally.count + new.count), else_=new.count)
    counted = insert.on_conflict_do_update(
        index_elements=[Tally.key], set_={"span": new.span, "ends": new.ends, "count": count}
    )
    return int(session.scalar(counted.returning(Tally.count)) or 0)


def forget(session: Session, moment: float) -> None:
    """Drop the counts of spans that are over."""
    session.execute(
        delete(Tally).where(Tally.ends < int(moment)).execution_options(synchronize_session=False)
    )
