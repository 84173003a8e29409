"""An order that was corrected is asked about anew, whatever was asked before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("asked_since", sa.DateTime(timezone=True)))
    op.execute("UPDATE orders SET asked_since = created_at")
    op.alter_column("orders", "asked_since", nullable=False)


def downgrade() -> None:
    op.drop_column("orders", "asked_since")
