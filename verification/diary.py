"""Writing the story of orders and buyers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.diary import DiaryEntry


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
