"""A day's orders, attempts and decisions are read without the others; rows arrive in the order of time."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_orders_created", "orders", "created_at"),
    ("ix_attempts_started", "attempts", "started_at"),
    ("ix_decisions_decided", "decisions", "decided_at"),
)


def upgrade() -> None:
    for name, table, column in INDEXES:
        op.create_index(name, table, [column], postgresql_using="brin")


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
