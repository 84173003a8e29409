"""Places: every usual spelling finds its city, and nothing that merely resembles one does."""

import pytest

from models.countries import SERVED
from verification.hours.places import PLACES, find_place, largest, place_of, where_of


@pytest.mark.parametrize(
    ("country", "city"),
    [
        ("SA", "SA/riyadh"),
        ("AE", "AE/dubai"),
        ("IQ", "IQ/baghdad"),
        ("KW", "KW/kuwait-city"),
        ("QA", "QA/doha"),
        ("BH", "BH/manama"),
        ("OM", "OM/muscat"),
        ("JO", "JO/amman"),
        ("EG", "EG/cairo"),
    ],
)
def test_the_largest_city_stands_in_where_none_is_known(country: str, city: str) -> None:
    assert largest(country).code == city
    for code in (None, "", "SA/nowhere", next(other for other in PLACES if not other.startswith(country))):
        where = where_of(country, code)
        assert (where.country, where.place.code, where.is_known) == (country, city, False)


def test_a_known_place_is_the_buyers() -> None:
    where = where_of("EG", "EG/aswan")
    assert where.is_known
    assert where.place is place_of("EG/aswan")
    assert where.zone == "Africa/Cairo"


def test_riyadh_stands_in_for_a_country_that_is_not_served() -> None:
    assert find_place("FR", "Paris", "Riyadh") is None
    assert where_of("FR", None).place.code == "SA/riyadh"


def test_every_place_lies_in_its_country_and_keeps_its_clock() -> None:
    assert {place.country for place in PLACES.values()} == set(SERVED)
    for code, place in PLACES.items():
        assert code == place.code
        assert code.startswith(place.country + "/")
        assert place.zone == SERVED[place.country].time_zone
