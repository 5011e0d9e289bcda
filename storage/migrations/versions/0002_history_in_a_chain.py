"""History in a chain: what is there already is chained by `upgrade` or by the next night's round."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column("history", sa.Column("salt", sa.String(32), nullable=True))
    op.add_column("history", sa.Column("core", sa.String(64), nullable=True))
    op.add_column("history", sa.Column("digest", sa.String(64), nullable=True))
    op.create_index("ix_history_number", "history", ["agency_id", "number"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_history_number", "history")
    for name in ("digest", "core", "salt", "number"):
        op.drop_column("history", name)
