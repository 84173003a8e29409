"""Reads a script from a JSON file."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from scripts.twilio_double.script import Api, Behaves, Mix, Script


def script_from(path: Path) -> Script:
    """A script from `{"default": {...}, "phones": {phone: [{...}]}, "mix": {...}}`, all of it optional.

    Fields are those of `Behaves` and `Mix`, lengths of time in seconds. Raises ValueError saying what is
    wrong.
    """
    data = _object(json.loads(path.read_text(encoding="utf-8")), {"default", "phones", "mix"}, "the script")
    phones = {}
    for phone, listed in _mapping(data.get("phones", {}), "phones").items():
        if not isinstance(listed, list) or not listed:
            raise ValueError(f"{phone} is not a list of behaviours")
        phones[phone] = [_behaves(each) for each in listed]
    return Script(_behaves(data.get("default", {})), phones, _mix(data.get("mix", {})))


def _behaves(data: Any) -> Behaves:
    kinds = get_type_hints(Behaves)
    given = _object(data, set(kinds), "a behaviour")
    return Behaves(**{name: _READERS[kinds[name]](name, value) for name, value in given.items()})


def _mix(data: Any) -> Mix:
    given = _object(data, {each.name for each in fields(Mix)}, "mix")
    for name, value in given.items():
        if not isinstance(value, int if name == "seed" else (int, float)) or isinstance(value, bool):
            raise ValueError(f"{name} is not a number")
        if name != "seed" and not 0 <= value <= 1:
            raise ValueError(f"{name} is not a share from 0 to 1")
    return Mix(**given)


def _object(data: Any, names: set[str], where: str) -> dict[str, Any]:
    if unknown := sorted(set(_mapping(data, where)) - names):
        raise ValueError(f"{where} has unknown fields: {', '.join(unknown)}")
    return dict(data)


def _mapping(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{where} is not an object")
    return data


def _plain(kind: type | tuple[type, ...], words: str) -> Callable[[str, Any], Any]:
    def read(name: str, value: Any) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{name} is not {words}")
        return value

    return read


def _or_none(read: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, value: None if value is None else read(name, value)


def _api(name: str, value: Any) -> Any:
    if value not in get_args(Api):
        raise ValueError(f"{name} is not one of {', '.join(get_args(Api))}")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(value)


def _seconds(name: str, value: Any) -> timedelta:
    return timedelta(seconds=_plain((int, float), "a number of seconds")(name, value))


_READERS: dict[Any, Callable[[str, Any], Any]] = {
    Api: _api,
    int: _plain(int, "a whole number"),
    float: _plain((int, float), "a number"),
    bool: _plain(bool, "true or false"),
    str: _plain(str, "text"),
    int | None: _or_none(_plain(int, "a whole number")),
    str | None: _or_none(_plain(str, "text")),
    tuple[str, ...]: _texts,
    timedelta: _seconds,
}
