"""A reason as data: a code and what fills it, never personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """`code` names the sentence, `params` (ids, codes, numbers) fill it; words are rendered per reader."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Reason":
        """Read the stored form back."""
        return cls(stored["code"], stored.get("params") or {})
