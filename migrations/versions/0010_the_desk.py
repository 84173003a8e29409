"""What the agent's desk keeps: who may claim a step, shifts, promised calls, sign-ins that failed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("steps", sa.Column("claimed_at", AT))
    op.add_column("steps", sa.Column("reserved_for", sa.Text()))
    op.add_column("steps", sa.Column("reserved_until", AT))
    op.create_index(
        "ix_steps_lease_holder", "steps", ["lease_holder"], postgresql_where=sa.text("state = 'claimed'")
    )
    keys = sa.Column("keys", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'"))
    op.add_column("users", keys)
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("failed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_account", "sign_in_failures", ["account_hash", "failed_at"])
    op.create_index("ix_sign_in_failures_address", "sign_in_failures", ["address_hash", "failed_at"])
    _agent_intervals()
    _promises()


def _agent_intervals() -> None:
    op.create_table(
        "agent_intervals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step_id", sa.Uuid()),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_agent_intervals"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_agent_intervals_user_id"),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name="fk_agent_intervals_step_id"),
        sa.CheckConstraint(
            "state IN ('waiting', 'preview', 'call', 'on_break')", name=op.f("ck_agent_intervals_state")
        ),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_agent_intervals_forward")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_agent_intervals_open", "agent_intervals", ["user_id"], unique=True, postgresql_where=is_open
    )
    op.create_index("ix_agent_intervals_user", "agent_intervals", ["user_id", "began_at"])
    op.create_index("ix_agent_intervals_expiry", "agent_intervals", ["expires_at"], postgresql_where=is_open)


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text()),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("promised_at", AT, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("result", sa.String()),
        sa.Column("ended_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_promises_order_id"),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name="fk_promises_buyer_id"),
        sa.CheckConstraint(
            "via IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page', 'policy', 'seller')",
            name=op.f("ck_promises_via"),
        ),
        sa.CheckConstraint("result IN ('kept', 'broken', 'dropped')", name=op.f("ck_promises_result")),
        sa.CheckConstraint("(result IS NULL) = (ended_at IS NULL)", name=op.f("ck_promises_ended")),
    )
    is_open, is_over = sa.text("result IS NULL"), sa.text("result IS NOT NULL")
    op.create_index("ix_promises_order_id", "promises", ["order_id"])
    op.create_index("uq_promises_open", "promises", ["order_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_promises_due", "promises", ["promised_at"], postgresql_where=is_open)
    op.create_index("ix_promises_ended", "promises", ["ended_at"], postgresql_where=is_over)


def downgrade() -> None:
    for table in ("promises", "agent_intervals", "sign_in_failures"):
        op.drop_table(table)
    op.drop_column("users", "keys")
    op.drop_index("ix_steps_lease_holder", "steps")
    for column in ("reserved_until", "reserved_for", "claimed_at"):
        op.drop_column("steps", column)
