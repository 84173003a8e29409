"""Amounts and counts as a language writes them, with the digits 0 to 9 in all of them."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal


def write_amount(value: Decimal, currency: str, language: str) -> str:
    """ "SAR 199.00", "199.00 ر.س", "$0.25"; the dinar of Iraq without the fils that nobody pays in.

    Kurdish readers know the currencies by their Arabic signs; languages that are not ours read English.
    """
    if language in ("ar", "ckb"):
        if currency == "USD":
            # Its Arabic name is Latin: among Arabic letters that would fall apart, so it stands on its own.
            return f"\u2066{format_currency(value, currency, '¤#,##0.00', locale='en')}\u2069"
        return format_currency(value, currency, locale="ar")
    return format_currency(value, currency, "¤\xa0#,##0.00", locale="en")


def write_number(count: int | float, language: str) -> str:
    """ "12,345"."""
    if isinstance(count, int):
        # All three write it so, and a Decimal would not hold every whole number.
        return f"{count:,}"
    return format_decimal(count, locale=language if language in ("ar", "ckb") else "en")
