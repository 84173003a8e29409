"""Reading phones as typed against the country the parcel goes to. Nothing is guessed: doubt is a problem."""

from functools import partial

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers import PhoneNumber as Parsed

from models.countries import SERVED
from models.phones.cleaning import clean, runs
from models.phones.numbers import Kind, PhoneNumber, PhoneProblem, PhoneReading
from models.phones.splitting import digits_of, split

_CALLING_CODES = tuple(country.calling_code for country in SERVED.values())
# Fewer digits beside a number are a floor or a flat; alone they are a broken phone.
_FEWEST_DIGITS = 7
_SHORTEST_MOBILE = 8
_COUNTING = "1234567890" * 2

# Service numbers (shared cost, premium, toll free, company-wide) have no row: they are never dialled.
_KINDS = {
    PhoneNumberType.MOBILE: Kind.mobile,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: Kind.mobile,
    PhoneNumberType.FIXED_LINE: Kind.fixed_line,
    PhoneNumberType.VOIP: Kind.other,
    PhoneNumberType.PERSONAL_NUMBER: Kind.other,
}


def read_phones(*raw: str | None, country: str) -> PhoneReading:
    """Every phone in these texts, in order, for a parcel to `country` (ISO 3166-1 alpha-2, served or not).

    A number written in the country's own way is that country's, even where a neighbour has the same one.
    Never raises: what cannot be dialled is a problem. `phone_not_mobile` is reported only when no mobile was
    found, `phone_missing` only when no text held a digit.
    """
    numbers: dict[str, PhoneNumber] = {}
    problems: dict[PhoneProblem, None] = {}
    texts = [text for text in raw if text and any(c.isdigit() for c in text)]
    if not texts:
        problems[PhoneProblem.phone_missing] = None
    for text in texts:
        found, wrong = _read_text(text, country)
        for number in found:
            numbers.setdefault(number.e164, number)
        problems.update(dict.fromkeys(wrong))
    if any(number.kind is Kind.mobile for number in numbers.values()):
        problems.pop(PhoneProblem.phone_not_mobile, None)
    return PhoneReading(tuple(numbers.values()), tuple(problems))


def _read_text(raw: str, country: str) -> tuple[list[PhoneNumber], list[PhoneProblem]]:
    text, problems = clean(raw)
    is_phone = partial(_is_phone, country=country)
    pieces = [piece for run in runs(text) for piece in split(run, is_phone)]
    numbers = []
    for piece in pieces:
        answer = _read_piece(piece, country)
        if isinstance(answer, PhoneProblem):
            if len(digits_of(piece)) >= _FEWEST_DIGITS:
                problems.append(answer)
            continue
        kind = _KINDS.get(phonenumbers.number_type(answer))
        if kind is not Kind.mobile:
            problems.append(PhoneProblem.phone_not_mobile)
        if kind is not None:
            numbers.append(PhoneNumber(_e164(answer), kind, _country_of(answer), raw))
    if not numbers and not problems:
        problems.append(PhoneProblem.phone_invalid)
    return numbers, problems


def _is_phone(piece: str, country: str) -> bool:
    return not isinstance(_read_piece(piece, country), PhoneProblem)


def _read_piece(piece: str, country: str) -> Parsed | PhoneProblem:
    """The one good number of a served country that a piece can mean, or what is wrong with it."""
    digits = digits_of(piece)
    if _is_typed_to_fill(digits):
        return PhoneProblem.phone_fake_pattern
    significant = digits.lstrip("0")
    has_plus = "+" in piece.partition(digits[0])[0]
    if digits.startswith("00") or (has_plus and digits[0] != "0"):
        stated = _parse("+" + significant)
        if stated and phonenumbers.is_valid_number(stated):
            return _admit(stated)
        if significant.startswith(_CALLING_CODES):
            return _doubt([stated])
        # A plus or a zero too many before a national number.
        digits = significant
    readings = [_parse(digits, country)]
    if significant.startswith(_CALLING_CODES):
        readings.append(_parse("+" + significant))
    good = {_e164(r): r for r in readings if r and phonenumbers.is_valid_number(r)}
    # A toll-free line of one country is no rival to a mobile of another.
    buyers = [number for number in good.values() if phonenumbers.number_type(number) in _KINDS]
    if len(buyers) > 1:
        return PhoneProblem.phone_ambiguous
    if good:
        return _admit(next(iter(buyers or good.values())))
    doubt = _doubt(readings)
    if doubt is PhoneProblem.phone_invalid and any(_is_mobile_in(digits, other) for other in SERVED):
        return PhoneProblem.phone_ambiguous
    return doubt


def _admit(number: Parsed) -> Parsed | PhoneProblem:
    if _country_of(number) not in SERVED:
        return PhoneProblem.phone_out_of_area
    if _is_typed_to_fill(phonenumbers.national_significant_number(number)):
        return PhoneProblem.phone_fake_pattern
    return number


def _doubt(readings: list[Parsed | None]) -> PhoneProblem:
    """Possible lengths are worth an agent's look: ranges grow faster than the tables that list them."""
    for reading in readings:
        if (
            reading
            and phonenumbers.is_possible_number_with_reason(reading) == ValidationResult.IS_POSSIBLE
            and len(phonenumbers.national_significant_number(reading)) >= _SHORTEST_MOBILE
        ):
            return PhoneProblem.phone_needs_review
    return PhoneProblem.phone_invalid


def _is_typed_to_fill(digits: str) -> bool:
    """Whether the number ends in seven equal digits, or counts up or down from end to end."""
    if len(digits) < _FEWEST_DIGITS:
        return False
    counted = digits.lstrip("0")
    counts = len(counted) >= _FEWEST_DIGITS and (counted in _COUNTING or counted in _COUNTING[::-1])
    return counts or len(set(digits[-_FEWEST_DIGITS:])) == 1


def _is_mobile_in(digits: str, country: str) -> bool:
    number = _parse(digits, country)
    return number is not None and _KINDS.get(phonenumbers.number_type(number)) is Kind.mobile


def _parse(text: str, country: str | None = None) -> Parsed | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


def _country_of(number: Parsed) -> str:
    return phonenumbers.region_code_for_number(number) or ""


def _e164(number: Parsed) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
