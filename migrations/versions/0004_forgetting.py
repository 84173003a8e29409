"""Erasing a person may blank what was agreed with them in a decision, and nothing else of it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# All but `changes`.
WRITTEN_ONCE = (
    *("id", "order_id", "supersedes_id", "verdict", "reason", "via", "soft", "proof"),
    *("tier", "tier_reasons", "actor", "decided_at"),
)


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION only_forget() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.changes <> '{}' OR to_jsonb(NEW) - 'changes' <> to_jsonb(OLD) - 'changes' THEN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("DROP TRIGGER append_only ON decisions")
    op.execute(
        f"CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OF {', '.join(WRITTEN_ONCE)} ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(
        "CREATE TRIGGER only_forget BEFORE UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION only_forget()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER only_forget ON decisions")
    op.execute("DROP TRIGGER append_only ON decisions")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute("DROP FUNCTION only_forget()")
