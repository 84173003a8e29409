"""The one place that opens and commits transactions."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["Engine", "Session", "make_engine", "unit_of_work"]

_FRESH_SECONDS = 1.0


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """A pooled engine on PostgreSQL; connections that died while nobody used them are replaced before use.

    Its errors do not tell the values of a statement, which may be a buyer's.
    """
    engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_try_out, engine))
    return engine


def _note_use(_: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _try_out(engine: Engine, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    # A connection in steady use is not asked each time whether it lives: that would cost a tenth of all work.
    if time.monotonic() - record.info.get("used", -math.inf) < _FRESH_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()
