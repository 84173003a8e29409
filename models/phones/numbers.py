"""What reading phones gives: numbers that may be dialled, and what is wrong with the rest."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What answers at a number: only a mobile takes messages, all of them take calls."""

    mobile = "mobile"
    fixed_line = "fixed_line"
    other = "other"


class PhoneProblem(StrEnum):
    """Why a phone as typed is not, or not surely, the buyer's mobile."""

    phone_missing = "phone_missing"
    """No digit was given at all."""
    phone_invalid = "phone_invalid"
    """No number: too short, too long, or an extension behind a switchboard."""
    phone_ambiguous = "phone_ambiguous"
    """A number of another country than the order's, written without saying which; or of two countries."""
    phone_not_mobile = "phone_not_mobile"
    """Only fixed lines, or service numbers that are never dialled."""
    phone_needs_review = "phone_needs_review"
    """Of a possible length but not assigned: one digit off, or a range newer than our tables."""
    phone_fake_pattern = "phone_fake_pattern"
    """0555555555, 0000000000, 123456789: typed to fill the field, and perhaps a stranger's."""
    phone_out_of_area = "phone_out_of_area"
    """A good number of a country that is not served; dialling it invites toll fraud."""
    phone_unrecoverable = "phone_unrecoverable"
    """A spreadsheet kept only the first digits, as in 9.66551E+11."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that may be dialled: `country` is its own ISO code, `raw` the whole text it was found in."""

    e164: str = field(repr=False)
    kind: Kind
    country: str
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """All numbers found, in the order written and each once; and the problems, each once."""

    numbers: tuple[PhoneNumber, ...]
    problems: tuple[PhoneProblem, ...]
