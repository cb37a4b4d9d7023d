"""Approved versions of the plan; what else than a consolidation a run can be; which version was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table and the columns."""
    op.add_column("runs", sa.Column("kind", sa.String(16), nullable=False, server_default="sync"))
    op.add_column("sent", sa.Column("approved", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "versions",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("resolution", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("versions")
    for name, column in (("sent", "approved"), ("runs", "kind")):
        with op.batch_alter_table(name) as table:
            table.drop_column(column)
