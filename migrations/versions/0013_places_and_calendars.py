"""Where buyers are, what admins set against the calendar, and the record of what admins change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("orders", sa.Column("place", sa.Text()))
    op.add_column("steps", sa.Column("place", sa.Text()))
    op.add_column("policy_overrides", sa.Column("legal_basis", sa.Text()))
    op.create_table(
        "calendar_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date()),
        sa.Column("last_on", sa.Date()),
        sa.Column("begins_at", AT),
        sa.Column("ends_at", AT),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.Column("removed_by", sa.Text()),
        sa.Column("removed_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_overrides"),
        sa.CheckConstraint(
            "occasion IN ('ramadan', 'eid_fitr', 'eid_adha', 'holiday', 'working_day', 'shut')",
            name=op.f("ck_calendar_overrides_occasion"),
        ),
        sa.CheckConstraint(
            "(occasion = 'shut') = (first_on IS NULL)", name=op.f("ck_calendar_overrides_days")
        ),
        sa.CheckConstraint(
            "(occasion = 'shut') = (begins_at IS NOT NULL AND ends_at > begins_at)",
            name=op.f("ck_calendar_overrides_instants"),
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_calendar_overrides_forward")),
    )
    op.create_index(
        "ix_calendar_overrides_standing",
        "calendar_overrides",
        ["country"],
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "audit_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_lines"),
    )
    op.create_index("ix_audit_lines_at", "audit_lines", ["at"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    for table in ("audit_lines", "calendar_overrides"):
        op.drop_table(table)
    op.drop_column("policy_overrides", "legal_basis")
    op.drop_column("steps", "place")
    op.drop_column("orders", "place")
