"""Invented phones, and the many ways in which buyers and sellers' spreadsheets write them."""

from dataclasses import dataclass
from random import Random

from channels.sandbox.described_orders import Numbering, PhoneForm
from models.countries import SERVED

FLAWLESS: tuple[PhoneForm, ...] = (
    "local",
    "international",
    "bare",
    "zeros",
    "spaced",
    "dashed",
    "arabic_digits",
)
"""The forms that lead to the buyer's own phone and to nothing else."""

_WITH_LEADING_ZERO = frozenset({"SA", "AE", "IQ", "JO", "EG"})
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_LABELS = ("جوال {}", "واتساب {}", "هاتف: {}", "{} اتصال فقط")
_NO_PHONES = ("لا يوجد", "رقم الهاتف", "n/a", "xxxx")


@dataclass(frozen=True)
class Phone:
    """A mobile number: its country's ISO code and the national digits without the leading 0."""

    country: str
    national: str

    @property
    def e164(self) -> str:
        """As we dial it."""
        return f"+{SERVED[self.country].calling_code}{self.national}"

    @property
    def local(self) -> str:
        """As it is dialled at home."""
        return f"0{self.national}" if self.country in _WITH_LEADING_ZERO else self.national


def invented(luck: Random, country: str, numbering: Numbering) -> Phone:
    """A number of that plan."""
    prefix = luck.choice(numbering.prefixes)
    width = numbering.digits - len(prefix)
    return Phone(country, f"{prefix}{luck.randrange(10**width):0{width}d}")


def written(luck: Random, phone: Phone, form: PhoneForm, *, other: Phone, landline: Phone) -> str:
    """The phone as typed in that form; `other` and `landline` are what two-phone and wrong cells hold."""
    local, e164, national = phone.local, phone.e164, phone.national
    match form:
        case "local":
            return local
        case "international":
            return e164
        case "bare":
            return e164.removeprefix("+")
        case "zeros":
            return e164.replace("+", "00")
        case "spaced":
            return f"+{SERVED[phone.country].calling_code} {national[:2]} {national[2:5]} {national[5:]}"
        case "dashed":
            return f"{local[:3]}-{local[3:6]}-{local[6:]}"
        case "arabic_digits":
            return local.translate(_ARABIC_DIGITS)
        case "labelled":
            return luck.choice(_LABELS).format(local)
        case "excel":
            return luck.choice(
                (f"{national}.0", f"{national[0]}.{national[1:].rstrip('0')}E{len(national) - 1}")
            )
        case "pair":
            return f"{local} / {other.local}"
        case "too_short":
            return local[:-1]
        case "too_long":
            return local + luck.choice("0123456789")
        case "landline":
            return landline.local
        case "fake":
            return local[:2] + local[1] * (len(local) - 2)
        case "foreign":
            return other.e164
        case "words":
            return luck.choice(_NO_PHONES)
        case "empty":
            return ""
