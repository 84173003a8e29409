"""Which place an address is in."""

from models.drafts import DraftAddress
from verification.hours.places import find_place


def place_in(address: DraftAddress) -> str | None:
    """The code of the place that the address names, None where it names none that we know."""
    place = find_place(address.country, address.city, address.region, address.district)
    return place.code if place else None
