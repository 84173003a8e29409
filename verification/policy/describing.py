"""What each value of a policy may be, read off the policy itself: for forms, and for the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from verification.policy.hours import ContactHours
from verification.policy.values import Policy

WEEK = ("daily", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of hours, the one for all others first."""


class Kind(StrEnum):
    """How a value is written."""

    hours = "hours"
    number = "number"
    numbers = "numbers"
    switch = "switch"
    choice = "choice"
    text = "text"
    texts = "texts"
    dollars = "dollars"
    other = "other"


@dataclass(frozen=True)
class Value:
    """A named value: `choices` are the codes of a choice, or the keys of `numbers`; bounds are inclusive."""

    name: str
    kind: Kind
    is_optional: bool
    lowest: int | None
    highest: int | None
    choices: tuple[str, ...]
    description: str

    @property
    def needs_legal_basis(self) -> bool:
        """Whether a seller's or a store's own needs one: all that says when a buyer may be reached."""
        return self.name in ContactHours.model_fields


@cache
def values() -> Mapping[str, Value]:
    """All of them, in the order in which the policy names them."""
    schema = Policy.model_json_schema()
    return {
        name: _value(name, about, schema.get("$defs", {})) for name, about in schema["properties"].items()
    }


def _value(name: str, about: Mapping[str, Any], shapes: Mapping[str, Any]) -> Value:
    parts = [_resolved(part, shapes) for part in about.get("anyOf", [about])]
    shape = next(part for part in parts if part.get("type") != "null")
    kind, numbers = _kind(shape), shape
    choices = shape.get("enum", ())
    if kind is Kind.numbers:
        numbers = shape["additionalProperties"]
        choices = _resolved(shape.get("propertyNames", {}), shapes).get("enum", ())
    return Value(
        name=name,
        kind=kind,
        is_optional=len(parts) > 1,
        lowest=numbers.get("minimum"),
        highest=numbers.get("maximum"),
        choices=tuple(choices),
        description=about.get("description", ""),
    )


def _kind(shape: Mapping[str, Any]) -> Kind:
    match shape:
        case {"patternProperties": _}:
            return Kind.hours
        case {"additionalProperties": {"type": "integer"}}:
            return Kind.numbers
        case {"enum": _}:
            return Kind.choice
        case {"format": "dollars"}:
            return Kind.dollars
        case {"type": "array", "items": {"type": "string"}}:
            return Kind.texts
    return {"boolean": Kind.switch, "integer": Kind.number, "string": Kind.text}.get(
        shape.get("type", ""), Kind.other
    )


def _resolved(shape: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    named = shape.get("$ref", "").rpartition("/")[2]
    return {**shape, **shapes[named]} if named else shape
