"""Phones as people read them out."""

import phonenumbers


def spaced(e164: str) -> str:
    """ "+966 55 123 4567": the international form, in the groups that the country uses."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
