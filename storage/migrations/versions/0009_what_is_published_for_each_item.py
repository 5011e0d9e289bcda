"""What is published for each O item."""

import sqlalchemy as sa
from alembic import op

from storage.base import Moment
from storage.migrations import secure

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("fiscal_year", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_disclosure_agency_id_agency"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_disclosure_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint(
            "agency_id", "fiscal_year", "item", name=op.f("uq_disclosure_agency_id_fiscal_year_item")
        ),
    )
    op.create_index(op.f("ix_disclosure_agency_id"), "disclosure", ["agency_id"])
    secure(op, ["disclosure"])


def downgrade() -> None:
    op.drop_table("disclosure")
