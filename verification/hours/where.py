"""Where a buyer is, as far as the clock and the calendar care."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city or governorate, named by a `code` like "SA/riyadh"; `zone` is an IANA name."""

    code: str
    country: str
    name_en: str
    name_ar: str
    latitude: float
    longitude: float
    zone: str
    population: int


@dataclass(frozen=True, slots=True)
class Where:
    """A buyer's country, the place whose sun and clock are taken, and whether it is known to be theirs.

    Where the city is unknown, the country's largest stands in, and all that hangs on the city is soft.
    """

    country: str
    place: Place
    is_known: bool

    @property
    def zone(self) -> str:
        """The IANA zone whose clock binds contacts."""
        return self.place.zone
