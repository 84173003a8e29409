"""How fast each API key calls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_rates",
        sa.Column("api_key_id", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_api_rates_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", name=op.f("pk_api_rates")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("api_rates")
