"""An agent's own keys at the desk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.users import User


def keep_keys(session: Session, user_id: UUID, keys: Mapping[str, Any]) -> None:
    """Keep the keys that differ from the usual ones, as `User.keys` tells them."""
    session.execute(update(User).where(User.id == user_id).values(keys=dict(keys)))
