"""What was settled about a sending is found without reading every run."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_inputs_base", "inputs", ["base"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_inputs_base", "inputs")
