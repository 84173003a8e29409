"""Ids and words of others are unique by digest, because an index entry has no room for the longest of them."""

from alembic import op
from sqlalchemy import text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_orders_store_id_external_id", "orders")
    op.create_index("uq_orders_store_external", "orders", ["store_id", text("md5(external_id)")], unique=True)
    op.drop_constraint("uq_shipments_order_id_status_raw_reported_at", "shipments")
    op.create_index(
        "uq_shipments_report", "shipments", ["order_id", text("md5(status_raw)"), "reported_at"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_shipments_report", "shipments")
    op.create_unique_constraint(
        "uq_shipments_order_id_status_raw_reported_at",
        "shipments",
        ["order_id", "status_raw", "reported_at"],
    )
    op.drop_index("uq_orders_store_external", "orders")
    op.create_unique_constraint("uq_orders_store_id_external_id", "orders", ["store_id", "external_id"])
