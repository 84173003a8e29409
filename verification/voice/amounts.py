"""Amounts in words, as a voice reads them out: "one hundred ninety-nine Saudi riyals and fifty halalas"."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_name

from models.money import exponent, to_minor
from verification.voice.arabic_numbers import Noun, count
from verification.voice.english_numbers import cardinal

_RIYAL, _DIRHAM, _DINAR = ("ريال", "ريالات"), ("درهم", "دراهم"), ("دينار", "دنانير")
_ARABIC = {
    "SAR": Noun(*_RIYAL, "سعودي"),
    "QAR": Noun(*_RIYAL, "قطري"),
    "OMR": Noun(*_RIYAL, "عماني"),
    "AED": Noun(*_DIRHAM, "إماراتي"),
    "KWD": Noun(*_DINAR, "كويتي"),
    "BHD": Noun(*_DINAR, "بحريني"),
    "JOD": Noun(*_DINAR, "أردني"),
    "IQD": Noun(*_DINAR, "عراقي"),
    "EGP": Noun("جنيه", "جنيهات", "مصري"),
}
_FILS = Noun("فلس", "فلوس")
_ARABIC_PARTS = {
    "SAR": Noun("هللة", "هللات"),
    "QAR": Noun(*_DIRHAM),
    "OMR": Noun("بيسة", "بيسات"),
    "AED": _FILS,
    "KWD": _FILS,
    "BHD": _FILS,
    "JOD": _FILS,
    "EGP": Noun("قرش", "قروش"),
}
_ENGLISH_PARTS = {
    "SAR": ("halala", "halalas"),
    "QAR": ("dirham", "dirhams"),
    "OMR": ("baisa", "baisas"),
    "AED": ("fils", "fils"),
    "KWD": ("fils", "fils"),
    "BHD": ("fils", "fils"),
    "JOD": ("fils", "fils"),
    "EGP": ("piastre", "piastres"),
}


def amount_in_words(total: str, currency: str, language: str) -> str:
    """A decimal text of the contract in words, in Arabic (`ar`) or English.

    Iraq's dinar is said without the fils that nobody pays in; a currency of elsewhere keeps its figures.
    """
    if currency not in _ARABIC:
        figures = total.rstrip("0").rstrip(".") if "." in total else total
        return f"{figures} {get_currency_name(currency, Decimal(total), locale=language)}"
    whole, part = _split(total, currency)
    if language == "ar":
        words = count(whole, _ARABIC[currency])
        return f"{words} و{count(part, _ARABIC_PARTS[currency])}" if part else words
    words = f"{cardinal(whole)} {get_currency_name(currency, whole, locale='en')}"
    if not part:
        return words
    one, many = _ENGLISH_PARTS[currency]
    return f"{words} and {cardinal(part)} {one if part == 1 else many}"


def amount_in_digits(total: str, currency: str) -> tuple[str, str]:
    """The same as two rows of digits, the second empty where nothing stands behind the point."""
    whole, part = _split(total, currency)
    return str(whole), str(part).rjust(exponent(currency), "0") if part else ""


def _split(total: str, currency: str) -> tuple[int, int]:
    if currency == "IQD":
        return int(Decimal(total).quantize(Decimal(1), ROUND_HALF_UP)), 0
    whole, part = divmod(to_minor(Decimal(total), currency), 10 ** exponent(currency))
    return whole, part
