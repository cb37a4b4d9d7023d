"""The first version: what was sent, runs, their inputs, their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sent",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("parent", sa.String(32)),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("master", sa.Text, nullable=False),
        sa.Column("before", sa.String(64)),
        sa.Column("after", sa.String(64), nullable=False),
        sa.Column("backup", sa.Text),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "inputs",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("passed", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("settled", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "changes",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("cell", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_changes_code", "changes", ["code"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("changes", "inputs", "runs", "sent"):
        op.drop_table(name)
