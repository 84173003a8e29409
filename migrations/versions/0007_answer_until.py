"""An attempt says itself until when its answer is waited for, because each store's policy decides."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("answer_until", sa.DateTime(timezone=True)))
    op.execute("UPDATE attempts SET answer_until = started_at + interval '6 hours'")
    op.alter_column("attempts", "answer_until", nullable=False)
    op.drop_index("ix_attempts_open", "attempts")
    op.create_index("ix_attempts_open", "attempts", ["answer_until"], postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_attempts_open", "attempts")
    op.create_index("ix_attempts_open", "attempts", ["started_at"], postgresql_where=OPEN)
    op.drop_column("attempts", "answer_until")
