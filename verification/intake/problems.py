"""What is wrong with an order that was sent: where, which rule, in words, and never the value itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

MOST_PROBLEMS = 50

DETAILS = {
    "required": "This field is required.",
    "object_expected": "An object belongs here.",
    "list_expected": "A list belongs here.",
    "text_expected": "Text belongs here.",
    "text_too_long": "Text may have at most 2,000 characters.",
    "text_has_nul": "Text may not contain the NUL character.",
    "text_not_unicode": "The text is not valid Unicode: it contains half of a surrogate pair.",
    "whole_number_expected": "A whole number belongs here.",
    "quantity_out_of_range": "The quantity must be from 1 to 10,000.",
    "no_items": "An order has at least one item.",
    "too_many_items": "An order may have at most 200 items.",
    "unknown_currency": "This is not an ISO 4217 currency code.",
    "unknown_country": "This is not an ISO 3166-1 alpha-2 country code.",
    "not_a_number": 'An amount is a decimal number in text, such as "199.00".',
    "negative": "An amount may not be negative.",
    "too_many_decimals": "The amount has more decimals than its currency.",
    "too_large": "The amount is larger than 10^12 minor units.",
    "not_a_time": "A time is ISO 8601 with date and time of day, such as 2026-11-20T21:14:09+03:00.",
    "time_out_of_range": "The year must be from 2000 to 2100.",
    "invalid": "This value cannot be taken.",
}

_CODES = {
    "missing": "required",
    "string_too_short": "required",
    "string_type": "text_expected",
    "string_too_long": "text_too_long",
    "string_unicode": "text_not_unicode",
    "int_type": "whole_number_expected",
    "greater_than_equal": "quantity_out_of_range",
    "less_than_equal": "quantity_out_of_range",
    "model_type": "object_expected",
    "list_type": "list_expected",
    "too_short": "no_items",
}


@dataclass(frozen=True)
class Problem:
    """One broken rule: a JSON pointer (RFC 6901, "" is the whole order), a stable code, the rule."""

    pointer: str
    code: str
    detail: str


class OrderRefused(ValueError):
    """An order that cannot be taken, with every problem found in it (at most 50)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{problem.pointer or '/'} {problem.code}" for problem in problems))
        self.problems = tuple(problems)


def broken_rule(code: str) -> PydanticCustomError:
    """The error a field's own check raises; `code` is one of DETAILS."""
    return PydanticCustomError("takeed", "{code}", {"code": code})


def problem(pointer: str, code: str) -> Problem:
    """A problem in the words of DETAILS."""
    return Problem(pointer, code, DETAILS[code])


def problems_of(errors: ValidationError) -> tuple[Problem, ...]:
    """What the shape check found, in our own codes and words."""
    found = errors.errors(include_url=False)[:MOST_PROBLEMS]
    return tuple(problem(_pointer(error["loc"]), _code(error)) for error in found)


def _code(error: ErrorDetails) -> str:
    if error["type"] == "takeed":
        return str(error["ctx"]["code"])
    if error["input"] is None:
        return "required"
    return _CODES.get(error["type"], "invalid")


def _pointer(loc: tuple[int | str, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in loc)
