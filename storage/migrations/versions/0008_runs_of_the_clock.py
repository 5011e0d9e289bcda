"""Which runs of timed work there were."""

import sqlalchemy as sa
from alembic import op

from storage.base import Moment
from storage.migrations import secure

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timed_run",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name="fk_timed_run_agency_id_agency", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_timed_run"),
    )
    op.create_index("ix_timed_run_agency_id", "timed_run", ["agency_id"])
    op.create_index("ix_timed_run_due_at", "timed_run", ["agency_id", "due_at"])
    secure(op, ["timed_run"])


def downgrade() -> None:
    op.drop_table("timed_run")
