"""Links to the buyer's own page."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "page_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.PrimaryKeyConstraint("token_hash", name="pk_page_links"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_page_links_attempt_id"),
        sa.UniqueConstraint("attempt_id", name="uq_page_links_attempt_id"),
        sa.CheckConstraint("purpose IN ('verify')", name=op.f("ck_page_links_purpose")),
    )


def downgrade() -> None:
    op.drop_table("page_links")
