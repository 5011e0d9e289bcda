"""An index to find at once which reports said that there was nothing."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_progress_update_nothing", "progress_update", ["agency_id", "nothing_to_report"])


def downgrade() -> None:
    op.drop_index("ix_progress_update_nothing", "progress_update")
