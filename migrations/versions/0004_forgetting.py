"""Erasing a person may blank what was agreed with them in a decision, and nothing else of it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION only_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.changes <> '{}' OR to_jsonb(NEW) - 'changes' <> to_jsonb(OLD) - 'changes' THEN
                RAISE EXCEPTION 'decisions is append-only' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("DROP TRIGGER append_only ON decisions")
    op.execute(
        "CREATE TRIGGER append_only BEFORE DELETE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(
        "CREATE TRIGGER only_forgotten BEFORE UPDATE ON decisions "
        "FOR EACH ROW EXECUTE FUNCTION only_forgotten()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER only_forgotten ON decisions")
    op.execute("DROP TRIGGER append_only ON decisions")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute("DROP FUNCTION only_forgotten()")
