"""A case that an agent gave back is offered to the others first."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("steps", sa.Column("passed_by", sa.Text()))


def downgrade() -> None:
    op.drop_column("steps", "passed_by")
