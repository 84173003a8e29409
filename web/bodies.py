"""Reading what was sent: the raw bytes first, then JSON, however broken."""

import json

from flask import request

from web.problems import Problem

ONE_MIB = 1024 * 1024

_LONGEST_NUMBER = 40
_HUGE = int("1" + "0" * _LONGEST_NUMBER)
_TOO_MUCH = 64 * ONE_MIB
_CHUNK = 64 * 1024


def raw_body(most: int) -> bytes:
    """The body as it came; raises `body_too_large` for more than `most` bytes, and `broken_body`."""
    if (request.content_length or 0) > most:
        _read_out()
        raise Problem("body_too_large")
    # A body of unannounced length tells only when it is read that it is too long.
    body = bytearray()
    while len(body) <= most and (chunk := _read()):
        body += chunk
    if len(body) > most:
        _read_out()
        raise Problem("body_too_large")
    return bytes(body)


def _read() -> bytes:
    try:
        return request.stream.read(_CHUNK)
    except Exception:  # noqa: BLE001
        # Each server has errors of its own for chunks that are none and bodies that break off.
        raise Problem("broken_body") from None


def json_of(body: bytes) -> object:
    """The JSON value in a body; whatever its Content-Type says. Raises `unreadable_json`, `nested_too_deep`.

    A name that comes twice has its last value. Texts may still hold NUL and half surrogate pairs.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_int=_whole, parse_constant=_refuse)
    except RecursionError:
        raise Problem("nested_too_deep") from None
    except ValueError:
        raise Problem("unreadable_json") from None


def _whole(digits: str) -> int:
    # Python refuses to read thousands of digits; so long a number breaks every rule we have anyway.
    if len(digits) <= _LONGEST_NUMBER:
        return int(digits)
    return -_HUGE if digits.startswith("-") else _HUGE


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _read_out() -> None:
    """A caller who is still sending reads no answer: take the rest, up to a bound, and throw it away."""
    left = _TOO_MUCH
    while left > 0 and (chunk := _read()):
        left -= len(chunk)
