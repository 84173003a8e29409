"""The public holidays of the countries, by their names. Only this file knows the library `holidays`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import HolidayBase, country_holidays


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A day off for all; `is_estimated` where it hangs on a moon that nobody has announced."""

    name_en: str
    name_ar: str
    is_estimated: bool


def public_day(country: str, day: date) -> PublicDay | None:
    """The country's public holiday on that day; None where the library has no table with Islamic holidays.

    Regional holidays (the Kurdistan Region's, Sharjah's) are not known: people set them.
    """
    return _days_of(country, day.year).get(day)


@lru_cache(maxsize=256)
def _days_of(country: str, year: int) -> Mapping[date, PublicDay]:
    try:
        table = country_holidays(country)
    except NotImplementedError:
        return {}
    if "islamic_show_estimated" not in table.get_supported_options():
        return {}
    language = next((each for each in table.supported_languages if each.startswith("ar")), "en_US")
    english, arabic = (_read(country, year, each, is_marked=False) for each in ("en_US", language))
    # The library says that a day is estimated only inside its name.
    marked = _read(country, year, "en_US", is_marked=True)
    return {
        day: PublicDay(name, arabic[day], is_estimated=marked[day] != name) for day, name in english.items()
    }


def _read(country: str, year: int, language: str, *, is_marked: bool) -> HolidayBase:
    return country_holidays(country, years=year, language=language, islamic_show_estimated=is_marked)
