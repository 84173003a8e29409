"""Every table of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buyers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("tier", sa.String(), server_default="new", nullable=False),
        sa.Column(
            "tier_reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("override IN ('blocked', 'vip')", name=op.f("ck_buyers_override")),
        sa.CheckConstraint(
            "tier IN ('vip', 'good', 'fair', 'new', 'poor', 'blocked')", name=op.f("ck_buyers_tier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyers")),
    )
    op.create_table(
        "job_runs",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "opt_outs",
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')", name=op.f("ck_opt_outs_channel")
        ),
        sa.CheckConstraint("purpose IN ('verify')", name=op.f("ck_opt_outs_purpose")),
        sa.PrimaryKeyConstraint("phone_hash", "channel", "purpose", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "sandbox_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_answers")),
    )
    op.create_index(
        "ix_sandbox_answers_due",
        "sandbox_answers",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.create_index(op.f("ix_sandbox_answers_reference"), "sandbox_answers", ["reference"], unique=False)
    op.create_table(
        "sandbox_contacts",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_sandbox_contacts")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_sandbox_contacts_provider_id")),
    )
    op.create_table(
        "sellers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sellers")),
        sa.UniqueConstraint("slug", name=op.f("uq_sellers_slug")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_api_keys_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_seller_id"), "api_keys", ["seller_id"], unique=False)
    op.create_table(
        "buyer_signs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('order_placed', 'message_read', 'page_used', 'called_in')",
            name=op.f("ck_buyer_signs_kind"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_buyer_signs_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_signs")),
    )
    op.create_index(op.f("ix_buyer_signs_buyer_id"), "buyer_signs", ["buyer_id"], unique=False)
    op.create_table(
        "contact_points",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("line_type", sa.Text(), nullable=False),
        sa.Column("data_class", sa.Text(), server_default="contact_point", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "phone IS NULL OR phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_contact_points_phone_e164")
        ),
        sa.CheckConstraint("phone IS NULL OR erased_at IS NULL", name=op.f("ck_contact_points_erased")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_contact_points_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
        sa.UniqueConstraint("phone", name=op.f("uq_contact_points_phone")),
        sa.UniqueConstraint("phone_hash", name=op.f("uq_contact_points_phone_hash")),
    )
    op.create_index(op.f("ix_contact_points_buyer_id"), "contact_points", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_contact_points_expires_at"), "contact_points", ["expires_at"], unique=False)
    op.create_table(
        "seller_buyers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_seller_buyers_buyer_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_seller_buyers_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_buyers")),
        sa.UniqueConstraint("seller_id", "buyer_id", name=op.f("uq_seller_buyers_seller_id_buyer_id")),
    )
    op.create_index(op.f("ix_seller_buyers_buyer_id"), "seller_buyers", ["buyer_id"], unique=False)
    op.create_table(
        "stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("hook_token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("event_url", sa.Text(), nullable=True),
        sa.Column("event_secrets", sa.LargeBinary(), nullable=False),
        sa.Column("event_disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_stores_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
        sa.UniqueConstraint("hook_token_hash", name=op.f("uq_stores_hook_token_hash")),
        sa.UniqueConstraint("seller_id", "name", name=op.f("uq_stores_seller_id_name")),
    )
    op.create_table(
        "tier_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_tier_changes_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_changes")),
    )
    op.create_index(op.f("ix_tier_changes_buyer_id"), "tier_changes", ["buyer_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(role = 'seller') = (seller_id IS NOT NULL)", name=op.f("ck_users_seller")),
        sa.CheckConstraint("role IN ('agent', 'supervisor', 'admin', 'seller')", name=op.f("ck_users_role")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_users_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column(
            "flags", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column(
            "ladder", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("wish", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total_minor BETWEEN 0 AND 1000000000000", name=op.f("ck_orders_total")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_orders_version")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_orders_buyer_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_orders_seller_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_orders_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("store_id", "external_id", name=op.f("uq_orders_store_id_external_id")),
    )
    op.create_index("ix_orders_buyer", "orders", ["buyer_id", "created_at"], unique=False)
    op.create_index(
        "ix_orders_open_case",
        "orders",
        ["buyer_id", "store_id"],
        unique=False,
        postgresql_where=sa.text("decision_id IS NULL"),
    )
    op.create_index(
        "ix_orders_open_deadline",
        "orders",
        ["decide_by"],
        unique=False,
        postgresql_where=sa.text("decision_id IS NULL"),
    )
    op.create_index("ix_orders_seller_updated", "orders", ["seller_id", "updated_at", "id"], unique=False)
    op.create_table(
        "policy_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("seller_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(country, seller_id, store_id) = 1", name=op.f("ck_policy_overrides_one_scope")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_policy_overrides_seller_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_policy_overrides_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_overrides")),
    )
    op.create_index(
        "uq_policy_overrides_scope",
        "policy_overrides",
        ["country", "seller_id", "store_id", "name"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "reachability",
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')",
            name=op.f("ck_reachability_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_points.id"], name=op.f("fk_reachability_contact_point_id")
        ),
        sa.PrimaryKeyConstraint("contact_point_id", "channel", name=op.f("pk_reachability")),
    )
    op.create_table(
        "replayed_answers",
        sa.Column("api_key_id", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("data_class", sa.Text(), server_default="replayed_answer", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_replayed_answers_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", "route", "key", name=op.f("pk_replayed_answers")),
    )
    op.create_index(op.f("ix_replayed_answers_expires_at"), "replayed_answers", ["expires_at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "live",
            sa.Boolean(),
            sa.Computed("state IN ('scheduled', 'ready', 'claimed')", persisted=True),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), server_default="100", nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("propensity", sa.Double(), server_default="1", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_holder", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'claimed') = (lease_holder IS NOT NULL AND lease_expires_at IS NOT NULL)",
            name=op.f("ck_steps_lease"),
        ),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')", name=op.f("ck_steps_channel")
        ),
        sa.CheckConstraint("purpose IN ('verify')", name=op.f("ck_steps_purpose")),
        sa.CheckConstraint(
            "state IN ('scheduled', 'ready', 'claimed', 'done', 'expired', 'cancelled')",
            name=op.f("ck_steps_state"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_steps_buyer_id")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_points.id"], name=op.f("fk_steps_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_steps_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("id", "live", name=op.f("uq_steps_id_live")),
    )
    op.create_index(
        "ix_steps_buyer_live",
        "steps",
        ["buyer_id", "store_id"],
        unique=False,
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        "ix_steps_lease_expiry",
        "steps",
        ["lease_expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "ix_steps_ready",
        "steps",
        ["channel", "priority", "not_before", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_index(
        "ix_steps_scheduled",
        "steps",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_index(
        "uq_steps_lease_buyer",
        "steps",
        ["buyer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("cost", sa.Numeric(precision=12, scale=6), server_default="0", nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("order_age_seconds", sa.Integer(), nullable=False),
        sa.Column("local_hour_of_week", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')", name=op.f("ck_attempts_channel")
        ),
        sa.CheckConstraint(
            "outcome IN ('answered', 'no_answer', 'busy', 'unreachable', 'wrong_number', 'voicemail', 'replied', 'read_silent', 'delivered_unread', 'failed', 'opted_out')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.CheckConstraint("regime IN ('normal', 'ramadan', 'eid')", name=op.f("ck_attempts_regime")),
        sa.CheckConstraint(
            "state IN ('sending', 'sent', 'delivered', 'reached', 'closed', 'failed', 'uncertain')",
            name=op.f("ck_attempts_state"),
        ),
        sa.CheckConstraint(
            "local_hour_of_week BETWEEN 0 AND 167", name=op.f("ck_attempts_local_hour_of_week")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_attempts_buyer_id")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_points.id"], name=op.f("fk_attempts_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name=op.f("fk_attempts_step_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_attempts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("provider", "provider_id", name=op.f("uq_attempts_provider_provider_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_attempts_reference")),
        sa.UniqueConstraint("step_id", name=op.f("uq_attempts_step_id")),
    )
    op.create_index("ix_attempts_buyer", "attempts", ["buyer_id", "started_at"], unique=False)
    op.create_index("ix_attempts_contact_point", "attempts", ["contact_point_id", "started_at"], unique=False)
    op.create_index(
        "ix_attempts_open",
        "attempts",
        ["started_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("soft", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("proof", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "changes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column(
            "tier_reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT soft OR verdict = 'confirmed'", name=op.f("ck_decisions_soft")),
        sa.CheckConstraint(
            "reason IN ('buyer_confirmed', 'changed_mind', 'price', 'found_cheaper', 'did_not_order', 'duplicate', 'wants_other_item', 'product_doubt', 'delivery_too_slow', 'out_of_area', 'fake_details', 'no_response', 'no_usable_number', 'opted_out', 'not_cod', 'low_risk', 'seller_policy', 'seller_request', 'unspecified')",
            name=op.f("ck_decisions_reason"),
        ),
        sa.CheckConstraint(
            "tier IN ('vip', 'good', 'fair', 'new', 'poor', 'blocked')", name=op.f("ck_decisions_tier")
        ),
        sa.CheckConstraint("verdict <> 'confirmed' OR proof IS NOT NULL", name=op.f("ck_decisions_proof")),
        sa.CheckConstraint(
            "verdict IN ('confirmed', 'rejected', 'unreachable', 'waived', 'withdrawn')",
            name=op.f("ck_decisions_verdict"),
        ),
        sa.CheckConstraint(
            "via IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page', 'policy', 'seller')",
            name=op.f("ck_decisions_via"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_decisions_order_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decisions_supersedes_id")),
    )
    op.create_index(op.f("ix_decisions_order_id"), "decisions", ["order_id"], unique=False)
    op.create_table(
        "diary",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "params", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint("order_id IS NOT NULL OR buyer_id IS NOT NULL", name=op.f("ck_diary_subject")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_diary_buyer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_diary_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary")),
    )
    op.create_index(
        "ix_diary_buyer",
        "diary",
        ["buyer_id", "id"],
        unique=False,
        postgresql_where=sa.text("order_id IS NULL"),
    )
    op.create_index("ix_diary_order", "diary", ["order_id", "id"], unique=False)
    op.create_table(
        "items",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("product_url", sa.Text(), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_items_quantity")),
        sa.CheckConstraint("unit_price_minor BETWEEN 0 AND 1000000000000", name=op.f("ck_items_unit_price")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_items_order_id")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_items")),
    )
    op.create_table(
        "order_contact_points",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_points.id"], name=op.f("fk_order_contact_points_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_contact_points_order_id")),
        sa.PrimaryKeyConstraint("order_id", "contact_point_id", name=op.f("pk_order_contact_points")),
    )
    op.create_index(
        op.f("ix_order_contact_points_contact_point_id"),
        "order_contact_points",
        ["contact_point_id"],
        unique=False,
    )
    op.create_table(
        "order_details",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_name", sa.Text(), nullable=True),
        sa.Column("phone_raw", sa.Text(), nullable=False),
        sa.Column("alternate_phone_raw", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("short_address", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("landmark", sa.Text(), nullable=True),
        sa.Column("data_class", sa.Text(), server_default="address", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_details_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_details")),
    )
    op.create_index(op.f("ix_order_details_expires_at"), "order_details", ["expires_at"], unique=False)
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_raw", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('shipped', 'delivered', 'partly_returned', 'exchanged', 'refused', 'undeliverable', 'returned', 'lost', 'unknown')",
            name=op.f("ck_shipments_status"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shipments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint(
            "order_id", "status_raw", "reported_at", name=op.f("uq_shipments_order_id_status_raw_reported_at")
        ),
    )
    op.create_table(
        "step_orders",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_step_orders_order_id")),
        sa.ForeignKeyConstraint(
            ["step_id", "live"],
            ["steps.id", "steps.live"],
            name=op.f("fk_step_orders_step_id_live"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("step_id", "order_id", name=op.f("pk_step_orders")),
    )
    op.create_index("ix_step_orders_order", "step_orders", ["order_id"], unique=False)
    op.create_index(
        "uq_step_orders_live",
        "step_orders",
        ["order_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "inbound_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('stored', 'applied', 'quarantined')", name=op.f("ck_inbound_events_state")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_inbound_events_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_events")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_inbound_events_source_external_id")),
    )
    op.create_index(
        "ix_inbound_quarantine",
        "inbound_events",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("button", sa.Text(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("soft", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'sms', 'ivr', 'agent_call', 'page')", name=op.f("ck_messages_channel")
        ),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_messages_direction")),
        sa.CheckConstraint(
            "intent IN ('confirm', 'cancel', 'later', 'question', 'change', 'wrong_number', 'stop', 'agent', 'unclear')",
            name=op.f("ck_messages_intent"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_messages_attempt_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_messages_buyer_id")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_points.id"], name=op.f("fk_messages_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_messages_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_attempt_id"), "messages", ["attempt_id"], unique=False)
    op.create_index("ix_messages_thread", "messages", ["buyer_id", "said_at"], unique=False)
    op.create_table(
        "outbox_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "event_type IN ('order.confirmed', 'order.rejected', 'order.unreachable', 'order.waived', 'order.changed', 'order.withdrawn')",
            name=op.f("ck_outbox_deliveries_event_type"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'delivered', 'failed', 'disabled', 'discarded')",
            name=op.f("ck_outbox_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_outbox_deliveries_decision_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_outbox_deliveries_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_outbox_deliveries_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_deliveries")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_outbox_deliveries_decision_id")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox_deliveries",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_outbox_order", "outbox_deliveries", ["order_id", "order_version"], unique=False)
    op.create_index("ix_outbox_store_state", "outbox_deliveries", ["store_id", "state"], unique=False)
    op.create_table(
        "delivery_tries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["outbox_deliveries.id"], name=op.f("fk_delivery_tries_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_tries")),
    )
    op.create_index(op.f("ix_delivery_tries_delivery_id"), "delivery_tries", ["delivery_id"], unique=False)
    op.create_table(
        "inbound_bodies",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data_class", sa.Text(), server_default="inbound_body", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["inbound_events.id"], name=op.f("fk_inbound_bodies_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbound_bodies")),
    )
    op.create_index(op.f("ix_inbound_bodies_expires_at"), "inbound_bodies", ["expires_at"], unique=False)
    op.create_table(
        "message_bodies",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data_class", sa.Text(), server_default="message_body", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_bodies_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_bodies")),
    )
    op.create_index(op.f("ix_message_bodies_expires_at"), "message_bodies", ["expires_at"], unique=False)
    op.create_table(
        "outbox_bodies",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data_class", sa.Text(), server_default="outbox_body", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["outbox_deliveries.id"], name=op.f("fk_outbox_bodies_delivery_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_outbox_bodies")),
    )
    op.create_index(op.f("ix_outbox_bodies_expires_at"), "outbox_bodies", ["expires_at"], unique=False)
    # Orders and decisions point at each other, so this one waits until both exist.
    op.create_foreign_key(
        op.f("fk_orders_decision_id"),
        "orders",
        "decisions",
        ["decision_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_orders_decision_id"), "orders", type_="foreignkey")
    op.drop_table("outbox_bodies")
    op.drop_table("message_bodies")
    op.drop_table("inbound_bodies")
    op.drop_table("delivery_tries")
    op.drop_table("outbox_deliveries")
    op.drop_table("messages")
    op.drop_table("inbound_events")
    op.drop_table("step_orders")
    op.drop_table("shipments")
    op.drop_table("order_details")
    op.drop_table("order_contact_points")
    op.drop_table("items")
    op.drop_table("diary")
    op.drop_table("decisions")
    op.drop_table("attempts")
    op.drop_table("steps")
    op.drop_table("sessions")
    op.drop_table("replayed_answers")
    op.drop_table("reachability")
    op.drop_table("policy_overrides")
    op.drop_table("orders")
    op.drop_table("users")
    op.drop_table("tier_changes")
    op.drop_table("stores")
    op.drop_table("seller_buyers")
    op.drop_table("contact_points")
    op.drop_table("buyer_signs")
    op.drop_table("api_keys")
    op.drop_table("sellers")
    op.drop_table("sandbox_contacts")
    op.drop_table("sandbox_answers")
    op.drop_table("opt_outs")
    op.drop_table("job_runs")
    op.drop_table("buyers")
