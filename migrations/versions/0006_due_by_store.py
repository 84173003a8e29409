"""A store's due events are found without reading another store's backlog."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox_deliveries")
    op.create_index(
        "ix_outbox_due", "outbox_deliveries", ["store_id", "next_try_at", "id"], postgresql_where=PENDING
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox_deliveries")
    op.create_index("ix_outbox_due", "outbox_deliveries", ["next_try_at"], postgresql_where=PENDING)
