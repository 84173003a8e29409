"""Buyers' habits, models learned from them, agents at work, and how each contact was chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB()
ARMS = "arm IN ('learned', 'control', 'fixed')"
CHOICES = "chosen IN ('best', 'random', 'schedule', 'owed')"


def upgrade() -> None:
    op.create_table(
        "buyer_habits",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("cells", JSON, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("changed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", name="pk_buyer_habits"),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name="fk_buyer_habits_buyer_id"),
    )
    op.create_table(
        "slot_models",
        sa.Column("version", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("fitted_at", AT, nullable=False),
        sa.Column("fitted_by", sa.Text(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("model", JSON, nullable=False),
        sa.Column("findings", JSON, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("promoted_at", AT),
        sa.Column("rolled_back_at", AT),
        sa.Column("rolled_back_by", sa.Text()),
        sa.PrimaryKeyConstraint("version", name="pk_slot_models"),
    )
    op.create_index(
        "ix_slot_models_promoted",
        "slot_models",
        ["promoted_at"],
        postgresql_where=sa.text("promoted_at IS NOT NULL"),
    )
    op.create_table(
        "planner_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("began_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("ended_at", AT),
        sa.Column("ended_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_planner_stops"),
    )
    op.create_index(
        "uq_planner_stops_standing",
        "planner_stops",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "staffed_hours",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("calls_an_hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("weekday", "hour", name="pk_staffed_hours"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_staffed_hours_weekday")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_staffed_hours_hour")),
        sa.CheckConstraint("agents BETWEEN 0 AND 10000", name=op.f("ck_staffed_hours_agents")),
        sa.CheckConstraint("calls_an_hour BETWEEN 1 AND 60", name=op.f("ck_staffed_hours_calls_an_hour")),
    )
    op.create_table(
        "agent_prices",
        sa.Column("begins_at", AT, nullable=False),
        sa.Column("price", sa.Float(), nullable=False),
        sa.Column("wanted", sa.Float(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("room", sa.Float(), nullable=False),
        sa.Column("reckoned_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("begins_at", name="pk_agent_prices"),
    )
    op.create_table(
        "refusal_rates",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("reckoned_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("country", name="pk_refusal_rates"),
        sa.CheckConstraint("chance > 0 AND chance < 1", name=op.f("ck_refusal_rates_chance")),
    )
    op.add_column("orders", sa.Column("arm", sa.String()))
    op.add_column("orders", sa.Column("plan", JSON))
    op.create_check_constraint(op.f("ck_orders_arm"), "orders", ARMS)
    for table in ("steps", "attempts"):
        op.add_column(table, sa.Column("chosen", sa.String()))
        op.add_column(table, sa.Column("chance", sa.Float()))
        op.add_column(table, sa.Column("model_version", sa.BigInteger()))
        op.create_check_constraint(op.f(f"ck_{table}_chosen"), table, CHOICES)
    op.add_column("attempts", sa.Column("counted_as", sa.Integer()))
    # What ended before is counted with what ends from now on.
    op.add_column("attempts", sa.Column("recount", sa.Boolean(), nullable=False, server_default="false"))
    op.execute("UPDATE attempts SET recount = true WHERE outcome IS NOT NULL")
    op.create_index("ix_attempts_recount", "attempts", ["buyer_id"], postgresql_where=sa.text("recount"))
    op.add_column("buyer_signs", sa.Column("counted_as", sa.Integer()))
    op.create_index(
        "ix_buyer_signs_uncounted",
        "buyer_signs",
        ["buyer_id"],
        postgresql_where=sa.text("counted_as IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_buyer_signs_uncounted", "buyer_signs")
    op.drop_column("buyer_signs", "counted_as")
    op.drop_index("ix_attempts_recount", "attempts")
    op.drop_column("attempts", "recount")
    op.drop_column("attempts", "counted_as")
    for table in ("attempts", "steps"):
        op.drop_constraint(op.f(f"ck_{table}_chosen"), table)
        op.drop_column(table, "model_version")
        op.drop_column(table, "chance")
        op.drop_column(table, "chosen")
    op.drop_constraint(op.f("ck_orders_arm"), "orders")
    op.drop_column("orders", "plan")
    op.drop_column("orders", "arm")
    op.drop_table("refusal_rates")
    for table in ("agent_prices", "staffed_hours", "planner_stops", "slot_models", "buyer_habits"):
        op.drop_table(table)
