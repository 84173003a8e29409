"""Holds each request against what Twilio publishes about its API (`published.json`)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PUBLISHED: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("published.json").read_text(encoding="utf-8")
)["operations"]

# Said in Twilio's guides, but not in the machine-readable description.
_GUIDES: dict[str, dict[str, Any]] = {
    "ValidityPeriod": {"min": 1, "max": 36000},
    "Twiml": {"longest": 4000},
    "Body": {"longest": 1600},
    "Timeout": {"min": 1, "max": 600},
    "StatusCallbackEvent": {
        "items": {"kind": "string", "enum": ["initiated", "ringing", "answered", "completed"]}
    },
    "MachineDetection": {"enum": ["Enable", "DetectMessageEnd"]},
    "category": {"enum": ["UTILITY", "MARKETING", "AUTHENTICATION"]},
    "name": {"pattern": "^[a-z0-9_]+$"},
}


@dataclass(frozen=True)
class Operation:
    """One thing that the API can be asked: `name` as in the description, `values` from the path."""

    name: str
    values: Mapping[str, str]
    facts: Mapping[str, Any]


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(template)) + "$")


_OPERATIONS = [
    (name, name.split(" ", 1)[0], _pattern(name.split(" ", 1)[1]), facts)
    for name, facts in _PUBLISHED.items()
]


def operation_of(method: str, path: str) -> Operation | None:
    """Which operation a request asks for; None when the description knows none at that address."""
    for name, verb, pattern, facts in _OPERATIONS:
        if verb == method and (match := pattern.match(path)):
            return Operation(name, match.groupdict(), facts)
    return None


def problems_of(
    operation: Operation,
    query: Sequence[tuple[str, str]],
    encoding: str,
    body: Sequence[tuple[str, str]] | Mapping[str, Any] | None,
) -> list[str]:
    """What in a request goes against the description, each in a few words that hold no value of it.

    `body` is the posted form as pairs, or the posted JSON object.
    """
    facts = operation.facts
    found = [
        f"{name} in the path {problem}"
        for name, value in operation.values.items()
        for problem in _against(facts["path"].get(name, {"kind": "string"}), value)
    ]
    found += _pairs(facts["query"], query)
    if "encoding" in facts:
        if encoding != facts["encoding"]:
            found.append(f"the body is {encoding or 'nothing'}, not {facts['encoding']}")
        elif isinstance(body, Mapping):
            found += _object(facts["fields"], body, "")
        else:
            found += _pairs(facts["fields"], body or ())
    elif body:
        found.append("there is a body where none belongs")
    return found


def _pairs(fields: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    for name, facts in fields.items():
        if facts.get("required") and not any(given.get(name, [])):
            yield f"{name} is required"
    for name, values in given.items():
        if name not in fields:
            yield f"{name} is not a field of this operation"
            continue
        facts = fields[name] | _GUIDES.get(name, {})
        if facts["kind"] == "array":
            facts = facts["items"]
        elif len(values) > 1:
            yield f"{name} stands there more than once"
        for value in values:
            for problem in _against(facts, value):
                yield f"{name} {problem}"


def _object(fields: Mapping[str, Any], body: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, facts in fields.items():
        if facts.get("required") and name not in body:
            yield f"{prefix}{name} is required"
    for name, value in body.items():
        if name not in fields:
            # The approval request's optional field is in Twilio's guide only.
            if name != "allow_category_change":
                yield f"{prefix}{name} is not a field of this operation"
            continue
        facts = fields[name] | (_GUIDES.get(name, {}) if not prefix else {})
        yield from _nested(facts, value, prefix + name)


def _nested(facts: Mapping[str, Any], value: Any, name: str) -> Iterator[str]:
    kind = facts["kind"]
    if kind == "object":
        if not isinstance(value, Mapping):
            yield f"{name} is not an object"
        elif "fields" in facts:
            yield from _object(facts["fields"], value, f"{name}.")
        elif "values" in facts:
            for key, inner in value.items():
                yield from _nested(facts["values"], inner, f"{name}.{key}")
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{name} is not an array"
        else:
            for place, inner in enumerate(value):
                yield from _nested(facts["items"], inner, f"{name}.{place}")
    elif not isinstance(value, str):
        yield f"{name} is not text"
    else:
        for problem in _against(facts, value):
            yield f"{name} {problem}"


def _against(facts: Mapping[str, Any], value: str) -> Iterator[str]:
    kind = facts["kind"]
    if kind == "integer" or kind == "number":
        try:
            number = int(value) if kind == "integer" else float(value)
        except ValueError:
            yield f"is not {'a whole number' if kind == 'integer' else 'a number'}"
            return
        if number < facts.get("min", number) or number > facts.get("max", number):
            yield f"is not from {facts.get('min', '…')} to {facts.get('max', '…')}"
    elif kind == "boolean" and value.lower() not in ("true", "false"):
        yield "is neither true nor false"
    elif kind == "time" and not _is_time(value):
        yield "is not a time"
    elif kind == "uri" and not _is_address(value):
        yield "is not an absolute address"
    if "enum" in facts and value not in facts["enum"]:
        yield f"is not one of {', '.join(facts['enum'])}"
    if "pattern" in facts and not re.match(facts["pattern"], value):
        yield f"does not fit {facts['pattern']}"
    if len(value) > facts.get("longest", len(value)):
        yield f"is longer than {facts['longest']} characters"


def _is_address(value: str) -> bool:
    try:
        return urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    return time_of(value) is not None


def time_of(value: str) -> datetime | None:
    """A time as the API takes it in filters: ISO 8601 or RFC 2822; None when it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(value.replace("Z", "+00:00") if read is not parsedate_to_datetime else value)
        except (ValueError, TypeError):
            continue
    return None
