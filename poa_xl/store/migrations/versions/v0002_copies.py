"""The workbooks that were sent, by their bytes; and what the answer of a unit came to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "copies",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("sent", sa.String(64), sa.ForeignKey("sent.id", ondelete="CASCADE"), nullable=False),
    )
    op.add_column("inputs", sa.Column("status", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the table and the column."""
    with op.batch_alter_table("inputs") as table:
        table.drop_column("status")
    op.drop_table("copies")
