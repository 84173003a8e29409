"""Who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.vocabulary import Role


@dataclass(frozen=True)
class SignedIn:
    """A user at work; `keys` are the desk's keys where they differ from the usual ones."""

    id: UUID
    email: str
    name: str
    role: Role
    seller_id: UUID | None
    language: str
    keys: Mapping[str, Any]

    @property
    def holder(self) -> str:
        """The name under which this user holds a lease, and as which diaries know them."""
        return f"agent:{self.id}"

    @property
    def supervises(self) -> bool:
        """Whether cases handed to a supervisor are theirs to take."""
        return self.role in (Role.supervisor, Role.admin)
