"""The one place that opens and commits transactions."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

__all__ = ["Engine", "Session", "make_engine", "unit_of_work"]


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """A pooled engine on PostgreSQL; connections that died are replaced before use.

    Its errors do not tell the values of a statement, which may be a buyer's.
    """
    return create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
    )


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()
