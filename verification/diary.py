"""Writing the story of orders and buyers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.diary import DiaryEntry

_INSERT = insert(DiaryEntry.metadata.tables["diary"])


def write(
    session: Session,
    *,
    at: datetime,
    kind: str,
    actor: str,
    code: str,
    params: Mapping[str, Any] | None = None,
    order_id: UUID | None = None,
    buyer_id: UUID | None = None,
) -> None:
    """Add one line; `params` hold ids, codes and numbers, never personal data."""
    session.add(
        DiaryEntry(
            at=at,
            kind=kind,
            actor=actor,
            code=code,
            params=dict(params or {}),
            order_id=order_id,
            buyer_id=buyer_id,
        )
    )


def write_many(
    session: Session,
    lines: Iterable[tuple[UUID, str, Mapping[str, Any]]],
    *,
    at: datetime,
    kind: str,
    code: str,
) -> None:
    """The same sentence about many orders (order, actor, params), after all that was written before."""
    same = {"buyer_id": None, "at": at, "kind": kind, "code": code}
    rows = [
        {**same, "order_id": order_id, "actor": actor, "params": dict(params)}
        for order_id, actor, params in lines
    ]
    if rows:
        session.flush()
        # Past the library's own way, which asks for each line's number: that takes longer than all the rest.
        session.connection().execute(_INSERT, rows)
