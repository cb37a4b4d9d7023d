"""The rows of what was sent, as one text each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the column."""
    op.add_column("sent", sa.Column("texts", sa.LargeBinary))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("sent") as table:
        table.drop_column("texts")
