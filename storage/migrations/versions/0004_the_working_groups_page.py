"""The working group's page: ways in, reviews, askings, closed rounds, feeds of due dates."""

import sqlalchemy as sa
from alembic import op

from storage.base import Moment
from storage.migrations import secure

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ["signin_link", "visit", "review", "asking", "frozen", "feed"]


def _owned(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        *columns,
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{name}_agency_id", name, ["agency_id"])


def _to(column: str, table: str, ondelete: str = "CASCADE", nullable: bool = False) -> list[sa.schema.SchemaItem]:
    """A column that points at another record."""
    return [
        sa.Column(column, sa.BigInteger(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{table}.id"], ondelete=ondelete),
    ]


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Moment(), nullable=nullable)


def _digest() -> sa.Column[str]:
    return sa.Column("digest", sa.String(64), nullable=False)


def _person() -> list[sa.schema.SchemaItem]:
    return _to("person_id", "person", "SET NULL", nullable=True)


def upgrade() -> None:
    _owned(
        "signin_link", _digest(), *_to("person_id", "person"), _moment("expires_at"), _moment("used_at", True),
        sa.UniqueConstraint("agency_id", "digest"),
    )  # fmt: skip
    _owned(
        "visit", _digest(), *_to("person_id", "person"), _moment("began_at"), _moment("seen_at"),
        _moment("ended_at", True), sa.UniqueConstraint("agency_id", "digest"),
    )  # fmt: skip
    op.create_index("ix_visit_person_id", "visit", ["person_id"])
    _owned(
        "review", *_to("update_id", "progress_update"), sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False), *_person(), _moment("at"),
        sa.Column("channel", sa.String(20), nullable=False),
    )  # fmt: skip
    op.create_index("ix_review_update_id", "review", ["update_id"])
    _owned(
        "asking", *_to("unit_id", "unit"), *_to("measure_id", "measure"),
        sa.Column("asked_on", sa.Date(), nullable=False), *_person(), _moment("at"),
        sa.UniqueConstraint("agency_id", "unit_id", "measure_id", "asked_on"),
    )  # fmt: skip
    _owned(
        "frozen", *_to("round_id", "round"), *_to("occurrence_id", "occurrence"),
        sa.Column("status", sa.String(20), nullable=False), sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("evidence_count", sa.BigInteger(), nullable=False),
        sa.Column("review", sa.String(10), nullable=False), sa.UniqueConstraint("round_id", "occurrence_id"),
    )  # fmt: skip
    op.create_index("ix_frozen_round_id", "frozen", ["round_id"])
    _owned("feed", *_to("unit_id", "unit", nullable=True), *_person(), _moment("made_at"), _moment("ended_at", True))
    secure(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
