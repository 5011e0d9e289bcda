"""Words people use for a measure: proposed by use, decided by the secretary."""

import sqlalchemy as sa
from alembic import op

from storage.base import Moment
from storage.migrations import secure

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias_proposal",
        sa.Column("measure_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("use_count", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_alias_proposal_agency_id_agency", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_alias_proposal_measure_id_measure", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_alias_proposal_person_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_alias_proposal_decided_by_id_person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_alias_proposal"),
        sa.UniqueConstraint("agency_id", "measure_id", "folded", name="uq_alias_proposal_agency_id_measure_id_folded"),
    )
    op.create_index("ix_alias_proposal_agency_id", "alias_proposal", ["agency_id"])
    op.create_index("ix_alias_proposal_measure_id", "alias_proposal", ["measure_id"])
    op.create_index("ix_alias_proposal_state", "alias_proposal", ["agency_id", "state"])
    secure(op, ["alias_proposal"])


def downgrade() -> None:
    op.drop_table("alias_proposal")
