"""The last look at a stored number before it is dialled, written to, or shown."""

from models.countries import SERVED
from models.phones.numbers import Kind, PhoneNumber
from models.phones.reading import read_phones


def is_dialable(e164: str) -> bool:
    """Whether this E.164 number may be called: good, of a served country, and no service number."""
    return _number(e164) is not None


def can_message(e164: str) -> bool:
    """Whether WhatsApp and SMS can reach it: a dialable mobile."""
    number = _number(e164)
    return number is not None and number.kind is Kind.mobile


def mask(e164: str) -> str:
    """The number as people may see it, "+966 •• ••• ••67": the country and the last two digits."""
    for country in SERVED.values():
        prefix = f"+{country.calling_code}"
        if e164.startswith(prefix) and len(e164) >= len(prefix) + 7:
            return f"{prefix} •• ••• ••{e164[-2:]}"
    return "•••••"


def _number(e164: str) -> PhoneNumber | None:
    # A number that says its country reads the same under any.
    numbers = read_phones(e164, country="SA").numbers
    return next((number for number in numbers if number.e164 == e164), None)
