"""Papers that were given out: what each was asked for with, its code, and the hash of its file."""

import secrets
import zlib
from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Json, Owned, now

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks like something else on paper
LENGTH, MARK = 10, 2  # letters of a code; the first ones tell where its agency may be looked for
_LIKE = str.maketrans({"O": "Q", "0": "Q", "I": "J", "1": "J", "L": "J"})


class Paper(Base, Owned):
    """A paper asked for: its kind, format and days; ``details`` names unit, topic or policy by id.

    Its file is made when it is first needed: then ``as_of``, ``sha256`` and ``size`` are set, for good.
    """

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("agency_id", "code"),)

    code: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(5), default="th")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(default=now)

    title: Mapped[str] = mapped_column(Text, default="")
    as_of: Mapped[datetime | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int | None]

    @property
    def shown_code(self) -> str:
        """The code as people read it: ``ABCDE-FGHJK``."""
        return f"{self.code[: LENGTH // 2]}-{self.code[LENGTH // 2 :]}"


def ask(session: Session, paper: Paper) -> Paper:
    """Keep what was asked for; it gets a code of its own and the next version of its kind and days."""
    same = select(Paper.details).where(
        Paper.kind == paper.kind,
        Paper.format == paper.format,
        Paper.starts_on == paper.starts_on,
        Paper.ends_on == paper.ends_on,
    )
    paper.version = 1 + sum(details == paper.details for details in session.scalars(same))
    mark = mark_of(session.info["agency"])
    paper.code = mark + "".join(secrets.choice(LETTERS) for _ in range(LENGTH - MARK))
    session.add(paper)
    session.flush()
    return paper


def press(session: Session, paper: Paper, *, title: str, as_of: datetime, sha256: str, size: int) -> bool:
    """Write down what the file is; False when another was quicker, whose file counts."""
    done = session.execute(
        update(Paper)
        .where(Paper.id == paper.id, Paper.sha256.in_(["", paper.sha256]))
        .values(title=title, as_of=as_of, sha256=sha256, size=size)
        .execution_options(synchronize_session="fetch")
    )
    return bool(getattr(done, "rowcount", 0))


def find(session: Session, paper_id: int) -> Paper | None:
    """A paper of the session's agency."""
    return session.scalar(select(Paper).where(Paper.id == paper_id))


def lately(session: Session, count: int) -> list[Paper]:
    """The papers given out last, the newest first."""
    return list(session.scalars(select(Paper).order_by(Paper.asked_at.desc(), Paper.id.desc()).limit(count)))


def by_code(session: Session, code: str) -> Paper | None:
    """The paper with this code."""
    return session.scalar(select(Paper).where(Paper.code == code))


def bare(code: str) -> str:
    """A typed code as it is kept; empty when it cannot be one. What looks alike is forgiven."""
    typed = "".join(code.upper().replace("-", "").split()).translate(_LIKE)
    return typed if len(typed) == LENGTH and set(typed) <= set(LETTERS) else ""


def mark_of(agency_id: int) -> str:
    """The letters every code of an agency begins with; a few agencies may share them."""
    number = zlib.crc32(str(agency_id).encode())
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(MARK))
