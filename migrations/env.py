"""Alembic's entry; `scripts.migrating` hands it the connection."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import models  # noqa: F401 - knows every table
from models.base import Base, UtcDateTime, Word


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Writes our own column types as what the database knows, so that old migrations never change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
