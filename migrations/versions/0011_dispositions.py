"""What agents chose, with what stood before, so that it can be taken back for a moment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "dispositions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_dispositions"),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name="fk_dispositions_step_id"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_dispositions_order_id"),
    )
    op.create_index("ix_dispositions_step_id", "dispositions", ["step_id"])
    op.create_index("ix_dispositions_order_id", "dispositions", ["order_id"])
    op.create_index("ix_dispositions_agent", "dispositions", ["agent", "recorded_at"])


def downgrade() -> None:
    op.drop_table("dispositions")
