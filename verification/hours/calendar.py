"""What people set against the computed calendar: sightings of the moon, holidays, storms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Occasion(StrEnum):
    """What an override speaks of.

    The first three begin on `first_on` instead of on the computed day (Ramadan ends when the Eid begins);
    `holiday` and `working_day` hold from `first_on` to `last_on`; `shut` forbids all contact from `begins_at`
    to `ends_at`.
    """

    ramadan = "ramadan"
    eid_fitr = "eid_fitr"
    eid_adha = "eid_adha"
    holiday = "holiday"
    working_day = "working_day"
    shut = "shut"


@dataclass(frozen=True, slots=True)
class Override:
    """One line of the table an admin edits, for a country or for one place of it (`place`, a place's code).

    Days are local; instants aware UTC; half-open.
    """

    country: str
    occasion: Occasion
    place: str | None = None
    first_on: date | None = None
    last_on: date | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All overrides that stand; equal calendars give equal days, so days are cached by it."""

    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> "Calendar":
        """The calendar of these overrides, in whatever order they come."""
        return cls(tuple(sorted(set(overrides), key=repr)))

    def for_country(self, country: str) -> "Calendar":
        """The overrides of one country, so that others do not disturb its cached days."""
        return Calendar(tuple(each for each in self.overrides if each.country == country))


COMPUTED = Calendar()
"""Nothing set: the computed calendar as it is."""
