"""Senders, templates, legs of calls, and what a provider tells later."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
LEG_STATES = "'queued', 'ringing', 'in_progress', 'completed', 'busy', 'no_answer', 'canceled', 'failed'"


def upgrade() -> None:
    op.create_table(
        "senders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seller_id", sa.Uuid()),
        sa.Column("country", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("trunk", sa.Text()),
        sa.Column("weight", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("per_second", sa.Numeric(8, 3), nullable=False, server_default="1"),
        sa.Column("standing", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("standing_at", AT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("resting_until", AT),
        sa.Column("next_slot_at", AT),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("removed_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name="fk_senders_seller_id"),
        sa.CheckConstraint("kind IN ('whatsapp', 'sms', 'voice')", name=op.f("ck_senders_kind")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_senders_weight")),
        sa.CheckConstraint("standing BETWEEN 0 AND 100", name=op.f("ck_senders_standing")),
        sa.CheckConstraint("per_second > 0", name=op.f("ck_senders_per_second")),
    )
    op.create_index(
        "uq_senders_address",
        "senders",
        ["kind", "address", "seller_id", "country"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "provider_states",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("out_since", AT),
        sa.Column("retry_at", AT),
        sa.Column("last_code", sa.Text()),
        sa.Column("changed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_provider_states"),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("count", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.Column("ended_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    op.create_index(
        "uq_alarms_standing",
        "alarms",
        ["code", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "message_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid()),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_class", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("buttons", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_at", AT, nullable=False),
        sa.Column("content_id", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_templates"),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name="fk_message_templates_seller_id"),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')",
            name=op.f("ck_message_templates_channel"),
        ),
        sa.CheckConstraint(
            "message_class IN ('service', 'promotion')", name=op.f("ck_message_templates_message_class")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'rejected', 'paused', 'retired')",
            name=op.f("ck_message_templates_state"),
        ),
    )
    op.create_index(
        "uq_message_templates_version",
        "message_templates",
        ["seller_id", "channel", "name", "language", "version"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "call_legs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Text()),
        sa.Column("code", sa.Text()),
        sa.Column("talk_seconds", sa.Integer()),
        sa.Column("cost", sa.Numeric(12, 6)),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("answered_at", AT),
        sa.Column("ended_at", AT),
        sa.Column("consented_at", AT),
        sa.Column("recording_id", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_call_legs"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_call_legs_provider_provider_id"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_call_legs_attempt_id"),
        sa.CheckConstraint("party IN ('buyer', 'agent')", name=op.f("ck_call_legs_party")),
        sa.CheckConstraint(f"state IN ({LEG_STATES})", name=op.f("ck_call_legs_state")),
    )
    op.create_index("ix_call_legs_attempt_id", "call_legs", ["attempt_id"])
    op.create_table(
        "voice_clips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voice_clips"),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name="fk_voice_clips_seller_id"),
    )
    op.create_index(
        "uq_voice_clips_name",
        "voice_clips",
        ["seller_id", "language", "name"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.add_column("attempts", sa.Column("sender_id", sa.Uuid()))
    op.add_column("attempts", sa.Column("template_id", sa.Uuid()))
    op.add_column("attempts", sa.Column("meaning", sa.Text()))
    op.add_column("attempts", sa.Column("called_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attempts", sa.Column("cost_final_at", AT))
    op.create_foreign_key("fk_attempts_sender_id", "attempts", "senders", ["sender_id"], ["id"])
    op.create_foreign_key("fk_attempts_template_id", "attempts", "message_templates", ["template_id"], ["id"])
    # What was contacted before had no price that could still change.
    op.execute("UPDATE attempts SET cost_final_at = started_at")
    op.create_index(
        "ix_attempts_cost_open",
        "attempts",
        ["started_at"],
        postgresql_where=sa.text("cost_final_at IS NULL"),
    )
    op.add_column("messages", sa.Column("sender", sa.Text()))
    op.add_column("messages", sa.Column("asks", postgresql.JSONB()))
    op.add_column("users", sa.Column("phone", sa.Text()))
    op.create_check_constraint(op.f("ck_users_phone_e164"), "users", "phone ~ '^\\+[1-9][0-9]{6,14}$'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_users_phone_e164"), "users")
    op.drop_column("users", "phone")
    op.drop_column("messages", "asks")
    op.drop_column("messages", "sender")
    op.drop_index("ix_attempts_cost_open", "attempts")
    for column in ("cost_final_at", "called_in", "meaning", "template_id", "sender_id"):
        op.drop_column("attempts", column)
    for table in ("voice_clips", "call_legs", "message_templates", "alarms", "provider_states", "senders"):
        op.drop_table(table)
