"""The parts of a world file that say who orders what, where and when."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from channels.sandbox.sections import Day, Section, Share, Text, Texts, Weight

PhoneForm = Literal[
    "local",
    "international",
    "bare",
    "zeros",
    "spaced",
    "dashed",
    "arabic_digits",
    "labelled",
    "excel",
    "pair",
    "too_short",
    "too_long",
    "landline",
    "fake",
    "foreign",
    "words",
    "empty",
]
Price = Annotated[Decimal, Field(gt=0)]
Digits = Annotated[str, Field(pattern=r"^[1-9][0-9]*$")]


class Numbering(Section):
    """National numbers without the leading 0: they start with one of `prefixes` and have `digits` digits."""

    prefixes: Annotated[tuple[Digits, ...], Field(min_length=1)]
    digits: Annotated[int, Field(ge=6, le=12)]


class City(Section):
    """A city as its buyers write it, with districts."""

    name: Text
    districts: Texts


class CountryPeople(Section):
    """Who orders in one country.

    `speech` weighs the keys of the world's `words`; a `#` in an address line becomes a number; a price is
    riyals times `rate`, rounded to `price_step`.
    """

    share: Weight
    weekend: tuple[Day, ...]
    types: dict[str, Weight]
    speech: dict[str, Weight]
    mobile: Numbering
    landline: Numbering
    rate: Price
    price_step: Price
    cities: Annotated[tuple[City, ...], Field(min_length=1)]
    streets: Texts
    buildings: Texts
    landmarks: Texts
    short_addresses: bool


class Names(Section):
    """Invented names of people who speak alike."""

    first: Texts
    last: Texts


class Product(Section):
    """Something to order; `price` in riyals."""

    sku: Text
    title_ar: Text
    title_en: Text
    variants: tuple[Text, ...]
    price: Price


class Ordering(Section):
    """What orders look like and when they come; `by_hour` are 24 weights of the buyer's local hours."""

    by_hour: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    weekend_factor: Weight
    repeat_buyers: Share
    duplicates: Share
    incomplete_addresses: Share
    card_paid: Share
    notes: Share
    large_quantities: Share
    alternate_phones: Share
    phones: dict[PhoneForm, Weight]
