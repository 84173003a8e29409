"""Which schema a database has."""

from sqlalchemy import func, select, text

from models.unit_of_work import Session


def schema_version(session: Session) -> str | None:
    """The revision the database was last migrated to, None before the first."""
    if session.scalar(select(func.to_regclass("alembic_version"))) is None:
        return None
    version: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return version
