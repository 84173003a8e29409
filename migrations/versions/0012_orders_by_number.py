"""Orders are found by the number that a caller says."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_number_said", "orders", [sa.text("md5(lower(number))")])
    op.create_index("ix_orders_external_id_said", "orders", [sa.text("md5(lower(external_id))")])


def downgrade() -> None:
    op.drop_index("ix_orders_external_id_said", "orders")
    op.drop_index("ix_orders_number_said", "orders")
