"""What a single cell says: text, a quantity, an amount, a currency, an order's id."""

import math
import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from models.folding import fold_digits
from models.money import MOST_MINOR_UNITS, AmountError, exponent, is_currency, loose_amount, to_minor

DETAILS = {
    "not_a_quantity": "The quantity is not a whole number from 1 up.",
    "not_a_number": "The amount is not a number.",
    "negative": "The amount is negative.",
    "too_many_decimals": "The amount has more decimals than its currency.",
    "too_large": "The amount is too large.",
    "currency_unclear": "The currency beside the amount is not clear.",
    "unknown_currency": "This is not a currency we know.",
    "currencies_differ": "One order has amounts in two currencies.",
    "unknown_country": "This is not a country we know.",
    "not_a_date": "The date cannot be read.",
    "order_id_damaged": "The spreadsheet has rounded the order number; export that column as text.",
    "text_damaged": "The text has characters that the file's encoding has lost.",
    "rows_disagree": "Rows of the same order number name different buyers, countries or totals.",
}

# From here on a spreadsheet's numbers have lost digits.
_EXACT_UP_TO = 10**15
_ROUNDED = re.compile(r"(?P<whole>[0-9])(?:\.(?P<decimals>[0-9]+))?[eE]\+?(?P<power>[0-9]{1,2})")
_QUANTITY = re.compile(r"[x×*]?\s*(?P<number>[0-9]{1,9})(?:[.,]0+)?\s*[^\W\d_]*\.?", re.IGNORECASE)


class CellError(ValueError):
    """A cell that does not say what its column promises; `code` is one of DETAILS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_of(cell: object) -> str:
    """The cell as a person would read it, "" when it is empty; whole numbers have no decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()


def order_id_of(cell: object) -> str:
    """An order's id or number: ASCII digits, no leading "#", no ".0" of a spreadsheet.

    Raises CellError for a number that has lost digits ("2.8823E+11"): it would join strangers' orders.
    """
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_UP_TO:
        raise CellError("order_id_damaged")
    text = fold_digits(text_of(cell)).removeprefix("#").strip()
    if rounded := _ROUNDED.fullmatch(text):
        digits, power = rounded["whole"] + (rounded["decimals"] or ""), int(rounded["power"])
        if len(digits) != power + 1:
            raise CellError("order_id_damaged")
        return digits
    return re.sub(r"(?<=[0-9])\.0+$", "", text)


def quantity_of(cell: object) -> int:
    """How many pieces: 2, 2.0, "٢", "x2", "2 قطع"; raises CellError. The contract's bounds are intake's."""
    if isinstance(cell, bool):
        raise CellError("not_a_quantity")
    written = _QUANTITY.fullmatch(fold_digits(text_of(cell)))
    if written is None or int(written["number"]) == 0:
        raise CellError("not_a_quantity")
    return int(written["number"])


def amount_of(cell: object, currency: str) -> int:
    """Minor units of an amount; raises CellError.

    A cell that is a number is rounded to the currency's decimals, because it may be a formula's result with a
    float's tail; so is a text with such a tail. What a person typed is not rounded.
    """
    try:
        amount = _decimal(cell, currency)
        return to_minor(amount, currency)
    except AmountError as error:
        raise CellError(error.code) from None


def currency_beside(cell: object, default: str) -> str | None:
    """The currency written beside an amount, or None; raises CellError when it is not clear which."""
    if not isinstance(cell, str):
        return None
    try:
        return loose_amount(cell, default)[1]
    except AmountError as error:
        if error.code != "currency_unclear":
            return None
        raise CellError(error.code) from None


def currency_of(cell: object, default: str) -> str:
    """The currency a cell names by code or by word ("SAR", "ريال", "د.ع"); raises CellError."""
    code = text_of(cell).upper()
    if is_currency(code):
        return code
    try:
        named = loose_amount(f"1 {text_of(cell)}", default)[1]
    except AmountError as error:
        raise CellError(
            "currency_unclear" if error.code == "currency_unclear" else "unknown_currency"
        ) from None
    if named is None:
        raise CellError("unknown_currency")
    return named


def _decimal(cell: object, currency: str) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise CellError("not_a_number")
    if isinstance(cell, str):
        amount = loose_amount(cell, currency)[0]
        has_tail = -int(amount.as_tuple().exponent) > 6
    else:
        if not math.isfinite(cell):
            raise CellError("not_a_number")
        amount, has_tail = Decimal(str(cell)), isinstance(cell, float)
    if not has_tail or abs(amount) > MOST_MINOR_UNITS:
        return amount
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)
