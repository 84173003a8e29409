"""Which schema a database has."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError


def schema_version(engine: Engine) -> str | None:
    """The revision the database was last migrated to, None before the first; raises when nobody answers."""
    with engine.connect() as connection:
        try:
            version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        except ProgrammingError:
            return None
    return version
