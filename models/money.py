"""Money: an integer of minor units and a currency, and the decimal text that contracts carry."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from iso4217 import Currency

from models.countries import SERVED
from models.currency_words import currencies_meant, word_key

MOST_MINOR_UNITS = 10**12

_STRICT = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?")

_LOOSE = re.compile(r"[0-9](?:[0-9]|[.,٫٬'’](?=[0-9])| (?=[0-9]{3}(?![0-9])))*")
_DIGITS = re.compile(r"[0-9]*")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?P<mark>[.,٫٬'’ ])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,٫][0-9]{3}")
_NO_WHOLE = re.compile(r"(?:^|\s)[.,٫]$")
_SIGNS = str.maketrans({"،": ",", "−": "-", "–": "-", "—": "-"})


class AmountError(ValueError):
    """An amount that cannot be taken; `code` says why, the amount itself stays out of the text.

    Codes: `not_a_number`, `too_many_decimals`, `negative`, `too_large`, `currency_unclear`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (halalas, fils) of an ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    @property
    def text(self) -> str:
        """The decimal string of the contract, "199.00"."""
        return decimal_text(self.minor, self.currency)


@cache
def exponent(currency: str) -> int:
    """How many decimals the currency has by ISO 4217 (IQD: three); ValueError if it is no money."""
    decimals = Currency(currency).exponent
    if decimals is None:
        raise ValueError("metals and test codes are no money")
    return decimals


def is_currency(code: str) -> bool:
    """Whether this is the ISO 4217 code, in upper case, of money that can be owed."""
    try:
        exponent(code)
    except ValueError:
        return False
    return True


def parse_amount(text: str, currency: str) -> int:
    """Minor units of a contract decimal string ("199.00", "35000"); anything looser is an AmountError."""
    amount = _STRICT.fullmatch(text)
    if amount is None:
        raise AmountError("not_a_number")
    if amount["sign"]:
        raise AmountError("negative")
    digits, decimals = exponent(currency), amount["decimals"] or ""
    if len(decimals) > digits:
        raise AmountError("too_many_decimals")
    minor_text = (amount["whole"] + decimals.ljust(digits, "0")).lstrip("0") or "0"
    # The length first: int() refuses absurdly long texts with an error of its own.
    if len(minor_text) > len(str(MOST_MINOR_UNITS)) or int(minor_text) > MOST_MINOR_UNITS:
        raise AmountError("too_large")
    return int(minor_text)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount already read; decimals beyond the currency's must be zeros, or AmountError."""
    if not amount.is_finite():
        raise AmountError("not_a_number")
    if amount < 0:
        raise AmountError("negative")
    if amount > MOST_MINOR_UNITS:
        raise AmountError("too_large")
    # Whole numbers, because Decimal arithmetic would round what is longer than its context.
    numerator, denominator = amount.as_integer_ratio()
    scale: int = 10 ** exponent(currency)
    minor, rest = divmod(numerator * scale, denominator)
    if rest:
        raise AmountError("too_many_decimals")
    if minor > MOST_MINOR_UNITS:
        raise AmountError("too_large")
    return minor


def decimal_text(minor: int, currency: str) -> str:
    """The amount as the contract writes it, always with all the currency's decimals: "199.00", "12.500"."""
    decimals = exponent(currency)
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def loose_amount(text: str, default_currency: str) -> tuple[Decimal, str | None]:
    """Read an amount as sellers write it in their files: "١٩٩ ريال", "1.234,50", "KWD12.500", "35,000 د.ع".

    Returns the amount and the currency written beside it, None when none was. Cells that are numbers already
    belong to `to_minor`. Raises AmountError for anything but one amount with known currency words around it.
    """
    folded = _fold(text)
    number = _LOOSE.search(folded)
    if number is None:
        raise AmountError("not_a_number")
    before, after = folded[: number.start()].rstrip(), folded[number.end() :].strip()
    if before.endswith("-") or after == "-" or (before.endswith("(") and after.startswith(")")):
        raise AmountError("negative")
    if _NO_WHOLE.search(before):
        raise AmountError("not_a_number")
    currency = _currency_of((before, after), default_currency)
    return _settle_separators(number[0], currency or default_currency), currency


def _fold(text: str) -> str:
    visible = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Cc")
    )
    digits = "".join(str(unicodedata.decimal(c, c)) for c in visible)
    return digits.translate(_SIGNS).strip()


def _currency_of(words: tuple[str, str], default_currency: str) -> str | None:
    readings = [_readings(word) for word in words if word_key(word)]
    if not readings:
        return None
    meant = frozenset.intersection(*readings)
    if default_currency in meant:
        return default_currency
    # "درهم" is the Emirati one where we work; "ريال" under a dirham store could be any of three.
    ours = meant & {country.currency for country in SERVED.values()} or meant
    if len(ours) != 1:
        raise AmountError("currency_unclear")
    return next(iter(ours))


def _readings(word: str) -> frozenset[str]:
    code = word_key(word).upper()
    meant = frozenset({code}) if is_currency(code) else currencies_meant(word)
    if not meant:
        raise AmountError("not_a_number")
    return meant


def _settle_separators(number: str, currency: str) -> Decimal:
    """Decide which marks part thousands and which the decimals."""
    marks = [mark for mark in number if mark in ".,٫"]
    last = marks[-1] if marks else ""
    two_kinds = len(set(marks)) == 2 and marks.count(last) == 1
    whole, decimals = number, ""
    if two_kinds or (len(marks) == 1 and not _parts_thousands(last, number, currency)):
        whole, decimals = number.split(last)
    if not _WHOLE.fullmatch(whole) or not _DIGITS.fullmatch(decimals):
        raise AmountError("not_a_number")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{decimals or 0}")


def _parts_thousands(mark: str, number: str, currency: str) -> bool:
    """Whether the one mark of a number like 35.000 parts thousands; in any other number it parts decimals."""
    if not _ONE_GROUP.fullmatch(number):
        return False
    # Nothing costs thirty-five dinars in Iraq, whatever the mark: 35.000 is thirty-five thousand there.
    if mark == "," or currency == "IQD":
        return True
    return mark == "." and exponent(currency) != 3
