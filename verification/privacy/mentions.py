"""Recognising a phone inside texts that others wrote: in any script, grouping and escaping."""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, or_

from models.countries import SERVED
from models.folding import fold_digits

_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_ASCII_DIGITS = "0123456789" * 2
# The same digits inside JSON and inside a form.
_ESCAPED_DIGIT = r"(?:\\u066|\\u06f|%d9%a|%db%b)([0-9])"
_NO_DIGIT = r"%[0-9a-f]{2}|\\u[0-9a-f]{4}|[^0-9]"


def nationals(phones: Collection[str]) -> tuple[str, ...]:
    """The digits that every writing of these phones (E.164) has in common: without the country's."""
    return tuple(sorted({_national(phone) for phone in phones}))


def mentions(column: ColumnElement[Any] | Any, phones: Collection[str]) -> ColumnElement[bool]:
    """Whether a text column holds one of these phones in some writing.

    Digits are read across whatever stands between them, so a rare text without the phone is taken too.
    """
    text = func.translate(column, _ARABIC_DIGITS, _ASCII_DIGITS)
    text = func.regexp_replace(text, _ESCAPED_DIGIT, r"\1", "gi")
    digits = func.regexp_replace(text, _NO_DIGIT, "", "gi")
    return or_(*(digits.contains(national) for national in nationals(phones)))


def is_mentioned(text: str, phones: Collection[str]) -> bool:
    """The same of a text as typed."""
    digits = re.sub(r"\D", "", fold_digits(text))
    return any(national in digits for national in nationals(phones))


def _national(phone: str) -> str:
    for country in SERVED.values():
        if phone.startswith(f"+{country.calling_code}"):
            return phone[len(country.calling_code) + 1 :]
    return phone.removeprefix("+")
